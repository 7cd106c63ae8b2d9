"""An estate whose figures a test sets, and a healer that is driven check by check with a runner that does as told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from npconsole.healer.conclusion import concluded, requested
from npconsole.healer.decide import decide
from npconsole.healer.facts import HealFacts, OpenRun, TargetFacts, healthy_by_service
from npconsole.healer.rules import Brakes, HealRules, Metric, Rule, Step
from npconsole.healer.state import HealState, of_text, to_text
from npconsole.model.heal import Choice, Decision, HealMode
from npconsole.model.level import Level
from npconsole.model.mute import Mute
from npconsole.model.run import RunState, Verdict

WALL = 1_750_000_000.0
MIN = 60.0
HOUR = 3600.0
DAY_CHECKS = 24 * 60
REGIONS = ("us-east", "us-west", "eu-west")
RESTART, PURGE = Step("restart"), Step("purge", (("everything", ("yes",)),))
FAILOVER = Step("failover", (("execute", ("yes",)), ("keep", ("yes",))))

HEALTH = Rule("health-5xx", Metric.HEALTH, 500.0, 0.0, (RESTART, RESTART, RESTART, FAILOVER), HealMode.ENFORCE)
ERRORS = Rule("high-error-rate", Metric.ERRORS, 0.05, 2 * MIN, (PURGE, RESTART), HealMode.ENFORCE)
LATENCY = Rule("high-latency", Metric.P95, 400.0, 5 * MIN, (RESTART, RESTART, RESTART, FAILOVER), HealMode.ENFORCE)


def rules(*given: Rule, mode: HealMode | None = None, **brakes: Any) -> HealRules:
    """These rules, or the platform's; all in one mode when it is given."""
    chosen = given or (HEALTH, ERRORS, LATENCY)
    if mode is not None:
        chosen = tuple(replace(rule, mode=mode) for rule in chosen)
    return HealRules("neuropilot", HealMode.ENFORCE, chosen, Brakes(**brakes), {"api": "edge"})


def well(name: str, service: str = "api") -> TargetFacts:
    return TargetFacts(
        name,
        service,
        Level.OK,
        healthy=True,
        status=200,
        probe_fresh=True,
        figures_fresh=True,
        age_s=5.0,
        p95_ms=110.0,
        error_ratio=0.001,
        requests=900.0,
        request_rate=15.0,
        version="v17.1",
        started_wall=WALL - 90_000,
    )


SLOW: Mapping[str, Any] = {"level": Level.DEGRADED, "p95_ms": 900.0}
FAILING: Mapping[str, Any] = {"level": Level.DEGRADED, "error_ratio": 0.25}
SICK: Mapping[str, Any] = {
    "level": Level.DOWN,
    "healthy": False,
    "status": 503,
    "figures_fresh": False,
    "p95_ms": None,
    "error_ratio": None,
    "requests": None,
}


@dataclass
class Healer:
    """`each_check` is called before each check with this and its number; `runner` ends a run: how, and with what said.

    What a run does to the estate is up to `runner`. A run takes one check.
    """

    rules: HealRules = field(default_factory=rules)
    targets: dict[str, TargetFacts] = field(default_factory=lambda: {name: well(name) for name in REGIONS})
    state: HealState = field(default_factory=HealState)
    wall: float = WALL
    now: float = 5000.0
    online: bool | None = True
    runs: tuple[OpenRun, ...] = ()
    mutes: tuple[Mute, ...] = ()
    off: str = ""
    frozen: str = ""
    acknowledged: str = ""
    provider: str = ""
    runner: Callable[["Healer", Decision], tuple[RunState, Verdict | None, str]] = lambda _, __: (
        RunState.SUCCEEDED,
        Verdict.HELPED,
        "p95 fell",
    )
    decisions: dict[str, Decision] = field(default_factory=dict)
    made: list[Decision] = field(default_factory=list)
    remembers: bool = True

    def put(self, name: str, figures: Mapping[str, Any]) -> None:
        """The region from now on."""
        self.targets[name] = replace(self.targets[name], **figures)

    def cure(self, name: str) -> None:
        self.targets[name] = replace(well(name), version=self.targets[name].version)

    @property
    def facts(self) -> HealFacts:
        targets = tuple(self.targets.values())
        return HealFacts(
            now=self.now,
            online=self.online,
            targets=targets,
            runs=self.runs,
            mutes=self.mutes,
            off=self.off,
            frozen=self.frozen,
            acknowledged=self.acknowledged,
            provider=self.provider,
            healthy=healthy_by_service(targets),
        )

    def check(self, after_s: float = MIN) -> tuple[Decision, ...]:
        """One check, an interval after the last; what was decided in it."""
        self.now, self.wall = self.now + after_s, self.wall + after_s
        self._run()
        self.state, made = decide(self.state, self.facts, self.rules, self.wall)
        self._remember(made)
        return made

    def checks(self, count: int) -> list[Decision]:
        """What was decided in so many checks."""
        return [each for _ in range(count) for each in self.check()]

    def reload(self) -> None:
        """As if the daemon had been started anew."""
        self.state = of_text(to_text(self.state))

    def of(self, *choices: Choice) -> list[Decision]:
        """The decisions as they stand now, by choice, in the order in which they were made."""
        return [each for each in self.decisions.values() if each.choice in choices]

    @property
    def said(self) -> list[str]:
        """`held: benchmark lease: ...`, for each decision as it stands."""
        return [f"{each.choice.value}: {each.words}" for each in self.decisions.values()]

    def _run(self) -> None:
        pending = self.state.pending
        if pending is None or pending.ended is not None:
            return
        self.state, made = requested(self.state, pending.decision.id, f"run-{pending.decision.id}")
        self._remember(made)
        end = self.runner(self, pending.decision)
        self.state, made = concluded(self.state, pending.decision.id, *end)
        self._remember(made)

    def _remember(self, made: tuple[Decision, ...]) -> None:
        if self.remembers:
            self.made += made
            self.decisions.update({each.id: each for each in made})
