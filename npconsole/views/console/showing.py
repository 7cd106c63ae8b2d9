"""What the screen shows at this moment: the newest snapshot or one that is held, and what is to be said beside it."""

from npconsole.model.clock import Clock
from npconsole.model.ports import Feed
from npconsole.model.thresholds import Thresholds
from npconsole.views.console.picture import Deeds, Picture

WARNED_S = 60.0
FLASH_S = 4.0


class Showing:
    """Makes pictures. A picture that is held stands still, but for what people do."""

    def __init__(self, feed: Feed, clock: Clock, *, thresholds: Thresholds, utc: bool) -> None:
        self._feed = feed
        self._clock = clock
        self._thresholds = thresholds
        self._utc = utc
        self._held: Picture | None = None
        self._flash = ("", 0.0)
        self._warning = ("", 0.0)

    def flash(self, text: str) -> None:
        """A short message about the last key."""
        self._flash = (text, self._clock.now() + FLASH_S)

    def warn(self, text: str) -> None:
        """Something about the console itself, for a while."""
        self._warning = (text, self._clock.now() + WARNED_S)

    def hold_or_release(self, deeds: Deeds) -> None:
        """Hold the picture of this moment, or show the newest again."""
        self._held = None if self._held else self.picture(deeds)

    def picture(self, deeds: Deeds, *warnings: str) -> Picture:
        """What is shown now."""
        now, wall = self._clock.now(), self._clock.wall()
        held = self._held
        warned = (self._warning[0] if now < self._warning[1] else "", *warnings)
        return Picture(
            snapshot=held.snapshot if held else self._feed.snapshot,
            now=held.now if held else now,
            wall=held.wall if held else wall,
            host_wall=wall,
            thresholds=self._thresholds,
            utc=self._utc,
            frozen=held is not None,
            flash=self._flash[0] if now < self._flash[1] else "",
            warnings=tuple(filter(None, warned)),
            deeds=deeds,
        )
