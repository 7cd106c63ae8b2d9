"""The port to the load engine: it sends traffic to an edge or a region, measures it, and stops when it is told to.

Latencies are in ms, rates per second, shares 0 to 1; None is not measured. Nothing here is judged: what a result is
worth is decided from it afterwards.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class LoadModel(StrEnum):
    """Closed: each user waits for an answer before it asks again, so a slow target is asked less. Open: a rate."""

    CLOSED = "closed"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Threshold:
    """Where a benchmark fails: `metric` and `expression` in k6's words, `http_req_duration` and `p(95)<400`."""

    metric: str
    expression: str

    def __str__(self) -> str:
        return f"{self.metric} {self.expression}"


@dataclass(frozen=True, slots=True)
class Load:
    """What is sent: for `duration_s` seconds in all, ramps included, to the `address` of a region or an edge.

    Closed: up to `users` at once. Open: `rate` iterations begun per second, by as many users as it takes, `users` at
    most. `script` is the path of a script of one's own, empty for the built-in scenario. `asset` is an address that the
    edge caches, empty for none. `cloud` has it sent from k6's cloud. `tag` is the run's id, in what is exported.
    """

    target: str
    address: str
    users: int
    duration_s: float
    rate: float | None = None
    script: str = ""
    asset: str = ""
    cloud: bool = False
    thresholds: tuple[Threshold, ...] = ()
    tag: str = ""

    @property
    def model(self) -> LoadModel:
        return LoadModel.CLOSED if self.rate is None else LoadModel.OPEN


@dataclass(frozen=True, slots=True)
class LoadPlan:
    """What an engine says beforehand of a load. `tool` is `k6 v1.1.0`; `script` names the script, and `script_digest`
    is of its text with all that it was made from.

    `command` is what will be run, in words without secrets; `phases` are (name, seconds); `notes` are what a person
    should know, such as that without a token the three API calls are left out. `thresholds` are all that the engine
    will judge by: those of the load, or the configured ones when it has none, and those of a script of one's own.
    """

    tool: str
    script: str
    script_digest: str
    command: str
    phases: tuple[tuple[str, float], ...] = ()
    notes: tuple[str, ...] = ()
    thresholds: tuple[Threshold, ...] = ()


@dataclass(frozen=True, slots=True)
class ThresholdState:
    """A threshold with the value that it was read against (in the metric's own unit), and whether it is crossed.

    `crossed` None: the metric has no samples, so that nobody knows.
    """

    threshold: Threshold
    crossed: bool | None
    value: float | None = None


@dataclass(frozen=True, slots=True)
class LoadFigures:
    """What was measured since the load began. `phase` is a name of the plan's phases. `users` are those at work now;
    in a result, the most that there were.

    `errors` are (kind, count): `status 503`, `connection refused`, `timeout`; most frequent first. `dropped` are
    iterations of the open model that no user was free for. `checks` are the script's own. `cpu_ratio` is the load
    generator's own use of this host's cores in its busiest five seconds, 1 is all of them.
    """

    elapsed_s: float
    requests: int
    request_rate: float | None = None
    p50_ms: float | None = None
    p95_ms: float | None = None
    p99_ms: float | None = None
    error_ratio: float | None = None
    phase: str = ""
    planned_s: float | None = None
    users: int | None = None
    iterations: int = 0
    dropped: int = 0
    failed: int = 0
    errors: tuple[tuple[str, int], ...] = ()
    bytes_sent: float = 0.0
    bytes_received: float = 0.0
    checks: int = 0
    checks_failed: int = 0
    cpu_ratio: float | None = None
    thresholds: tuple[ThresholdState, ...] = ()


Counts = tuple[tuple[float, int], ...]
"""A histogram: (latency in ms, how often), by latency. Each stands for all within 0.5 % of it."""


@dataclass(frozen=True, slots=True)
class Latency:
    """How long the requests of one name took, exact to 1 %. `failed` of `count` failed."""

    count: int
    failed: int = 0
    min_ms: float | None = None
    mean_ms: float | None = None
    p50_ms: float | None = None
    p90_ms: float | None = None
    p95_ms: float | None = None
    p99_ms: float | None = None
    max_ms: float | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """One stretch of a load, `start_s` after its first request: what comparing two loads is reckoned from.

    `names` are (request name, how many of them succeeded, the mean of the natural logarithm of their latency in ms).
    With them each kind of request is compared with itself, which finds a slowdown in a tenth of the requests; engines
    that do not keep them leave it empty.
    """

    start_s: float
    length_s: float
    requests: int
    failed: int
    counts: Counts
    names: tuple[tuple[str, int, float], ...] = ()


class LoadEnd(StrEnum):
    """How a load ended: at its end, stopped before it, aborted by its own script or a threshold, or broken."""

    COMPLETE = "complete"
    STOPPED = "stopped"
    ABORTED = "aborted"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class LoadResult:
    """What a load came to.

    `complaint` is the engine's own line when it went wrong. `exit_code` is the engine's; `crossed` are the thresholds
    that the engine itself called crossed, None when it did not say. `corrected` is what users who do not wait would
    have seen (a closed model asks less while the target is slow); None for the open model. `names` are (request name,
    its latency). `wall` is the epoch second of the first request.
    """

    end: LoadEnd
    figures: LoadFigures
    overall: Latency
    corrected: Latency | None = None
    names: tuple[tuple[str, Latency], ...] = ()
    blocks: tuple[Block, ...] = ()
    wall: float | None = None
    tool: str = ""
    exit_code: int | None = None
    crossed: tuple[Threshold, ...] | None = None
    complaint: str = ""
    notes: tuple[str, ...] = ()


class LoadRun(Protocol):
    """One load that is being sent."""

    @property
    def figures(self) -> LoadFigures:
        """The latest; at most two seconds old while the engine answers."""
        ...

    @property
    def is_over(self) -> bool:
        """Whether it has come to its end, and `result` is there to be had."""
        ...

    async def result(self) -> LoadResult:
        """Wait for the end; what it came to. A load that broke is a result too, with its complaint."""
        ...

    async def stop(self) -> LoadResult:
        """End it now, with all its processes; what it came to so far. Nothing is sent any more when this returns."""
        ...


class LoadEngine(Protocol):
    """Where load comes from. A load ends at the latest when the process that started it does."""

    async def plan(self, load: Load) -> LoadPlan:
        """What would be sent, and by what. Sends nothing to the target.

        Raises UsageError for a missing engine (with the command that installs it), an unreadable or broken script and a
        threshold that the engine refuses, each with the engine's own line.
        """
        ...

    async def start(self, load: Load) -> LoadRun:
        """Begin. Raises NotAppliedError when nothing was sent."""
        ...
