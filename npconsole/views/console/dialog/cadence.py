"""Whether a key was pressed by a person who had seen what it answers, or came with a burst or from before."""

BURST_S = 0.05
"""Keys that arrive closer together than this were not pressed one after the other in thought."""
REST_S = 0.4
"""A new dialog takes no answer for this long."""


class Cadence:
    """Is told when each key arrived and when a dialog came into view, in `Clock.now()` seconds."""

    def __init__(self) -> None:
        self.hurried = False
        self._last = float("-inf")
        self._shown = float("inf")

    def key(self, at: float) -> None:
        """A key arrived, in whatever screen."""
        self.hurried = at - self._last < BURST_S
        self._last = at

    def hidden(self) -> None:
        """What is to be answered is not in view yet."""
        self._shown = float("inf")

    def shown(self, at: float) -> None:
        """What is to be answered came into view."""
        self._shown = at

    @property
    def too_soon(self) -> bool:
        """Whether the last key was pressed before what it would answer could have been read."""
        return self._last - self._shown < REST_S

    @property
    def deliberate(self) -> bool:
        """Whether the last key may act."""
        return not self.hurried and not self.too_soon
