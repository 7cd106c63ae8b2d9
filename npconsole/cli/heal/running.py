"""The work of `npconsole heal run`: everything that a daemon needs, put together, and given back at the end."""

import asyncio
import ctypes
import gc
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from secrets import token_hex

import click
import msgspec

from npconsole.cli.context import Context
from npconsole.cli.output import print_json
from npconsole.config.loading import Loaded, load
from npconsole.errors import ExitCode, NpconsoleError, SourceError
from npconsole.exposition.page import page
from npconsole.exposition.push import push
from npconsole.exposition.server import Listen, parse_listen
from npconsole.model.clock import SystemClock
from npconsole.model.heal import HealMode
from npconsole.net.http import Http
from npconsole.wiring.daemon.daemon import Daemon
from npconsole.wiring.daemon.leadership import Leadership
from npconsole.wiring.daemon.log import open_log
from npconsole.wiring.daemon.post import Post
from npconsole.wiring.daemon.shift import Shift
from npconsole.wiring.daemon.tempo import require_rehearsal
from npconsole.wiring.memory import host_name, open_stores
from npconsole.wiring.redaction import redactor

_PUSH_S = 10.0
_COLLECTED = (50_000, 20, 50)
_LONGEST_WAIT_S = 60.0


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed; None is left to the configuration."""

    mode: str | None
    once: bool
    listen: str | None
    log: str | None
    speed: float
    as_json: bool


def run_daemon(context: Context, asked: Asked) -> int:
    """Run until it ends; the exit code. Raises NpconsoleError when it cannot start."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _live_long()
    loaded = load(context.config_path, environ=os.environ)
    for warning in loaded.warnings:
        click.echo(f"npconsole: {warning}", err=True)
    listen = parse_listen(asked.listen or loaded.config.daemon.listen)
    if asked.speed != 1:
        _tell_rehearsal(loaded, asked.speed)
    with _post(context, asked, loaded) as post:
        if asked.once:
            return asyncio.run(_once(loaded, post, asked))
        daemon = Daemon(
            loaded,
            post,
            listen,
            reload=lambda: load(context.config_path or loaded.path, environ=os.environ),
            ready=_tell,
        )
        return asyncio.run(daemon.run())


def _tell_rehearsal(loaded: Loaded, speed: float) -> None:
    """Raise UsageError anywhere but on a simulated platform; say what a rehearsal cannot hasten."""
    config = loaded.config
    require_rehearsal(config)
    click.echo(f"a rehearsal: time passes {speed:g} times faster for rules, brakes and alerts", err=True)
    if float(config.metrics.window) * speed >= float(config.heal.brakes.settle):
        most = float(config.heal.brakes.settle) / float(config.metrics.window)
        click.echo(
            f"  figures still cover metrics.window ({config.metrics.window}) of real time, so verdicts see the past; "
            f"make it shorter, or --speed less than {most:g}",
            err=True,
        )


def _live_long() -> None:
    """Memory for a process of days. The collector looks for cycles less often: there are few, and much to look through.

    Two heaps serve all threads (mallopt(3), M_ARENA_MAX): glibc gives each thread its own, which a daemon of short
    calls beside its loop pays for with a quarter more memory. Another C library has no such choice to make.
    """
    gc.set_threshold(*_COLLECTED)
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(-8, 2)


@contextmanager
def _post(context: Context, asked: Asked, loaded: Loaded) -> Iterator[Post]:
    config, clock = loaded.config, SystemClock()
    log = open_log(asked.log or config.daemon.log, clock=clock, redact=redactor.redact)
    stores = open_stores(config, environ=os.environ, clock=clock, thorough=True)
    try:
        yield Post(
            stores=stores,
            environ=dict(os.environ),
            clock=clock,
            log=log,
            leadership=Leadership(
                stores.heal,
                owner=f"{host_name()} pid {os.getpid()} {token_hex(3)}",
                lease_s=float(config.daemon.lease),
                clock=clock,
            ),
            host=host_name(),
            mode=HealMode(asked.mode) if asked.mode else None,
            speed=asked.speed,
            read_only=context.read_only or config.actions.read_only,
        )
    finally:
        stores.close()
        log.close()


def _tell(where: Listen) -> None:
    reach = "" if where.is_loopback else " (anybody who reaches this host can read it)"
    click.echo(f"healing and alerting; http://{where}/metrics{reach}", err=True)


async def _once(loaded: Loaded, post: Post, asked: Asked) -> int:
    """One check, told and pushed."""
    shift = Shift(loaded, post, started_wall=post.clock.wall())
    wait_s = min(_LONGEST_WAIT_S, 2 * float(loaded.config.poll.metrics) + float(loaded.config.poll.timeout))
    try:
        ticked = await shift.once(within_s=wait_s)
        await _push(loaded, post, shift)
    finally:
        post.leadership.resign()
    if ticked is None:
        click.echo(f"nothing was checked: {post.stores.heal.leader() or 'somebody else'} leads", err=True)
        return ExitCode.OK
    if asked.as_json:
        decisions = msgspec.to_builtins(ticked.decisions)
        print_json(
            {"schema": "npconsole.heal-check/1", "view": msgspec.to_builtins(ticked.view), "decisions": decisions}
        )
        return ExitCode.OK
    for each in ticked.decisions:
        click.echo(f"{each.rule} {each.target} {each.choice.value}: {each.words}")
    if not ticked.decisions:
        click.echo("checked: nothing to decide", err=True)
    return ExitCode.OK


async def _push(loaded: Loaded, post: Post, shift: Shift) -> None:
    url = loaded.config.daemon.push
    if url is None:
        return
    try:
        async with Http(now=post.clock.now) as http:
            await push(http, url, page(shift.exposed), instance=post.host, deadline_s=_PUSH_S)
    except (SourceError, NpconsoleError) as error:
        post.log.write("push.failed", "error", error=error.message)
        click.echo(f"npconsole: {error.message}", err=True)
