"""A token bucket, as the limits of vendors are. Pure: real time is given."""


class Bucket:
    """Holds `capacity` tokens at most; `per_s` come back each second."""

    def __init__(self, capacity: float, per_s: float) -> None:
        self.capacity = capacity
        self.per_s = per_s
        self._tokens = capacity
        self._filled_s: float | None = None

    def take(self, number: float, now_s: float) -> float:
        """Take tokens; 0, or the seconds until there are enough, and then none is taken."""
        if self._filled_s is not None:
            self._tokens = min(self.capacity, self._tokens + max(0.0, now_s - self._filled_s) * self.per_s)
        self._filled_s = now_s
        if self._tokens < number:
            return (number - self._tokens) / self.per_s
        self._tokens -= number
        return 0.0
