"""Any order of runs, crashes, stopped processes, vendor manners, late effects, people and time: the promises hold."""

import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from hypothesis import HealthCheck, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from npconsole.actions.stage import nowhere
from npconsole.model.run import Run, RunState, StepState, Verdict
from tests.actions.desk import CrashAt, CrashError, Desk
from tests.actions.memory import new_folder
from tests.actions.virtual import play
from tests.actions.world import HEALTHY, SICK, Manner, Write

NAMES = ("us-east", "us-west", "eu-west")
POINTS = (
    *("planned", "confirmed", "intent", "intended", "sent", "called", "applied", "unknown", "reconciled"),
    *("holding", "reverting", "settling", "verifying", "ended"),
)
LEASE_S = 60.0
HOUR_S = 3600.0

regions = st.sampled_from(NAMES)
actions = st.sampled_from(["restart", "drain"])
manners = st.lists(st.sampled_from(list(Manner)), max_size=2)
events = st.sampled_from(["nothing", "crash", "stop and continue", "abort"])
points = st.sampled_from(POINTS)
moments = st.tuples(points, st.sampled_from([1, 1, 1, 2, 3]))


@dataclass
class StopAt:
    """SIGSTOP at a point, for longer than a lease lasts; meanwhile another process recovers; then SIGCONT."""

    desk: Desk
    point: str
    nth: int
    failed: list[BaseException] = field(default_factory=list)

    def __call__(self, point: str) -> None:
        if point != self.point:
            return
        self.nth -= 1
        if self.nth == 0:
            self.desk.clock.seconds += LEASE_S + 1
            thread = threading.Thread(target=self._other)
            thread.start()
            thread.join(timeout=60)
            assert not thread.is_alive()
            if self.failed:
                raise self.failed[0]

    def _other(self) -> None:
        try:
            self.desk.recover()
        except BaseException as error:  # noqa: BLE001 - a thread's failure is the test's
            self.failed.append(error)


