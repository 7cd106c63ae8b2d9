"""All that one configuration needs to be at work: the engine, the leader's ticks, errands, messages, rounds.

A shift ends between two ticks. What it leaves half done the next one finds in the memory, as another daemon would.
"""

import asyncio
import platform
from collections.abc import Callable, Sequence
from secrets import token_hex
from typing import TypeVar

from npconsole import __version__
from npconsole.alerting.route import routes_of
from npconsole.alerting.rules import to_alert_rules
from npconsole.config.loading import Loaded
from npconsole.errors import StoreError
from npconsole.exposition.burn import Burn
from npconsole.exposition.exposed import Exposed
from npconsole.healer.rules import to_heal_rules
from npconsole.model import quantity
from npconsole.model.snapshot import Snapshot
from npconsole.net.http import Http
from npconsole.net.offload import offload
from npconsole.net.secrets import Secrets
from npconsole.sources.statuspage import StatusPages
from npconsole.wiring.daemon.dispatch import Dispatch
from npconsole.wiring.daemon.errand import Errands, words
from npconsole.wiring.daemon.helm import Judging, Ticked
from npconsole.wiring.daemon.known import until_known
from npconsole.wiring.daemon.pilot import Pilot
from npconsole.wiring.daemon.post import Post
from npconsole.wiring.daemon.providers import Providers
from npconsole.wiring.daemon.rounds import EVERY_S, Rounds
from npconsole.wiring.daemon.tally import Tally
from npconsole.wiring.drainer import undelivered
from npconsole.wiring.feed import build_feed
from npconsole.wiring.launch import Launcher
from npconsole.wiring.memory import state_folder
from npconsole.wiring.notifying import build_channels, build_drainer
from npconsole.wiring.redaction import redactor

T = TypeVar("T")

_DEAD_ENGINE_S = 30.0
_FASTEST_S, _SLOWEST_S = 0.2, 2.0
"""Between snapshots when nothing urgent happens: nobody looks at them but the ticks."""


