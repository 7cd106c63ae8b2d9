import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from threading import Event
from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npconsole.config.blocks.watching import GENERATIONS
from npconsole.errors import ServerError, UnreachableError
from npconsole.model.vitals import Sample, Vitals
from npconsole.sources.prometheus import PrometheusFigures, PrometheusHistory, PrometheusVitals, PromqlClient
from npconsole.sources.prometheus.history import MOST_POINTS, aligned
from npconsole.sources.prometheus.regions import LONGEST_QUERY
from tests.sources.clock import HandClock
from tests.sources.prometheus.store import Asked, Reply, Store, result, store, vector

MS = "http_request_duration_ms_bucket"
SECONDS = "http_request_duration_seconds_bucket"
FIGURES = {"p50": "50", "p95": "95", "p99": "99", "requests": "20", "errors": "1", "memory": "150", "start_time": "7"}

Series = tuple[dict[str, str], str]


@dataclass
class World:
    """What the store knows: the histogram that each region has, and its figures; both may change."""

    histograms: dict[str, str] = field(default_factory=dict)
    figures: dict[str, str] = field(default_factory=lambda: dict(FIGURES))
    failing: bool = False
    delay_s: float = 0

    def answer(self, asked: Asked) -> Reply:
        """As a store would: whatever the query selects, and a stranger's series among it."""
        Event().wait(self.delay_s)
        if self.failing:
            return Reply(b'{"error": "out of memory"}', 500)
        named = set(re.split(r'["|]', asked.query))
        regions = [region for region in self.histograms if region in named]
        if "__name__" in asked.query:
            return vector(*(({"region": region, "__name__": self.histograms[region]}, "9") for region in regions))
        family = MS if MS in asked.query else SECONDS
        series = [
            ({"region": region, "npconsole_figure": figure}, value)
            for region in [*regions, "stranger"]
            for figure, value in self.figures.items()
            if self.histograms.get(region, family) == family
        ]
        if asked.path.endswith("query_range"):
            points = [1_795_000_000, 1_795_000_060]
            return result(
                [{"metric": labels, "values": [[wall, value] for wall in points]} for labels, value in series]
            )
        return vector(*series)


@dataclass
class Bench:
    """A store over a world, and figures that read from it."""

    world: World
    clock: HandClock
    server: Store
    figures: PrometheusFigures

    async def vitals(self, region: str = "us-east") -> Vitals:
        """The figures of one region."""
        return await PrometheusVitals(self.figures, region).read()


Make = Callable[..., Bench]


@pytest.fixture
def bench() -> Iterator[Make]:
    """Makes benches."""
    with ExitStack() as stack:

        def make(histograms: dict[str, str], *, regions: int = 0, deadline_s: float = 5) -> Bench:
            world, clock = World(histograms), HandClock()
            server = stack.enter_context(store(world.answer))
            client = PromqlClient(server.url, deadline_s=deadline_s, clock=clock)
            stack.callback(client.close)
            names = [*histograms, *(f"region-{number}-example" for number in range(regions))]
            figures = PrometheusFigures(
                client,
                {name: {"region": name} for name in names},
                families=GENERATIONS,
                native="auto",
                window_s=60,
                max_age_s=7,
                clock=clock,
                memory_limit_bytes=300,
            )
            return Bench(world, clock, server, figures)

        yield make


async def test_regions_of_both_generations_are_read_in_their_own_unit_and_share_their_queries(bench: Make) -> None:
    both = bench({"us-east": MS, "eu-west": SECONDS, "eu-east": SECONDS})

    east, west = await both.vitals("us-east"), await both.vitals("eu-west")
    assert await both.vitals("eu-east") == west

    assert (east.p50_ms, east.p95_ms, east.p99_ms, east.generation) == (50, 95, 99, "v17.1")
    assert (west.p50_ms, west.p95_ms, west.p99_ms, west.generation) == (50_000, 95_000, 99_000, "v20.1")
    assert (east.request_rate, east.requests, east.error_ratio) == (20, 1200, 0.05)
    assert (east.memory_bytes, east.memory_ratio, east.started_at) == (150, 0.5, 7)
    assert len(both.server.queries) == 3, "one for the names, one per generation"


async def test_what_a_region_has_is_asked_once_and_figures_once_per_age(bench: Make) -> None:
    one = bench({"us-east": MS})
    for _ in range(3):
        await one.vitals()
        await one.vitals()
        one.clock.at += 8
    assert [("__name__" in query) for query in one.server.queries] == [True, False, False, False]


async def test_a_deploy_of_the_other_generation_is_found(bench: Make) -> None:
    one = bench({"us-east": MS})
    await one.vitals()
    one.world.histograms["us-east"] = SECONDS
    one.clock.at += 8
    assert "fewer than two scrapes" in (await one.vitals()).notice
    one.clock.at += 8
    assert (await one.vitals()).generation == "v20.1"


async def test_a_native_histogram_comes_before_the_classic_one(bench: Make) -> None:
    one = bench({"us-east": "http_request_duration_seconds"})
    await one.vitals()
    assert "rate(http_request_duration_seconds{" in one.server.queries[1]


async def test_without_series_there_are_no_figures_but_a_notice(bench: Make) -> None:
    none = bench({}, regions=1)
    notice = 'Prometheus has no series for {region="region-0-example"}: is /metrics scraped, and are these its labels?'
    assert await none.vitals("region-0-example") == Vitals(window_s=60, source="prometheus", notice=notice)


