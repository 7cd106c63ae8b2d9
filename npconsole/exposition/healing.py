"""The families about the healer, from what its leader knows. Counts of a rule live on in the memory: they survive
restarts, and another leader goes on with them."""

from collections.abc import Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from npconsole.model.heal import HealMode, HealView, RuleView


def heal_families(view: HealView) -> Iterator[Metric]:
    """Switches, rules, brakes and verdicts."""
    for name, text, value in (
        ("npconsole_heal_last_check_timestamp_seconds", "When the leader last checked.", view.checked_wall),
        ("npconsole_heal_interval_seconds", "Seconds between two checks.", view.interval_s),
        ("npconsole_heal_off", "Whether healing is switched off.", bool(view.off)),
        ("npconsole_heal_latched", "Whether the healer waits for a person.", bool(view.latched)),
        ("npconsole_heal_mutes", "Mutes in force.", len(view.mutes)),
        ("npconsole_heal_problem", "Whether something keeps the healer from its work.", bool(view.problem)),
    ):
        yield GaugeMetricFamily(name, text, value=float(value))
    yield from _rules(view.rules)
    yield from _brakes(view)


def _rules(rules: tuple[RuleView, ...]) -> Iterator[Metric]:
    enforced = GaugeMetricFamily("npconsole_heal_rule_enforced", "Whether a rule may act.", labels=("rule",))
    suspended = GaugeMetricFamily(
        "npconsole_heal_rule_suspended", "Whether a rule proved harmful and suspended itself.", labels=("rule",)
    )
    heals = CounterMetricFamily("npconsole_heals", "Heals by how they ended.", labels=("rule", "verdict"))
    decisions = CounterMetricFamily(
        "npconsole_heal_decisions", "What was decided, whether or not it acted.", labels=("rule", "choice")
    )
    low = GaugeMetricFamily(
        "npconsole_heal_helped_ratio_low", "Lower end of the 95 % interval of the share that helped.", labels=("rule",)
    )
    for rule in rules:
        card = rule.card
        enforced.add_metric((rule.name,), float(rule.mode is HealMode.ENFORCE))
        suspended.add_metric((rule.name,), float(bool(card.suspended)))
        for verdict in ("helped", "no_effect", "worse", "unknown"):
            heals.add_metric((rule.name, verdict), getattr(card, verdict))
        for choice in ("acted", "would_have_acted", "held", "recovered_alone"):
            decisions.add_metric((rule.name, choice), getattr(card, choice))
        if card.helped_low is not None:
            low.add_metric((rule.name,), card.helped_low)
    yield from (enforced, suspended, heals, decisions, low)


def _brakes(view: HealView) -> Iterator[Metric]:
    closed = GaugeMetricFamily("npconsole_heal_brake_closed", "Whether a brake stops heals now.", labels=("brake",))
    left = GaugeMetricFamily("npconsole_heal_budget_left", "Heals that a budget still allows.", labels=("brake",))
    shut: dict[str, bool] = {}
    for brake in view.brakes:
        shut[brake.name] = shut.get(brake.name, False) or brake.closed
    for name, is_shut in shut.items():
        closed.add_metric((name,), float(is_shut))
    for name, allowed in {each.name: each.left for each in view.brakes if each.left is not None}.items():
        left.add_metric((name,), allowed)
    yield from (closed, left)
