"""The console's hand: opens the dialog and the list of actions, follows the runs asked for here, and says at the desk
that somebody is watching them. It executes nothing.
"""

from collections.abc import Callable, Mapping, Sequence

from npconsole.config.keymap import Binding, shown
from npconsole.errors import NpconsoleError
from npconsole.model.action import ActionSpec, TargetKind
from npconsole.model.clock import Clock
from npconsole.model.desk import Desk, DeskState, WatchedRun
from npconsole.model.run import Run
from npconsole.views.console.commandline import parse
from npconsole.views.console.dialog.cadence import Cadence
from npconsole.views.console.dialog.dialog import Dialog
from npconsole.views.console.dialog.matter import Matter
from npconsole.views.console.dialog.undoing import Undoing
from npconsole.views.console.healing import told_healer
from npconsole.views.console.ink import Ink
from npconsole.views.console.load import LiveLoad, latest_load, live_load
from npconsole.views.console.menu import Menu
from npconsole.views.console.offer import closed, why_off
from npconsole.views.console.picture import Deeds
from npconsole.views.console.progress import (
    company,
    last_reversible,
    last_undoable,
    named,
    own,
    state_words,
    told,
    under_way,
)
from npconsole.views.console.screens import Screens
from npconsole.views.console.switches import switches
from npconsole.views.console.told import Told

BEAT_S = 5.0
TOO_SMALL = "too small a screen for the plan"
"""What cannot be read cannot be confirmed."""


