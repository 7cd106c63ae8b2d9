"""Whatever happens in whatever order: trouble, verdicts, jumping clocks, restarts of the daemon, people.

The machine keeps the true time and its own books; the healer only sees its clocks.
"""

from dataclasses import dataclass, field, replace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from npconsole.errors import Failure
from npconsole.healer.conclusion import concluded, requested
from npconsole.healer.decide import decide
from npconsole.healer.facts import HealFacts, OpenRun, TargetFacts, healthy_by_service
from npconsole.healer.state import HealState, of_text, to_text
from npconsole.healer.view import view
from npconsole.model.heal import Choice, Decision
from npconsole.model.level import Level
from npconsole.model.mute import Mute
from npconsole.model.run import RunState, Verdict
from tests.healer.estate import FAILING, HOUR, REGIONS, SICK, SLOW, WALL, rules, well

DAY = 24 * HOUR
PLACES = (*REGIONS, "api", "neuropilot")
TROUBLES = {
    "well": {},
    "slow": SLOW,
    "failing": FAILING,
    "sick": SICK,
    "unreachable": {**SICK, "status": None, "failure": Failure.CONNECT},
    "stale": {**SLOW, "figures_fresh": False, "probe_fresh": False},
    "idle": {"requests": 3.0, "p95_ms": 900.0},
    "deployed": {**SLOW, "version": "v18"},
}
ENDS = st.sampled_from(
    [
        (RunState.SUCCEEDED, Verdict.HELPED),
        (RunState.SUCCEEDED, Verdict.NO_EFFECT),
        (RunState.DEGRADED, Verdict.NO_EFFECT),
        (RunState.DEGRADED, Verdict.WORSE),
        (RunState.SUCCEEDED, Verdict.UNKNOWN),
        (RunState.FAILED, None),
        (RunState.CANCELLED, None),
        (RunState.REFUSED, None),
    ]
)


@dataclass
class Books:
    """What the machine knows for certain: acts by their true time, until they are refused."""

    acts: dict[str, tuple[float, str, str]] = field(default_factory=dict)
    unjudged: str = ""
    latched: bool = False
    suspended: set[str] = field(default_factory=set)
    said: set[tuple[str, str, float | None, str]] = field(default_factory=set)

    def count(self, true: float, window_s: float, action: str = "", target: str = "") -> int:
        return sum(
            true - at < window_s and (not action or (did, on) == (action, target)) for at, did, on in self.acts.values()
        )


