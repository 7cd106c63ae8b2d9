"""Runs as the console tells them: lines of the activity pane, what is under way, and who else is here. Pure."""

from collections.abc import Iterator, Sequence

from npconsole.actions.takeback import TakeBack, undoable
from npconsole.model import quantity
from npconsole.model.action import ActionSpec, Danger, Undo
from npconsole.model.desk import DeskState, WatchedRun
from npconsole.model.level import Level
from npconsole.model.run import HELD_UNTIL, Run, RunState
from npconsole.views.console.load import milestones
from npconsole.views.console.told import Told
from npconsole.views.console.twin import twin

DAEMON = "heal"
_LEVELS = {
    RunState.SUCCEEDED: Level.OK,
    RunState.REVERTED: Level.OK,
    RunState.DEGRADED: Level.DEGRADED,
    RunState.UNKNOWN: Level.UNKNOWN,
    RunState.CONFLICT: Level.DEGRADED,
    RunState.FAILED: Level.DOWN,
    RunState.REVERT_FAILED: Level.DOWN,
}
_LEFT_AS_IS = frozenset({RunState.SUCCEEDED, RunState.DEGRADED, RunState.FAILED, RunState.CANCELLED})
TONES = {state: level.value for state, level in _LEVELS.items()}
"""The role of a state in the palette; states without one are calm."""


def state_words(state: RunState) -> str:
    """A state as people read it."""
    return state.value.replace("_", " ")


def told(runs: Sequence[WatchedRun]) -> tuple[Told, ...]:
    """One line for each event, in the order of time. The first of a run has its command line."""
    return tuple(sorted((line for watched in runs for line in _lines(watched)), key=lambda line: line.at))


def named(run: Run) -> str:
    """`restart us-east`."""
    return f"{run.request.action} {run.request.target}"


def under_way(state: DeskState, wall: float, undo_key: str) -> list[tuple[str, str]]:
    """(words, role) of each run that has not ended: how far it is, and for how long it has been going on."""
    return [_going(watched, wall, undo_key) for watched in state.runs if not watched.run.state.is_final]


def company(state: DeskState) -> str:
    """`2 here, bob acting: restart us-east`; nothing when nobody else is here.

    Runs of a daemon are told as all runs are, and that it leads is told by the healer's words.
    """
    people = [each for each in state.present if each.via != DAEMON]
    busy = [f"{each.actor} acting: {each.doing}" for each in people if each.doing and each.id != state.me]
    here = f"{len(people)} here" if len(people) > 1 else ""
    return ", ".join(filter(None, (here, *busy)))


def own(state: DeskState, run_ids: Sequence[str]) -> list[Run]:
    """Those of the runs that are open."""
    return [each.run for each in state.runs if each.run.id in run_ids and not each.run.state.is_final]


def last_undoable(state: DeskState) -> WatchedRun | None:
    """The latest run that is under way and can be ended with its undo."""
    return next((watched for watched in state.runs if watched.undo), None)


def last_reversible(state: DeskState, specs: Sequence[ActionSpec]) -> Run | None:
    """The latest run that has ended, left something to take back, and was not taken back since."""
    on_request = {spec.id for spec in specs if spec.undo is Undo.ON_REQUEST}
    taken_back: set[str] = set()
    for run in (watched.run for watched in state.runs):
        if run.request.action == TakeBack.spec.id and run.state is RunState.SUCCEEDED:
            taken_back.add(run.request.target)
        elif run.state in _LEFT_AS_IS and run.request.action in on_request and undoable(run):
            return None if run.id in taken_back else run
    return None


def _lines(watched: WatchedRun) -> Iterator[Told]:
    run = watched.run
    for place, event in enumerate(milestones(watched.events)):
        said = state_words(event.state)
        text = event.text if event.text.lower().startswith(said) else f"{said}: {event.text}" if event.text else said
        if place == 0:
            text = f"{said} by {run.request.actor.name} · {twin(run.request, danger_of(run))}"
        yield Told(event.wall, "run", named(run), text, _LEVELS.get(event.state), run.id)


def danger_of(run: Run) -> Danger:
    """What confirmed it, as far as the request tells."""
    if run.request.typed:
        return Danger.TYPED
    return Danger.CONFIRM if run.request.confirmed else Danger.SAFE


def _going(watched: WatchedRun, wall: float, undo_key: str) -> tuple[str, str]:
    run = watched.run
    words = f"▶ {named(run)}: {state_words(run.state)}, {quantity.duration(wall - run.created_wall)}"
    until = run.result.get(HELD_UNTIL)
    if run.state is RunState.HOLDING and isinstance(until, int | float):
        words = f"▶ {named(run)} holds, {_countdown(until - wall)} left"
    if watched.undo:
        ends = "ends it now" if run.state is RunState.HOLDING else "undoes it"
        words += f" · {undo_key} {ends}"
    return words, TONES.get(run.state, "accent")


def _countdown(seconds: float) -> str:
    """`4:07`."""
    whole = max(0, int(seconds))
    return f"{whole // 60}:{whole % 60:02d}"
