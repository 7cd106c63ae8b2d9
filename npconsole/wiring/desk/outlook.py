"""What goes on in the environment, read from its memory: the state that a desk publishes."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from npconsole.actions.frame import Action
from npconsole.actions.takeback import TakeBack, undo_of, undoable
from npconsole.model.action import Undo
from npconsole.model.clock import Clock
from npconsole.model.desk import DeskState, WatchedRun
from npconsole.model.heal import HEAL_OFF, HealView
from npconsole.model.mute import Mute
from npconsole.model.run import Run, RunEvent, RunState
from npconsole.wiring.desk.view import VIEW, heal_view
from npconsole.wiring.memory import Stores

PRESENT_S = 20.0
LATELY_S = 900.0
MOST_RUNS = 20
HEAL_S = 2.0
"""What the healer and the mutes are at is read at most this often, however fast a run is followed."""
_UNDOABLE = frozenset({RunState.SUCCEEDED, RunState.DEGRADED, RunState.CANCELLED})
_TAKING_BACK = frozenset({RunState.REVERTING, RunState.SETTLING, RunState.REVERT_FAILED})


class Outlook:
    """Reads only what is new since the time before."""

    def __init__(self, actions: Sequence[Action], clock: Clock, me: str) -> None:
        self._actions = {action.spec.id: action for action in actions}
        self._clock = clock
        self._me = me
        self._events: dict[str, tuple[RunEvent, ...]] = {}
        self._written: tuple[str, HealView | None] = ("", None)
        self._heal: tuple[HealView | None, tuple[Mute, ...]] = (None, ())
        self._heal_at = float("-inf")

    def read(self, stores: Stores, *, keep: Collection[str]) -> DeskState:
        """The state now. The runs of the ids in `keep` are in it however old they are. Raises StoreError."""
        journal = stores.journal
        since = self._clock.wall() - LATELY_S
        runs = [
            run
            for run in journal.runs(limit=MOST_RUNS)
            if not run.state.is_final or run.changed_wall >= since or run.id in keep
        ]
        undone = frozenset(
            run.request.target
            for run in runs
            if run.request.action == TakeBack.spec.id and run.state is not RunState.FAILED
        )
        watched = tuple(WatchedRun(run, self._heard(stores, run), self._way_back(run, undone)) for run in runs)
        self._events = {each.run.id: each.events for each in watched}
        heal, mutes = self._healing(stores)
        return DeskState(watched, tuple(journal.present(PRESENT_S)), self._me, heal=heal, mutes=mutes)

    def look_again(self) -> None:
        """Read the healer and the mutes with the next state, however short ago that was done."""
        self._heal_at = float("-inf")

    def _heard(self, stores: Stores, run: Run) -> tuple[RunEvent, ...]:
        """All events of a run; only those that are new are read."""
        known = self._events.get(run.id, ())
        if known and known[-1].state.is_final:
            return known
        return (*known, *stores.journal.events(run.id, known[-1].sequence if known else 0))

    def _way_back(self, run: Run, undone: frozenset[str]) -> str:
        """What asking for the undo would do now."""
        known = self._actions.get(run.request.action)
        undo = undo_of(known, run) if known is not None else Undo.NONE
        if run.state.is_final:
            ended = run.state in _UNDOABLE and run.id not in undone and undo is Undo.ON_REQUEST
            steps = undoable(run) if ended else ()
            return f"puts back what it changed: {'; '.join(step.call for step in steps)}" if steps else ""
        if run.abort or run.state in _TAKING_BACK:
            return ""
        if undo is Undo.NONE:
            return "" if run.fence else "calls it off: nothing was sent yet"
        return "ends it now and takes back what it changed"

    def _healing(self, stores: Stores) -> tuple[HealView | None, tuple[Mute, ...]]:
        now = self._clock.now()
        if now - self._heal_at >= HEAL_S:
            self._heal = (self._view(stores), tuple(stores.mutes.mutes()))
            self._heal_at = now
        return self._heal

    def _view(self, stores: Stores) -> HealView | None:
        """What the leader wrote last, with the switch as it stands: the leader may be dead, or not have seen it yet."""
        text = stores.heal.state(VIEW)
        if text != self._written[0]:
            self._written = (text, heal_view(text))
        view = self._written[1]
        if view is None:
            return None
        return replace(view, off=stores.journal.consult("", lambda ledger: ledger.switch(HEAL_OFF)))
