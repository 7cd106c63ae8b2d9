"""A clock that moves when it is told to."""


class HandClock:
    """Starts at 1,000 s; `wall()` is 1,795,000,000 s later."""

    def __init__(self) -> None:
        self.at = 1_000.0

    def now(self) -> float:
        return self.at

    def wall(self) -> float:
        return self.at + 1_795_000_000.0
