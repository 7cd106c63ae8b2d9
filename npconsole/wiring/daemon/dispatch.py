"""Sends the errands of a leader: each decision to act gets its run, and the pilot hears how it went."""

import asyncio
from dataclasses import dataclass, field

from npconsole.errors import NpconsoleError
from npconsole.healer.request import request_of
from npconsole.healer.state import Pending
from npconsole.net.offload import offload
from npconsole.wiring.daemon.errand import Errands, words
from npconsole.wiring.daemon.helm import Helm, News
from npconsole.wiring.daemon.pilot import LEAST_TICK_S, Pilot
from npconsole.wiring.daemon.post import Post

_AGAIN_S = 5.0


@dataclass(slots=True)
class Dispatch:
    """One leader's. What is pending in the pilot's state is sent; also what a dead leader has left there."""

    post: Post
    pilot: Pilot
    errands: Errands
    under_way: set[str] = field(default_factory=set)

    async def work(self) -> None:
        """Until cancelled. Runs go on in their own processes."""
        async with asyncio.TaskGroup() as group:
            while True:
                helm = self.pilot.helm
                pending = helm.pending if helm is not None and self.pilot.ticked is not None else None
                if helm is not None and pending is not None and pending.decision.id not in self.under_way:
                    self.under_way.add(pending.decision.id)
                    group.create_task(self._send(pending, helm))
                await asyncio.sleep(LEAST_TICK_S / 2)

    async def ask(self, pending: Pending, helm: Helm) -> News | None:
        """Ask for the run of a decision; None when that is not possible now."""
        post, key = self.post, pending.decision.id
        if not post.leadership.holds:
            return None
        age_s = post.clock.wall() - helm.tempo.real(pending.decision.wall)
        too_late = age_s > 2 * (post.leadership.lease_s + self.pilot.interval_s) + _AGAIN_S
        request = request_of(pending, name=f"healer@{post.host}")
        try:
            run = await offload(lambda: self.errands.start(request, too_late=too_late), name="errand")
        except NpconsoleError as error:
            post.log.write("run.failed", "error", decision=key, error=words(error))
            return None
        news = News(key, run)
        self.pilot.hear(news)
        return news

    async def _send(self, pending: Pending, helm: Helm) -> None:
        try:
            news = await self.ask(pending, helm)
            if news is None:
                await asyncio.sleep(_AGAIN_S)
                return
            if not news.run.state.is_final:
                ended = await self.errands.follow(news.run)
                self.pilot.hear(News(news.decision_id, ended))
                self.post.log.write("run.ended", run=ended.id, state=ended.state.value, outcome=ended.outcome)
        finally:
            # Not again before a tick has heard of its end: until then it is still pending.
            await asyncio.sleep(2 * LEAST_TICK_S)
            self.under_way.discard(pending.decision.id)
