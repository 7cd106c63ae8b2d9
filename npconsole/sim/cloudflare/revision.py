"""`created_on` and `modified_on`: no two revisions of one thing have the same time."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Revisions:
    """Counts in whole microseconds since the epoch. `wall` is epoch seconds."""

    def __init__(self, wall: float) -> None:
        self._first = self._last = round(wall * 1e6)

    def add(self, wall: float) -> None:
        """Note a change."""
        self._last = max(round(wall * 1e6), self._last + 1)

    @property
    def first(self) -> str:
        return _iso(self._first)

    @property
    def last(self) -> str:
        return _iso(self._last)


def _iso(microseconds: int) -> str:
    moment = _EPOCH + timedelta(microseconds=microseconds)
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
