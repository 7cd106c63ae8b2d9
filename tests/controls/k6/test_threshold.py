import pytest

from npconsole.controls.k6.histogram import LatencyHistogram
from npconsole.controls.k6.measure import TrendMeasure, judge, to_measure
from npconsole.controls.k6.threshold import Selector, to_expression, to_selector
from npconsole.model.load import Threshold


@pytest.mark.parametrize(
    ("text", "method", "rank", "limit"),
    [
        ("p(95)<400", "p", 95, 400),
        (" p(99.9) <= 1e3 ", "p", 99.9, 1000),
        ("rate<0.05", "rate", 0, 0.05),
        ("count>=100.", "count", 0, 100),
        ("value==-1", "value", 0, -1),
        ("med!=5", "med", 0, 5),
        ("avg===5", "avg", 0, 5),
    ],
)
def test_the_grammar_of_k6(text: str, method: str, rank: float, limit: float) -> None:
    expression = to_expression(text)
    assert (expression.method, expression.rank, expression.limit) == (method, rank, limit)


@pytest.mark.parametrize(
    "text", ["", "p95<400", "p(95<400", "p(95)", "p(95)<", "mean<3", "p(95)<4OO", "rate<0.1;x", "count>1e999"]
)
def test_what_is_no_expression(text: str) -> None:
    with pytest.raises(ValueError, match="is not an expression such as"):
        to_expression(text)


@pytest.mark.parametrize(
    ("metric", "selector"),
    [
        ("http_reqs", Selector("http_reqs")),
        ("http_req_duration{name:health}", Selector("http_req_duration", (("name", "health"),))),
        ("a{ b : 'c d' , e:f:g }", Selector("a", (("b", "c d"), ("e", "f:g")))),
        ("a{}", Selector("a")),
    ],
)
def test_metrics_with_tags(metric: str, selector: Selector) -> None:
    assert to_selector(metric) == selector


@pytest.mark.parametrize("metric", ["", "a{b", "a{b}", "a b", "a{:c}", "{a:b}"])
def test_what_is_no_metric(metric: str) -> None:
    with pytest.raises(ValueError, match=r"is not (a metric|written)"):
        to_selector(metric)


@pytest.mark.parametrize(
    ("operator", "below", "at", "above"),
    [("<", 1, 0, 0), ("<=", 1, 1, 0), (">", 0, 0, 1), (">=", 0, 1, 1), ("==", 0, 1, 0), ("!=", 1, 0, 1)],
)
def test_every_operator(operator: str, below: int, at: int, above: int) -> None:
    expression = to_expression(f"value{operator}5")
    assert [expression.holds(value) for value in (4.0, 5.0, 6.0)] == [bool(each) for each in (below, at, above)]


@pytest.mark.parametrize(
    ("kind", "samples", "expression", "value"),
    [
        ("counter", [2, 3], "count>1", 5),
        ("counter", [2, 3], "rate>1", 0.5),
        ("counter", [], "count<1", 0),
        ("gauge", [2, 3], "value>1", 3),
        ("gauge", [], "value>1", None),
        ("rate", [1, 0, 0, 1], "rate<1", 0.5),
        ("rate", [], "rate<1", None),
        ("trend", [1, 2, 6], "avg<1", 3),
        ("trend", [1, 2, 6], "min<1", 1),
        ("trend", [1, 2, 6], "max<1", 6),
        ("trend", [1, 2, 6], "med<1", 2),
        ("trend", [1, 3], "p(75)<1", 2.5),
        ("trend", [], "p(75)<1", None),
        ("trend", [-1, 3], "min<1", -1),
        ("trend", [-1, 3], "p(50)<1", None),
        ("trend", [2, 3], "count<1", None),
    ],
)
def test_what_is_read_from_each_kind_of_metric(
    kind: str, samples: list[float], expression: str, value: float | None
) -> None:
    measure = to_measure(kind)
    assert measure is not None
    for sample in samples:
        measure.record(sample)
    found = measure.read(to_expression(expression), 10.0)
    assert found == (pytest.approx(value, rel=0.01) if value is not None else None)


def test_a_kind_that_k6_does_not_have() -> None:
    assert to_measure("histogram") is None


def test_a_threshold_is_crossed_kept_or_unknown() -> None:
    histogram = LatencyHistogram()
    threshold = Threshold("http_req_duration", "p(95)<400")
    assert judge(threshold, TrendMeasure(histogram), 1.0).crossed is None
    assert judge(threshold, None, 1.0).crossed is None
    histogram.record(300.0)
    assert judge(threshold, TrendMeasure(histogram), 1.0).crossed is False
    histogram.record(500.0)
    state = judge(threshold, TrendMeasure(histogram), 1.0)
    assert state.crossed is True
    assert state.value == pytest.approx(490, rel=0.01)
