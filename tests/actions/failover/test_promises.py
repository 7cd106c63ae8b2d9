"""Any course, vendor, crash, abort, person and illness: a healthy region stays in rotation, the drained one returns.

Where it does not return, that is said: the pool was changed by somebody else, or the revert is still being tried.
"""

from dataclasses import dataclass, replace

from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from npconsole.model.run import Run, RunState, StepState
from tests.actions.desk import CrashError, Desk
from tests.actions.failover.scene import FAST, Edge, desk_of
from tests.actions.opened import opened
from tests.actions.virtual import play
from tests.actions.world import HEALTHY, SICK, Manner, Write

QUIET = replace(FAST, probe_interval_s=0.5, hold_s=10.0, step_pause_s=4.0)
POINTS = ("confirmed", "intent", "intended", "sent", "called", "applied", "unknown", "holding", "reverting", "settling")
POOL = "pool-us-east"


@dataclass(frozen=True)
class Happening:
    """What befalls the run when it reaches a point for the nth time."""

    what: str
    point: str
    nth: int


happenings = st.builds(
    Happening,
    st.sampled_from(["crash", "abort", "person renames", "person restores", "us-west ill", "all ill"]),
    st.sampled_from(POINTS),
    st.integers(1, 3),
)


class Story:
    """One drill with everything that happens to it."""

    def __init__(self, desk: Desk, platform: Edge, happening: Happening) -> None:
        self.desk = desk
        self.platform = platform
        self.happening = happening
        self.left = happening.nth
        self.touched_by_person = False
        platform.on_write = self._written

    def tell(self, steps: str) -> Run:
        desk = self.desk
        asked = desk.request("failover", execute="yes", steps=steps)
        runner = desk.runner(lambda point: self._reached(point, lambda: runner.terminate("SIGTERM")))
        try:
            run = play(desk.clock, runner.run(asked.id))
        except CrashError:
            run = self._recovered(desk, asked.id)
        desk.pass_time(3600)
        return run

    def _recovered(self, desk: Desk, run_id: str) -> Run:
        desk.pass_time(121)
        self.platform.manners.clear()
        self.platform.health.update(dict.fromkeys(self.platform.names, HEALTHY))
        desk.recover()
        return desk.state(run_id)

    def _reached(self, point: str, abort: object) -> None:
        if point != self.happening.point:
            return
        self.left -= 1
        if self.left:
            return
        match self.happening.what:
            case "crash":
                raise CrashError(point)
            case "abort":
                assert callable(abort)
                abort()
            case "person renames":
                self.platform.change_pool(POOL, name="renamed")
                self.touched_by_person = True
            case "person restores":
                self.platform.change_pool(POOL, enabled=True)
                self.touched_by_person = True
            case "us-west ill":
                self.platform.health["us-west"] = SICK
            case "all ill":
                self.platform.health.update({"us-west": SICK, "eu-west": SICK})

    def _written(self, write: Write) -> None:
        """At the instant of each write: its step is on disk, and no drain takes the last healthy region."""
        [run] = [each for each in self.desk.journal.runs(open_only=True) if each.fence]
        assert sum(step.state is StepState.SENT for step in run.steps) == 1
        assert write.target == POOL
        if not write.call.startswith(("enable", "shed 0")):
            assert set(self.platform.rotation()) - {"us-east"}


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(["100", "50,100", "25,50,100"]),
    st.lists(st.sampled_from(list(Manner)), max_size=4),
    happenings,
    st.sampled_from([0.5, 3.0, 50.0]),
)
def test_a_drill_always_ends_well_or_says_that_it_did_not(
    steps: str, manners: list[Manner], happening: Happening, lag_s: float
) -> None:
    platform = Edge(lag_s=lag_s, drill=QUIET)
    platform.manners.extend(manners)
    with opened(lambda folder: desk_of(folder, platform)) as desk:
        story = Story(desk, platform, happening)
        run = story.tell(steps)
        note(f"{run.state.value}: {run.outcome}")
        assert run.state.is_final
        pool = platform.pools[POOL]
        if run.state is RunState.CONFLICT:
            assert story.touched_by_person
        else:
            assert (pool.enabled, pool.shed_percent) == (True, 0)
        assert desk.journal.audit_problem() == ""
