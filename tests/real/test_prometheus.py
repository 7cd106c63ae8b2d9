"""The Prometheus source against a real Prometheus that scrapes both generations of the metrics page."""

import time
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from npconsole.config.blocks.watching import GENERATIONS, Families
from npconsole.errors import BadAnswerError, ServerError, UnreachableError
from npconsole.model.clock import SystemClock
from npconsole.sources.prometheus import PrometheusFigures, PrometheusHistory, PrometheusVitals, PromqlClient
from npconsole.sources.prometheus.forms import Native
from tests.real import remote_write
from tests.real.metrics_page import MEMORY_BYTES, STARTED_AT

pytestmark = pytest.mark.real("prometheus")

WINDOW_S = 5
ALL = {"us-east": {"region": "us-east"}, "eu-west": {"region": "eu-west"}, "nowhere": {"region": "no\"wh'ere\\|.*"}}


@pytest_asyncio.fixture
async def client(prometheus: str) -> AsyncIterator[PromqlClient]:
    """A client of the real server."""
    client = PromqlClient(prometheus, deadline_s=10, clock=SystemClock())
    yield client
    client.close()


def figures(
    client: PromqlClient,
    labels: dict[str, dict[str, str]],
    *,
    families: tuple[Families, ...] = GENERATIONS,
    native: Native = "auto",
) -> PrometheusFigures:
    """Figures that are read anew at each read, on a host of 200 MB."""
    return PrometheusFigures(
        client,
        labels,
        families=families,
        native=native,
        window_s=WINDOW_S,
        max_age_s=0,
        clock=SystemClock(),
        memory_limit_bytes=200e6,
    )


def by_server(url: str, query: str) -> float:
    """What the server says when it is asked without the adapter."""
    answer = httpx.get(f"{url}/api/v1/query", params={"query": query}, trust_env=False, timeout=5)
    return float(answer.json()["data"]["result"][0]["value"][1])


@pytest.mark.parametrize(
    ("region", "generation", "bucket", "to_ms", "error_ratio", "hit_ratio"),
    [
        ("us-east", "v17.1", "http_request_duration_ms_bucket", 1, 0.1, 0.9),
        ("eu-west", "v20.1", "http_request_duration_seconds_bucket", 1000, 0.0, 0.75),
    ],
)
async def test_figures_of_both_generations_agree_with_the_server(
    prometheus: str,
    client: PromqlClient,
    region: str,
    generation: str,
    bucket: str,
    to_ms: float,
    error_ratio: float,
    hit_ratio: float,
) -> None:
    vitals = await PrometheusVitals(figures(client, ALL), region).read()

    assert vitals.generation == generation
    for q, ours in ((0.5, vitals.p50_ms), (0.95, vitals.p95_ms), (0.99, vitals.p99_ms)):
        buckets = f'sum by (le)(rate({bucket}{{region="{region}"}}[{WINDOW_S}s]))'
        assert ours == pytest.approx(by_server(prometheus, f"histogram_quantile({q}, {buckets})") * to_ms, rel=0.05)
    assert vitals.request_rate == pytest.approx(10, rel=0.3)
    assert vitals.requests == pytest.approx(WINDOW_S * (vitals.request_rate or 0))
    assert vitals.error_ratio == pytest.approx(error_ratio, abs=0.01)
    assert vitals.cache_hit_ratio == pytest.approx(hit_ratio, abs=0.01)
    assert (vitals.memory_bytes, vitals.memory_ratio, vitals.started_at) == (MEMORY_BYTES, 0.75, STARTED_AT)
    assert (vitals.window_s, vitals.source, vitals.notice) == (WINDOW_S, "prometheus", "")


async def test_a_region_without_series_has_no_figures_and_a_notice(client: PromqlClient) -> None:
    vitals = await PrometheusVitals(figures(client, ALL), "nowhere").read()

    assert (vitals.p95_ms, vitals.request_rate, vitals.error_ratio, vitals.memory_bytes) == (None, None, None, None)
    assert vitals.notice.startswith('Prometheus has no series for {region="no\\"wh')