async def test_a_silent_service_has_a_rate_of_zero_and_no_ratios(bench: Make) -> None:
    one = bench({"us-east": MS})
    one.world.figures = {"p50": "NaN", "p95": "NaN", "p99": "+Inf", "requests": "0", "memory": "NaN"}
    vitals = await one.vitals()
    assert (vitals.p50_ms, vitals.p95_ms, vitals.p99_ms, vitals.error_ratio, vitals.memory_ratio) == (None,) * 5
    assert (vitals.request_rate, vitals.requests, vitals.notice) == (0, 0, "")


@pytest.mark.parametrize(
    ("histogram", "figures", "ratio"),
    [
        (MS, {"cache_hits": "3", "cache_requests": "4"}, 0.75),
        (MS, {"cache_requests": "4"}, 0),
        (MS, {"cache_hits": "5", "cache_requests": "4"}, 1),
        (MS, {"cache_hits": "3"}, None),
        (MS, {"cache_hits": "0", "cache_requests": "0"}, None),
        (SECONDS, {"cache_hits": "3", "cache_misses": "1"}, 0.75),
        (SECONDS, {"cache_hits": "3"}, 1),
        (SECONDS, {"cache_misses": "3"}, 0),
        (SECONDS, {}, None),
    ],
)
async def test_cache_hit_ratio(bench: Make, histogram: str, figures: dict[str, str], ratio: float | None) -> None:
    one = bench({"us-east": histogram})
    one.world.figures = FIGURES | figures
    assert (await one.vitals()).cache_hit_ratio == ratio


async def test_without_errors_the_error_ratio_is_zero(bench: Make) -> None:
    one = bench({"us-east": MS})
    del one.world.figures["errors"]
    assert (await one.vitals()).error_ratio == 0


async def test_a_failure_reaches_every_region_and_ends_with_the_next_answer(bench: Make) -> None:
    two = bench({"us-east": MS, "eu-west": MS})
    two.world.failing = True
    for region in ("us-east", "eu-west"):
        with pytest.raises(ServerError, match="500 Internal Server Error: out of memory"):
            await two.vitals(region)
    assert len(two.server.queries) == 1
    two.world.failing = False
    two.clock.at += 8
    assert (await two.vitals()).p95_ms == 95


async def test_all_queries_of_a_reading_share_one_deadline(bench: Make) -> None:
    both = bench({"us-east": MS, "eu-west": SECONDS}, deadline_s=0.3)
    both.world.delay_s = 0.2
    with pytest.raises(UnreachableError, match=r"no answer within 0\.3 s"):
        await both.vitals()
    assert len(both.server.queries) == 2


async def test_a_thousand_regions_cost_few_queries_of_bounded_length(bench: Make) -> None:
    many = bench({"us-east": MS}, regions=999)
    many.world.histograms |= {f"region-{number}-example": MS for number in range(999)}
    for region in ("us-east", *(f"region-{number}-example" for number in range(999))):
        assert (await many.vitals(region)).p95_ms == 95

    assert len(many.server.queries) <= 160
    assert max(len(quote_plus(query)) for query in many.server.queries) <= LONGEST_QUERY


async def test_history_is_fetched_for_the_batch_and_kept_until_each_region_has_asked(bench: Make) -> None:
    two = bench({"us-east": MS, "eu-west": SECONDS})
    history = PrometheusHistory(two.figures)
    start, end = 1_794_999_990.0, 1_795_000_070.0

    east = await history.history("us-east", start, end, 60)
    west = await history.history("eu-west", start, end, 60)
    assert len(two.server.queries) == 3, "the names, and a range per generation"
    await history.history("us-east", start, end, 60)
    assert len(two.server.queries) == 5

    assert east == tuple(Sample(wall, 50, 95, 99, 20, 0.05) for wall in (1_795_000_000, 1_795_000_060))
    assert west[0].p95_ms == 95_000


async def test_a_long_history_is_fetched_for_one_region_at_a_time(bench: Make) -> None:
    two = bench({"us-east": MS, "eu-west": MS})
    history = PrometheusHistory(two.figures)
    for region in ("us-east", "eu-west"):
        await history.history(region, 1_795_000_000.0 - 14 * 86_400, 1_795_000_060.0, 15)
    asked = [query for query in two.server.queries if "__name__" not in query]
    assert [("us-east" in query, "eu-west" in query) for query in asked] == [(True, False), (False, True)]


@pytest.mark.parametrize(
    ("start", "end", "step_s", "span"),
    [
        (100.5, 200.5, 15, (105, 195, 15)),
        (105, 195, 15, (105, 195, 15)),
        (100, 103, 0.2, (100, 103, 1)),
        (0, 11_000 * 60, 60, (0, 660_000 // 61 * 61, 61)),
    ],
)
def test_spans_are_whole_steps_within_the_server_s_limit(
    start: float, end: float, step_s: float, span: tuple[int, int, int]
) -> None:
    found = aligned(start, end, step_s)
    assert (found.start_wall, found.end_wall, found.step_s) == span


@given(st.floats(1, 4e9), st.floats(0, 4e9), st.floats(0.01, 1e5))
def test_a_span_never_has_more_points_than_a_server_allows(start: float, length: float, step_s: float) -> None:
    span = aligned(start, start + length, step_s)
    assert span.start_wall % span.step_s == span.end_wall % span.step_s == 0
    assert span.points <= MOST_POINTS
    assert span.start_wall >= start
    assert span.end_wall <= start + length
