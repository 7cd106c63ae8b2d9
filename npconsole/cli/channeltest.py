"""The test of `npconsole notify`: a message straight to each channel, past the outbox, and what it answered."""

import asyncio
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from secrets import token_hex

import click

from npconsole.cli.context import Context
from npconsole.cli.output import print_json
from npconsole.config.loading import load
from npconsole.config.nearest import suggestion
from npconsole.config.schema import Config
from npconsole.errors import ExitCode, NpconsoleError, UsageError
from npconsole.model.clock import Clock, SystemClock
from npconsole.model.notice import Channel, Notice, NoticeKind, Severity
from npconsole.net.http import Http
from npconsole.net.secrets import Secrets
from npconsole.net.text import clean
from npconsole.wiring.memory import host_name
from npconsole.wiring.notifying import build_channels
from npconsole.wiring.redaction import redactor


@dataclass(frozen=True, slots=True)
class Answer:
    """What a channel said to the test."""

    channel: str
    ok: bool
    answer: str
    hint: str = ""
    exit: ExitCode = ExitCode.OK


def test_channels(context: Context, name: str, *, as_json: bool) -> ExitCode:
    """Send a test on the named channel, or all. The exit code is that of the failures, 1 when they differ."""
    loaded, clock = load(context.config_path, environ=os.environ), SystemClock()
    for warning in loaded.warnings:
        click.echo(f"npconsole: {warning}", err=True)
    answers = asyncio.run(_ask_all(loaded.config, name, clock))
    code = _exit(answers)
    if as_json:
        channels = [{**asdict(answer), "exit": int(answer.exit)} for answer in answers]
        print_json({"schema": "npconsole.notify-test/1", "ok": code is ExitCode.OK, "channels": channels})
        return code
    for answer in answers:
        click.echo(f"{'●' if answer.ok else '✖'} {answer.channel}: {answer.answer}")
        if answer.hint:
            click.echo(f"  {'note' if answer.ok else 'try'}: {answer.hint}", err=True)
    return code


async def _ask_all(config: Config, name: str, clock: Clock) -> list[Answer]:
    secrets = Secrets(environ=os.environ, redactor=redactor)
    async with Http(now=clock.now) as http:
        channels = _chosen(build_channels(config, http=http, secrets=secrets, clock=clock), name)
        notice = _notice(config, clock)
        return [await _ask(channel, notice) for channel in channels]


def _chosen(channels: Sequence[Channel], name: str) -> Sequence[Channel]:
    if not channels:
        raise UsageError(
            "no channel is configured: nobody is told of anything",
            hint="set slack.token and slack.channel, slack.webhook, pagerduty.routing_key or channels "
            "(or the environment variable SLACK_WEBHOOK)",
        )
    names = [channel.name for channel in channels]
    if name and name not in names:
        raise UsageError(
            f"there is no channel {clean(name, limit=60)!r}{suggestion(name, names)}",
            hint=f"one of: {', '.join(names)}",
        )
    return [channel for channel in channels if name in ("", channel.name)]


def _notice(config: Config, clock: Clock) -> Notice:
    return Notice(
        id=token_hex(16),
        channel="",
        kind=NoticeKind.TEST,
        key=f"{config.environment.name}/npconsole/test-{token_hex(4)}",
        severity=Severity.INFO,
        summary=f"a test of npconsole for {config.environment.name}: nothing is wrong, nobody has to do anything",
        wall=clock.wall(),
        source=host_name(),
    )


async def _ask(channel: Channel, notice: Notice) -> Answer:
    try:
        receipt = await channel.send(notice, "")
    except NpconsoleError as error:
        said, hint = redactor.redact(error.message), redactor.redact(error.hint)
        return Answer(channel.name, ok=False, answer=clean(said), hint=clean(hint), exit=error.exit_code)
    return Answer(channel.name, ok=True, answer=clean(redactor.redact(receipt.answer)), hint=channel.remark)


def _exit(answers: Sequence[Answer]) -> ExitCode:
    codes = {answer.exit for answer in answers if not answer.ok} or {ExitCode.OK}
    return codes.pop() if len(codes) == 1 else ExitCode.FAILED
