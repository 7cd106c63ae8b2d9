"""The console: one screen over a feed of snapshots.

The engine's and the desk's threads only post one message; all drawing happens here. Keys come from the key map, and
every action in it does something. The first live picture comes before all that it does not need.
"""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.events import Event, Key
from textual.message import Message
from textual.screen import Screen

from npconsole.config.keymap import Binding
from npconsole.model import quantity
from npconsole.model.clock import Clock
from npconsole.model.ports import Feed
from npconsole.model.snapshot import Snapshot
from npconsole.model.thresholds import Thresholds
from npconsole.views.console.attention import Attention, call
from npconsole.views.console.clipboard import osc52
from npconsole.views.console.idle import Idle
from npconsole.views.console.ink import Ink
from npconsole.views.console.keyboard import Keyboard
from npconsole.views.console.opening import Opened, Opening, is_live
from npconsole.views.console.overview import ORDER, Overview
from npconsole.views.console.picture import Deeds, Picture
from npconsole.views.console.showing import Showing
from npconsole.views.console.stage import FAR, Stage
from npconsole.views.face import Face
from npconsole.views.theme import Palette

if TYPE_CHECKING:
    from npconsole.model.desk import DeskState
    from npconsole.views.console.acting import Acting
    from npconsole.views.console.stages import Stages

TICK_S = 1.0
FRESH_S = 0.5
"""A picture drawn this recently needs no tick."""
OPEN_S = 1.5
"""After this long the desk is opened even when the picture is not live yet."""
STANDSTILL_S = 4.0
"""Between two ticks; more means that the terminal did not read, or that the host slept."""
LOCK_S, EXIT_S = 900.0, 43_200.0
"""Without a key: until nothing acts any more, and until the console ends."""


