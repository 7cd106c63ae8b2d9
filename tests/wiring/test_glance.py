"""Figures for a plan rest on enough requests of the last seconds, however long ago the page was read before."""

import asyncio

from npconsole.config.blocks.watching import GENERATIONS
from npconsole.model.clock import SystemClock
from npconsole.net.http import Http
from npconsole.sources.page.scrape import Scrape
from npconsole.sources.page.vitals import PageVitals
from npconsole.wiring.glance import SAMPLE_S, SampledPage
from tests.controls.script import Answer, Call, played

CLOCK = SystemClock()
URL = "https://us-east.example.com/metrics"


TWICE_S = SAMPLE_S / 2
"""So long that a page is read twice at most."""


def page_text(requests: int, slow: int, started: float) -> bytes:
    """A page after so many requests, of which some took a second."""
    lines = [
        f'http_request_duration_ms_bucket{{le="100"}} {requests - slow}',
        f'http_request_duration_ms_bucket{{le="1000"}} {requests}',
        f'http_request_duration_ms_bucket{{le="+Inf"}} {requests}',
        f"http_request_duration_ms_count {requests}",
        f'http_requests_total{{status_code="200"}} {requests}',
        f"process_start_time_seconds {started}",
    ]
    return "\n".join(lines).encode() + b"\n"


def read(requests: int, slow: int = 0, *, started: float = 1000.0) -> Call:
    answer = Answer(page_text(requests, slow, started), headers={"content-type": "text/plain"})
    return Call("GET", "/metrics", answer)


def sampled(http: Http, *, longest_s: float = 5.0, oldest_s: float = 60.0) -> SampledPage:
    def make(earlier: Scrape | None) -> PageVitals:
        return PageVitals(http, URL, families=GENERATIONS, window_s=10.0, deadline_s=5.0, clock=CLOCK, earlier=earlier)

    return SampledPage(make, earlier=None, enough=20, longest_s=longest_s, oldest_s=oldest_s, clock=CLOCK)


async def test_it_reads_until_the_requests_are_enough() -> None:
    async with asyncio.timeout(20), played(read(100), read(110), read(125)) as (http, _):
        vitals = await sampled(http).read()
    assert vitals.requests == 25


async def test_it_does_not_wait_for_ever_but_goes_on_counting() -> None:
    async with asyncio.timeout(20), played(read(100), read(112), read(124)) as (http, _):
        page = sampled(http, longest_s=TWICE_S)
        assert (await page.read()).requests == 12
        assert (await page.read()).requests == 24


async def test_a_region_with_too_little_traffic_is_not_waited_for() -> None:
    async with asyncio.timeout(20), played(read(100), read(101)) as (http, _):
        vitals = await sampled(http, longest_s=3.0).read()
    assert vitals.requests == 1


async def test_what_was_before_a_restart_does_not_count() -> None:
    calls = (read(100), read(110, 10), read(5, started=2000.0), read(30, started=2000.0))
    async with asyncio.timeout(20), played(*calls) as (http, _):
        page = sampled(http, longest_s=TWICE_S)
        assert ((await page.read()).p95_ms or 0) > 900
        vitals = await page.read()
    assert vitals.requests == 25
    assert (vitals.p95_ms or 1000) <= 100


async def test_what_was_long_ago_does_not_count() -> None:
    async with asyncio.timeout(20), played(read(100), read(112, 12), read(5000, 12), read(5030, 12)) as (http, _):
        page = sampled(http, longest_s=TWICE_S, oldest_s=0.0)
        assert ((await page.read()).p95_ms or 0) > 900
        vitals = await page.read()
    assert vitals.requests == 30
