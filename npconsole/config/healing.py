"""Rules between fields of the healer: what contradicts itself, names what is not there, or would feed on its effect.

As in `rules`, a value that was bad is UNSET or its default here, so values are compared for equality or type-checked.
"""

from collections.abc import Iterable, Iterator
from itertools import combinations

from npconsole.config.blocks.healing import HealRule, HealStep, default_rules
from npconsole.config.blocks.platform import ServiceConfig
from npconsole.config.finding import Finding
from npconsole.config.nearest import suggestion
from npconsole.config.schema import Config
from npconsole.model.action import ACTION_IDS

HEALING = ("restart", "purge", "failover")
"""The built-in actions that heal: each is safe to ask for by what is measured alone, and its effect is measured."""

_BOUNDS = {"p95": "p95_above", "error_ratio": "error_ratio_above"}
_EMPTIES_ALL = ("everything", "host", "prefix")


def healing(config: Config) -> Iterator[Finding]:
    """Everything that is wrong with the healer's rules."""
    rules = config.heal.rules
    if rules == default_rules() and not config.heal.failover:
        return  # what comes with npconsole fits every estate, whatever else is set
    for i, rule in enumerate(rules):
        key = f"heal.rules[{i}]"
        yield from _condition(config, rule, key)
        yield from _targets(config, rule, key)
        for j, step in enumerate(rule.escalation):
            yield from _step(config, rule, step, (f"{key}.escalation[{j}]", key))
        yield from _after_failover(rule, key)
    yield from _twice(rules)
    yield from _contradictions(config)


def _condition(config: Config, rule: HealRule, key: str) -> Iterator[Finding]:
    for metric, bound in _BOUNDS.items():
        if getattr(rule, bound) is not None and rule.when != metric:
            yield Finding((f"{key}.{bound}", f"{key}.when"), f"is not looked at: the rule is about {rule.when}")
    interval = config.heal.check_interval
    if 0 < rule.after < interval:
        message = f"is shorter than heal.check_interval ({interval}): no check can tell; write 0s for at once"
        yield Finding((f"{key}.after", "heal.check_interval"), message)


def _targets(config: Config, rule: HealRule, key: str) -> Iterator[Finding]:
    known = {*_regions(config), *_words(service.name for service in config.services)}
    given: list[object] = list(rule.targets)
    for k, target in enumerate(given):
        if isinstance(target, str) and target not in known:
            yield Finding((f"{key}.targets[{k}]",), f"is no region or service{suggestion(target, known)}")


def _step(config: Config, rule: HealRule, step: HealStep, keys: tuple[str, str]) -> Iterator[Finding]:
    key, rule_key = keys
    known = (*HEALING, *_words(action.id for action in config.custom_actions))
    action: object = step.action
    if isinstance(action, str) and action not in known:
        why = "does not heal" if action in ACTION_IDS else "is no action"
        yield Finding((f"{key}.action",), f"{why}: one of {', '.join(known)}{suggestion(action, known)}")
    services = _services(config, rule)
    if step.action == "purge":
        if not any(service.edge for service in services):
            yield Finding((f"{key}.action", rule_key), "has no cache to purge: none of its services has an edge")
        if not any(step.parameters.values()):
            yield Finding((f"{key}.parameters", key), "must say what to purge, such as {everything: [yes]}")
        if rule.when == "p95" and any(step.parameters.get(each) for each in _EMPTIES_ALL):
            message = "empties the cache, which makes answers slow: the rule would set itself off again"
            yield Finding((f"{key}.action", rule_key), message)
    if step.action == "failover" and config.heal.failover:
        for service in services:
            if stuck := _stuck(service):
                yield Finding((f"{key}.action", "heal.failover"), f"cannot be done: {stuck}")


def _words(names: Iterable[object]) -> list[str]:
    """Without those that were no words and have a problem already."""
    return [name for name in names if isinstance(name, str)]


def _stuck(service: ServiceConfig) -> str:
    """Why traffic of a service has nowhere to go; empty when it has."""
    if service.edge is None:
        return f"{service.name} has no edge"
    if len(service.regions) < 2:
        return f"{service.name} has no other region"
    bare = [region.name for region in service.regions if not region.pool_id]
    return f"{', '.join(map(str, bare))} of {service.name} has no pool_id" if bare else ""


def _after_failover(rule: HealRule, key: str) -> Iterator[Finding]:
    """A region that is out of rotation serves nobody, so no figure of it can say whether another step helped."""
    for j, step in enumerate(rule.escalation):
        if step.action == "failover" and (j < len(rule.escalation) - 1 or step.times > 1):
            yield Finding(
                (f"{key}.escalation[{j}].action",), "must be the last step, once: nothing is measured after it"
            )


def _twice(rules: list[HealRule]) -> Iterator[Finding]:
    seen: dict[object, str] = {}
    for i, rule in enumerate(rules):
        key = f"heal.rules[{i}].name"
        if rule.name in seen:
            yield Finding((key, seen[rule.name]), f"is the same name as {seen[rule.name]}")
        seen.setdefault(rule.name, key)


def _contradictions(config: Config) -> Iterator[Finding]:
    """Two rules that act on the same thing seen, each in its own way, so that chance would choose."""
    acting = [(i, rule) for i, rule in enumerate(config.heal.rules) if (rule.mode or config.heal.mode) == "enforce"]
    for (i, one), (j, other) in combinations(acting, 2):
        if not one.escalation or not other.escalation or _seen(config, one) != _seen(config, other):
            continue
        first, second = one.escalation[0], other.escalation[0]
        if (first.action, first.parameters) == (second.action, second.parameters):
            continue
        if common := _reach(config, one) & _reach(config, other):
            message = (
                f"contradicts {one.name}: on {', '.join(sorted(common)[:3])} the same condition has one of them "
                f"{first.action} and the other {second.action}; make it one rule with both steps"
            )
            yield Finding((f"heal.rules[{j}].name", f"heal.rules[{i}].name"), message)


def _seen(config: Config, rule: HealRule) -> tuple[object, ...]:
    """A rule's condition, by its bound."""
    match rule.when:
        case "p95":
            return rule.when, rule.p95_above or config.thresholds.p95_warn
        case "error_ratio":
            own = rule.error_ratio_above
            return rule.when, config.thresholds.error_ratio_critical if own is None else own
        case _:
            return (rule.when,)


def _reach(config: Config, rule: HealRule) -> set[str]:
    regions = _regions(config)
    return {each for each, service in regions.items() if not rule.targets or {each, service.name} & set(rule.targets)}


def _services(config: Config, rule: HealRule) -> list[ServiceConfig]:
    reach = _reach(config, rule)
    names = {service.name for each, service in _regions(config).items() if each in reach}
    return [service for service in config.services if service.name in names]


def _regions(config: Config) -> dict[str, ServiceConfig]:
    """The services of all regions by the ids that `estate` gives them."""
    several = len(config.services) > 1
    return {
        f"{service.name}/{region.name}" if several else region.name: service
        for service in config.services
        for region in service.regions
    }
