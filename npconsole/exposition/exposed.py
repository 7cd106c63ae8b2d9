"""Everything that is exposed, at one instant. Immutable; `page` writes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from npconsole.exposition.burn import BurnRate
from npconsole.exposition.distribution import LATENESS_S, Counted
from npconsole.model.heal import HealView
from npconsole.model.snapshot import Snapshot

NOTHING = Counted(LATENESS_S, (0,) * (len(LATENESS_S) + 1), 0.0)


@dataclass(frozen=True, slots=True)
class DrillFigure:
    """The latest drill of a region. `recovery_s` is None when the shift was not seen; `wall` its end, epoch seconds."""

    region: str
    wall: float
    recovery_s: float | None
    proven: bool


@dataclass(frozen=True, slots=True)
class RunFigures:
    """What was done while this process watched: ended runs by (action, state), benchmarks by status."""

    ended: Mapping[tuple[str, str], int] = field(default_factory=dict)
    open: int = 0
    benchmarks: Mapping[str, int] = field(default_factory=dict)
    drills: tuple[DrillFigure, ...] = ()


@dataclass(frozen=True, slots=True)
class DaemonFigures:
    """How this process itself does. Walls are epoch seconds. `reloaded` tells whether the last reload was taken."""

    leads: bool = False
    checks: int = 0
    failed_checks: int = 0
    reloaded: bool = True
    reloaded_wall: float = 0.0
    memory: bool = True
    lost_log_lines: int = 0
    poll_lag: Counted = NOTHING
    check_lag: Counted = NOTHING
    check_took: Counted = NOTHING


@dataclass(frozen=True, slots=True)
class Exposed:
    """`postings` is how many notices there are by (channel, state). None is not known yet, and is left out."""

    version: str
    python: str
    daemon: DaemonFigures = DaemonFigures()
    snapshot: Snapshot | None = None
    heal: HealView | None = None
    runs: RunFigures = RunFigures()
    postings: Mapping[tuple[str, str], int] = field(default_factory=dict)
    burn: tuple[BurnRate, ...] = ()
