"""Configuration to the channels by which people are told, and the drainer that sends what is in the outbox."""

import os
import random
from collections.abc import Iterator, Sequence
from secrets import token_hex

from npconsole.config.blocks.notifying import Slack
from npconsole.config.schema import Config
from npconsole.model.clock import Clock
from npconsole.model.journal import Journal
from npconsole.model.notice import Channel, Outbox
from npconsole.model.run import AuditLine
from npconsole.net.http import Http
from npconsole.net.secrets import Secrets
from npconsole.wiring.drainer import Delivering, Drainer
from npconsole.wiring.memory import host_name
from npconsole.wiring.redaction import redactor

DEADLINE_S = 10.0
"""Of one message."""
_PAGE = 1000


def build_channels(config: Config, *, http: Http, secrets: Secrets, clock: Clock) -> tuple[Channel, ...]:
    """The channels of a configuration, in the order in which they are told. No secret is resolved here."""
    channels: list[Channel] = list(_slack(config.slack, http, secrets, clock))
    if config.pagerduty.routing_key is not None:
        from npconsole.controls.pagerduty import PagerDuty

        key = secrets.resolver(config.pagerduty.routing_key, setting="pagerduty.routing_key")
        url = config.pagerduty.url
        channels.append(PagerDuty(http, url=url, routing_key=key, deadline_s=DEADLINE_S, clock=clock))
    for number, each in enumerate(config.channels):
        from npconsole.controls.apprise import AppriseChannel

        setting = f"channels[{number}].url"
        address = secrets.resolver(each.url, setting=setting)
        channels.append(AppriseChannel(each.name, address, setting=setting, deadline_s=2 * DEADLINE_S))
    return tuple(channels)


def build_drainer(
    config: Config, *, channels: Sequence[Channel], outbox: Outbox, secrets: Secrets, clock: Clock
) -> Drainer:
    """The drainer of this process; `run` it until it is told to stop, or `once` where no daemon does."""
    return Drainer(
        channels,
        Delivering(
            outbox=outbox,
            owner=f"{host_name()} pid {os.getpid()} {token_hex(3)}",
            clock=clock,
            redact=redactor.redact,
            renew=secrets.forget,
            jitter=random.SystemRandom().random,
            keep_trying_s=float(config.alerts.keep_trying),
        ),
    )


def lines_since(journal: Journal, after: int, *, oldest_wall: float) -> tuple[tuple[AuditLine, ...], int]:
    """The audit's lines after a sequence, without those from before `oldest_wall`, and up to where it was read.

    Blocks. What `AlertFacts.lines` and `lines_until` are filled with.
    """
    kept: list[AuditLine] = []
    while page := journal.audit_lines(after=after, limit=_PAGE):
        kept += [line for line in page if line.wall >= oldest_wall]
        after = page[-1].sequence
    return tuple(kept), after


def _slack(slack: Slack, http: Http, secrets: Secrets, clock: Clock) -> Iterator[Channel]:
    """The bot, or without its token the webhook."""
    if slack.token is not None:
        from npconsole.controls.slack import SlackAccess, SlackBot

        token = secrets.resolver(slack.token, setting="slack.token")
        yield SlackBot(http, SlackAccess(slack.url, slack.channel, token), deadline_s=DEADLINE_S, clock=clock)
    elif slack.webhook is not None:
        from npconsole.controls.slack import SlackWebhook

        address = secrets.resolver(slack.webhook, setting="slack.webhook")
        yield SlackWebhook(http, address, deadline_s=DEADLINE_S, clock=clock)
