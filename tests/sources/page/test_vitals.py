import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from npconsole.config.blocks.watching import GENERATIONS, Families
from npconsole.errors import BadAnswerError, LimitedError, SourceError
from npconsole.model.vitals import Vitals
from npconsole.net.http import Http
from npconsole.sources.page.vitals import FIRST, PageVitals

MS = (10, 50, 100, 200, 400, 800, 1600)
SECONDS = (0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5)


@dataclass
class Now:
    """A clock that a test sets."""

    seconds: float = 1000.0

    def now(self) -> float:
        return self.seconds

    def wall(self) -> float:
        return 1_700_000_000.0 + self.seconds


@dataclass
class Site:
    """A region whose page a test changes between the reads."""

    page: str = ""
    clock: Now = field(default_factory=Now)

    def respond(self, _: httpx.Request) -> httpx.Response:
        return httpx.Response(200, text=self.page)


Build = Callable[..., PageVitals]


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
async def build(site: Site) -> AsyncIterator[Build]:
    async with Http(transport=httpx.MockTransport(site.respond), now=time.monotonic) as client:

        def make(window_s: float = 60, families: tuple[Families, ...] = GENERATIONS) -> PageVitals:
            return PageVitals(
                client,
                "http://region.example.com/metrics",
                families=families,
                window_s=window_s,
                deadline_s=5,
                clock=site.clock,
                memory_limit_bytes=512e6,
            )

        yield make


def histogram(
    name: str, bounds: tuple[float, ...], latencies: list[float], labels: str = "", *, last: bool = True
) -> str:
    pairs = [(f"{bound:g}", sum(latency <= bound for latency in latencies)) for bound in bounds]
    pairs += [("+Inf", len(latencies))] if last else []
    lines = [f'{name}_bucket{{{labels}le="{bound}"}} {count}' for bound, count in reversed(pairs)]
    return "\n".join(
        [
            f"# TYPE {name} histogram",
            *lines,
            f"{name}_sum{{{labels}}} 1",
            f"{name}_count{{{labels}}} {len(latencies)}",
            "",
        ]
    )


def v17(latencies: list[float], *, errors: int = 0, hits: int = 0, lookups: int = 0, start: float = 1e9) -> str:
    return (
        histogram("http_request_duration_ms", MS, latencies, 'route="/a",')
        + f'\n\nhttp_requests_total{{route="/a",status_code="200"}} {len(latencies) - errors}\n'
        + (f'http_requests_total{{route="/a",status_code="503"}} {errors}\n' if errors else "")
        + f'cache_hits_total{{type="api"}} {hits}\ncache_requests_total{{type="api"}} {lookups}\n'
        + f"process_resident_memory_bytes 128000000\nprocess_start_time_seconds {start}\n"
        + "nodejs_eventloop_lag_seconds NaN\n"
    )


def v20(latencies: list[float], *, hits: int = 0, misses: int = 0) -> str:
    return (
        histogram("http_request_duration_seconds", SECONDS, latencies, 'method="GET",')
        + f'http_requests_total{{method="GET",status_code="200"}} {len(latencies)}\n'
        + f'cache_hits_total{{cache_key_prefix="u"}} {hits}\ncache_misses_total{{cache_key_prefix="u"}} {misses}\n'
        + "# EOF\n"
    )


async def series(source: PageVitals, site: Site, *pages: str, step_s: float = 15) -> list[Vitals]:
    read = []
    for page in pages:
        site.page = page
        read.append(await source.read())
        site.clock.seconds += step_s
    return read


async def test_the_first_reading_has_gauges_and_says_that_rates_need_two(site: Site, build: Build) -> None:
    (first,) = await series(build(), site, v17([20.0] * 10, start=1.6e9))
    assert first == Vitals(
        memory_bytes=128e6, memory_ratio=0.25, started_at=1.6e9, generation="v17.1", source="page", notice=FIRST
    )


