"""The blocks that say who is told what, and when: Slack, PagerDuty, other channels, and the alerts themselves."""

from typing import Annotated, Literal

from npconsole.config.blocks.fields import Block, SecretRef, WordName, doc, form
from npconsole.config.units import Seconds, Url

SeverityName = Literal["info", "warning", "critical"]
SlackChannel = Annotated[
    str,
    form(r"^([CGD][A-Z0-9]{2,30}|#[a-z0-9_-]{1,79})?$", "must be a channel's id such as C0123456789, or #its-name"),
]


class Slack(Block, frozen=True, kw_only=True):
    """Slack: a bot with a token, which keeps an incident in one thread, or an incoming webhook, which cannot."""

    url: Annotated[Url, doc("Base address of Slack's Web API.")] = Url("https://slack.com/api")
    token: Annotated[SecretRef | None, doc("Bot token with chat:write; one thread for each incident.")] = None
    channel: Annotated[SlackChannel, doc("The bot's channel, C0123456789 or #on-call; the bot must be in it.")] = ""
    webhook: Annotated[
        SecretRef | None,
        doc("Incoming webhook address, a secret; without threads, each update is a message. Not used beside a token."),
    ] = None
    min_severity: Annotated[SeverityName, doc("The mildest that Slack is told.")] = "warning"


class PagerDuty(Block, frozen=True, kw_only=True):
    """PagerDuty Events v2."""

    url: Annotated[Url, doc("Base address of the Events API.")] = Url("https://events.pagerduty.com")
    routing_key: Annotated[SecretRef | None, doc("Integration key.")] = None
    min_severity: Annotated[SeverityName, doc("The mildest that pages.")] = "critical"
    changes: Annotated[bool, doc("Whether each action becomes a change event, which pages nobody.")] = True


class OtherChannel(Block, frozen=True, kw_only=True):
    """A channel of your own: any address that Apprise knows (needs the extra `notify`)."""

    name: Annotated[WordName, doc("Used as `npconsole notify test NAME`.")]
    url: Annotated[SecretRef, doc("Apprise address such as mailto://..., a secret.")]
    min_severity: Annotated[SeverityName, doc("The mildest that it is told.")] = "warning"
    changes: Annotated[bool, doc("Whether it is told of each action.")] = False


class Alerts(Block, frozen=True, kw_only=True):
    """What is an alert, and how long it is watched before and after it is told."""

    down_for: Annotated[Seconds, doc("A region or an edge that is down this long is told.")] = Seconds(30)
    region_down: Annotated[
        Literal["warning", "critical"],
        doc("One region of several down; primary and secondary both down, or the edge, are always critical."),
    ] = "warning"
    latency_for: Annotated[Seconds, doc("p95 above its threshold this long is a warning.")] = Seconds(300)
    errors_for: Annotated[Seconds, doc("5xx above their threshold this long are critical.")] = Seconds(120)
    memory_for: Annotated[Seconds, doc("Memory above its threshold this long is a warning.")] = Seconds(300)
    lag_for: Annotated[Seconds, doc("Lag above its threshold this long: a warning, critical above lag_page.")] = (
        Seconds(60)
    )
    failover_within: Annotated[
        Seconds, doc("A primary that is down and not replaced at the edge after this long is critical.")
    ] = Seconds(600)
    unwatched_for: Annotated[
        Seconds, doc("Something that cannot be judged for this long is a warning about the watcher.")
    ] = Seconds(600)
    clear_for: Annotated[Seconds, doc("Good for this long before it is told as resolved.")] = Seconds(300)
    flap_window: Annotated[
        Seconds, doc("Bad again within this long is flapping: then it must be good for as long to be resolved.")
    ] = Seconds(1800)
    group_within: Annotated[
        Seconds, doc("Troubles of one service that begin within this long of each other are one incident.")
    ] = Seconds(300)
    settle: Annotated[
        Seconds, doc("What begins on a target during an action, and for this long after it, is told only if it stays.")
    ] = Seconds(300)
    remind: Annotated[Seconds, doc("Between reminders of an incident that nobody has acknowledged.", least=60)] = (
        Seconds(1800)
    )
    escalate_after: Annotated[
        Seconds | None, doc("An unacknowledged warning this old becomes critical; never when left out.")
    ] = None
    keep_trying: Annotated[
        Seconds, doc("A message that a channel does not take is tried again for this long.", least=60)
    ] = Seconds(86400)
