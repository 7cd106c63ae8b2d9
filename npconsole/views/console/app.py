"""The console: one screen over a feed of snapshots.

The engine's thread only posts one message; all drawing happens here. Keys come from the key map, and every action in it
does something.
"""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from textual.app import ComposeResult
from textual.keys import _character_to_key
from textual.message import Message
from textual.screen import Screen

from npconsole.config.keymap import Binding
from npconsole.model import quantity
from npconsole.model.clock import Clock
from npconsole.model.issue import Issue
from npconsole.model.ports import Feed
from npconsole.model.snapshot import EdgeState, RegionState, Snapshot
from npconsole.model.thresholds import Thresholds
from npconsole.views.console.clipboard import osc52
from npconsole.views.console.help import Help
from npconsole.views.console.ink import Ink
from npconsole.views.console.issue_detail import IssueDetail
from npconsole.views.console.overview import ORDER, Overview
from npconsole.views.console.picture import Picture
from npconsole.views.console.region_detail import RegionDetail
from npconsole.views.console.stage import FAR, Stage
from npconsole.views.face import Face
from npconsole.views.theme import Palette

TICK_S = 1.0
FRESH_S = 0.5
"""A picture drawn this recently needs no tick."""
STANDSTILL_S = 4.0
"""Between two ticks; more means that the terminal did not read, or that the host slept."""
WARNED_S = 60.0
FLASH_S = 4.0


