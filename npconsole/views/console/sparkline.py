"""A row of bars for one figure over time. A full block means above the threshold, so it can be read without colour."""

from collections.abc import Iterable
from typing import NamedTuple

BARS = "▁▂▃▄▅▆"
ABOVE = "█"
NONE = " "


class Bars(NamedTuple):
    """`text` has one character per bucket, oldest first."""

    text: str

    def runs(self) -> list[tuple[str, bool]]:
        """The text in pieces, each with whether it is above the threshold."""
        pieces: list[tuple[str, bool]] = []
        for character in self.text:
            above = character == ABOVE
            if pieces and pieces[-1][1] == above:
                pieces[-1] = (pieces[-1][0] + character, above)
            else:
                pieces.append((character, above))
        return pieces


def bars(
    points: Iterable[tuple[float, float | None]], *, end: float, bucket_s: float, count: int, threshold: float
) -> Bars:
    """`count` buckets of `bucket_s` seconds up to `end`, each with the largest of its values.

    Buckets start at multiples of their length, so the picture moves only when a new one begins. A bucket without a
    value is empty; after the last value it repeats it for as long as one reading may take to come (two buckets).
    """
    last = int(end // bucket_s)
    highest: dict[int, float] = {}
    for wall, value in points:
        if value is not None:
            place = int(wall // bucket_s)
            highest[place] = max(value, highest.get(place, value))
    return Bars("".join(_bar(highest.get(place), threshold) for place in range(last - count + 1, last + 1)))


def _bar(value: float | None, threshold: float) -> str:
    if value is None:
        return NONE
    if value > threshold:
        return ABOVE
    return BARS[min(len(BARS) - 1, int(max(0.0, value) / threshold * len(BARS)))]