class Acting:
    """Knows the runs that were asked for at this console."""

    def __init__(
        self, desk: Desk, screens: Screens, ink: Ink, keymap: Sequence[Binding], clock: Clock, cadence: Cadence
    ) -> None:
        self.dialog = Dialog(ink, keymap, desk, clock, cadence, self)
        self.menu = Menu(ink, keymap, desk)
        self._desk = desk
        self._screens = screens
        self._clock = clock
        self._mine: list[str] = []
        self._beaten = float("-inf")
        self._told: tuple[Sequence[WatchedRun], tuple[Told, ...]] = ((), ())
        self._loaded: tuple[WatchedRun | None, LiveLoad | None] = (None, None)
        self._undo_key = next((shown(binding.keys[0]) for binding in keymap if binding.id == "undo"), "")

    def acts(self) -> dict[str, Callable[[], None]]:
        """What the keys of this hand do, by the id of their binding."""
        specs = {spec.id: lambda spec=spec: self._act(spec) for spec in self._desk.specs}
        return {
            **specs,
            "actions": self._list,
            "undo": self._undo,
            **switches(self._desk, self._screens, self._ask),
        }

    def deeds(self, wall: float) -> Deeds:
        """What the status line, the footer and the activity pane say of runs and people."""
        state = self._desk.state
        return Deeds(
            told=self._told_lines(state.runs),
            under_way=tuple(under_way(state, wall, self._undo_key)),
            company=company(state),
            problem=state.problem,
            closed=closed(self._desk),
            idle=self._idle(state),
            load=self._load(latest_load(state.runs, wall)),
            healer=told_healer(state.heal, wall),
            mutes=state.mutes,
        )

    def _idle(self, state: DeskState) -> frozenset[str]:
        """The keys that have nothing to do."""
        idle = {
            "undo": last_undoable(state) is None and self._reversible is None,
            "heal_switch": state.heal is None,
            "acknowledge": state.heal is None or not state.heal.latched,
        }
        return frozenset(name for name, is_idle in idle.items() if is_idle)

    def _load(self, watched: WatchedRun | None) -> LiveLoad | None:
        """The same value for as long as nothing is new, so that the pane can see that."""
        if watched is not self._loaded[0]:
            self._loaded = (watched, None if watched is None else live_load(watched))
        return self._loaded[1]

    def _told_lines(self, runs: Sequence[WatchedRun]) -> tuple[Told, ...]:
        """Put into words once for each state of the runs, so that the activity pane can see that nothing is new."""
        if self._told[0] is not runs:
            self._told = (runs, told(runs))
        return self._told[1]

    def heed(self) -> None:
        """Something new at the desk: a run that was asked for here and has ended is told, and no longer watched."""
        for watched in self._desk.state.runs:
            run = watched.run
            if run.id in self._mine and run.state.is_final:
                self._mine.remove(run.id)
                self._screens.say(f"{named(run)} {state_words(run.state)}{f': {run.outcome}' if run.outcome else ''}")

    def beat(self, *, attended: bool = True) -> None:
        """Every few seconds: this console lives and, while somebody sits at it, watches its runs."""
        now = self._clock.now()
        if now - self._beaten >= BEAT_S:
            self._beaten = now
            doing = ", ".join(named(run) for run in own(self._desk.state, self._mine))
            self._desk.beat(doing, tuple(self._mine) if attended else ())

    def deliver(self, call: Callable[[], None]) -> None:
        """Run a call on the screen's thread."""
        self._screens.deliver(call)

    def asked(self, run_id: str) -> None:
        """A run was asked for here: it is watched from now on."""
        self._mine.append(run_id)
        self._beaten = float("-inf")
        self.beat()

    def over(self, said: str, *, done: bool) -> None:
        """The dialog is over: back to where it was opened, and past the list when something was asked for."""
        self._screens.leave_stage()
        if done and self._screens.stage is self.menu:
            self._screens.leave_stage()
        self._screens.say(said)

    def say(self, said: str) -> None:
        """A short message in the status line."""
        self._screens.say(said)

    def command(self, typed: str) -> str:
        """Open the dialog for a typed command; why it cannot be, when it cannot."""
        picture = self._screens.picture()
        try:
            command = parse(typed, self._desk.specs, picture.snapshot.estate)
        except NpconsoleError as error:
            return error.message
        return self._propose(command.spec, command.target, command.inputs)

    def open_chosen(self) -> None:
        """Open the dialog for the line of the list under the cursor."""
        offer = self.menu.offers.chosen
        if offer is None:
            return
        if offer.target:
            self._propose(offer.spec, offer.target, {})
        else:
            self._screens.say(f"{offer.spec.id}: {offer.off}")

    def give_up(self) -> None:
        """Close the dialog without an answer, when nobody is there any more."""
        if self._screens.stage is self.dialog:
            self.dialog.abandon()
            self._screens.leave_stage()

    def _act(self, spec: ActionSpec) -> None:
        if problem := self._propose(spec, "", {}):
            self._screens.say(problem)

    def _propose(self, spec: ActionSpec, target: str, inputs: Mapping[str, str]) -> str:
        """Open the dialog; why not, in a phrase. Without a target it is that of the cursor."""
        picture = self._screens.picture()
        subject = self._screens.stage.subject
        if not self.dialog.fits(*self._screens.stage.size):
            return TOO_SMALL
        target = target or subject.target(spec.target, picture.snapshot.estate)
        if not target:
            return f"{spec.id}: {subject.missing(spec.target)}"
        self._screens.enter(self.dialog)
        self.dialog.propose(spec, target, inputs, off=why_off(self._desk, spec), picture=picture)
        return ""

    def _list(self) -> None:
        if self._screens.stage is not self.menu:
            subject = self._screens.stage.subject
            self._screens.enter(self.menu)
            self.menu.aim(subject, self._screens.picture())

    def _undo(self) -> None:
        """End the run that is under way, or take back the last one that has ended, by a run of its own."""
        watched, ended = last_undoable(self._desk.state), self._reversible
        spec = next((spec for spec in self._desk.specs if spec.target is TargetKind.RUN), None)
        if watched is None and ended is not None and spec is not None:
            if problem := self._propose(spec, ended.id, {}):
                self._screens.say(problem)
        elif watched is None:
            self._screens.say("there is no run to undo")
        else:
            self._ask(Undoing(watched, off=closed(self._desk)))

    def _ask(self, matter: Matter) -> None:
        if not self.dialog.fits(*self._screens.stage.size):
            self._screens.say(TOO_SMALL)
        else:
            self._screens.enter(self.dialog)
            self.dialog.ask(matter, self._screens.picture())

    @property
    def _reversible(self) -> Run | None:
        return last_reversible(self._desk.state, self._desk.specs)