async def test_history_has_aligned_points_up_to_now(client: PromqlClient) -> None:
    now = time.time()

    samples = await PrometheusHistory(figures(client, ALL)).history("us-east", now - 30, now, 2)

    assert samples
    assert [sample.wall for sample in samples] == sorted({sample.wall for sample in samples})
    assert all(sample.wall % 2 == 0 and now - 30 <= sample.wall <= now for sample in samples)
    latest = samples[-1]
    assert latest.p95_ms is not None
    assert latest.p50_ms is not None
    assert 70 <= latest.p50_ms <= latest.p95_ms <= 1600
    assert latest.error_ratio == pytest.approx(0.1, abs=0.01)
    assert await PrometheusHistory(figures(client, ALL)).history("nowhere", now - 30, now, 2) == ()


async def test_history_of_a_year_stays_within_what_the_server_allows(client: PromqlClient) -> None:
    now = time.time()
    assert await PrometheusHistory(figures(client, ALL)).history("eu-west", now - 365 * 86_400, now, 1) is not None


async def test_native_histograms_are_found_and_read(prometheus: str, client: PromqlClient) -> None:
    own = {"region": "native", "job": "api", "instance": "a"}
    at_ms = int(time.time() * 1000)
    for step, seconds_ago in enumerate((2, 1, 0)):
        moment = at_ms - seconds_ago * 1000
        histogram = remote_write.native_histogram((50 * step, 45 * step, 5 * step), -23, moment)
        number = remote_write.number(100 * step, moment)
        remote_write.write(
            prometheus,
            [
                ({"__name__": "http_request_duration_seconds", **own}, histogram),
                ({"__name__": "http_requests_total", "status_code": "200", **own}, number),
            ],
        )
    labels = {"native": {"region": "native"}}

    vitals = await PrometheusVitals(figures(client, labels), "native").read()

    assert vitals.p50_ms == pytest.approx(2 ** (-23 / 8) * 1000, rel=0.01)
    assert vitals.p99_ms is not None
    assert 2 ** (-22 / 8) * 1000 < vitals.p99_ms < 2 ** (-21 / 8) * 1000
    rate = by_server(prometheus, f'sum(rate(http_requests_total{{region="native"}}[{WINDOW_S}s]))')
    assert vitals.request_rate == pytest.approx(rate, rel=0.2)
    assert (await PrometheusVitals(figures(client, labels, native="yes"), "native").read()).p50_ms == vitals.p50_ms
    assert "no series" in (await PrometheusVitals(figures(client, labels, native="no"), "native").read()).notice
    with pytest.raises(BadAnswerError, match="native histogram"):
        await client.values('http_request_duration_seconds{region="native"}')


async def test_values_of_scalars_vectors_and_nothing(client: PromqlClient) -> None:
    assert await client.values("3") == (3.0,)
    assert await client.values("vector(0/0)") == (None,)
    assert await client.values("no_such_metric") == ()
    assert await client.values("count by (region)(http_request_duration_ms_count)") == (1.0,)


async def test_a_bad_query_is_a_bad_answer_with_the_server_s_words(client: PromqlClient) -> None:
    with pytest.raises(BadAnswerError, match=r"400 Bad Request.*parse error"):
        await client.query("sum(")


async def test_a_query_that_the_server_gives_up_is_a_server_error(prometheus: str) -> None:
    client = PromqlClient(prometheus, deadline_s=0.9, clock=SystemClock())
    with pytest.raises((ServerError, UnreachableError), match=r"timed out|no answer"):
        await client.query("count_over_time(vector(1)[10000h:20ms])")
    client.close()


async def test_a_store_that_is_not_there_is_unreachable(prometheus: str) -> None:
    host, _, port = prometheus.rpartition(":")
    client = PromqlClient(f"{host}:{int(port) - 1 if int(port) > 2000 else 1}", deadline_s=2, clock=SystemClock())
    with pytest.raises(UnreachableError, match="no connection"):
        await client.query("1")
    client.close()
