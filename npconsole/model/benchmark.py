"""A benchmark: what was sent to what, what it came to, and what may be compared with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from npconsole.model.load import Load, LoadResult


class BenchmarkStatus(StrEnum):
    """What a benchmark proved. Invalid: it says nothing of the target. Partial: it was stopped before its end."""

    PASSED = "passed"
    FAILED = "failed"
    INVALID = "invalid"
    PARTIAL = "partial"


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What two benchmarks must have in common to be compared. All are words: digests, ids, `closed 100 users 1m`.

    `tool` is the engine with its major and minor version. `address` is where it was sent.
    """

    script: str
    target: str
    address: str
    load: str
    tool: str
    host: str


@dataclass(frozen=True, slots=True)
class Advice:
    """One recommendation, and the figure that brought it about: ("cache more", "hit ratio 12 %, below 80 %")."""

    text: str
    because: str


@dataclass(frozen=True, slots=True)
class Benchmark:
    """One benchmark. `id` is its run's; `wall` the epoch seconds of its end; `release` that of the target, if known.

    `reasons` say why the status is what it is: the crossed thresholds, or why the figures say nothing. `imported` names
    the file that a result made by others was read from.
    """

    id: str
    wall: float
    status: BenchmarkStatus
    reasons: tuple[str, ...]
    load: Load
    fingerprint: Fingerprint
    result: LoadResult
    advice: tuple[Advice, ...] = ()
    release: str = ""
    actor: str = ""
    imported: str = ""


@dataclass(frozen=True, slots=True)
class Noise:
    """How much two benchmarks of an unchanged target differ, learnt from `pairs` of them: the 95th percentile of the
    relative difference of each metric, such as ("p95_ms", 0.06).
    """

    pairs: int
    relative: tuple[tuple[str, float], ...]
    wall: float


class Contrast(StrEnum):
    """What comparing two benchmarks says. Equal: the change, all its uncertainty included, is too small to matter."""

    BETTER = "better"
    WORSE = "worse"
    EQUAL = "equal"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True, slots=True)
class Change:
    """How one figure changed: `before` and `after` in the unit of its name, over the stretches that are compared.

    `effect` is the relative difference (0.3: by 30 % more), of the `error_ratio` the plain difference; `low` to `high`
    is its interval. None is what too few requests do not tell. `bound` is the least effect that counts as a change.
    """

    metric: str
    before: float | None
    after: float | None
    effect: float | None
    low: float | None
    high: float | None
    bound: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two benchmarks of one fingerprint, by their ids. `words` say the verdict and why in one sentence.

    `changes` are of `typical_ms` (the geometric mean of latency, each request name against itself), `p50_ms`, `p95_ms`,
    `p99_ms`, `error_ratio` and `request_rate`; each interval holds with the probability `confidence`.
    """

    before: str
    after: str
    verdict: Contrast
    words: str
    confidence: float
    changes: tuple[Change, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One benchmark on a chart of past ones. `baselines` are the names that stand for it."""

    id: str
    wall: float
    status: BenchmarkStatus
    p50_ms: float | None
    p95_ms: float | None
    request_rate: float | None
    error_ratio: float | None
    release: str = ""
    baselines: tuple[str, ...] = ()


class BenchmarkArchive(Protocol):
    """The benchmarks that were kept. Every method is one short transaction and blocks; all raise StoreError."""

    def add(self, benchmark: Benchmark) -> None:
        """Keep it; the same id again replaces nothing and is no error."""
        ...

    def find(self, id_prefix: str) -> Benchmark:
        """By its id or the beginning of it. Raises UsageError for none, and for more than one."""
        ...

    def recent(self, *, target: str = "", limit: int = 50) -> Sequence[Benchmark]:
        """Latest first, without their blocks."""
        ...

    def name_baseline(self, name: str, benchmark_id: str, *, actor: str) -> None:
        """Have a name stand for a benchmark from now on; an empty id forgets the name. In the audit."""
        ...

    def baselines(self) -> Sequence[tuple[str, str]]:
        """(name, benchmark id), by name."""
        ...

    def noise(self, fingerprint: Fingerprint) -> Noise | None:
        """What calibration has learnt; None when it was never done."""
        ...

    def learn(self, fingerprint: Fingerprint, noise: Noise) -> None:
        """Keep what calibration found, instead of what it found before."""
        ...
