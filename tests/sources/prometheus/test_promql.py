import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npconsole.config.blocks.watching import GENERATIONS, Families
from npconsole.errors import UsageError
from npconsole.sources.prometheus import promql
from npconsole.sources.prometheus.promql import Form, Selector

ONE = Selector(("region",), (("us-east",),))
TWO = Selector(("app", "region"), (("api", "us-east"), ("api", "eu.west")))
V17, V20 = GENERATIONS


@pytest.mark.parametrize(
    ("selector", "matchers", "by"),
    [
        (ONE, 'region="us-east"', "region"),
        (TWO, r'app="api", region=~"us-east|eu\\.west"', "app, region"),
    ],
)
def test_one_value_is_matched_exactly_and_several_by_alternatives(selector: Selector, matchers: str, by: str) -> None:
    assert (selector.matchers, selector.by) == (matchers, by)


def test_percentiles_of_classic_and_native_histograms() -> None:
    classic = promql.vitals(ONE, Form(V17, native=False), 60)
    native = promql.vitals(ONE, Form(V20, native=True), 60)

    buckets = 'sum by (region, le)(rate(http_request_duration_ms_bucket{region="us-east"}[60s]))'
    assert f"histogram_quantile(0.95, {buckets})" in classic
    whole = 'sum by (region)(rate(http_request_duration_seconds{region="us-east"}[60s]))'
    assert f"histogram_quantile(0.99, {whole})" in native


def test_each_figure_has_its_label_and_other_programs_are_kept_out_of_the_gauges() -> None:
    query = promql.vitals(ONE, Form(V20, native=False), 60)

    names = ["p50", "p95", "p99", "requests", "errors", "cache_hits", "cache_misses", "memory", "start_time"]
    assert re.findall(r'"npconsole_figure", "(\w+)"', query) == names
    assert 'http_requests_total{region="us-east", status_code=~"5.."}' in query
    assert 'process_resident_memory_bytes{region="us-east"} and on (job, instance) http_requests_total{' in query


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=4, unique=True))
def test_no_value_breaks_out_of_its_quotes_and_each_matches_itself_only(values: list[str]) -> None:
    matchers = Selector(("region",), tuple((value,) for value in values)).matchers

    text, end = json.JSONDecoder().raw_decode(matchers, matchers.index('"'))
    assert end == len(matchers)
    if len(values) == 1:
        assert text == values[0]
    else:
        assert [value for value in [*values, "something else"] if re.fullmatch(text, value)] == values


@pytest.mark.parametrize("name", ["", "1x", "a b", 'x{y="z"}', "läge"])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="not a Prometheus metric or label name"):
        promql.vitals(ONE, Form(Families(name="own", latency=name), native=False), 60)
    with pytest.raises(UsageError):
        _ = Selector((name,), (("x",),)).matchers
