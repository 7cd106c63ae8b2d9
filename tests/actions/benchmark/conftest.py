"""A desk whose platform can be loaded."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

import pytest

from npconsole.actions.benchmarking import BenchmarkRules
from npconsole.actions.rules import Budget, Pace, Rules
from npconsole.actions.world import World
from npconsole.errors import UnauthorisedError
from npconsole.model.estate import Estate, Tier
from npconsole.model.run import RunEvent
from npconsole.model.snapshot import Snapshot
from tests.actions.benchmark.engine import FakeArchive, FakeEngine, FakeMarks, FakeRun
from tests.actions.desk import Desk
from tests.actions.opened import opened
from tests.actions.world import Platform

WATCHED = Pace(operator_silence_s=100_000.0)


@dataclass
class Loaded(Platform):
    """A platform with a load engine, an archive, and a Grafana when `marks` are set. `blind` is why nobody can look."""

    tier: Tier = Tier.STAGING
    archive: FakeArchive = field(default_factory=FakeArchive)
    marks: FakeMarks | None = None
    blind: str = ""
    capacity: dict[str, float] = field(default_factory=dict)
    benchmarking: BenchmarkRules = field(default_factory=lambda: BenchmarkRules(host="here"))

    def __post_init__(self) -> None:
        Platform.__post_init__(self)
        self.engine: FakeEngine = FakeEngine(self.clock)
        self.capacity |= dict.fromkeys(self.names, 100.0)

    @property
    def estate(self) -> Estate:
        return replace(super().estate, tier=self.tier)

    async def look(self) -> Snapshot:
        if self.blind:
            raise UnauthorisedError(self.blind)
        return await super().look()

    def world(self) -> World:
        return replace(
            super().world(),
            load=self.engine,
            capacity=self.capacity,
            benchmarks=self.archive,
            annotations=self.marks,
            benchmarking=self.benchmarking,
        )


@dataclass
class Bench(Desk):
    """The desk, with the platform's own parts in reach."""

    platform: Loaded = field(default_factory=Loaded)

    @property
    def engine(self) -> FakeEngine:
        return self.platform.engine

    @property
    def archive(self) -> FakeArchive:
        return self.platform.archive

    @property
    def load(self) -> FakeRun:
        """The only one that was sent."""
        [run] = self.engine.runs
        return run

    def said(self, run_id: str) -> list[RunEvent]:
        return list(self.journal.events(run_id))


Make = Callable[..., Bench]


@pytest.fixture
def make() -> Iterator[Make]:
    with ExitStack() as stack:

        def made(pace: Pace = WATCHED) -> Bench:
            return stack.enter_context(opened(lambda folder: Bench(folder, rules=Rules(pace, Budget()))))

        yield made


@pytest.fixture
def bench(make: Make) -> Bench:
    return make()