class Operations(RuleBasedStateMachine):
    """What people, processes and vendors may do to one another."""

    def __init__(self) -> None:
        super().__init__()
        self.desk = Desk(new_folder())
        self.platform = self.desk.platform
        self.platform.on_write = self._written
        self.seen: set[tuple[str, int]] = set()
        self.restarted: set[str] = set()
        self.by_people: set[str] = set()
        self.broken: list[str] = []

    @initialize(sick=st.sets(regions, max_size=2), off=st.sets(regions, max_size=1))
    def begin(self, sick: set[str], off: set[str]) -> None:
        for region in sick:
            self.health(region, sick=True)
        for region in off:
            self.person(region, shed=0.0, off=True)

    @rule(region=regions, action=actions, manners=manners, event=events, moment=moments)
    def act(self, region: str, action: str, manners: list[Manner], event: str, moment: tuple[str, int]) -> None:
        """Somebody asks for something, the vendor has its moods, and at some point something happens to the runner."""
        self.platform.manners.clear()
        self.platform.manners.extend(manners)
        asked = self.desk.request(action, region)
        if event == "crash":
            self.desk.crash(asked.id, *moment)
            return
        reached: Callable[[str], None] = nowhere
        if event == "stop and continue":
            reached = StopAt(self.desk, *moment)
        elif event == "abort":
            reached = self._aborting(asked, moment[0])
        run = play(self.desk.clock, self.desk.runner(reached).run(asked.id))
        if event != "stop and continue":
            self._finish(run)

    def _aborting(self, asked: Run, point: str) -> Callable[[str], None]:
        def reached(at: str) -> None:
            if at == point and not self.desk.state(asked.id).state.is_final:
                self.desk.journal.ask_abort(asked.id, actor="bob", reason="stop it")

        return reached

    @rule()
    def recover(self) -> None:
        for run in self.desk.recover():
            self._finish(run)

    @rule(moment=moments)
    def crash_in_recovery(self, moment: tuple[str, int]) -> None:
        self.desk.pass_time(LEASE_S + 1)
        try:
            play(self.desk.clock, self.desk.runner(CrashAt(*moment)).recover())
        except CrashError:
            note("the recovery died as well")

    @rule(seconds=st.sampled_from([1.0, 25.0, LEASE_S + 1, 700.0, HOUR_S, 6 * HOUR_S]))
    def time_passes(self, seconds: float) -> None:
        self.desk.pass_time(seconds)

    @rule(region=regions, sick=st.booleans())
    def health(self, region: str, sick: bool) -> None:
        self.platform.health[region] = SICK if sick else HEALTHY

    @rule(region=regions, p95_ms=st.sampled_from([90.0, 612.0]))
    def load(self, region: str, p95_ms: float) -> None:
        self.platform.p95_ms[region] = p95_ms

    @rule(region=regions, shed=st.sampled_from([0.0, 10.0]), off=st.booleans())
    def person(self, region: str, shed: float, off: bool) -> None:
        """Somebody changes a pool by hand."""
        pool = f"pool-{region}"
        self.platform.land()
        self.platform.change_pool(pool, shed_percent=shed, enabled=not off)
        self.by_people.add(pool) if off else self.by_people.discard(pool)

    @invariant()
    def one_open_run_each(self) -> None:
        begun = [run for run in self.desk.journal.runs(open_only=True, limit=1000) if run.fence]
        held = [name for run in begun for name in {run.request.target, *(["edge"] if _drains(run) else [])}]
        assert len(held) == len(set(held))

    @invariant()
    def within_budget(self) -> None:
        for name in NAMES:
            ages = self.desk.journal.consult("", lambda ledger, name=name: ledger.intents("restart", name, 24 * HOUR_S))  # type: ignore[misc]
            assert len(ages) <= 4
            assert sum(age <= HOUR_S for age in ages) <= 2

    def teardown(self) -> None:
        """In the end everything is finished or taken back."""
        try:
            self._end()
        finally:
            self.desk.journal.close()
            shutil.rmtree(self.desk.folder)

    def _end(self) -> None:
        self.platform.manners.clear()
        self.platform.unreadable = ""
        self.desk.pass_time(2 * HOUR_S)
        for run in self.desk.recover():
            self._finish(run)
        assert not [run for run in self.desk.journal.runs(open_only=True, limit=1000) if run.fence]
        conflicts = {run.request.target for run in self._runs() if run.state is RunState.CONFLICT}
        self.nothing_forbidden_was_sent()
        for name in NAMES:
            pool = self.platform.pools[f"pool-{name}"]
            assert pool.enabled or pool.id in self.by_people or name in conflicts
        assert not self._runs() or self.desk.journal.audit_problem() == ""

    def _runs(self) -> list[Run]:
        return list(self.desk.journal.runs(limit=1000))

    def _written(self, write: Write) -> None:
        """Kept for the invariant: what is raised here would look like a fault of the vendor."""
        self.broken += self._broken_by(write)

    def _broken_by(self, write: Write) -> list[str]:
        """Whatever reaches the vendor has its own step on disk as sent, and leaves a healthy region in rotation."""
        steps = [
            (run, step)
            for run in self.desk.journal.runs(open_only=True, limit=1000)
            for step in run.steps
            if step.state is StepState.SENT and f"pool-{run.request.target}" in (write.target, f"pool-{write.target}")
        ]
        if len(steps) != 1:
            return [f"{write} has {len(steps)} steps on disk"]
        run, step = steps[0]
        broken = []
        if (run.id, step.number) in self.seen:
            broken.append(f"{write} was sent twice for one step")
        self.seen.add((run.id, step.number))
        if write.call == "restart":
            broken += [f"{write} is a second restart"] if run.id in self.restarted else []
            self.restarted.add(run.id)
        target, rotation = write.target.removeprefix("pool-"), set(self.platform.rotation())
        if write.call != "enable" and rotation == {target}:
            broken.append(f"{write} takes the last healthy region")
        return broken

    @invariant()
    def nothing_forbidden_was_sent(self) -> None:
        assert not self.broken

    def _finish(self, run: Run) -> None:
        note(f"{run.request.action} {run.request.target}: {run.state.value}: {run.outcome}")
        assert run.state.is_final
        if run.verdict is Verdict.HELPED and not _drains(run):
            assert isinstance(run.result["before"], dict)
            assert isinstance(run.result["after"], dict)
            assert run.result["before"] != run.result["after"]


def _drains(run: Run) -> bool:
    return run.request.action == "drain"


TestOperations = Operations.TestCase
TestOperations.settings = settings(
    max_examples=12,
    stateful_step_count=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
