"""Thresholds in words."""

import pytest

from npconsole.model.load import Threshold
from npconsole.reports.benchmark.expression import described, limit


@pytest.mark.parametrize(
    ("metric", "expression", "value", "said"),
    [
        ("http_req_duration", "p(95)<400", 612.3, "http_req_duration: p95 612.3 ms, must be below 400 ms"),
        ("http_req_waiting{a:b}", "p(99.9) <= 1500", 2, "http_req_waiting{a:b}: p99.9 2 ms, must be at most 1500 ms"),
        ("http_req_duration", "med<50", 20, "http_req_duration: median 20 ms, must be below 50 ms"),
        ("http_req_failed", "rate<0.05", 0.253, "http_req_failed: rate 25 %, must be below 5 %"),
        ("checks", "rate>=0.99", 0.5, "checks: rate 50 %, must be at least 99 %"),
        ("http_reqs", "rate>50", 19.87, "http_reqs: rate 19.87/s, must be above 50/s"),
        ("http_reqs", "count>1000", 40, "http_reqs: count 40, must be above 1000"),
        ("data_received", "count<1000000", 2.5e6, "data_received: count 2.5 MB, must be below 1.0 MB"),
        ("data_received", "rate<1000", 2500, "data_received: rate 2.5 kB/s, must be below 1.0 kB/s"),
        ("dropped_iterations", "count<10", 12, "dropped_iterations: count 12, must be below 10"),
        ("basket_size", "avg>3", 2.5, "basket_size: mean 2.5, must be above 3"),
        ("vus", "value==0", None, "vus: value not read, must be exactly 0"),
        ("http_req_duration", "p(95) < fast", 1.5, "http_req_duration p(95) < fast: 1.5"),
    ],
)  # fmt: skip
def test_described(metric: str, expression: str, value: float | None, said: str) -> None:
    assert described(Threshold(metric, expression), value) == said


@pytest.mark.parametrize("expression", ["", "p95<400", "p(95)", "p(95)<400 && p(99)<500", "rate<0.05; x", "p(95)<nan"])
def test_what_is_no_expression(expression: str) -> None:
    assert limit(Threshold("http_req_duration", expression)) is None


@pytest.mark.parametrize(("value", "close"), [(396.5, True), (404.0, True), (390.0, False), (405.0, False)])
def test_close_to_the_limit(value: float, close: bool) -> None:
    asks = limit(Threshold("http_req_duration", "p(95)<400"))
    assert asks is not None
    assert asks.is_close(value) is close