class Shift:
    """One configuration at work. Making one starts nothing, and raises NpconsoleError when it cannot be done by."""

    def __init__(self, loaded: Loaded, post: Post, *, started_wall: float) -> None:
        config, self._post = loaded.config, post
        self._config = config
        secrets = Secrets(environ=post.environ, redactor=redactor)
        launcher = Launcher(loaded.path, post.environ, state_folder(post.environ), post.read_only, post.speed)
        self._http = Http(now=post.clock.now)
        channels = build_channels(config, http=self._http, secrets=secrets, clock=post.clock)
        self._drainer = build_drainer(
            config, channels=channels, outbox=post.stores.outbox, secrets=secrets, clock=post.clock
        )
        refresh_s = min(_SLOWEST_S, max(_FASTEST_S, float(config.heal.check_interval) / post.speed / 5))
        late = post.meters.poll_lag.observe
        self._feed = build_feed(config, environ=post.environ, late=late, refresh_s=refresh_s)
        self._rounds = Rounds(post, launcher, token_hex(6), Tally(started_wall))
        deadline_s = float(config.poll.vendor_timeout)
        self._providers = Providers(post, StatusPages(self._http, config.heal.status_pages, deadline_s=deadline_s))
        self._burn = Burn(float(config.daemon.uptime_target))
        self._pilot = Pilot(
            post,
            Judging(
                heal=to_heal_rules(config, post.mode),
                alerts=to_alert_rules(config),
                routes=routes_of(config),
                host=post.host,
                speed=post.speed,
            ),
            look=lambda: self._feed.snapshot,
            undelivered=self._undelivered,
            provider=lambda: self._providers.trouble,
        )
        self._dispatch = Dispatch(
            post, self._pilot, Errands(post.stores.journal, launcher, post.clock, post.log, post.runners)
        )
        self._stopping = asyncio.Event()

    @property
    def exposed(self) -> Exposed:
        """Everything that Prometheus is told, at this instant."""
        post, ticked = self._post, self._pilot.ticked
        return Exposed(
            version=__version__,
            python=platform.python_version(),
            daemon=post.meters.figures(leads=post.leadership.holds, lost_log_lines=post.log.lost),
            snapshot=self._feed.snapshot,
            heal=ticked.view if ticked and post.leadership.holds else self._rounds.view,
            runs=self._rounds.tally.figures,
            postings=self._rounds.postings,
            burn=self._burn.rates(),
        )

    @property
    def problem(self) -> str:
        """Why this daemon is not well; empty when it is."""
        post = self._post
        if post.meters.memory_problem:
            return f"the memory cannot be used: {post.meters.memory_problem}"
        blind_s = post.clock.now() - self._feed.snapshot.now
        if blind_s > _DEAD_ENGINE_S:
            return f"the estate was last looked at {quantity.duration(blind_s)} ago"
        return self._pilot.problem

    async def work(self) -> None:
        """Until `stop`; what is being judged or sent then is done to its end."""
        loop = asyncio.get_running_loop()

        def see(snapshot: Snapshot) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(self._burn.see, snapshot)

        end = self._feed.subscribe(see)
        self._feed.start()
        try:
            async with self._http, asyncio.TaskGroup() as group:
                group.create_task(self._drainer.run(self._stopping))
                group.create_task(self._lead())
                group.create_task(self._make_rounds())
                group.create_task(self._providers.watch(self._stopping))
                errands = group.create_task(self._dispatch.work())
                await self._pilot.judge(self._stopping)
                errands.cancel()
        finally:
            end()
            self._feed.stop()

    def stop(self) -> None:
        """End soon."""
        self._stopping.set()
        self._pilot.wake()

    async def once(self, *, within_s: float) -> Ticked | None:
        """One check as soon as the estate is known, or `within_s` have passed; None when somebody else leads.

        A run that it asks for goes on by itself; the next check hears of its end. Raises StoreError.
        """
        config, pilot = self._config, self._pilot
        self._feed.start()
        try:
            async with self._http:
                await until_known(
                    lambda: self._feed.snapshot,
                    enough=config.judging.min_requests,
                    window_s=float(config.metrics.window),
                    within_s=within_s,
                )
                await offload(self._post.leadership.renew, name="lead")
                if not self._post.leadership.holds:
                    return None
                helm = await pilot.take_helm()
                await self._providers.ask()
                if helm.pending is not None:
                    await self._dispatch.ask(helm.pending, helm)
                await pilot.tick(check=True)
                if pilot.ticked is not None and helm.pending is not None:
                    await self._dispatch.ask(helm.pending, helm)
                await offload(self._rounds.go, name="rounds")
                await self._drainer.once(within_s=within_s)
                await offload(self._rounds.leave, name="leave")
                return pilot.ticked
        finally:
            self._feed.stop()

    def _undelivered(self) -> Sequence[str]:
        return undelivered(self._drainer.deliveries(self._rounds.postings))

    async def _lead(self) -> None:
        leadership, log = self._post.leadership, self._post.log
        while not self._stopping.is_set():
            led = leadership.holds
            await self._asking(leadership.renew, "lead")
            if leadership.holds and not led:
                log.write("leader.gained", owner=leadership.owner, fence=leadership.fence)
                self._pilot.wake()
            elif led and not leadership.holds:
                log.write("leader.lost", "warning", owner=leadership.owner)
            await self._pause(leadership.pause_s)

    async def _make_rounds(self) -> None:
        while not self._stopping.is_set():
            await self._asking(self._rounds.go, "rounds")
            await self._pause(EVERY_S)
        await self._asking(self._rounds.leave, "leave")

    async def _asking(self, question: Callable[[], T], name: str) -> T | None:
        """Ask the memory; None when it cannot be used, which is said, and logged when it is new."""
        meters = self._post.meters
        try:
            answer = await offload(question, name=name)
        except StoreError as error:
            if not meters.memory_problem:
                self._post.log.write("memory.failed", "error", error=words(error))
            meters.memory_problem = error.message
            return None
        if meters.memory_problem:
            self._post.log.write("memory.usable")
        meters.memory_problem = ""
        return answer

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return