class ConsoleApp(Face):
    """The screen of the person on call. `failure` is why it ended by itself, when the desk could not be opened."""

    class Arrived(Message):
        """There is a new snapshot. Several at once count as one."""

        def can_replace(self, message: Message) -> bool:
            """Whether a waiting message need not be handled any more."""
            return isinstance(message, ConsoleApp.Arrived)

    def __init__(
        self,
        feed: Feed,
        opening: Opening,
        *,
        palette: Palette,
        keymap: Sequence[Binding],
        thresholds: Thresholds,
        utc: bool,
        clock: Clock,
        lock_s: float = LOCK_S,
        exit_s: float = EXIT_S,
        bell: bool = True,
        notify: bool = True,
        crash_directory: Path | None = None,
        redact: Callable[[str], str] = str,
    ) -> None:
        """`keymap` is what holds until the desk is open; then it is the desk's. `bell` and `notify` are for a terminal
        that nobody looks at.
        """
        super().__init__(palette=palette, clock=clock, crash_directory=crash_directory, redact=redact)
        self.failure: Exception | None = None
        self._ink = Ink(palette)
        self.overview = Overview(self._ink, keymap, feed)
        self._keyboard = Keyboard(keymap, clock)
        self._idle = Idle(lock_s=lock_s, exit_s=exit_s, now=clock.now())
        self._feed = feed
        self._opening: Opening | None = opening
        self._stages: Stages | None = None
        self._showing = Showing(feed, clock, thresholds=thresholds, utc=utc)
        self._last_tick = self._drawn_at = clock.now()
        self._attention = Attention(thresholds.lag_page_s)
        self._calls = (bell, notify)
        self._unsubscribe: list[Callable[[], None]] = []
        self._acts = self._actions()

    def get_default_screen(self) -> Screen[None]:
        """The overview."""
        return self.overview

    def compose(self) -> ComposeResult:
        """Nothing of the app's own: screens have the widgets."""
        yield from ()

    def on_mount(self) -> None:
        """Take the first picture and ask for the next ones."""
        self._unsubscribe = [self._feed.subscribe(self._woken)]
        self._draw()
        self.set_interval(TICK_S, self._tick)
        self.set_timer(OPEN_S, self._open_desk)

    def on_unmount(self) -> None:
        """Leave the engine and the desk alone."""
        for unsubscribe in self._unsubscribe:
            unsubscribe()

    async def on_event(self, event: Event) -> None:
        """Every key passes here first. It is done with before the next one is looked at, so that what is typed ahead
        goes to the prompt or the dialog that a key has opened, and not past it to the keys of the console.
        """
        if isinstance(event, Key) and not event.is_forwarded and self._takes(event):
            return
        await super().on_event(event)

    def on_console_app_arrived(self) -> None:
        """Draw what is new; a picture that is held stays as it is, but for what people do."""
        if self._stages is not None:
            self._stages.acting.heed()
        self._call_for_attention()
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
        if self._stages is None or self.stage is not self._stages.acting.dialog:
            self._acts[action]()

    @property
    def stage(self) -> Stage:
        """The screen in view."""
        return self.screen if isinstance(self.screen, Stage) else self.overview

    @property
    def is_open(self) -> bool:
        """Whether the desk is there, and with it every key."""
        return self._stages is not None

    @property
    def stages(self) -> "Stages":
        """The other screens. Only what a key of theirs has led to may ask for them."""
        if self._stages is None:
            raise RuntimeError("the desk is not open yet")
        return self._stages

    @property
    def acting(self) -> "Acting":
        """The hand."""
        return self.stages.acting

    def _actions(self) -> dict[str, Callable[[], None]]:
        """What can be done with the first screen alone, by the id of its binding."""
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
            "back": self._back,
            "filter": lambda: self._on_overview(view.ask_filter),
            "sort": lambda: self._on_overview(view.sort),
            "all": lambda: self._on_overview(view.chart_all),
            "zoom": lambda: self._on_overview(lambda: view.zoom(on=not view.zoomed)),
            "freeze": self._freeze,
            "refresh": self._refresh_sources,
            "copy": self._copy,
            "quit": self.exit,
        }

    def _woken(self, _news: "Snapshot | DeskState") -> None:
        """On the engine's or the desk's thread."""
        self.post_message(self.Arrived())

    def deliver(self, call: Callable[[], None]) -> None:
        """Run a call on this screen's thread, from any thread; nothing happens when the screen is gone."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(call)

    def _open_desk(self) -> None:
        """Once: have the desk opened, elsewhere."""
        opening, self._opening = self._opening, None

        def done(opened: Opened | Exception) -> None:
            def take() -> None:
                self.call_later(self._take, opened)

            self.deliver(take)

        if opening is not None:
            opening(done)

    async def _take(self, opened: Opened | Exception) -> None:
        """The desk is there: with it all the other screens, and the keys that waited for them."""
        if isinstance(opened, Exception):
            self.failure = opened
            self.exit(return_code=1)
            return
        from npconsole.views.console.stages import Stages  # whoever opened the desk has imported it meanwhile

        keyboard = self._keyboard
        self._stages = stages = Stages(
            opened, self, self.overview, feed=self._feed, ink=self._ink, clock=self.clock, cadence=keyboard.cadence
        )
        for stage in stages:
            self.install_screen(stage, type(stage).__name__)
        self._acts |= {**stages.acts(), "command": self._ask_command}
        keyboard.bind(opened.keymap)
        self.overview.take_keys(opened.keymap)
        self._unsubscribe.append(opened.desk.subscribe(self._woken))
        self._draw()
        waiting, keyboard.waiting = keyboard.waiting, []
        for event in waiting:
            await self.on_event(event)
        self.call_after_refresh(self.settle)

    def _call_for_attention(self) -> None:
        """Ring and notify for what is new and cannot wait, when this terminal is not the one that is looked at."""
        state = self._stages.desk.state if self._stages is not None else None
        latched = state.heal.latched if state is not None and state.heal is not None else None
        muted = {mute.target for mute in state.mutes} if state is not None else ()
        news = self._attention.news(self._feed.snapshot, latched=latched, muted=muted)
        if news and not self.app_focus and self._driver is not None:
            bell, notify = self._calls
            self._driver.write(call(news, bell=bell, notify=notify, tmux="TMUX" in os.environ))

    def _tick(self) -> None:
        """The clock and the ages go on; a tick that comes far too late is told."""
        now = self.clock.now()
        gap = now - self._last_tick - TICK_S
        self._last_tick = now
        if gap > STANDSTILL_S:
            self._showing.warn(f"this screen stood still for {quantity.duration(gap)}")
        self._rest(now)
        if self._stages is not None:
            self._stages.acting.beat(attended=not self._idle.locked)
        if now - self._drawn_at >= FRESH_S:
            self._draw()

    def _takes(self, event: Key) -> bool:
        """Whether a key is done with here: kept for the desk, spent on unlocking, or one of the key map."""
        typing = self.focused is not None
        if self._stages is None and self._keyboard.keep(event, self._acts, typing=typing):
            self._open_desk()
            self.say("one moment: the desk is being opened, and the key waits for it")
            return True
        if self._unlocks(event):
            return True
        binding = self._keyboard.bound.get(event.key)
        if typing or binding is None:
            return False
        self._press(binding)
        return True

    def _press(self, binding: Binding) -> None:
        """Do what a key does. In the middle of a burst, such as a paste, no key acts or ends the console."""
        if not self._keyboard.acts_in_a_burst(binding):
            self.action_press(binding.id)

    def _unlocks(self, event: Key) -> bool:
        """Note a key; whether it was spent on unlocking."""
        unlocks = self._idle.key(self._keyboard.note(event))
        if unlocks:
            self.say("unlocked")
        return unlocks

    def _rest(self, now: float) -> None:
        """Lock or end when nobody is there."""
        if self._idle.over(now):
            self.exit()
        self._idle.look(now)
        if self._idle.locked and self._stages is not None:
            self._stages.acting.give_up()

    def picture(self) -> Picture:
        """What is shown now: the newest, or what is held."""
        return self._showing.picture(self._deeds, self._idle.reason)

    @property
    def _deeds(self) -> Deeds:
        return Deeds() if self._stages is None else self._stages.acting.deeds(self.clock.wall())

    def _draw(self) -> None:
        self._drawn_at = self.clock.now()
        picture = self.picture()
        with self.batch_update():
            self.stage.show(picture)
        if self._opening is not None and is_live(picture.snapshot):
            self.call_after_refresh(self._open_desk)

    def enter(self, stage: Stage) -> None:
        """Put a screen in view."""
        self.push_screen(type(stage).__name__)

    def leave_stage(self) -> None:
        """Go back to the screen before."""
        self.pop_screen()
        self._draw()

    def say(self, text: str) -> None:
        """A short message in the status line."""
        self._showing.flash(text)
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

    def _back(self) -> None:
        if self.stage is self.overview:
            self.overview.back()
        else:
            self.leave_stage()

    def _freeze(self) -> None:
        self._showing.hold_or_release(self._deeds)
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
