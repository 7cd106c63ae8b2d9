"""What a run did to its target, measured on the estate: a figure before, a figure after, and whether it is well now.

A verdict never rests on an API's answer. `helped` is only said of what was measured on both sides.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from npconsole.errors import ExitCode, SourceError
from npconsole.model import quantity
from npconsole.model.run import Verdict
from npconsole.model.snapshot import Snapshot
from npconsole.model.thresholds import Judging, Thresholds
from npconsole.model.vitals import Health

if TYPE_CHECKING:
    from npconsole.actions.conduct import Conduct

TOLERANCE = 0.1
"""A change of p95 by less than a tenth is noise."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What verification measured. `well` is whether the target is well at the end; `words` hold the numbers.

    `exit_code` is not OK when the run did what it should, and found what should not be: it has failed then, although
    nothing is the worse for it. `brief` stands before the words in place of the verdict's own.
    """

    verdict: Verdict
    well: bool
    words: str
    figures: Mapping[str, object] = field(default_factory=dict)
    exit_code: ExitCode = ExitCode.OK
    brief: str = ""


@dataclass(frozen=True, slots=True)
class Measured:
    """A region at one instant. None is not measured: no answer to the question, or too few requests to judge by."""

    healthy: bool | None = None
    p95_ms: float | None = None
    error_ratio: float | None = None
    traffic: bool | None = None

    def as_data(self) -> dict[str, object]:
        """Plain JSON, for the journal."""
        return {
            "healthy": self.healthy,
            "p95_ms": self.p95_ms,
            "error_ratio": self.error_ratio,
            "traffic": self.traffic,
        }

    @classmethod
    def of_data(cls, data: Mapping[str, object]) -> "Measured":
        """From the journal; what is missing there was not measured."""
        healthy, p95_ms, errors, traffic = (data.get(name) for name in ("healthy", "p95_ms", "error_ratio", "traffic"))
        return cls(
            healthy if isinstance(healthy, bool) else None,
            float(p95_ms) if isinstance(p95_ms, int | float) else None,
            float(errors) if isinstance(errors, int | float) else None,
            traffic if isinstance(traffic, bool) else None,
        )


def measure(snapshot: Snapshot | None, health: Health | None, target: str, judging: Judging) -> Measured:
    """What a snapshot and a probe say of a region. Figures of fewer requests than `judging` wants do not count."""
    state = snapshot.region(target) if snapshot is not None else None
    vitals = state.vitals.value if state is not None and not state.vitals.error else None
    healthy = None if health is None else health.healthy
    if vitals is None:
        return Measured(healthy)
    few = vitals.requests is not None and vitals.requests < judging.min_requests
    if few or vitals.p95_ms is None:
        return Measured(healthy, traffic=False if vitals.requests is not None else None)
    return Measured(healthy, vitals.p95_ms, vitals.error_ratio, traffic=True)


def compare(before: Measured, after: Measured, thresholds: Thresholds) -> Finding:
    """The verdict on a region whose p95 should have fallen and which should answer."""
    verdict = _verdict(before, after, thresholds)
    return Finding(verdict, _well(after, thresholds), _words(before, after, thresholds), {"after": after.as_data()})


async def await_effect(conduct: "Conduct") -> Finding:
    """Look at the target until it is well twice in a row or the spec's deadline has passed; then compare."""
    effect = conduct.action.spec.effect
    end = conduct.clock.now() + (effect.deadline_s if effect is not None else 0.0)
    before, thresholds = Measured.of_data(conduct.before), conduct.world.thresholds
    after, well = Measured(), 0
    while True:
        after = await look_at(conduct, conduct.order.target)
        # A restarted region has too little traffic to judge by at first; one that never had any will not get it.
        enough = after.p95_ms is not None or (after.traffic is False and before.p95_ms is None)
        well = well + 1 if enough and _well(after, thresholds) else 0
        if well >= 2 or conduct.clock.now() >= end:
            return compare(before, after, thresholds)
        await conduct.pause(conduct.pace.reread_s)


async def look_at(conduct: "Conduct", region_id: str) -> Measured:
    """The region now, by a probe of its own origin and by fresh figures."""
    world, timeout_s = conduct.world, conduct.pace.read_timeout_s
    health: Health | None = None
    snapshot: Snapshot | None = None
    try:
        async with asyncio.timeout(timeout_s):
            snapshot = await world.look()
            health = await world.probes[region_id].read()
    except (SourceError, TimeoutError):
        return measure(snapshot, None, region_id, world.judging)
    return measure(snapshot, health, region_id, world.judging)


def _verdict(before: Measured, after: Measured, thresholds: Thresholds) -> Verdict:
    if before.healthy is None or after.healthy is None:
        return Verdict.UNKNOWN
    if not after.healthy:
        return Verdict.WORSE if before.healthy else Verdict.NO_EFFECT
    if not before.healthy:
        return Verdict.HELPED
    if before.p95_ms is None or after.p95_ms is None:
        idle = before.traffic is False and after.traffic is False
        return Verdict.NO_EFFECT if idle else Verdict.UNKNOWN
    return _by_errors(before, after, thresholds) or _by_latency(before.p95_ms, after.p95_ms, thresholds)


def _by_errors(before: Measured, after: Measured, thresholds: Thresholds) -> Verdict | None:
    """Only when the share of errors crossed its bound: then it counts for more than latency."""
    was, now = _failing(before, thresholds), _failing(after, thresholds)
    if was is None or now is None or was == now:
        return None
    return Verdict.HELPED if was else Verdict.WORSE


def _by_latency(before_ms: float, after_ms: float, thresholds: Thresholds) -> Verdict:
    if after_ms < before_ms * (1 - TOLERANCE):
        return Verdict.HELPED
    slower = after_ms > before_ms * (1 + TOLERANCE) and after_ms > thresholds.p95_warn_ms
    return Verdict.WORSE if slower else Verdict.NO_EFFECT


def _failing(measured: Measured, thresholds: Thresholds) -> bool | None:
    return None if measured.error_ratio is None else measured.error_ratio > thresholds.error_ratio_critical


def _well(after: Measured, thresholds: Thresholds) -> bool:
    slow = after.p95_ms is not None and after.p95_ms > thresholds.p95_warn_ms
    return after.healthy is True and not slow and not _failing(after, thresholds)


def _words(before: Measured, after: Measured, thresholds: Thresholds) -> str:
    health = {True: "healthy", False: "not healthy", None: "health not known"}
    parts = [f"{health[before.healthy]} before, {health[after.healthy]} now"]
    if before.p95_ms is not None or after.p95_ms is not None:
        bound = quantity.latency(thresholds.p95_warn_ms)
        parts.append(f"p95 {_latency(before)} before, {_latency(after)} now (bound {bound})")
    elif after.traffic is False:
        parts.append("too little traffic to measure p95")
    if after.error_ratio is not None:
        was = f"{quantity.percent(before.error_ratio)} before, " if before.error_ratio is not None else ""
        parts.append(f"errors {was}{quantity.percent(after.error_ratio)} now")
    return "; ".join(parts)


def _latency(measured: Measured) -> str:
    return "not measured" if measured.p95_ms is None else quantity.latency(measured.p95_ms)
