"""A metrics page in the Prometheus text format or OpenMetrics, read for a few families out of thousands of lines.

Lines are chosen by name before anything is parsed, and the labels of a series are parsed once, by prometheus_client,
when the series is first seen; afterwards a line costs a look-up.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from npconsole.errors import BadAnswerError
from npconsole.net.text import clean, number

MOST_SERIES = 50_000
_BEFORE_EXEMPLAR = re.compile(r'[^{#]*(?:\{(?:[^"}]|"(?:[^"\\]|\\.)*")*\})?[^#]*')


@dataclass(frozen=True, slots=True)
class Series:
    """One series: the name of its samples and its labels."""

    name: str
    labels: Mapping[str, str]


class Exposition:
    """Reads pages one after the other and remembers the series of the last one."""

    def __init__(self) -> None:
        self._known: dict[str, Series] = {}

    def read(self, page: str, names: Iterable[str]) -> dict[str, tuple[Series, float]]:
        """The samples of the names, by the text of their series; without those that are NaN or infinite.

        A series that occurs twice keeps its first value, as in Prometheus. Raises BadAnswerError for a line of these
        names that is not in the format, and for more than 50,000 series.
        """
        values: dict[str, float | None] = {}
        for line in _wanted(page, names):
            head, value = _split(line)
            values.setdefault(head, value)
            if len(values) > MOST_SERIES:
                raise BadAnswerError(f"the metrics page has more than {MOST_SERIES} series of the wanted families")
        new = [head for head in values if head not in self._known]
        parsed = dict(zip(new, _parse(new), strict=True))
        self._known = {head: parsed.get(head) or self._known[head] for head in values}
        return {head: (self._known[head], value) for head, value in values.items() if value is not None}


def mentions(page: str, names: Sequence[str]) -> bool:
    """Whether the page has samples of one of these names, or its TYPE: right after a start there may be no more."""
    starts = tuple(f"{name}{end}" for name in names for end in "{ ")
    types = tuple(f"# TYPE {name} " for name in names)
    return any(f"\n{start}" in page or page.startswith(start) for start in starts + types)


def _wanted(page: str, names: Iterable[str]) -> list[str]:
    starts = tuple(f"{name}{end}" for name in names for end in "{ \t")
    return [line for line in page.split("\n") if line.startswith(starts)]


def _split(line: str) -> tuple[str, float | None]:
    """The series of a line, and its value; a timestamp and an exemplar are left out."""
    if " # " in line:
        match = _BEFORE_EXEMPLAR.match(line)
        line = match[0] if match else line
    end = line.rfind("}") + 1 or len(line.split(maxsplit=1)[0])
    figures = line[end:].split()
    if not figures or len(figures) > 2:
        raise _malformed(line)
    return line[:end], number(figures[0])


def _parse(heads: Sequence[str]) -> list[Series]:
    series = _series(heads)
    if len(series) != len(heads):
        suspects = heads[len(series) :]
        raise _malformed(next((head for head in suspects if len(_series([head])) != 1), suspects[0]))
    return series


def _series(heads: Sequence[str]) -> list[Series]:
    """The series of the heads in their order, up to the first family that cannot be parsed."""
    series: list[Series] = []
    if not heads:
        return series
    from prometheus_client.parser import text_string_to_metric_families

    try:
        for family in text_string_to_metric_families("".join(f"{head} 1\n" for head in heads)):
            series += [Series(sample.name, sample.labels) for sample in family.samples]
    except Exception:  # noqa: BLE001 - the parser raises whatever its string operations raise
        return series
    return series


def _malformed(line: str) -> BadAnswerError:
    return BadAnswerError(f"the metrics page has a line that is not in the Prometheus format: {clean(line, limit=80)}")
