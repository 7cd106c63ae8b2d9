"""The forms that people and programs read: what is in them, and what a stranger's text cannot do to them."""

import csv
import io
import re
import unicodedata
from dataclasses import replace
from random import Random
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from npconsole.model.benchmark import Benchmark, BenchmarkStatus, Comparison
from npconsole.model.load import Latency, LoadFigures, LoadResult, Threshold, ThresholdState
from npconsole.reports.benchmark.advice import advice
from npconsole.reports.benchmark.comparison import compare
from npconsole.reports.benchmark.junit import junit
from npconsole.reports.benchmark.markdown import escape, markdown
from npconsole.reports.benchmark.sheet import sheet
from npconsole.reports.benchmark.status import judge
from npconsole.reports.benchmark.text import text
from tests.reports.benchmark.made import ERRORS, FIGURES, LOAD, OVERALL, P95, RESULT, benchmark
from tests.reports.benchmark.service import Service, measured

HOSTILE = "| @ada #1 [x](https://evil.example) <script>alert(1)</script> `a` *b* ]]> & =cmd()"
SLOW_RESULT = replace(
    RESULT,
    figures=replace(
        FIGURES,
        p95_ms=612.0,
        failed=12,
        errors=(("status 503", 10), ("timeout", 2)),
        error_ratio=0.06,
        thresholds=(ThresholdState(P95, crossed=True, value=612.0), ThresholdState(ERRORS, crossed=True, value=0.06)),
    ),
    overall=replace(OVERALL, failed=12, p95_ms=612.0, p99_ms=700.0, max_ms=712.0),
    crossed=(P95, ERRORS),
    exit_code=99,
    notes=("without a token the three API calls are left out",),
)
BARE = LoadResult(RESULT.end, LoadFigures(0.0, 0), Latency(0))


def slow(result: LoadResult = SLOW_RESULT) -> Benchmark:
    status, reasons = judge(LOAD, result)
    return benchmark(result, status=status, reasons=reasons, advice=advice(LOAD, result))


def worse() -> Comparison:
    rng = Random(3)
    one, other = (measured(Service(slowdown=factor), rng, users=20, duration_s=20) for factor in (1.0, 1.6))
    return compare(benchmark(one, name="b0"), benchmark(other), noise=None, rng=rng, resamples=200)


def hostile() -> Benchmark:
    odd = Threshold("http_req_duration{name:" + HOSTILE + "}", "p(95)<1")
    result = replace(
        SLOW_RESULT,
        figures=replace(
            SLOW_RESULT.figures,
            errors=((HOSTILE, 12),),
            thresholds=(*SLOW_RESULT.figures.thresholds, ThresholdState(odd, crossed=False, value=0.5)),
        ),
        names=((HOSTILE, OVERALL), ("-2+3", OVERALL)),
        notes=(HOSTILE,),
    )
    return replace(slow(result), release=HOSTILE, id="b1")


def test_text_says_the_verdict_first_and_all_figures_with_units() -> None:
    said = text(slow(), worse())
    assert said.startswith(
        "benchmark b1 of us-east: FAILED\n"
        "  - http_req_duration: p95 612 ms, must be below 400 ms\n"
        "  - http_req_failed: rate 6 %, must be below 5 %\n"
    )
    for line in (
        "load        closed model, up to 20 users for 10 s",
        "errors      6 %, 12 of 200: 10 status 503, 2 timeout",
        "bytes       18 kB sent, 83 MB received",
        "request    count  failed     min    mean     p50     p95     p99     max",
        "all          200      12  2.1 ms   31 ms   18 ms  612 ms  700 ms  712 ms",
        "corrected    200       1  2.1 ms   31 ms   18 ms  118 ms  210 ms  240 ms",
        "http_req_duration p95  below 400 ms  612 ms  CROSSED",
        "note: without a token the three API calls are left out",
    ):
        assert line in said.splitlines()
    assert "\nworse: requests take" in said
    assert "Closed model: users wait" in said
    assert "not calibrated: `npconsole bench calibrate`" in said


@pytest.mark.parametrize("shown", [slow(), hostile(), benchmark(BARE)], ids=["slow", "hostile", "bare"])
def test_text_fits_a_terminal_of_eighty_columns_and_has_no_control_characters(shown: Benchmark) -> None:
    said = text(shown, worse())
    assert max(map(len, said.splitlines())) <= 80
    assert not [each for each in said if unicodedata.category(each) == "Cc" and each != "\n"]


def test_what_was_not_measured_is_not_a_number() -> None:
    said = text(benchmark(BARE))
    assert "all          0       0  n/a   n/a  n/a  n/a  n/a  n/a" in said
    assert "Corrected percentiles: n/a." in said
    assert "sent by     k6 v1.1 on ops-1, n/a of its cores" in said
    assert re.search(r"\d", sheet(benchmark(BARE)).splitlines()[1].partition("(all),0,0,")[2]) is None


def test_a_file_of_others_is_not_said_to_be_more_than_it_is() -> None:
    result = replace(RESULT, corrected=None, wall=None, tool="")
    load = replace(LOAD, target="out.json", address="", users=0)
    said = text(replace(benchmark(result, load=load), imported="out.json"))
    assert said.startswith(
        "benchmark out.json: PASSED\n\nload        n/a users, 10 s\nsent by     n/a\nended       n/a\n"
    )
    assert "does not say whether users waited" in said


