"""The ticks of a leader: one every few seconds, each in one transaction, and whatever goes wrong the next one comes."""

import asyncio
import math
from collections import Counter
from collections.abc import Callable, Sequence

from npconsole.errors import FencedError, NpconsoleError
from npconsole.model import quantity
from npconsole.model.snapshot import Snapshot
from npconsole.net.offload import offload
from npconsole.wiring.daemon.errand import words
from npconsole.wiring.daemon.helm import Helm, Judging, News, Ticked, take_helm
from npconsole.wiring.daemon.post import Post

_TICK_S = 10.0
"""Between looks at what is an alert; checks of the healer come as often as is configured."""

LEAST_TICK_S = 0.5


class Pilot:
    """Judges what `look` shows. `undelivered` says which channels do not get through, `provider` what grave trouble
    vendors tell of.

    `helm` is None while somebody else leads; `ticked` is what the latest tick came to.
    """

    def __init__(
        self,
        post: Post,
        judging: Judging,
        *,
        look: Callable[[], Snapshot],
        undelivered: Callable[[], Sequence[str]],
        provider: Callable[[], str] = str,
    ) -> None:
        self._post = post
        self._judging = judging
        self._look = look
        self._undelivered = undelivered
        self._provider = provider
        self._interval_s = judging.heal.brakes.interval_s / judging.speed
        self._news: list[News] = []
        self._ticked_at: float | None = None
        self._wake = asyncio.Event()
        self._failure = ""
        self.helm: Helm | None = None
        self.ticked: Ticked | None = None

    @property
    def interval_s(self) -> float:
        """Real seconds between two checks."""
        return self._interval_s

    @property
    def problem(self) -> str:
        """That it leads and does not judge; empty when it does."""
        now = self._post.clock.now()
        silent_s = 0.0 if self._ticked_at is None else now - self._ticked_at
        if self._post.leadership.holds and silent_s > 3 * max(self._interval_s, _TICK_S):
            return f"it leads, and last judged {quantity.duration(silent_s)} ago"
        return ""

    def hear(self, news: News) -> None:
        """For the next tick, which comes soon."""
        self._news.append(news)
        self._wake.set()

    def wake(self) -> None:
        """Have the next tick come now."""
        self._wake.set()

    async def judge(self, stop: asyncio.Event) -> None:
        """Until `stop`. Checks come at their own times, and none is made up for after a suspended host."""
        clock, tick_s = self._post.clock, max(LEAST_TICK_S, min(self._interval_s, _TICK_S / self._judging.speed))
        due = clock.now()
        while not stop.is_set():
            now = clock.now()
            if not self._post.leadership.holds:
                self.helm, self._ticked_at, due = None, None, now
            elif now >= due:
                self._post.meters.check_lag.observe(now - due)
                due += self._interval_s * max(1, math.ceil((now - due) / self._interval_s))
                await self.tick(check=True)
            else:
                await self.tick(check=False)
            await self._woken(min(tick_s, max(0.05, due - clock.now())))

    async def tick(self, *, check: bool) -> None:
        """One look."""
        post, news, began = self._post, tuple(self._news), self._post.clock.now()
        try:
            helm = await self.take_helm()
            snapshot, told, problem = self._look(), self._undelivered(), post.meters.reload_problem
            provider = self._provider()
            ticked = await offload(
                lambda: helm.tick(
                    snapshot, check=check, news=news, undelivered=told, problem=problem, provider=provider
                ),
                name="tick",
            )
        except FencedError as error:
            post.leadership.lost()
            post.log.write("leader.lost", "warning", error=error.message)
            self.helm = None
            return
        except Exception as error:  # noqa: BLE001 - a defect in judging must not end the watch; it is logged and counted
            self._failed(error)
            return
        self._news, self._failure = self._news[len(news) :], ""
        self.ticked, self._ticked_at = ticked, post.clock.now()
        self._write_down(snapshot, ticked, check=check, took_s=self._ticked_at - began)

    def _failed(self, error: Exception) -> None:
        """Counted each time, and logged when it is another one than before."""
        said = words(error) if isinstance(error, NpconsoleError) else repr(error)
        self._post.meters.failed += 1
        if said != self._failure:
            self._post.log.write("check.failed", "error", error=said)
        self._failure, self.helm = said, None

    async def take_helm(self) -> Helm:
        """The leader's state: as it left it, or as the memory has it. Raises StoreError, FencedError."""
        post, fence = self._post, self._post.leadership.fence
        if fence is None:
            raise FencedError("this daemon does not lead")
        helm = self.helm
        if helm is None or helm.fence != fence:
            leader, wall = post.leadership.owner, post.clock.wall()
            helm = self.helm = await offload(
                lambda: take_helm(post.stores, self._judging, fence=fence, leader=leader, wall=wall), name="take helm"
            )
            for trouble in helm.troubles:
                post.log.write("memory.odd", "warning", text=trouble)
        return helm

    def _write_down(self, snapshot: Snapshot, ticked: Ticked, *, check: bool, took_s: float) -> None:
        log, meters = self._post.log, self._post.meters
        if check:
            meters.checks += 1
            meters.check_took.observe(took_s)
            levels = Counter(state.level.value for state in snapshot.regions)
            log.write("check", levels=dict(levels), online=snapshot.online, took_ms=round(took_s * 1000, 1))
        for each in ticked.decisions:
            log.write(
                "decision",
                id=each.id,
                rule=each.rule,
                target=each.target,
                choice=each.choice.value,
                action=each.action,
                text=each.words,
                run=each.run_id,
                verdict=each.verdict.value if each.verdict else "",
                outcome=each.outcome,
                evidence=[f"{one.name}: {one.words}" for one in each.evidence if one.stops],
            )
        if ticked.told:
            log.write("notices", count=ticked.told)

    async def _woken(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            return
        finally:
            self._wake.clear()
