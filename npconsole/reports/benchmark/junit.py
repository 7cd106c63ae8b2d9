"""A benchmark as JUnit XML, for CI systems: each threshold is a test case, and so are validity and the comparison.

Schema: the common one of Jenkins and GitLab (testsuites, testsuite, testcase, failure, error, skipped, property).
"""

from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from npconsole.model.benchmark import Benchmark, BenchmarkStatus, Comparison, Contrast
from npconsole.reports.benchmark import rows
from npconsole.reports.benchmark.crossing import crossings
from npconsole.reports.benchmark.expression import described
from npconsole.reports.benchmark.text import comparison_text, text

_OUTSIDE_XML = {
    code: "\ufffd" for code in (*range(0x20), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF) if code not in (9, 10, 13)
}
"""Characters that XML 1.0 has no form for, not even escaped."""


def junit(benchmark: Benchmark, comparison: Comparison | None = None) -> str:
    """The document, with its declaration."""
    cases = [_validity(benchmark), *_thresholds(benchmark)]
    if comparison is not None:
        cases.append(_comparison(comparison))
    suite = ET.Element("testsuite", _attributes(benchmark, cases))
    properties = ET.SubElement(suite, "properties")
    for name, value in rows.head(benchmark):
        ET.SubElement(properties, "property", {"name": name, "value": _fit(value)})
    for case in cases:
        case.set("classname", _fit(f"benchmark.{benchmark.load.target}"))
        suite.append(case)
    ET.SubElement(suite, "system-out").text = _fit(text(benchmark, comparison))
    suites = ET.Element("testsuites")
    suites.append(suite)
    ET.indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(suites, encoding="unicode") + "\n"


def _attributes(benchmark: Benchmark, cases: list[ET.Element]) -> dict[str, str]:
    counts = {name: sum(case.find(name) is not None for case in cases) for name in ("failure", "error", "skipped")}
    return {
        "name": _fit(f"benchmark {benchmark.load.target}"),
        "id": _fit(benchmark.id),
        "timestamp": _timestamp(benchmark.wall),
        "time": f"{benchmark.result.figures.elapsed_s:.3f}",
        "tests": str(len(cases)),
        "failures": str(counts["failure"]),
        "errors": str(counts["error"]),
        "skipped": str(counts["skipped"]),
    }


def _validity(benchmark: Benchmark) -> ET.Element:
    """Whether the figures say anything of the target, and whatever failed without a threshold."""
    reasons = "; ".join(benchmark.reasons)
    case = ET.Element("testcase", {"name": "the benchmark is a measurement", "time": "0"})
    if benchmark.status in (BenchmarkStatus.INVALID, BenchmarkStatus.PARTIAL):
        _outcome(case, "error", benchmark.status.value, reasons)
    elif benchmark.status is BenchmarkStatus.FAILED and not any(
        is_crossed for _, is_crossed in crossings(benchmark.load, benchmark.result)
    ):
        _outcome(case, "failure", benchmark.status.value, reasons)
    return case


def _thresholds(benchmark: Benchmark) -> list[ET.Element]:
    cases = []
    for state, is_crossed in crossings(benchmark.load, benchmark.result):
        case = ET.Element("testcase", {"name": _fit(str(state.threshold)), "time": "0"})
        if is_crossed:
            _outcome(case, "failure", "threshold crossed", described(state.threshold, state.value))
        elif is_crossed is None:
            _outcome(case, "skipped", "", "its metric has no samples")
        cases.append(case)
    return cases


def _comparison(comparison: Comparison) -> ET.Element:
    """Worse fails; an inconclusive one is skipped, since it proves neither."""
    case = ET.Element("testcase", {"name": _fit(f"not worse than {comparison.before}"), "time": "0"})
    if comparison.verdict is Contrast.WORSE:
        _outcome(case, "failure", comparison.verdict.value, comparison.words)
    elif comparison.verdict is Contrast.INCONCLUSIVE:
        _outcome(case, "skipped", "", comparison.words)
    ET.SubElement(case, "system-out").text = _fit(comparison_text(comparison))
    return case


def _outcome(case: ET.Element, name: str, kind: str, message: str) -> None:
    attributes = {"message": _fit(message)} | ({"type": kind} if kind else {})
    ET.SubElement(case, name, attributes)


def _timestamp(wall: float) -> str:
    try:
        return datetime.fromtimestamp(wall, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    except (OverflowError, ValueError, OSError):
        return "1970-01-01T00:00:00"


def _fit(said: str) -> str:
    return said.translate(_OUTSIDE_XML)