def test_an_open_model_says_nothing_of_waiting_users() -> None:
    load = replace(LOAD, rate=50.0)
    said = text(benchmark(replace(RESULT, corrected=None), load=load))
    assert "open model, 50/s for 10 s by at most 20 users" in said
    assert "Closed model" not in said
    assert "iterations  198, 0 dropped" in said


def test_markdown_has_heading_reasons_tables_and_advice() -> None:
    said = markdown(slow(), worse())
    assert said.startswith("## ❌ Benchmark b1 of us-east: failed\n\n- http\\_req\\_duration: p95 612 ms")
    assert "### ❌ worse: requests take" in said
    assert "| request | count | failed | min | mean | p50 | p95 | p99 | max |\n| --- | ---: |" in said
    assert "| http\\_req\\_failed rate | below 5 % | 6 % | CROSSED |" in said
    assert "- **look at the target's errors in Sentry: it answered, and failed** (10 of 200" in said


def test_hostile_text_stays_text_in_markdown() -> None:
    said = markdown(hostile())
    assert "<script" not in said
    assert not re.search(r"@ada|#1\b|https?:|(?<!\\)\]\(|(?<!\\)`", said)
    columns = {line.replace("\\|", "").count("|") for line in said.splitlines() if line.startswith("| ")}
    assert columns == {3, 5, 10}


@given(st.text("-+=>#@|`*_~[]()!\\<&. 12abw:/\n", max_size=30))
def test_escaped_text_has_no_bare_bar_and_no_line_break(said: str) -> None:
    escaped = escape(said)
    assert "\n" not in escaped
    assert not re.search(r"(?<!\\)(?:\\\\)*\|", escaped)
    assert not re.match(r"[-+=>]\s|\d+[.)]\s", escaped)


def test_csv_has_a_line_for_all_one_corrected_and_one_for_each_name() -> None:
    rows = list(csv.DictReader(io.StringIO(sheet(slow(), worse()), newline="")))
    assert [row["request"] for row in rows] == ["(all)", "(all, corrected)", "health", "items"]
    assert rows[0]["p95_ms"] == "612.0"
    assert rows[0]["error_ratio"] == "0.06"
    assert rows[0]["verdict"] == "worse"
    assert float(rows[0]["typical_effect"]) > 0.2
    assert rows[1]["verdict"] is None or rows[1]["verdict"] == ""
    assert rows[3]["error_ratio"] == "0.01"


def test_csv_cells_are_no_formulas() -> None:
    rows = list(csv.reader(io.StringIO(sheet(hostile()), newline="")))
    assert {len(row) for row in rows} == {17}
    assert [row[5] for row in rows[1:]] == ["(all)", "(all, corrected)", HOSTILE, "'-2+3"]
    assert not [cell for row in rows for cell in row if cell[:1] in ("=", "+", "-", "@")]


def parsed(document: str) -> ET.Element:
    return ET.fromstring(document.encode())  # noqa: S314 - our own document


def test_junit_has_a_case_for_validity_each_threshold_and_the_comparison() -> None:
    suite = parsed(junit(slow(), worse()))[0]
    assert {name: suite.get(name) for name in ("tests", "failures", "errors", "skipped", "time", "timestamp")} == {
        "tests": "4", "failures": "3", "errors": "0", "skipped": "0", "time": "10.000",
        "timestamp": "2023-11-14T22:13:30",
    }  # fmt: skip
    failed = {
        case.get("name"): failure.get("message") for case in suite.iter("testcase") for failure in case.iter("failure")
    }
    assert failed["http_req_duration p(95)<400"] == "http_req_duration: p95 612 ms, must be below 400 ms"
    assert str(failed["not worse than b0"]).startswith("worse: requests take")


@pytest.mark.parametrize(
    ("shown", "counts"),
    [
        (benchmark(), "3 0 0 0"),
        (benchmark(BARE, status=BenchmarkStatus.INVALID, reasons=("no request was sent",)), "3 0 1 2"),
        (benchmark(status=BenchmarkStatus.PARTIAL, reasons=("stopped after 4 s of 10 s",)), "3 0 1 0"),
        (benchmark(status=BenchmarkStatus.FAILED, reasons=("every request failed",)), "3 1 0 0"),
    ],
    ids=["passed", "invalid", "partial", "failed without a threshold"],
)
def test_junit_counts(shown: Benchmark, counts: str) -> None:
    suite = parsed(junit(shown))[0]
    assert " ".join(suite.get(name, "") for name in ("tests", "failures", "errors", "skipped")) == counts


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=40))
def test_junit_is_well_formed_whatever_was_written(said: str) -> None:
    result = replace(SLOW_RESULT, names=((said, OVERALL),), notes=(said,))
    document = junit(replace(slow(result), release=said, reasons=(said,)))
    assert parsed(document).tag == "testsuites"


def test_hostile_text_stays_text_in_junit() -> None:
    suite = parsed(junit(hostile(), worse()))[0]
    values = {each.get("name"): each.get("value") for each in suite.iter("property")}
    assert values["release"] == HOSTILE


def test_of_a_script_it_is_said_what_it_sent_and_not_what_was_asked_for() -> None:
    asked = replace(LOAD, users=100, duration_s=60.0, script="own.js")
    words = text(benchmark(replace(RESULT, figures=replace(FIGURES, users=3)), load=asked))
    assert "of the script, up to 3 users for 10 s" in words
    assert "100 users" not in words
