"""What a daemon does every few seconds beside judging: shows that it is there, finishes the runs of dead runners, and
reads what Prometheus wants to know.
"""

import os
from dataclasses import dataclass, field

from npconsole.model.heal import HealView
from npconsole.model.run import Presence
from npconsole.net.process import Detached
from npconsole.wiring.daemon.overview import VIEW, decode_view
from npconsole.wiring.daemon.post import Post
from npconsole.wiring.daemon.tally import Tally
from npconsole.wiring.launch import Launcher
from npconsole.wiring.recovery import start_recovery

EVERY_S = 10.0
_LATEST = 100


@dataclass(slots=True)
class Rounds:
    """One daemon's. `view` is what the leader last wrote down, also when that is another one."""

    post: Post
    launcher: Launcher
    presence_id: str
    tally: Tally
    view: HealView | None = None
    postings: dict[tuple[str, str], int] = field(default_factory=dict)
    rescuers: list[Detached] = field(default_factory=list)

    def go(self) -> None:
        """Once. Blocks. Raises StoreError."""
        stores = self.post.stores
        stores.journal.beat(self._presence())
        self.rescuers = [each for each in self.rescuers if each.code() is None]
        self.rescuers += start_recovery(stores.journal, self.launcher)
        open_runs = {run.id: run for run in stores.journal.runs(open_only=True, limit=1000)}
        latest = [run for run in stores.journal.runs(limit=_LATEST) if run.id not in open_runs]
        self.tally.see_runs([*open_runs.values(), *latest])
        self.tally.see_benchmarks(stores.benchmarks.recent(limit=_LATEST))
        self.postings = stores.outbox.counts()
        self.view = decode_view(stores.heal.state(VIEW))

    def leave(self) -> None:
        """Not there any more. Raises StoreError."""
        self.post.stores.journal.leave(self.presence_id)

    def _presence(self) -> Presence:
        post = self.post
        return Presence(
            id=self.presence_id,
            actor="healer",
            host=post.host,
            pid=os.getpid(),
            via="heal",
            seen_wall=post.clock.wall(),
            doing="leads the healing" if post.leadership.holds else "waits to lead the healing",
        )
