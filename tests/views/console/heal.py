"""A healer for the console, as its leader leaves it."""

from dataclasses import replace

from npconsole.model.heal import (
    BrakeView,
    Choice,
    Decision,
    Evidence,
    HealMode,
    HealView,
    ReportCard,
    RuleView,
)
from npconsole.model.mute import Mute
from npconsole.model.run import Verdict
from tests.views.console.feed import WALL

CARD = ReportCard(
    "high-latency",
    acted=7,
    helped=5,
    no_effect=2,
    would_have_acted=3,
    recovered_alone=12,
    held=4,
    helped_low=0.36,
    helped_high=0.92,
)
RULES = (
    RuleView(
        "high-latency",
        HealMode.ENFORCE,
        "p95 above 400 ms for 5 min",
        ("restart up to 3 times", "failover"),
        "us-east 2 of 5 checks",
        CARD,
    ),
    RuleView(
        "health-5xx",
        HealMode.SHADOW,
        "the health check answers 5xx",
        ("restart",),
        card=ReportCard("health-5xx", suspended="2 of 3 made it worse"),
    ),
)
HELD = Decision(
    "d2",
    WALL - 65,
    "high-latency",
    "us-east",
    Choice.HELD,
    "held: benchmark lease",
    "restart",
    (
        Evidence("own-network", stops=False, words="this host reaches everything"),
        Evidence("benchmark-lease", stops=True, words="alice's benchmark is on"),
    ),
)
ACTED = Decision(
    "d1",
    WALL - 4000,
    "high-latency",
    "us-west",
    Choice.ACT,
    "p95 612 ms for 5 min",
    "restart",
    run_id="run-7",
    verdict=Verdict.HELPED,
    outcome="p95 612 ms to 140 ms",
)
MUTE = Mute("us-west", WALL + 1500, "planned failover test", "bob", WALL - 300)


def view(**changes: object) -> HealView:
    """A healer that works and has just checked."""
    base = HealView(
        checked_wall=WALL - 12,
        interval_s=60,
        mode=HealMode.ENFORCE,
        leader="bastion pid 4711",
        rules=RULES,
        brakes=(
            BrakeView("heals in all", "1 of 3 an hour"),
            BrakeView("cool-down of us-east", "12 min left", closed=True),
        ),
        decisions=(HELD, ACTED),
    )
    return replace(base, **changes)  # type: ignore[arg-type]  # the callers name fields of HealView
