"""What a check is given: the estate as it is seen now, and whose hands are on it. What is not known is None.

`facts_of` makes it from a snapshot and what the memory says, read at the same time.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from npconsole.errors import Failure
from npconsole.model.estate import Estate
from npconsole.model.level import Level
from npconsole.model.mute import Mute
from npconsole.model.reading import Freshness
from npconsole.model.run import Run, RunState
from npconsole.model.snapshot import RegionState, Snapshot

_BEFORE = frozenset({RunState.REQUESTED, RunState.PLANNED, RunState.CONFIRMED})
"""Nobody's hands are on anything yet."""


@dataclass(frozen=True, slots=True)
class TargetFacts:
    """A region. p95 in ms, errors 0 to 1, rate in requests per second, `started_wall` epoch seconds.

    `failure` is set when the last probe failed on our side. `probe_fresh` and `figures_fresh` say whether health and
    vital figures may still be believed; `age_s` is the age of the older of the two.
    """

    id: str
    service: str
    level: Level = Level.UNKNOWN
    healthy: bool = False
    status: int | None = None
    failure: Failure | None = None
    probe_fresh: bool = False
    figures_fresh: bool = False
    age_s: float | None = None
    p95_ms: float | None = None
    error_ratio: float | None = None
    requests: float | None = None
    request_rate: float | None = None
    version: str = ""
    started_wall: float | None = None


@dataclass(frozen=True, slots=True)
class OpenRun:
    """A run in somebody's hands. `targets` are the regions it may have an effect on; `key` its idempotency key."""

    id: str
    action: str
    target: str
    targets: tuple[str, ...]
    actor: str
    key: str = ""

    @property
    def words(self) -> str:
        return f"{self.action} {self.target} of {self.actor} (run {self.id})"


@dataclass(frozen=True, slots=True)
class HealFacts:
    """All that one check may know.

    `now` is `Clock.now()` of this host, in seconds; it tells how much time has passed when the wall clock jumps. `off`
    and `frozen` are why the switches `heal.off` and `actions.frozen` are set, `acknowledged` what a person said who
    looked at the latch (`heal.ack`). `provider` says what is wrong at the vendors, empty when nothing is known.
    """

    now: float
    online: bool | None
    targets: tuple[TargetFacts, ...]
    runs: tuple[OpenRun, ...] = ()
    mutes: tuple[Mute, ...] = ()
    off: str = ""
    frozen: str = ""
    acknowledged: str = ""
    provider: str = ""
    healthy: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def others_healthy(self, target: TargetFacts) -> tuple[str, ...]:
        """The other regions of its service that answer healthy, by a fresh probe."""
        return tuple(each for each in self.healthy.get(target.service, ()) if each != target.id)


def facts_of(
    snapshot: Snapshot,
    *,
    runs: Iterable[Run] = (),
    mutes: Iterable[Mute] = (),
    off: str = "",
    frozen: str = "",
    acknowledged: str = "",
    provider: str = "",
) -> HealFacts:
    """The facts of a check.

    `runs` are those of the journal that have not ended (`Journal.runs(open_only=True)`), `mutes` those in force.
    """
    targets = tuple(_target(state, snapshot.now) for state in snapshot.regions)
    return HealFacts(
        now=snapshot.now,
        online=snapshot.online,
        targets=targets,
        runs=tuple(open_run(run, snapshot.estate) for run in runs if _in_hands(run)),
        mutes=tuple(mutes),
        off=off,
        frozen=frozen,
        acknowledged=acknowledged,
        provider=provider,
        healthy=healthy_by_service(targets),
    )


def healthy_by_service(targets: Iterable[TargetFacts]) -> dict[str, tuple[str, ...]]:
    """The regions that answer healthy, by a fresh probe, of each service that has such."""
    found: dict[str, list[str]] = {}
    for target in targets:
        if target.healthy and target.probe_fresh:
            found.setdefault(target.service, []).append(target.id)
    return {service: tuple(ids) for service, ids in found.items()}


def open_run(run: Run, estate: Estate) -> OpenRun:
    """A run with the regions it may have an effect on: itself, those behind its edge, of its service, or all."""
    target = run.request.target
    services = {edge.service for edge in estate.edges if edge.id == target} | {target}
    behind = tuple(region.id for region in estate.regions if region.service in services)
    everywhere = tuple(region.id for region in estate.regions) if target == estate.name else ()
    return OpenRun(
        id=run.id,
        action=run.request.action,
        target=target,
        targets=behind or everywhere or (target,),
        actor=run.request.actor.name,
        key=run.request.idempotency_key,
    )


def _in_hands(run: Run) -> bool:
    return not run.state.is_final and run.state not in _BEFORE


def _target(state: RegionState, now: float) -> TargetFacts:
    health, vitals = state.health.value, state.vitals.value
    ages = [age for age in (state.health.age_s(now), state.vitals.age_s(now)) if age is not None]
    return TargetFacts(
        id=state.region.id,
        service=state.region.service,
        level=state.level,
        healthy=health is not None and health.healthy,
        status=health.status if health else None,
        failure=health.failure if health else None,
        probe_fresh=state.health.freshness is Freshness.FRESH,
        figures_fresh=state.vitals.freshness is Freshness.FRESH,
        age_s=max(ages, default=None),
        p95_ms=vitals.p95_ms if vitals else None,
        error_ratio=vitals.error_ratio if vitals else None,
        requests=vitals.requests if vitals else None,
        request_rate=vitals.request_rate if vitals else None,
        version=health.version if health else "",
        started_wall=vitals.started_at if vitals else None,
    )