async def test_the_figures_of_the_older_generation(site: Site, build: Build) -> None:
    before = [5.0] * 100
    after = before + [60.0] * 90 + [300.0] * 10
    _, vitals = await series(
        build(), site, v17(before, hits=10, lookups=100), v17(after, errors=5, hits=40, lookups=140)
    )
    assert vitals.p50_ms == pytest.approx(50 + 50 * 50 / 90)
    assert vitals.p95_ms == pytest.approx(300)
    assert vitals.p99_ms == pytest.approx(380)
    assert vitals.requests == 100
    assert vitals.request_rate == pytest.approx(100 / 15)
    assert vitals.error_ratio == pytest.approx(0.05)
    assert vitals.cache_hit_ratio == pytest.approx(0.75)
    assert vitals.window_s == 15
    assert vitals.notice == ""


async def test_the_figures_of_the_newer_generation_in_ms(site: Site, build: Build) -> None:
    _, vitals = await series(build(), site, v20([], hits=5), v20([0.03] * 100, hits=8, misses=1))
    assert vitals.generation == "v20.1"
    assert vitals.p50_ms == pytest.approx(30)
    assert vitals.error_ratio == 0
    assert vitals.cache_hit_ratio == pytest.approx(0.75)


async def test_the_window_slides(site: Site, build: Build) -> None:
    pages = [v17([5.0] * count) for count in (0, 600, 610, 620, 630, 640)]
    vitals = (await series(build(window_s=30), site, *pages))[-1]
    assert (vitals.requests, vitals.window_s) == (20, 30)


async def test_a_reset_contributes_the_new_value(site: Site, build: Build) -> None:
    _, vitals = await series(build(), site, v17([5.0] * 100), v17([150.0] * 30))
    assert vitals.requests == 30
    assert vitals.p50_ms == pytest.approx(100 + 100 * 15 / 30)


async def test_a_restart_is_seen_by_its_start_time_when_counters_have_overtaken(site: Site, build: Build) -> None:
    _, vitals = await series(build(), site, v17([5.0] * 10, start=1e9), v17([5.0] * 15, start=1e9 + 300))
    assert vitals.requests == 15
    _, wavering = await series(build(), site, v17([5.0] * 10, start=1e9), v17([5.0] * 15, start=1e9 + 1))
    assert wavering.requests == 5


async def test_no_traffic_is_not_zero_latency(site: Site, build: Build) -> None:
    _, vitals = await series(build(), site, v17([5.0] * 10), v17([5.0] * 10))
    assert (vitals.p50_ms, vitals.error_ratio, vitals.cache_hit_ratio) == (None, None, None)
    assert vitals.request_rate == 0
    assert vitals.notice == "no requests in the last 15 s"


async def test_after_a_deploy_of_the_other_generation_it_starts_anew(site: Site, build: Build) -> None:
    first, second, third = await series(build(), site, v17([5.0] * 10), v20([0.5] * 999), v20([0.5] * 1009))
    assert (first.notice, second.notice) == (FIRST, FIRST)
    assert (second.generation, third.requests) == ("v20.1", 10)


async def test_after_a_long_gap_it_starts_anew(site: Site, build: Build) -> None:
    _, vitals = await series(build(), site, v17([5.0] * 10), v17([5.0] * 999), step_s=301)
    assert vitals.notice == FIRST


async def test_right_after_a_start_a_page_may_have_no_latency_yet(site: Site, build: Build) -> None:
    bare = "process_resident_memory_bytes 1\nprocess_start_time_seconds 2000000000\n"
    readings = await series(build(), site, v20([0.5] * 50), bare, v20([0.5] * 5))
    assert [reading.generation for reading in readings] == ["v20.1"] * 3
    assert readings[1].requests == 0
    assert readings[2].requests == 5


