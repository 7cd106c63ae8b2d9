"""Runs the console on a made-up estate, for measuring it from the terminal's side.

python -m tests.benchmarks.console_live --regions 3            # every figure changes each second
python -m tests.benchmarks.console_live --regions 3 --still    # snapshots arrive, nothing changes
"""

import argparse
import os
import random
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import replace

from npconsole.config.keymap import provisional
from npconsole.model.clock import SystemClock
from npconsole.model.issue import Event, Issue
from npconsole.model.reading import Reading
from npconsole.model.snapshot import RegionState, Snapshot
from npconsole.model.thresholds import Thresholds
from npconsole.model.vitals import Sample
from npconsole.views.environment import scrub
from tests.views.console import feed
from tests.views.console.desk import FakeDesk


class LiveFeed:
    """Publishes from a thread of its own each second; the figures are random, or stand still."""

    def __init__(self, regions: int, *, still: bool) -> None:
        self._clock = SystemClock()
        self._rng = random.Random(1)
        self._still = still
        self._listeners: list[Callable[[Snapshot], None]] = []
        names = [f"region-{number:04d}" for number in range(regions)]
        self._trails: dict[str, list[Sample]] = {name: [] for name in names}
        for second in range(900, 0, -15):
            self._record(self._clock.wall() - second)
        shift = self._clock.now() - feed.NOW
        base = feed.scene([feed.state(name) for name in names])
        overall = replace(base.overall, since=feed.NOW - 5000 + shift)
        self.snapshot = self._moved(replace(base, overall=overall, started=feed.NOW - 7000 + shift, edges=()))

    def subscribe(self, listener: Callable[[Snapshot], None]) -> Callable[[], None]:
        self._listeners.append(listener)
        threading.Thread(target=self._publish, daemon=True).start()
        return self._listeners.clear

    def trail(self, region_id: str, start_wall: float, end_wall: float) -> Sequence[Sample]:
        return [sample for sample in self._trails[region_id] if start_wall <= sample.wall <= end_wall]

    def refresh(self) -> None:
        """Figures come each second anyway."""

    def latest_event(self, issue: Issue) -> Future[Event]:
        future: Future[Event] = Future()
        future.set_result(feed.event(issue.title))
        return future

    def _publish(self) -> None:
        pause = threading.Event()
        while self._listeners:
            pause.wait(1.0)
            if not self._still:
                self._record(self._clock.wall())
            self.snapshot = self._moved(self.snapshot)
            for listener in list(self._listeners):
                listener(self.snapshot)

    def _record(self, wall: float) -> None:
        for trail in self._trails.values():
            p95 = self._rng.uniform(80, 300)
            trail.append(Sample(wall, p95 * 0.4, p95, p95 * 1.6))

    def _moved(self, snapshot: Snapshot) -> Snapshot:
        now = self._clock.now()
        regions = tuple(self._state(state, now) for state in snapshot.regions)
        return replace(snapshot, sequence=snapshot.sequence + 1, now=now, wall=self._clock.wall(), regions=regions)

    def _state(self, state: RegionState, now: float) -> RegionState:
        vitals = state.vitals.value
        if not self._still:
            vitals = feed.vitals(self._rng.uniform(80, 300), errors=self._rng.random() / 50)
            vitals = replace(vitals, request_rate=self._rng.uniform(10, 90))
        health = replace(state.health, at=now)
        return replace(state, health=health, vitals=Reading(vitals, now, now, "", state.vitals.freshness, now + 1))


def main() -> int:
    """Parse, build, run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--regions", type=int, default=3)
    parser.add_argument("--still", action="store_true")
    parser.add_argument("--theme", default="dark")
    options = parser.parse_args()
    feed = LiveFeed(options.regions, still=options.still)
    scrub(os.environ)
    from npconsole.views.console.app import ConsoleApp
    from npconsole.views.theme import load_palette
    from tests.views.console.screen import opening

    app = ConsoleApp(
        feed,
        opening(FakeDesk(specs=(), read_only="only measured")),
        palette=load_palette(options.theme, {}),
        keymap=provisional({}),
        thresholds=Thresholds(),
        utc=True,
        clock=SystemClock(),
    )
    return app.run_on_terminal()


if __name__ == "__main__":
    sys.exit(main())
