"""A benchmark as plain text for a terminal of 80 columns: no colour, no control characters, aligned columns."""

import textwrap
from collections.abc import Sequence

from npconsole.model.benchmark import Benchmark, Comparison
from npconsole.reports.benchmark import rows

WIDTH = 80
_LABEL = 12


def text(benchmark: Benchmark, comparison: Comparison | None = None) -> str:
    """The verdict first, then why, the figures, the comparison and what to look at. No line break at the end."""
    parts = [_verdict(benchmark), _wrapped_pairs(rows.head(benchmark)), _latencies(benchmark)]
    if crossed := rows.thresholds(benchmark):
        parts.append(table(rows.THRESHOLD_HEADER, crossed, left=(0, 1, 3)))
    if comparison is not None:
        parts.append(comparison_text(comparison))
    if benchmark.advice:
        parts.append("\n".join(wrapped(f"{each.text} ({each.because})", mark="→ ") for each in benchmark.advice))
    if benchmark.result.notes:
        parts.append("\n".join(wrapped(each, mark="note: ") for each in benchmark.result.notes))
    return "\n\n".join(parts)


def comparison_text(comparison: Comparison) -> str:
    """The verdict in its sentence, the figures side by side, and what they rest on."""
    share = f"{comparison.confidence * 100:g} %"
    return "\n".join(
        [
            wrapped(comparison.words),
            table(rows.CHANGE_HEADER, rows.changes(comparison), left=(0,)),
            wrapped(f"{comparison.before} before, {comparison.after} after; intervals hold with {share}", mark="  "),
            *(wrapped(each, mark="  ") for each in comparison.notes),
        ]
    )


def table(header: Sequence[str], body: Sequence[Sequence[str]], *, left: Sequence[int]) -> str:
    """Columns, those in `left` aligned to the left; the first is cut where lines would be too long."""
    widths = [max(len(row[column]) for row in (header, *body)) for column in range(len(header))]
    excess = sum(widths) + 2 * (len(widths) - 1) - WIDTH
    widths[0] = max(min(widths[0], 8), widths[0] - max(0, excess))
    return "\n".join(_line(row, widths, left) for row in (header, *body))


def wrapped(said: str, *, mark: str = "") -> str:
    """A sentence in lines of the width, the later ones as far in as the text after the mark."""
    return textwrap.fill(said, WIDTH, initial_indent=mark, subsequent_indent=" " * len(mark), break_on_hyphens=False)


def _verdict(benchmark: Benchmark) -> str:
    first = f"benchmark {rows.subject(benchmark)}: {benchmark.status.upper()}"
    return "\n".join([wrapped(first), *(wrapped(reason, mark="  - ") for reason in benchmark.reasons)])


def _wrapped_pairs(pairs: Sequence[tuple[str, str]]) -> str:
    return "\n".join(wrapped(value, mark=f"{name:<{_LABEL}}") for name, value in pairs)


def _latencies(benchmark: Benchmark) -> str:
    body = table(rows.LATENCY_HEADER, rows.latencies(benchmark), left=(0,))
    note = rows.model_note(benchmark)
    return f"{body}\n{wrapped(note)}" if note else body


def _line(row: Sequence[str], widths: Sequence[int], left: Sequence[int]) -> str:
    cells = (_cut(row[0], widths[0]), *row[1:])
    aligned = [
        cell.ljust(width) if column in left else cell.rjust(width)
        for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return "  ".join(aligned).rstrip()


def _cut(cell: str, width: int) -> str:
    """Request names begin alike and differ at their ends, so that the end is kept."""
    return cell if len(cell) <= width else f"…{cell[1 - width :]}"
