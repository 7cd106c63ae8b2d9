"""What a busy daemon exposes."""

from dataclasses import replace

from npconsole.exposition.burn import BurnRate
from npconsole.exposition.distribution import Distribution
from npconsole.exposition.exposed import DaemonFigures, DrillFigure, Exposed, RunFigures
from npconsole.model.heal import BrakeView, HealMode, HealView, ReportCard, RuleView
from npconsole.model.snapshot import Snapshot
from npconsole.model.vitals import Lag, Timings
from tests.engine.estates import FINE, HEALTHY, REFUSED, World, make_estate

CARD = ReportCard("latency", acted=9, helped=7, no_effect=1, worse=1, held=4, helped_low=0.45, helped_high=0.94)
VIEW = HealView(
    checked_wall=1_750_000_000.0,
    interval_s=60.0,
    mode=HealMode.ENFORCE,
    leader="host pid 1",
    latched="three heals in an hour",
    rules=(RuleView("latency", HealMode.ENFORCE, "p95 above 400 ms", ("restart",), card=CARD),),
    brakes=(BrakeView("heals", "3 of 3 an hour", closed=True, left=0), BrakeView("mute", "none")),
)


def snapshot(regions: int = 3) -> Snapshot:
    """A calm estate with one region that refuses connections."""
    world = World(make_estate(regions, lag=True), lag=Lag(0.4, "promql"))
    world.health = dict.fromkeys(world.ids, replace(HEALTHY, timings=Timings(total_ms=25.0)))
    world.health["us-west"] = REFUSED
    world.vitals = {"us-east": replace(FINE, memory_bytes=150e6, cache_hit_ratio=0.9)}
    return world.rounds(4)


def exposed(regions: int = 3) -> Exposed:
    lag = Distribution()
    for seconds in (0.001, 0.02, 0.3, 60.0):
        lag.observe(seconds)
    return Exposed(
        version="1.0",
        python="3.11",
        daemon=DaemonFigures(
            leads=True, checks=12, failed_checks=1, reloaded_wall=1_750_000_000.0, poll_lag=lag.counted
        ),
        snapshot=snapshot(regions),
        heal=VIEW,
        runs=RunFigures(
            ended={("restart", "succeeded"): 3, ("failover", "reverted"): 1},
            open=1,
            benchmarks={"passed": 2},
            drills=(
                DrillFigure("us-east", 1_750_000_000.0, 38.2, proven=True),
                DrillFigure("us-west", 1.0, None, proven=False),
            ),
        ),
        postings={("slack", "delivered"): 5, ("slack", "pending"): 2, ("pagerduty", "given up"): 1},
        burn=(BurnRate("api", "1h", 14.4),),
    )
