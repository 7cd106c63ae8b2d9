"""The healer's rules and brakes, from configuration, in the units of the domain."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from npconsole.config.blocks.healing import HealRule, HealStep
from npconsole.config.estate import to_estate, to_judging, to_thresholds
from npconsole.config.schema import Config
from npconsole.model import quantity
from npconsole.model.action import AccessRole
from npconsole.model.heal import HealMode
from npconsole.model.thresholds import Thresholds

PURGE = "purge"
RESTART = "restart"
FAILOVER = "failover"


class Metric(StrEnum):
    """What a rule looks at, the gravest first: that is the order in which rules get their turn."""

    HEALTH = "health_5xx"
    ERRORS = "error_ratio"
    P95 = "p95"


@dataclass(frozen=True, slots=True)
class Step:
    """One try of an escalation. `parameters` are (name, values), as a RunRequest takes them."""

    action: str
    parameters: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """When to heal, and how. `bound` is in ms for p95 and a share for errors; `targets` empty is all.

    `steps` are those that may be taken; `barred` says which of the configured ones may not, and why.
    """

    name: str
    metric: Metric
    bound: float
    after_s: float
    steps: tuple[Step, ...]
    mode: HealMode
    targets: frozenset[str] = frozenset()
    barred: str = ""

    @property
    def condition(self) -> str:
        """`p95 above 400 ms for 5 min`."""
        lasts = f" for {quantity.duration(self.after_s)}" if self.after_s else ""
        match self.metric:
            case Metric.HEALTH:
                return f"health check answers 5xx{lasts}"
            case Metric.ERRORS:
                return f"errors above {quantity.percent(self.bound)}{lasts}"
            case Metric.P95:
                return f"p95 above {quantity.latency(self.bound)}{lasts}"

    def needs(self, brakes: "Brakes") -> int:
        """Bad checks in a row before it acts. A health check was judged twice before it counts as down."""
        return 1 if self.metric is Metric.HEALTH else brakes.breaches

    def covers(self, target: str, service: str) -> bool:
        """Whether it is about a region."""
        return not self.targets or target in self.targets or service in self.targets


@dataclass(frozen=True, slots=True)
class Brakes:
    """What holds heals back: the defaults of the platform, durations in seconds, shares 0 to 1."""

    interval_s: float = 60.0
    breaches: int = 3
    clear: int = 2
    min_requests: float = 20.0
    cool_down_s: float = 600.0
    cool_down_cap_s: float = 7200.0
    purge_cool_down_s: float = 300.0
    per_hour: int = 2
    per_day: int = 4
    heals_per_hour: int = 3
    settle_s: float = 300.0
    fresh_deploy_s: float = 900.0
    overload: float = 3.0
    common_share: float = 0.75
    flaps: int = 5


@dataclass(frozen=True, slots=True)
class HealRules:
    """All of it. `edges` are the ids of the services' edges, by service; `mode` is that of rules without their own."""

    environment: str
    mode: HealMode
    rules: tuple[Rule, ...]
    brakes: Brakes = Brakes()
    edges: Mapping[str, str] | None = None

    def edge_of(self, service: str) -> str:
        """The edge in front of a service; empty when it has none."""
        return (self.edges or {}).get(service, "")


def to_heal_rules(config: Config, mode: HealMode | None = None) -> HealRules:
    """The rules of a configuration, the gravest first.

    `mode` is the flag of a command. OFF and SHADOW bind every rule; ENFORCE is for those that say nothing else.
    """
    estate, default = to_estate(config), mode or HealMode(config.heal.mode)
    return HealRules(
        environment=estate.name,
        mode=default,
        rules=tuple(sorted((_rule(config, each, mode) for each in config.heal.rules), key=_gravity)),
        brakes=_brakes(config),
        edges={edge.service: edge.id for edge in estate.edges},
    )


def _gravity(rule: Rule) -> int:
    return tuple(Metric).index(rule.metric)


def _rule(config: Config, block: HealRule, flag: HealMode | None) -> Rule:
    wanted = [step for step in block.escalation for _ in range(step.times)]
    bars = {step.action: _bar(config, step.action) for step in wanted}
    kept = [step for step in wanted if not bars[step.action]]
    if kept and kept[0].action == FAILOVER and wanted[0].action != FAILOVER:
        kept = []  # a failover is for what milder steps did not cure, and none of those may be tried
    own = HealMode(block.mode) if block.mode else None
    return Rule(
        name=block.name,
        metric=Metric(block.when),
        bound=_bound(block, to_thresholds(config)),
        after_s=float(block.after),
        steps=tuple(map(_step, kept)),
        mode=_mode(own, flag, HealMode(config.heal.mode)),
        targets=frozenset(block.targets),
        barred=", ".join(dict.fromkeys(filter(None, bars.values()))),
    )


def _bar(config: Config, action: str) -> str:
    """Why an action may not be taken on this host; empty when it may."""
    switches = {RESTART: config.heal.restart, PURGE: config.heal.purge, FAILOVER: config.heal.failover}
    if not switches.get(action, True):
        return f"heal.{action} is false"
    own = {each.id: AccessRole(each.role) for each in config.custom_actions}
    needed = own.get(action, AccessRole.ADMIN if action == FAILOVER else AccessRole.OPERATOR)
    most = AccessRole(config.actions.role)
    return "" if most.allows(needed) else f"{action} needs the role {needed.value}, and actions.role is {most.value}"


def _step(block: HealStep) -> Step:
    return Step(block.action, tuple((name, tuple(values)) for name, values in block.parameters.items()))


def _mode(own: HealMode | None, flag: HealMode | None, default: HealMode) -> HealMode:
    if flag is HealMode.OFF or own is HealMode.OFF:
        return HealMode.OFF
    if flag is HealMode.SHADOW:
        return HealMode.SHADOW
    return own or flag or default


def _bound(block: HealRule, thresholds: Thresholds) -> float:
    if block.when == "p95":
        return thresholds.p95_warn_ms if block.p95_above is None else round(block.p95_above * 1000, 6)
    if block.when == "error_ratio":
        own = block.error_ratio_above
        return thresholds.error_ratio_critical if own is None else float(own)
    return 500.0


def _brakes(config: Config) -> Brakes:
    brakes, actions = config.heal.brakes, config.actions
    return Brakes(
        interval_s=float(config.heal.check_interval),
        breaches=brakes.breaches,
        clear=brakes.clear,
        min_requests=to_judging(config).min_requests,
        cool_down_s=float(actions.cool_down),
        cool_down_cap_s=float(actions.cool_down_cap),
        purge_cool_down_s=float(brakes.purge_cool_down),
        per_hour=actions.restarts_per_hour,
        per_day=actions.restarts_per_day,
        heals_per_hour=brakes.heals_per_hour,
        settle_s=float(brakes.settle),
        fresh_deploy_s=float(brakes.fresh_deploy),
        overload=brakes.overload,
        common_share=float(brakes.common_share),
        flaps=brakes.flaps,
    )