async def test_without_a_request_counter_the_histogram_counts(site: Site, build: Build) -> None:
    name = "http_request_duration_ms"
    pages = [
        histogram(name, MS, [5.0] * good, 'status_code="200",', last=False)
        + histogram(name, MS, [5.0] * bad, 'status_code="500",', last=False)
        for good, bad in ((10, 0), (40, 10))
    ]
    _, vitals = await series(build(), site, *pages)
    assert vitals.requests == 40
    assert vitals.error_ratio == pytest.approx(0.25)
    assert vitals.p50_ms == pytest.approx(5)


async def test_the_families_are_configuration(site: Site, build: Build) -> None:
    own = Families(
        name="own", latency="rt_ms", latency_unit="ms", requests="rq", status_label="code", cache_hits="", memory="m"
    )
    pages = [
        histogram("rt_ms", MS, [90.0] * n) + f'rq{{code="200"}} {n}\nrq{{code="500"}} {n}\nm 7\n' for n in (10, 20)
    ]
    _, vitals = await series(build(families=(own, *GENERATIONS)), site, *pages)
    assert (vitals.generation, vitals.requests, vitals.error_ratio, vitals.memory_bytes) == ("own", 20, 0.5, 7)
    assert vitals.cache_hit_ratio is None


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ("<!doctype html><p>log in", r"not a metrics page \(an HTML page\)"),
        ("", r"not a metrics page \(empty\)"),
        ('{"status": "ok"}', r"not a metrics page \(JSON\)"),
        ("up 1\n", "none of the known families is on it .*http_request_duration_ms, http_request_duration_seconds"),
        ("http_requests_total{ 1\n", "not in the Prometheus format"),
    ],
)
async def test_what_is_no_metrics_page_is_named(site: Site, build: Build, page: str, reason: str) -> None:
    with pytest.raises(BadAnswerError, match=reason):
        await series(build(), site, page)


async def test_a_status_is_judged() -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(429, headers={"retry-after": "7"}))
    async with Http(transport=transport, now=time.monotonic) as client:
        source = PageVitals(client, "http://x/metrics", families=GENERATIONS, window_s=60, deadline_s=5, clock=Now())
        with pytest.raises(LimitedError, match="metrics page: 429") as limited:
            await source.read()
    assert limited.value.retry_after_s == 7


NAME = st.sampled_from(
    [
        "http_request_duration_ms_bucket",
        "http_request_duration_seconds_count",
        "http_requests_total",
        "cache_hits_total",
    ]
)
LABELS = st.sampled_from(["", '{le="1"}', '{le="x"}', '{le="+Inf"}', '{le="NaN"}', '{status_code="5"}', "{", '{a="'])
VALUE = st.sampled_from(["1", "-5", "NaN", "+Inf", "1e300", "x", "", "7 9", "3 # {} 1"])
PAGE = st.lists(st.tuples(NAME, LABELS, VALUE).map(lambda line: f"{line[0]}{line[1]} {line[2]}"), max_size=8).map(
    "\n".join
)


@given(st.lists(PAGE | st.text(max_size=50), min_size=1, max_size=4))
async def test_any_page_raises_only_source_errors_and_figures_are_sane(pages: list[str]) -> None:
    site = Site()
    async with Http(transport=httpx.MockTransport(site.respond), now=time.monotonic) as client:
        source = PageVitals(
            client, "http://x/metrics", families=GENERATIONS, window_s=60, deadline_s=5, clock=site.clock
        )
        for page in pages:
            site.page = page.encode("utf-8", "replace").decode()
            site.clock.seconds += 15
            try:
                vitals = await source.read()
            except SourceError:
                continue
            for figure in (vitals.p50_ms, vitals.p95_ms, vitals.p99_ms, vitals.request_rate, vitals.requests):
                assert figure is None or 0 <= figure < 1e19
            for ratio in (vitals.error_ratio, vitals.cache_hit_ratio):
                assert ratio is None or 0 <= ratio <= 1
            if vitals.p50_ms is not None and vitals.p95_ms is not None and vitals.p99_ms is not None:
                assert vitals.p50_ms <= vitals.p95_ms <= vitals.p99_ms
