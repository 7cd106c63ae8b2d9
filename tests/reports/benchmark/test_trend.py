"""Past benchmarks on a chart."""

from dataclasses import replace

from npconsole.model.benchmark import BenchmarkStatus
from npconsole.reports.benchmark.trend import trend
from tests.reports.benchmark.made import PRINT, benchmark


def test_alike_ones_in_the_order_of_time_with_their_marks() -> None:
    first = benchmark(name="a", wall=10.0)
    second = benchmark(name="b", wall=20.0, status=BenchmarkStatus.INVALID)
    foreign = benchmark(name="c", wall=15.0, fingerprint=replace(PRINT, host="ops-2"))
    points = trend([second, foreign, first], PRINT, baselines=[("release-17", "a"), ("last-good", "a"), ("x", "c")])
    assert [(point.id, point.wall, point.status, point.baselines) for point in points] == [
        ("a", 10.0, BenchmarkStatus.PASSED, ("release-17", "last-good")),
        ("b", 20.0, BenchmarkStatus.INVALID, ()),
    ]
    assert (points[0].p50_ms, points[0].p95_ms, points[0].request_rate, points[0].error_ratio) == (
        18.0,
        112.0,
        20.0,
        0.005,
    )
    assert points[0].release == "17.1.3"


def test_none_alike_is_no_chart() -> None:
    assert trend([benchmark()], replace(PRINT, target="eu-west")) == ()
