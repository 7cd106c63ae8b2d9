"""A load engine whose loads take their time on a fake clock and come to what the test has set, and what keeps them."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from npconsole.errors import NpconsoleError, StoreError, UsageError
from npconsole.model.annotation import Annotation
from npconsole.model.benchmark import Benchmark, Fingerprint, Noise
from npconsole.model.clock import Clock
from npconsole.model.load import (
    Block,
    Latency,
    Load,
    LoadEnd,
    LoadFigures,
    LoadPlan,
    LoadResult,
    Threshold,
    ThresholdState,
)

RATE = 50.0
P95 = Threshold("http_req_duration", "p(95)<400")
ERRORS = Threshold("http_req_failed", "rate<0.05")


@dataclass(frozen=True, slots=True)
class Manner:
    """How the target answers: its median in ms, and the share of requests that fail with `error`."""

    median_ms: float = 40.0
    failing: float = 0.0
    error: str = "status 503"
    complaint: str = ""


def result_of(load: Load, manner: Manner, elapsed_s: float, end: LoadEnd) -> LoadResult:
    """What a load comes to after so long: 50 requests a second, whose p95 is three times their median."""
    count = int(elapsed_s * RATE) if not manner.complaint else 0
    failed, p95_ms = int(count * manner.failing), manner.median_ms * 3
    crossed = [P95] * (p95_ms >= 400) + [ERRORS] * (manner.failing >= 0.05)
    values = {P95: p95_ms, ERRORS: manner.failing}
    states = tuple(ThresholdState(each, each in crossed, values[each]) for each in (P95, ERRORS)) if count else ()
    figures = LoadFigures(
        elapsed_s=elapsed_s,
        requests=count,
        request_rate=RATE if count else None,
        p50_ms=manner.median_ms if count else None,
        p95_ms=p95_ms if count else None,
        p99_ms=p95_ms * 1.5 if count else None,
        error_ratio=manner.failing if count else None,
        phase="steady",
        planned_s=load.duration_s,
        users=load.users,
        iterations=count,
        failed=failed,
        errors=((manner.error, failed),) if failed else (),
        cpu_ratio=0.1,
        thresholds=states,
    )
    latency = Latency(
        count, failed, manner.median_ms / 2, manner.median_ms * 1.2, manner.median_ms, None, p95_ms, p95_ms * 1.5
    )
    overall = replace(latency, p90_ms=p95_ms * 0.8, max_ms=p95_ms * 2) if count else Latency(0)
    return LoadResult(
        end=LoadEnd.BROKEN if manner.complaint else end,
        figures=figures,
        overall=overall,
        names=(("health", overall),),
        blocks=tuple(_block(second, manner) for second in range(int(elapsed_s))) if count else (),
        wall=1_750_000_000.0,
        tool="k6 v1.1.0",
        exit_code=99 if crossed and count else 107 if manner.complaint else 0,
        crossed=tuple(crossed) if count else None,
        complaint=manner.complaint,
    )


def _block(second: int, manner: Manner) -> Block:
    spread = (0.5, 0.7, 0.8, 0.9, 1.0, 1.0, 1.1, 1.3, 1.9, 3.0)
    wave = 1 + 0.02 * ((second * 7) % 5 - 2)
    counts = tuple((round(manner.median_ms * wave * each, 3), 5) for each in sorted(set(spread)))
    return Block(float(second), 1.0, 5 * len(counts), int(5 * len(counts) * manner.failing), counts)


@dataclass
class FakeRun:
    """Over when its time is. `stopped` is when it was told to end."""

    clock: Clock
    load: Load
    manner: Manner
    began: float
    stopped: float | None = None

    @property
    def elapsed_s(self) -> float:
        until = self.stopped if self.stopped is not None else self.clock.now()
        return min(until - self.began, self.load.duration_s)

    @property
    def is_over(self) -> bool:
        return bool(self.manner.complaint) or self.stopped is not None or self.elapsed_s >= self.load.duration_s

    @property
    def figures(self) -> LoadFigures:
        return result_of(self.load, self.manner, self.elapsed_s, LoadEnd.COMPLETE).figures

    async def result(self) -> LoadResult:
        if not self.is_over:
            await asyncio.sleep(self.load.duration_s - self.elapsed_s)
        return result_of(self.load, self.manner, self.elapsed_s, LoadEnd.COMPLETE)

    async def stop(self) -> LoadResult:
        assert self.stopped is None
        self.stopped = self.clock.now()
        await asyncio.sleep(0.1)
        return result_of(self.load, self.manner, self.elapsed_s, LoadEnd.STOPPED)


@dataclass
class FakeEngine:
    """A LoadEngine. `refuses` is raised by the plan, `fails` by the start; `planned` is what it was asked for."""

    clock: Clock
    manner: Manner = field(default_factory=Manner)
    refuses: NpconsoleError | None = None
    fails: NpconsoleError | None = None
    tool: str = "k6 v1.1.0"
    script_s: float | None = 30.0
    on_start: Callable[[], None] = lambda: None
    runs: list[FakeRun] = field(default_factory=list)
    planned: list[Load] = field(default_factory=list)

    async def plan(self, load: Load) -> LoadPlan:
        self.planned.append(load)
        await asyncio.sleep(0.05)
        if self.refuses is not None or not load.users:
            raise self.refuses or UsageError("0 is no number of users for a load")
        phases: tuple[tuple[str, float], ...] = (("ramp", load.duration_s / 2), ("steady", load.duration_s / 2))
        if load.script:
            phases = (("load of the script", self.script_s),) if self.script_s is not None else ()
        script = load.script or "built-in"
        notes = ("without credentials the three API calls are left out",)
        return LoadPlan(
            self.tool, script, f"digest-of-{script}", f"k6 run {script}", phases, notes, thresholds=(P95, ERRORS)
        )

    async def start(self, load: Load) -> FakeRun:
        await asyncio.sleep(0.1)
        if self.fails is not None:
            raise self.fails
        self.on_start()
        self.runs.append(FakeRun(self.clock, load, self.manner, self.clock.now()))
        return self.runs[-1]


@dataclass
class FakeArchive:
    """A BenchmarkArchive in memory. `broken` is why nothing can be kept."""

    kept: dict[str, Benchmark] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    noises: dict[Fingerprint, Noise] = field(default_factory=dict)
    broken: str = ""

    def add(self, benchmark: Benchmark) -> None:
        if self.broken:
            raise StoreError(self.broken)
        self.kept.setdefault(benchmark.id, benchmark)

    def find(self, id_prefix: str) -> Benchmark:
        found = [each for name, each in self.kept.items() if name.startswith(id_prefix)]
        if len(found) != 1:
            raise UsageError(f"there is no benchmark {id_prefix!r}")
        return found[0]

    def recent(self, *, target: str = "", limit: int = 50) -> Sequence[Benchmark]:
        found = [each for each in self.kept.values() if not target or each.load.target == target]
        bare = [replace(each, result=replace(each.result, blocks=())) for each in found]
        return sorted(bare, key=lambda each: each.wall, reverse=True)[:limit]

    def name_baseline(self, name: str, benchmark_id: str, *, actor: str) -> None:
        self.names |= {name: benchmark_id}

    def baselines(self) -> Sequence[tuple[str, str]]:
        return sorted(self.names.items())

    def noise(self, fingerprint: Fingerprint) -> Noise | None:
        return self.noises.get(fingerprint)

    def learn(self, fingerprint: Fingerprint, noise: Noise) -> None:
        self.noises[fingerprint] = noise


@dataclass
class FakeMarks:
    """An AnnotationControl. `fails` is raised instead of putting a mark."""

    fails: NpconsoleError | None = None
    put: list[Annotation] = field(default_factory=list)

    async def annotate(self, annotation: Annotation) -> None:
        if self.fails is not None:
            raise self.fails
        self.put.append(annotation)
