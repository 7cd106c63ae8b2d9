"""The healer in text and JSON."""

from collections.abc import Iterator, Sequence

import msgspec

from npconsole.cli.heal.stand import Standing
from npconsole.model import quantity
from npconsole.model.heal import Decision, HealView, ReportCard, RuleView
from npconsole.model.mute import Mute


def status_text(standing: Standing) -> str:
    """All of it for people."""
    view = standing.overview.view
    lines = [*_head(standing, view)]
    if view is not None:
        lines += ["rules", *_table([_rule(rule) for rule in view.rules])]
        lines += [
            f"  the rule {rule.name} is suspended: {rule.card.suspended}" for rule in view.rules if rule.card.suspended
        ]
        lines += ["brakes", *_table([(each.name, each.words, "closed" if each.closed else "") for each in view.brakes])]
    if standing.mutes:
        lines += ["mutes", *_table([_mute(each, standing.wall) for each in standing.mutes])]
    if standing.decisions:
        lines += ["last decisions", *(line for each in standing.decisions for line in _decision(each))]
    return "\n".join(lines)


def _head(standing: Standing, view: HealView | None) -> Iterator[str]:
    if view is not None and not standing.overview.silence:
        ago = quantity.duration(max(0.0, standing.wall - view.checked_wall))
        yield f"{view.mode.value}, checks every {quantity.duration(view.interval_s)}, last {ago} ago"
        yield f"leader: {standing.overview.leader}"
    else:
        yield standing.overview.silence or f"{standing.overview.leader} leads and has not checked yet"
    if standing.off:
        yield f"switched off: {standing.off} (npconsole heal on)"
    if view is not None:
        if view.latched:
            yield f"latched: {view.latched} (npconsole heal ack)"
        if view.problem:
            yield f"problem: {view.problem}"
        yield from (f"undelivered: {each}" for each in view.undelivered)


def status_json(standing: Standing) -> dict[str, object]:
    """`npconsole.heal/1`."""
    return {
        "schema": "npconsole.heal/1",
        "heals": not standing.idle,
        "idle": standing.idle,
        "leader": standing.overview.leader,
        "off": standing.off,
        "view": msgspec.to_builtins(standing.overview.view),
        "mutes": msgspec.to_builtins(standing.mutes),
        "decisions": msgspec.to_builtins(standing.decisions),
    }


def cards_text(standing: Standing) -> str:
    """A line for each rule, with the interval of the share that helped."""
    view = standing.overview.view
    if view is None or not view.rules:
        return standing.overview.silence or "no rules"
    head = (
        "rule",
        "mode",
        "acted",
        "helped",
        "no effect",
        "worse",
        "unknown",
        "would act",
        "alone",
        "held",
        "helped, 95 %",
    )
    rows = [head, *(_card(rule) for rule in view.rules)]
    suspended = [f"{rule.name} is suspended: {rule.card.suspended}" for rule in view.rules if rule.card.suspended]
    silence = [standing.overview.silence] if standing.overview.silence else []
    return "\n".join([*_table(rows, indent=""), *suspended, *silence])


def cards_json(standing: Standing) -> dict[str, object]:
    """`npconsole.heal-report/1`."""
    view = standing.overview.view
    cards = [{"mode": rule.mode.value, **msgspec.to_builtins(rule.card)} for rule in view.rules] if view else []
    return {"schema": "npconsole.heal-report/1", "rules": cards, "silence": standing.overview.silence}


def _rule(rule: RuleView) -> tuple[str, ...]:
    return (rule.name, rule.mode.value, rule.condition, " > ".join(rule.escalation), rule.standing)


def _card(rule: RuleView) -> tuple[str, ...]:
    card = rule.card
    counts = (
        card.acted,
        card.helped,
        card.no_effect,
        card.worse,
        card.unknown,
        card.would_have_acted,
        card.recovered_alone,
        card.held,
    )
    return (rule.name, rule.mode.value, *map(str, counts), _interval(card))


def _interval(card: ReportCard) -> str:
    if card.helped_low is None or card.helped_high is None:
        return quantity.NOTHING
    return f"{quantity.percent(card.helped_low)} to {quantity.percent(card.helped_high)}"


def _mute(mute: Mute, wall: float) -> tuple[str, ...]:
    left = quantity.duration(max(0.0, mute.until_wall - wall))
    return (mute.target, f"for {left} more", f"by {mute.actor}", mute.reason)


def _decision(decision: Decision) -> Iterator[str]:
    when = quantity.clock(decision.wall, utc=True)
    action = f" {decision.action}" if decision.action else ""
    verdict = f" -> {decision.verdict.value}" if decision.verdict else ""
    yield f"  {when} {decision.rule} {decision.target} {decision.choice.value}{action}{verdict}: {decision.words}"
    if decision.outcome:
        yield f"      {decision.outcome}"
    yield from (f"      {each.name}: {each.words}" for each in decision.evidence if each.stops)


def _table(rows: Sequence[tuple[str, ...]], indent: str = "  ") -> list[str]:
    if not rows:
        return []
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        (indent + "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True))).rstrip()
        for row in rows
    ]