class ConsoleApp(Face):
    """The screen of the person on call."""

    class Arrived(Message):
        """There is a new snapshot. Several at once count as one."""

        def can_replace(self, message: Message) -> bool:
            """Whether a waiting message need not be handled any more."""
            return isinstance(message, ConsoleApp.Arrived)

    def __init__(
        self,
        feed: Feed,
        *,
        palette: Palette,
        keymap: Sequence[Binding],
        thresholds: Thresholds,
        utc: bool,
        clock: Clock,
        crash_directory: Path | None = None,
        redact: Callable[[str], str] = str,
    ) -> None:
        super().__init__(palette=palette, clock=clock, crash_directory=crash_directory, redact=redact)
        ink = Ink(palette)
        self.overview = Overview(ink, keymap, feed)
        self.region_detail = RegionDetail(ink, keymap, feed)
        self.issue_detail = IssueDetail(ink, keymap, feed, self._deliver)
        self.help_page = Help(ink, keymap)
        self._feed = feed
        self._thresholds = thresholds
        self._utc = utc
        self._frozen: Picture | None = None
        self._last_tick = self._drawn_at = clock.now()
        self._flash = ("", 0.0)
        self._warning = ("", 0.0)
        self._unsubscribe: Callable[[], None] = _nothing
        self._acts = self._actions()
        for binding in keymap:
            self.bind(",".join(map(_textual_key, binding.keys)), f"press('{binding.id}')", show=False)

    def get_default_screen(self) -> Screen[None]:
        """The overview."""
        return self.overview

    def compose(self) -> ComposeResult:
        """Nothing of the app's own: screens have the widgets."""
        yield from ()

    def on_mount(self) -> None:
        """Take the first picture and ask for the next ones."""
        for name, stage in (("region", self.region_detail), ("issue", self.issue_detail), ("help", self.help_page)):
            self.install_screen(stage, name)
        self._unsubscribe = self._feed.subscribe(self._woken)
        self._draw()
        self.set_interval(TICK_S, self._tick)
        self.call_after_refresh(self.settle)

    def on_unmount(self) -> None:
        """Leave the engine alone."""
        self._unsubscribe()

    def on_console_app_arrived(self) -> None:
        """Draw the newest snapshot, unless the picture is held."""
        if self._frozen is None:
            self._draw()

    def action_press(self, action: str) -> None:
        """What a key of the key map does."""
        self._acts[action]()

    @property
    def stage(self) -> Stage:
        """The screen in view."""
        return self.screen if isinstance(self.screen, Stage) else self.overview

    def _actions(self) -> dict[str, Callable[[], None]]:
        """One entry for each binding of the key map."""
        view = self.overview
        panes = {name: lambda name=name: self._focus(name) for name in ORDER}
        return {
            **panes,
            "up": lambda: self.stage.move(-1),
            "down": lambda: self.stage.move(1),
            "page_up": lambda: self.stage.move_page(-1),
            "page_down": lambda: self.stage.move_page(1),
            "first": lambda: self.stage.move(-FAR),
            "last": lambda: self.stage.move(FAR),
            "next_pane": lambda: self._on_overview(lambda: view.next_pane(1)),
            "previous_pane": lambda: self._on_overview(lambda: view.next_pane(-1)),
            "open": lambda: self._on_overview(self._open),
            "back": self._back,
            "filter": lambda: self._on_overview(view.ask_filter),
            "sort": lambda: self._on_overview(view.sort),
            "all": lambda: self._on_overview(view.chart_all),
            "zoom": lambda: self._on_overview(lambda: view.zoom(on=not view.zoomed)),
            "freeze": self._freeze,
            "refresh": self._refresh_sources,
            "copy": self._copy,
            "help": self._show_help,
            "quit": self.exit,
        }

    def _woken(self, _snapshot: Snapshot) -> None:
        """On the engine's thread."""
        self.post_message(self.Arrived())

    def _deliver(self, call: Callable[[], None]) -> None:
        """Run a call on this screen's thread, from any thread; nothing happens when the screen is gone."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(call)

    def _tick(self) -> None:
        """The clock and the ages go on; a tick that comes far too late is told."""
        now = self.clock.now()
        gap = now - self._last_tick - TICK_S
        self._last_tick = now
        if gap > STANDSTILL_S:
            self._warning = (f"this screen stood still for {quantity.duration(gap)}", now + WARNED_S)
        if now - self._drawn_at >= FRESH_S:
            self._draw()

    def _picture(self) -> Picture:
        now, wall = self.clock.now(), self.clock.wall()
        flash = self._flash[0] if now < self._flash[1] else ""
        warnings = (self._warning[0],) if now < self._warning[1] else ()
        held = self._frozen
        return Picture(
            snapshot=held.snapshot if held else self._feed.snapshot,
            now=held.now if held else now,
            wall=held.wall if held else wall,
            host_wall=wall,
            thresholds=self._thresholds,
            utc=self._utc,
            frozen=held is not None,
            flash=flash,
            warnings=warnings,
        )

    def _draw(self) -> None:
        self._drawn_at = self.clock.now()
        with self.batch_update():
            self.stage.show(self._picture())

    def _say(self, text: str) -> None:
        self._flash = (text, self.clock.now() + FLASH_S)
        self._draw()

    def _on_overview(self, act: Callable[[], None]) -> None:
        """Do what only makes sense on the overview."""
        if self.stage is self.overview:
            act()

    def _focus(self, name: str) -> None:
        while self.stage is not self.overview:
            self.pop_screen()
        self.overview.focus_pane(name)

    def _open(self) -> None:
        target = self.overview.target
        row = self.overview.issues.chosen if target is self.overview.issues else self.overview.regions.chosen
        if target is self.overview.activity or row is None:
            return
        self._open_row(row)

    def _open_row(self, row: RegionState | EdgeState | Issue) -> None:
        if isinstance(row, Issue):
            self.push_screen("issue")
            self.issue_detail.aim(row, self._picture())
        else:
            self.push_screen("region")
            self.region_detail.aim(row, self._picture())

    def _show_help(self) -> None:
        if self.stage is not self.help_page:
            self.push_screen("help")
            self.help_page.show(self._picture())

    def _back(self) -> None:
        if self.stage is self.overview:
            self.overview.back()
        else:
            self.pop_screen()
            self._draw()

    def _freeze(self) -> None:
        self._frozen = None if self._frozen else self._picture()
        self._draw()

    def _refresh_sources(self) -> None:
        self._feed.refresh()
        self._say("every source is read now")

    def _copy(self) -> None:
        text = self.stage.target.copied()
        if not text:
            self._say("nothing to copy here")
        elif self._driver is not None:
            self._driver.write(osc52(text, tmux="TMUX" in os.environ))
            self._say(f"sent to your terminal's clipboard: {text}")


def run(
    feed: Feed,
    *,
    palette: Palette,
    keymap: Sequence[Binding],
    thresholds: Thresholds,
    utc: bool,
    clock: Clock,
    redact: Callable[[str], str] = str,
) -> int:
    """Show the console until it is left and return the exit code. Raises TerminalError without a terminal."""
    app = ConsoleApp(feed, palette=palette, keymap=keymap, thresholds=thresholds, utc=utc, clock=clock, redact=redact)
    return app.run_on_terminal()


def _textual_key(key: str) -> str:
    """Textual's name of a key: single characters have names there, such as `question_mark`."""
    *modifiers, name = key.split("+") if len(key) > 1 else [key]
    return "+".join([*modifiers, _character_to_key(name) if len(name) == 1 else name])


def _nothing() -> None:
    """Before there is a subscription."""
