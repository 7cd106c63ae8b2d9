"""What is measured of a region: health, vital figures, replication lag. Figures are finite or None, never NaN."""

from dataclasses import dataclass

from npconsole.errors import Failure


@dataclass(frozen=True, slots=True)
class Timings:
    """Where the time of one HTTP exchange went, in ms. None: the step did not happen (a reused connection)."""

    dns_ms: float | None = None
    connect_ms: float | None = None
    tls_ms: float | None = None
    first_byte_ms: float | None = None
    total_ms: float | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """One answer to `GET /health`, or the fact that none came: both are measurements.

    `failure` is None when something answered. `status` is the HTTP code, `word` the body's `status` in lower case,
    `fields` the other fields flattened to dotted names and cleaned text, at most 64 of them. `answered_by` is the
    name of the region that
    served the edge (edge only). `detail` says in one line what was wrong, empty when healthy.
    """

    failure: Failure | None = None
    status: int | None = None
    word: str = ""
    version: str = ""
    uptime_s: float | None = None
    answered_by: str = ""
    cf_ray: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    timings: Timings = Timings()
    detail: str = ""

    @property
    def healthy(self) -> bool:
        """A 2xx code and a body whose status is `ok`."""
        return self.failure is None and self.status is not None and 200 <= self.status < 300 and self.word == "ok"


@dataclass(frozen=True, slots=True)
class Vitals:
    """The vital figures of a region over `window_s` seconds.

    Percentiles in ms, rates in requests per second, ratios 0 to 1, memory in bytes. None: not measured (no traffic in
    the window, no such series, first scrape), which is not zero. `requests` is how many requests the window holds;
    None beside a `window_s` means that the source looked and has no series of this region. `notice` says in one phrase
    what is special about these figures; `stand_in` that they come from a second choice of source.
    """

    p50_ms: float | None = None
    p95_ms: float | None = None
    p99_ms: float | None = None
    request_rate: float | None = None
    error_ratio: float | None = None
    cache_hit_ratio: float | None = None
    memory_bytes: float | None = None
    memory_ratio: float | None = None
    started_at: float | None = None
    requests: float | None = None
    window_s: float | None = None
    generation: str = ""
    source: str = ""
    notice: str = ""
    stand_in: bool = False


@dataclass(frozen=True, slots=True)
class Lag:
    """Replication lag behind the primary, in seconds. `source` is `promql` or `sql`."""

    seconds: float
    source: str


@dataclass(frozen=True, slots=True)
class Sample:
    """One point of a region's history. `wall` is epoch seconds, latencies in ms."""

    wall: float
    p50_ms: float | None = None
    p95_ms: float | None = None
    p99_ms: float | None = None
    request_rate: float | None = None
    error_ratio: float | None = None
