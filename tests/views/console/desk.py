"""A strict desk: it answers nothing by itself, and every plan, request and undo is there for the test to answer."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace

from npconsole.model.action import (
    AccessRole,
    ActionSpec,
    Danger,
    Direction,
    Effect,
    OnDisconnect,
    Parameter,
    TargetKind,
    Undo,
)
from npconsole.model.benchmark import Benchmark
from npconsole.model.desk import DeskState, WatchedRun
from npconsole.model.mute import Mute
from npconsole.model.run import (
    Actor,
    BlastRadius,
    GuardAnswer,
    LastRun,
    Plan,
    PlannedCall,
    Presence,
    Run,
    RunEvent,
    RunRequest,
    RunState,
    Verdict,
)
from tests.views.console.feed import WALL

RESTART = ActionSpec(
    "restart",
    "Restart service",
    "R",
    Danger.CONFIRM,
    AccessRole.OPERATOR,
    TargetKind.REGION,
    "Restart a region's service, once, and measure whether it helped.",
    effect=Effect("p95_ms", Direction.DOWN, 180.0, "the region answers healthy and p95 falls, within 3 min"),
)
PURGE = ActionSpec(
    "purge",
    "Purge cache",
    "P",
    Danger.CONFIRM,
    AccessRole.OPERATOR,
    TargetKind.EDGE,
    "Empty the edge's cache, in part or whole.",
    (
        Parameter("tag", "text", "cache tags to purge", many=True),
        Parameter("everything", "flag", "purge all of it", default="no"),
    ),
)
FAILOVER = ActionSpec(
    "failover",
    "Rehearse a failover",
    "F",
    Danger.TYPED,
    AccessRole.ADMIN,
    TargetKind.REGION,
    "Drain a region at the edge, measure the shift, and restore it.",
    (Parameter("hold", "seconds", "how long it stays drained", default="300 s"),),
    undo=Undo.ALWAYS,
    on_disconnect=OnDisconnect.REVERT,
)
RESOLVE = ActionSpec(
    "resolve",
    "Resolve issue",
    "",
    Danger.CONFIRM,
    AccessRole.OPERATOR,
    TargetKind.ISSUE,
    "Mark a Sentry issue as resolved.",
    undo=Undo.ON_REQUEST,
)
SPECS = (RESTART, PURGE, FAILOVER, RESOLVE)

PASSED = (
    GuardAnswer("read-only", True, "this console may act"),
    GuardAnswer("role", True, "alice is operator"),
    GuardAnswer("last-healthy", True, "us-west and eu-west stay in rotation"),
    GuardAnswer("fresh", True, "the state was read 2 s ago"),
    GuardAnswer("cool-down", True, "not restarted in the last day", overridable=True),
)
CONFIRMED = GuardAnswer("confirmed", False, "nobody has confirmed it: add --yes")
COOLING = GuardAnswer("cool-down", False, "restarted 3 min ago: it cools down for another 7 min", overridable=True)
LAST = GuardAnswer("last-healthy", False, "us-east is the last region that serves")


def plan(request: RunRequest, **changes: object) -> Plan:
    """A plan that all guards let pass; the one for the confirmation waits, as it does before anybody has confirmed."""
    base = Plan(
        action=request.action,
        target=request.target,
        danger=Danger.CONFIRM,
        calls=(
            PlannedCall("railway", "deploymentRestart 3f2a", "restart the live deployment", writes=True),
            PlannedCall("railway", "deployment 3f2a", "watch its time stamp and instances", writes=False),
        ),
        guards=(*PASSED, CONFIRMED),
        blast=BlastRadius(0.37, (("us-west", 0.61), ("eu-west", None)), ("deployment 3f2a",)),
        undo="a restart cannot be undone",
        effect=RESTART.effect,
        digest="d1",
        notes=("deployment 3f2a of commit 9c1b2d",),
        last=LastRun("run-7", WALL - 86400 * 3, RunState.SUCCEEDED, Verdict.HELPED, "p95 512 ms to 160 ms"),
    )
    return replace(base, **changes)  # type: ignore[arg-type]  # the callers name fields of Plan


def run(state: RunState = RunState.VERIFYING, *, number: int = 1, ago_s: float = 42, **changes: object) -> Run:
    """A run of restart on us-east."""
    request = RunRequest("restart", "us-east", Actor("alice", AccessRole.OPERATOR, "console"), confirmed=True)
    base = Run(f"run-{number}", request, state, WALL - ago_s, WALL)
    return replace(base, **changes)  # type: ignore[arg-type]  # the callers name fields of Run


def watched(one: Run, *states: RunState, undo: str = "") -> WatchedRun:
    """A run with one event for each state, a second apart, and the last at its own state."""
    events = tuple(
        RunEvent(one.id, place + 1, one.created_wall + place, state, f"text of {state.value}")
        for place, state in enumerate(states)
    )
    return WatchedRun(one, events, undo)


def present(actor: str, *, doing: str = "", via: str = "console") -> Presence:
    """Somebody who is there; the id is the name."""
    return Presence(actor, actor, "bastion", 4711, via, WALL, doing)


@dataclass
class FakeDesk:
    """Fulfils `Desk`. `plans`, `submitted` and `undone` are what was asked, each with the future to answer."""

    specs: Sequence[ActionSpec] = SPECS
    actor: Actor = field(default_factory=lambda: Actor("alice", AccessRole.ADMIN, "console"))
    read_only: str = ""
    state: DeskState = field(default_factory=lambda: DeskState(me="alice"))
    plans: list[tuple[RunRequest, Future[Plan]]] = field(default_factory=list)
    submitted: list[tuple[RunRequest, Future[str]]] = field(default_factory=list)
    undone: list[tuple[str, str, Future[None]]] = field(default_factory=list)
    beats: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    switched: list[tuple[str, Future[None]]] = field(default_factory=list)
    acknowledged: list[tuple[str, Future[None]]] = field(default_factory=list)
    muted: list[tuple[str, float, str, Future[Mute]]] = field(default_factory=list)
    unmuted: list[tuple[str, Future[None]]] = field(default_factory=list)
    read: list[tuple[str, int, Future[Sequence[Benchmark]]]] = field(default_factory=list)
    named: list[Future[Sequence[tuple[str, str]]]] = field(default_factory=list)
    listeners: list[Callable[[DeskState], None]] = field(default_factory=list)

    def subscribe(self, listener: Callable[[DeskState], None]) -> Callable[[], None]:
        self.listeners.append(listener)
        return lambda: self.listeners.remove(listener)

    def plan(self, request: RunRequest) -> Future[Plan]:
        assert not self.read_only, "a read-only face has nothing read for it"
        assert not request.confirmed
        future: Future[Plan] = Future()
        self.plans.append((request, future))
        return future

    def submit(self, request: RunRequest) -> Future[str]:
        assert not self.read_only
        assert request.confirmed
        future: Future[str] = Future()
        self.submitted.append((request, future))
        return future

    def undo(self, run_id: str, reason: str) -> Future[None]:
        assert not self.read_only
        future: Future[None] = Future()
        self.undone.append((run_id, reason, future))
        return future

    def beat(self, doing: str, watching: Sequence[str]) -> None:
        self.beats.append((doing, tuple(watching)))

    def benchmarks(self, target: str, limit: int) -> Future[Sequence[Benchmark]]:
        future: Future[Sequence[Benchmark]] = Future()
        self.read.append((target, limit, future))
        return future

    def baselines(self) -> Future[Sequence[tuple[str, str]]]:
        self.named.append(Future())
        return self.named[-1]

    def switch_heal(self, off_reason: str) -> Future[None]:
        assert not self.read_only
        self.switched.append((off_reason, Future()))
        return self.switched[-1][1]

    def acknowledge(self, reason: str) -> Future[None]:
        assert not self.read_only
        assert reason
        self.acknowledged.append((reason, Future()))
        return self.acknowledged[-1][1]

    def mute(self, target: str, for_s: float, reason: str) -> Future[Mute]:
        assert not self.read_only
        assert reason
        self.muted.append((target, for_s, reason, Future()))
        return self.muted[-1][3]

    def unmute(self, target: str) -> Future[None]:
        assert not self.read_only
        self.unmuted.append((target, Future()))
        return self.unmuted[-1][1]

    def answer(self, place: int = -1, **changes: object) -> None:
        """Answer a plan that was asked for."""
        request, future = self.plans[place]
        future.set_result(plan(request, **changes))

    def publish(self, **changes: object) -> None:
        """As the real one does: replace, then tell."""
        self.state = replace(self.state, **changes)  # type: ignore[arg-type]  # the callers name fields of DeskState
        for listener in list(self.listeners):
            listener(self.state)
