"""What a PromQL answer holds, in one shape for all of the API's result types. Figures are finite or None, never NaN."""

from collections.abc import Mapping
from dataclasses import dataclass

from npconsole.errors import BadAnswerError
from npconsole.net.text import clean, number


@dataclass(frozen=True, slots=True)
class Series:
    """One series: its labels and (epoch seconds, value) points, oldest first; a single one from an instant query."""

    labels: Mapping[str, str]
    points: tuple[tuple[float, float | None], ...]

    @property
    def last(self) -> float | None:
        """The newest value."""
        return self.points[-1][1]


def parse(result: object) -> tuple[Series, ...]:
    """The series in `data.result`: a vector, a matrix, or a scalar, which comes as a bare `[time, "1"]`.

    Values are strings, also "NaN" and "+Inf". Raise BadAnswerError for any other shape, and for native histograms that
    no `histogram_quantile` has turned into numbers. https://prometheus.io/docs/prometheus/latest/querying/api/
    """
    if not isinstance(result, list):
        raise _bad(result)
    if len(result) == 2 and not isinstance(result[0], dict):
        return (Series({}, (_point(result),)),)
    return tuple(map(_series, result))


def _series(element: object) -> Series:
    points: tuple[tuple[float, float | None], ...]
    match element:
        case {"metric": dict(labels), "value": value}:
            points = (_point(value),)
        case {"metric": dict(labels), "values": [_, *_] as values}:
            points = tuple(map(_point, values))
        case {"histogram": _} | {"histograms": _}:
            raise BadAnswerError(
                "the query's answer is a native histogram, not a number",
                hint="wrap it in histogram_quantile(), histogram_sum() or histogram_count()",
            )
        case _:
            raise _bad(element)
    return Series({str(name): str(text) for name, text in labels.items()}, points)


def _point(pair: object) -> tuple[float, float | None]:
    match pair:
        case [int() | float() as wall, str(value)] if number(wall) is not None:
            return float(wall), number(value)
    raise _bad(pair)


def _bad(part: object) -> BadAnswerError:
    return BadAnswerError(
        f"Prometheus answered in an unknown shape: {clean(repr(part)[:200], limit=80)}",
        hint="is prometheus.url the address of a Prometheus API, without /api/v1?",
    )