class Machine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.given = rules()
        self.state = HealState()
        self.targets: dict[str, TargetFacts] = {name: well(name) for name in REGIONS}
        self.true, self.skew, self.boot = 0.0, WALL, 1000.0
        self.rebooted = self.jumped = False
        self.online: bool | None = True
        self.runs: tuple[OpenRun, ...] = ()
        self.mutes: tuple[Mute, ...] = ()
        self.off = self.frozen = self.acknowledged = ""
        self.books = Books()

    @property
    def wall(self) -> float:
        return self.true + self.skew

    @property
    def facts(self) -> HealFacts:
        targets = tuple(self.targets.values())
        return HealFacts(
            now=self.true + self.boot,
            online=self.online,
            targets=targets,
            runs=self.runs,
            mutes=self.mutes,
            off=self.off,
            frozen=self.frozen,
            acknowledged=self.acknowledged,
            healthy=healthy_by_service(targets),
        )

    @rule(waits=st.lists(st.sampled_from([60.0, 60.0, 60.0, 61.0, 55.0, 20.0, 170.0]), min_size=1, max_size=12))
    def check(self, waits: list[float]) -> None:
        for wait in waits:
            self.true += wait
            facts = self.facts
            if self.acknowledged:
                self.books.latched = False
                self.books.suspended.clear()
            self.state, made = decide(self.state, facts, self.given, self.wall)
            self.acknowledged = ""
            self.rebooted = self.jumped = False
            for decision in made:
                self.judge(decision, facts)

    @rule(slept_s=st.sampled_from([200.0, 600.0, 7200.0, DAY]))
    def host_sleeps(self, slept_s: float) -> None:
        self.true += slept_s

    @rule(
        name=st.sampled_from(REGIONS),
        troubles=st.lists(st.sampled_from(["slow", "failing", "sick"]), min_size=1, max_size=3),
        ill_min=st.integers(4, 40),
        well_min=st.integers(2, 20),
        rounds=st.integers(1, 8),
        end=ENDS,
        obstacle=st.sampled_from(
            ["", "", "", "mute", "run elsewhere", "off", "others sick", "others silent", "frozen", "clock"]
        ),
        obstacle_from=st.integers(0, 7),
    )
    def hours_pass(
        self,
        name: str,
        troubles: list[str],
        ill_min: int,
        well_min: int,
        rounds: int,
        end: tuple[RunState, Verdict | None],
        obstacle: str,
        obstacle_from: int,
    ) -> None:
        """A calm estate in which one region falls ill again and again, every run ends the same way, and from some
        round on something stands in the way.
        """
        self.online, self.runs, self.mutes, self.off, self.frozen = True, (), (), "", ""
        self.targets = {each: well(each) for each in REGIONS}
        for number in range(rounds):
            if number == obstacle_from:
                self.put_in_the_way(obstacle, name)
            for trouble, minutes in ((troubles[number % len(troubles)], ill_min), ("well", well_min)):
                self.fall_ill(name, trouble)
                for _ in range(minutes):
                    self.check([60.0])
                    if self.state.pending is not None and self.state.pending.ended is None:
                        self.end_run(end, cured=False)

    def put_in_the_way(self, obstacle: str, name: str) -> None:
        others = [each for each in REGIONS if each != name]
        match obstacle:
            case "mute":
                self.mutes = (Mute(name, self.wall + 2 * HOUR, "upgrade", "bob", self.wall),)
            case "run elsewhere":
                self.runs = (OpenRun("r8", "restart", others[0], (others[0],), "alice", "k8"),)
            case "off" | "frozen":
                self.off, self.frozen = ("migration", "") if obstacle == "off" else ("", "release day")
            case "clock":
                self.check([60.0])
                self.wall_clock_jumps(2 * HOUR)
            case "others sick" | "others silent":
                for each, trouble in zip(
                    others, ("unreachable", "stale" if obstacle == "others silent" else "sick"), strict=True
                ):
                    self.fall_ill(each, trouble)

    @rule(name=st.sampled_from(REGIONS), trouble=st.sampled_from(sorted(TROUBLES)))
    def fall_ill(self, name: str, trouble: str) -> None:
        version = self.targets[name].version
        self.targets[name] = replace(well(name), **{"version": version, **TROUBLES[trouble]})

    @rule(trouble=st.sampled_from(["slow", "sick", "well"]))
    def all_alike(self, trouble: str) -> None:
        for name in REGIONS:
            self.fall_ill(name, trouble)

    @precondition(lambda self: self.state.pending is not None)
    @rule(end=ENDS, cured=st.booleans())
    def end_run(self, end: tuple[RunState, Verdict | None], cured: bool) -> None:
        pending = self.state.pending
        assert pending is not None
        if cured:
            self.fall_ill(pending.decision.target, "well")
        self.state, _ = requested(self.state, pending.decision.id, "r")
        before = self.state
        self.state, made = concluded(self.state, pending.decision.id, *end, "said so")
        again, nothing = concluded(self.state, pending.decision.id, *end, "said so")
        assert (again, nothing) == (self.state, ())
        if end[0] is RunState.REFUSED and before != self.state:
            assert [each.choice for each in made] == [Choice.HELD]
            del self.books.acts[pending.decision.id]
            self.books.unjudged = ""

    @rule()
    def start_daemon_anew(self) -> None:
        self.state = of_text(to_text(self.state))

    @precondition(lambda self: not self.jumped)
    @rule(boot=st.floats(-1e6, 1e6))
    def start_host_anew(self, boot: float) -> None:
        self.boot, self.rebooted = boot, True
        self.start_daemon_anew()

    @precondition(lambda self: not self.rebooted)
    @rule(by=st.sampled_from([-DAY, -HOUR, -61.0, 61.0, HOUR, 30 * DAY]))
    def wall_clock_jumps(self, by: float) -> None:
        self.skew, self.jumped = self.skew + by, True

    @rule()
    def acknowledge(self) -> None:
        self.acknowledged = "looked"

    @rule(place=st.sampled_from(PLACES), for_s=st.sampled_from([120.0, HOUR]))
    def mute(self, place: str, for_s: float) -> None:
        self.mutes = (*self.mutes, Mute(place, self.wall + for_s, "upgrade", "bob", self.wall))[-2:]

    @rule(why=st.sampled_from(["", "", "migration"]))
    def switch(self, why: str) -> None:
        self.off = why

    @rule(online=st.sampled_from([True, True, False, None]))
    def network(self, online: bool | None) -> None:
        self.online = online

    @rule(action=st.sampled_from(["", "", "benchmark", "failover", "restart"]), name=st.sampled_from(REGIONS))
    def others(self, action: str, name: str) -> None:
        self.runs = (OpenRun("r9", action, name, (name,), "alice", "k9"),) if action else ()

    def judge(self, decision: Decision, facts: HealFacts) -> None:
        """Every promise, at every decision."""
        books = self.books
        if decision.verdict is not None:
            assert decision.id == books.unjudged
            books.unjudged = ""
        elif decision.choice is Choice.ACT:
            self.judge_act(decision, facts)
        elif (
            decision.choice is Choice.LATCHED and self.state.cards.get(decision.rule) and "suspended" in decision.words
        ):
            assert decision.rule not in books.suspended, "a rule suspends itself once"
            books.suspended.add(decision.rule)
        elif decision.choice is Choice.LATCHED:
            assert not books.latched, "one page per latch"
            books.latched = True
        elif decision.choice is Choice.HELD and decision.rule:
            self.judge_held(decision)
        assert decision.choice is not Choice.WOULD_ACT

    def judge_held(self, decision: Decision) -> None:
        """Said once for each reason in the same trouble, and the reason is the first that stops."""
        first = next(each for each in decision.evidence if each.stops)
        assert decision.words == f"{first.name.replace('-', ' ')}: {first.words}"
        course = self.state.courses[f"{decision.rule} {decision.target}"]
        once = (decision.rule, decision.target, course.opened_at, first.name)
        assert once not in self.books.said, "once per trouble and reason"
        self.books.said.add(once)

    def judge_act(self, decision: Decision, facts: HealFacts) -> None:
        books, pending = self.books, self.state.pending
        assert pending is not None
        assert pending.decision == decision
        assert not books.unjudged, "two at once"
        assert not books.latched
        assert decision.rule not in books.suspended
        assert not any(each.stops for each in decision.evidence)
        assert books.count(self.true, HOUR) < 3, "heals in all"
        assert books.count(self.true, HOUR, decision.action, pending.target) < 2
        assert books.count(self.true, DAY, decision.action, pending.target) < 4
        target = next(each for each in facts.targets if each.id == decision.target)
        assert facts.online is True
        assert target.failure is None
        assert target.probe_fresh
        assert not facts.off
        assert not facts.frozen
        assert not facts.runs
        names = {target.id, target.service, "neuropilot"}
        assert not any(mute.target in names and mute.until_wall > self.wall for mute in facts.mutes)
        if decision.action != "purge":
            assert not target.healthy or facts.others_healthy(target), "the last healthy region"
        if decision.rule != "health-5xx":
            assert target.figures_fresh
            assert (target.requests or 0) >= 20
        assert target.level is not Level.OK
        books.acts[decision.id] = (self.true, decision.action, pending.target)
        books.unjudged = decision.id
        last = [at for at, did, on in books.acts.values() if (did, on) == (decision.action, pending.target)]
        if len(last) > 1 and decision.action != "purge":
            assert last[-1] - last[-2] >= 600, "cool-down"

    @invariant()
    def its_memory_is_whole(self) -> None:
        assert of_text(to_text(self.state)) == self.state
        assert (self.state.latch is not None) == self.books.latched
        assert bool(self.books.unjudged) == (self.state.pending is not None)

    @invariant()
    def it_can_be_shown(self) -> None:
        shown = view(self.state, self.facts, self.given, self.wall, leader="me")
        assert bool(shown.latched) == self.books.latched


Machine.TestCase.settings = settings(max_examples=50, stateful_step_count=20, deadline=None)
TestMachine = Machine.TestCase
