"""The console: one screen over a feed of snapshots.

The engine's and the desk's threads only post one message; all drawing happens here. Keys come from the key map, and
every action in it does something.
"""

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from textual.app import ComposeResult
from textual.events import Event, Key
from textual.keys import _character_to_key
from textual.message import Message
from textual.screen import Screen

from npconsole.config.keymap import ACTS, SESSION, Binding
from npconsole.model import quantity
from npconsole.model.clock import Clock
from npconsole.model.desk import Desk, DeskState
from npconsole.model.issue import Issue
from npconsole.model.ports import Feed
from npconsole.model.snapshot import EdgeState, RegionState, Snapshot
from npconsole.model.thresholds import Thresholds
from npconsole.views.console.acting import Acting
from npconsole.views.console.clipboard import osc52
from npconsole.views.console.dialog.cadence import Cadence
from npconsole.views.console.help import Help
from npconsole.views.console.idle import Idle
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
LOCK_S, EXIT_S = 900.0, 43_200.0
"""Without a key: until nothing acts any more, and until the console ends."""


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
        desk: Desk,
        *,
        palette: Palette,
        keymap: Sequence[Binding],
        thresholds: Thresholds,
        utc: bool,
        clock: Clock,
        lock_s: float = LOCK_S,
        exit_s: float = EXIT_S,
        crash_directory: Path | None = None,
        redact: Callable[[str], str] = str,
    ) -> None:
        super().__init__(palette=palette, clock=clock, crash_directory=crash_directory, redact=redact)
        ink = Ink(palette)
        self.overview = Overview(ink, keymap, feed)
        self.region_detail = RegionDetail(ink, keymap, feed)
        self.issue_detail = IssueDetail(ink, keymap, feed, self.deliver)
        self.help_page = Help(ink, keymap)
        self._cadence = Cadence()
        self._idle = Idle(lock_s=lock_s, exit_s=exit_s, now=clock.now())
        self.acting = Acting(desk, self, ink, keymap, clock, self._cadence)
        self._feed = feed
        self._desk = desk
        self._thresholds = thresholds
        self._utc = utc
        self._frozen: Picture | None = None
        self._last_tick = self._drawn_at = clock.now()
        self._flash = ("", 0.0)
        self._warning = ("", 0.0)
        self._unsubscribe: list[Callable[[], None]] = []
        self._acts = self._actions()
        self._bound = {_textual_key(key): binding for binding in keymap for key in binding.keys}
        for key, binding in self._bound.items():
            self.bind(key, f"press('{binding.id}')", show=False)

    def get_default_screen(self) -> Screen[None]:
        """The overview."""
        return self.overview

    def compose(self) -> ComposeResult:
        """Nothing of the app's own: screens have the widgets."""
        yield from ()

    def on_mount(self) -> None:
        """Take the first picture and ask for the next ones."""
        stages = (self.region_detail, self.issue_detail, self.help_page, self.acting.menu, self.acting.dialog)
        for stage in stages:
            self.install_screen(stage, type(stage).__name__)
        self._unsubscribe = [self._feed.subscribe(self._woken), self._desk.subscribe(self._woken)]
        self._draw()
        self.set_interval(TICK_S, self._tick)
        self.call_after_refresh(self.settle)

    def on_unmount(self) -> None:
        """Leave the engine and the desk alone."""
        for unsubscribe in self._unsubscribe:
            unsubscribe()

    async def on_event(self, event: Event) -> None:
        """Every key passes here first. It is done with before the next one is looked at, so that what is typed ahead
        goes to the prompt or the dialog that a key has opened, and not past it to the keys of the console.
        """
        if isinstance(event, Key) and not event.is_forwarded:
            if self._unlocks(event):
                return
            if self.focused is None and event.key in self._bound:
                self._press(self._bound[event.key])
                return
        await super().on_event(event)

    def on_console_app_arrived(self) -> None:
        """Draw what is new; a picture that is held stays as it is, but for what people do."""
        self.acting.heed()
        self._draw()

    def on_overview_commanded(self, message: Overview.Commanded) -> None:
        """Open the dialog for a typed command, or say what is wrong with it."""
        problem = self.acting.command(message.text)
        if problem:
            self.overview.prompt.complain(problem)
        else:
            self.overview.close_prompt()

    def action_press(self, action: str) -> None:
        """What a key of the key map does. A dialog has keys of its own; what was pressed before it opened is void."""
        if self.stage is not self.acting.dialog:
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
            **self.acting.acts(),
            "up": lambda: self.stage.move(-1),
            "down": lambda: self.stage.move(1),
            "page_up": lambda: self.stage.move_page(-1),
            "page_down": lambda: self.stage.move_page(1),
            "first": lambda: self.stage.move(-FAR),
            "last": lambda: self.stage.move(FAR),
            "next_pane": lambda: self._on_overview(lambda: view.next_pane(1)),
            "previous_pane": lambda: self._on_overview(lambda: view.next_pane(-1)),
            "open": self._open,
            "command": self._ask_command,
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

    def _woken(self, _news: Snapshot | DeskState) -> None:
        """On the engine's or the desk's thread."""
        self.post_message(self.Arrived())

    def deliver(self, call: Callable[[], None]) -> None:
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
        self._rest(now)
        self.acting.beat(attended=not self._idle.locked)
        if now - self._drawn_at >= FRESH_S:
            self._draw()

    def _press(self, binding: Binding) -> None:
        """Do what a key does. In the middle of a burst, such as a paste, no key acts or ends the console."""
        if not (self._cadence.hurried and binding.group in (ACTS, SESSION)):
            self.action_press(binding.id)

    def _unlocks(self, event: Key) -> bool:
        """Note a key by when it arrived, however long it waited; whether it was spent on unlocking.

        Textual stamps events with the monotonic clock, so the difference to that is how long this one has waited.
        """
        now = self.clock.now()
        self._cadence.key(now - max(0.0, time.monotonic() - event.time))
        unlocks = self._idle.key(now)
        if unlocks:
            self.say("unlocked")
        return unlocks

    def _rest(self, now: float) -> None:
        """Lock or end when nobody is there."""
        if self._idle.over(now):
            self.exit()
        self._idle.look(now)
        if self._idle.locked:
            self.acting.give_up()

    def picture(self) -> Picture:
        """What is shown now: the newest, or what is held."""
        now, wall = self.clock.now(), self.clock.wall()
        flash = self._flash[0] if now < self._flash[1] else ""
        warnings = (self._warning[0] if now < self._warning[1] else "", self._idle.reason)
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
            warnings=tuple(filter(None, warnings)),
            deeds=self.acting.deeds(wall),
        )

    def _draw(self) -> None:
        self._drawn_at = self.clock.now()
        with self.batch_update():
            self.stage.show(self.picture())

    def enter(self, stage: Stage) -> None:
        """Put a screen in view."""
        self.push_screen(type(stage).__name__)

    def leave_stage(self) -> None:
        """Go back to the screen before."""
        self.pop_screen()
        self._draw()

    def say(self, text: str) -> None:
        """A short message in the status line."""
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

    def _ask_command(self) -> None:
        while self.stage is not self.overview:
            self.pop_screen()
        self._draw()
        self.overview.ask_command()

    def _open(self) -> None:
        if self.stage is self.acting.menu:
            self.acting.open_chosen()
            return
        if self.stage is not self.overview:
            return
        target = self.overview.target
        row = self.overview.issues.chosen if target is self.overview.issues else self.overview.regions.chosen
        if target is self.overview.activity or row is None:
            return
        self._open_row(row)

    def _open_row(self, row: RegionState | EdgeState | Issue) -> None:
        if isinstance(row, Issue):
            self.enter(self.issue_detail)
            self.issue_detail.aim(row, self.picture())
        else:
            self.enter(self.region_detail)
            self.region_detail.aim(row, self.picture())

    def _show_help(self) -> None:
        if self.stage is not self.help_page:
            self.enter(self.help_page)
            self.help_page.show(self.picture())

    def _back(self) -> None:
        if self.stage is self.overview:
            self.overview.back()
        else:
            self.leave_stage()

    def _freeze(self) -> None:
        self._frozen = None if self._frozen else self.picture()
        self._draw()

    def _refresh_sources(self) -> None:
        self._feed.refresh()
        self.say("every source is read now")

    def _copy(self) -> None:
        text = self.stage.target.copied()
        if not text:
            self.say("nothing to copy here")
        elif self._driver is not None:
            self._driver.write(osc52(text, tmux="TMUX" in os.environ))
            self.say(f"sent to your terminal's clipboard: {text}")


def _textual_key(key: str) -> str:
    """Textual's name of a key: single characters have names there, such as `question_mark`."""
    *modifiers, name = key.split("+") if len(key) > 1 else [key]
    return "+".join([*modifiers, _character_to_key(name) if len(name) == 1 else name])
