"""A benchmark as Markdown, for a merge request or the step summary of a CI job.

Text from outside cannot become markup, a link, a mention or HTML: whatever has a meaning in GitHub's Markdown is
escaped, and table cells hold neither bars nor line breaks.
"""

import re
from collections.abc import Sequence

from npconsole.model.benchmark import Benchmark, BenchmarkStatus, Comparison, Contrast
from npconsole.reports.benchmark import rows

_MARKUP = re.compile(r"([\\`*_{}\[\]|~$^])")
_AT_START = re.compile(r"^(\d*)([-+=.)])(?=\D|$)")
_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_LINKED = re.compile(r"(?i)(@|#|https?(?=:)|ftp(?=:)|www(?=\.))")
_GLYPH = {
    BenchmarkStatus.PASSED: "✅",
    BenchmarkStatus.FAILED: "❌",
    BenchmarkStatus.INVALID: "⚠️",
    BenchmarkStatus.PARTIAL: "⏹️",
    Contrast.BETTER: "✅",
    Contrast.EQUAL: "✅",
    Contrast.WORSE: "❌",
    Contrast.INCONCLUSIVE: "⚠️",
}


def markdown(benchmark: Benchmark, comparison: Comparison | None = None) -> str:
    """The verdict as a heading, then why, tables, the comparison and what to look at. Ends with a line break."""
    title = f"## {_GLYPH[benchmark.status]} Benchmark {escape(rows.subject(benchmark))}: {benchmark.status.value}"
    parts = [title]
    if benchmark.reasons:
        parts.append("\n".join(f"- {escape(reason)}" for reason in benchmark.reasons))
    if comparison is not None:
        parts.append(comparison_markdown(comparison).rstrip())
    parts.append(_table(("", ""), rows.head(benchmark)))
    parts.append(_table(rows.LATENCY_HEADER, rows.latencies(benchmark), right=True))
    if note := rows.model_note(benchmark):
        parts.append(escape(note))
    if crossed := rows.thresholds(benchmark):
        parts.append(_table(rows.THRESHOLD_HEADER, crossed))
    if benchmark.advice:
        parts.append("\n".join(f"- **{escape(each.text)}** ({escape(each.because)})" for each in benchmark.advice))
    if benchmark.result.notes:
        parts.append("\n".join(f"- {escape(each)}" for each in benchmark.result.notes))
    return "\n\n".join(parts) + "\n"


def comparison_markdown(comparison: Comparison) -> str:
    """The verdict in its sentence and the figures side by side. Ends with a line break."""
    notes = "; ".join(
        (
            f"{comparison.before} before, {comparison.after} after",
            f"intervals hold with {comparison.confidence * 100:g} %",
            *comparison.notes,
        )
    )
    parts = (
        f"### {_GLYPH[comparison.verdict]} {escape(comparison.words)}",
        _table(rows.CHANGE_HEADER, rows.changes(comparison), right=True),
        escape(notes),
    )
    return "\n\n".join(parts) + "\n"


def escape(said: str) -> str:
    """Text that shows as it is: no markup, HTML, mention, issue reference or automatic link."""
    flat = _AT_START.sub(r"\1\\\2", _MARKUP.sub(r"\\\1", " ".join(said.split())))
    safe = "".join(_HTML.get(character, character) for character in flat)
    # GitHub makes mentions and links of what is shown, whatever was escaped; an empty comment parts it.
    return _LINKED.sub(r"\1<!-- -->", safe)


def _table(header: Sequence[str], body: Sequence[Sequence[str]], *, right: bool = False) -> str:
    rule = ["---", *("---:" if right else "---" for _ in header[1:])]
    lines = [[escape(cell) for cell in header], rule, *([escape(cell) for cell in row] for row in body)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
