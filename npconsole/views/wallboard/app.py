"""The wallboard: a screen that only looks. It knows the feed and nothing that acts, and has no key but quit.

It redraws once a second, and when a snapshot arrives; only the cells that changed are sent to the terminal.
"""

from collections.abc import Callable
from pathlib import Path

from textual.app import ComposeResult
from textual.binding import Binding
from textual.events import Resize
from textual.message import Message

from npconsole.model.clock import Clock
from npconsole.model.ports import Feed
from npconsole.model.snapshot import Snapshot
from npconsole.model.thresholds import Thresholds
from npconsole.views.face import Face
from npconsole.views.theme import Palette
from npconsole.views.wallboard.picture import picture
from npconsole.views.wallboard.view import View
from npconsole.views.wallboard.wall import Wall

REDRAW_S = 1.0
SILENCE_S = 10.0
"""Without a snapshot for this long, or for three times the usual pace, the engine itself is not running."""


class Arrived(Message):
    """A snapshot arrived. Later ones replace those that still wait: only the latest is looked at."""

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, Arrived)


class WallboardApp(Face):
    """The screen on the wall."""

    CSS = "Screen { overflow: hidden; }"
    ALLOW_SELECT = False
    BINDINGS = [  # noqa: RUF012 - Textual's interface
        Binding("q,ctrl+c", "quit", "Quit", priority=True, show=False)
    ]

    def __init__(
        self,
        feed: Feed,
        *,
        palette: Palette,
        thresholds: Thresholds,
        rotate_s: float,
        utc: bool,
        clock: Clock,
        crash_directory: Path | None = None,
        redact: Callable[[str], str] = str,
    ) -> None:
        super().__init__(palette=palette, clock=clock, crash_directory=crash_directory, redact=redact)
        self._feed = feed
        self._thresholds = thresholds
        self._rotate_s = rotate_s
        self._utc = utc
        self._began = clock.now()
        self._pace_s = 0.0
        self._snapshot = feed.snapshot
        self._wall = Wall()
        self._unsubscribe: Callable[[], None] = _nothing

    def compose(self) -> ComposeResult:
        yield self._wall

    def on_mount(self) -> None:
        self._unsubscribe = self._feed.subscribe(self._arrived)
        self.set_interval(REDRAW_S, self.redraw)
        self.call_after_refresh(self.settle)

    def on_unmount(self) -> None:
        self._unsubscribe()

    def on_resize(self, event: Resize) -> None:
        self.redraw(event.size.width, event.size.height)

    def on_arrived(self, message: Arrived) -> None:
        message.stop()
        latest = self._feed.snapshot
        if latest.sequence != self._snapshot.sequence:
            self._pace_s = latest.now - self._snapshot.now
            self._snapshot = latest
        self.redraw()

    def redraw(self, columns: int = 0, rows: int = 0) -> None:
        """Draw the wall as it is at this instant, for a size that is known to be coming or the present one."""
        self._wall.draw(picture(self._view(), columns or self.size.width, rows or self.size.height))

    def _arrived(self, _snapshot: Snapshot) -> None:
        """Called on the engine's thread."""
        self.post_message(Arrived())

    def _view(self) -> View:
        now = self.clock.now()
        return View(
            snapshot=self._snapshot,
            now=now,
            wall=self.clock.wall(),
            turn=int((now - self._began) / self._rotate_s),
            silent=now - self._snapshot.now > max(SILENCE_S, 3 * self._pace_s),
            palette=self.palette,
            thresholds=self._thresholds,
            utc=self._utc,
            trail=self._feed.trail,
        )


def run(
    feed: Feed,
    *,
    palette: Palette,
    thresholds: Thresholds,
    rotate_s: float,
    utc: bool,
    clock: Clock,
    crash_directory: Path | None = None,
    redact: Callable[[str], str] = str,
) -> int:
    """Show the wallboard on this terminal until it is left; the exit code. Raises TerminalError without a terminal."""
    app = WallboardApp(
        feed,
        palette=palette,
        thresholds=thresholds,
        rotate_s=rotate_s,
        utc=utc,
        clock=clock,
        crash_directory=crash_directory,
        redact=redact,
    )
    return app.run_on_terminal()


def _nothing() -> None:
    return None
