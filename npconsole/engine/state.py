"""The engine's memory: what was heard last of every target, and the snapshot made of it.

No tasks, no threads, no clock.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import chain

from npconsole.engine import findings
from npconsole.engine.activity import changes
from npconsole.engine.freshness import Patience, aged
from npconsole.engine.judge import Case, Witness, conclude, hear, hold, overall, release
from npconsole.engine.trail import Trail
from npconsole.model.estate import Edge, Estate, Region
from npconsole.model.issue import IssueList
from npconsole.model.reading import Reading
from npconsole.model.snapshot import Activity, EdgeState, Judgement, RegionState, Snapshot
from npconsole.model.thresholds import Judging, Thresholds
from npconsole.model.vitals import Health, Lag, Sample, Vitals

_ACTIVITY_KEPT = 500
_NOTICES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Patiences:
    """The patience for each kind of source."""

    health: Patience
    vitals: Patience
    lag: Patience
    issues: Patience
    connectivity: Patience


@dataclass(slots=True)
class _Target:
    """What was heard of one region or edge. Region and edge differ in which readings they can have."""

    health: Reading[Health]
    vitals: Reading[Vitals]
    lag: Reading[Lag] | None
    case: Case
    answered_by: str = ""
    answered_since: float | None = None


class EstateState:
    """Feed it readings with the `heard_*` methods, ask it for a `snapshot`.

    Times are `Clock.now()` unless named wall.
    """

    def __init__(
        self,
        estate: Estate,
        *,
        thresholds: Thresholds,
        judging: Judging,
        patiences: Patiences,
        started: float,
        with_issues: bool,
        trail_capacity: int = 720,
    ) -> None:
        self._estate = estate
        self._thresholds = thresholds
        self._judging = judging
        self._patiences = patiences
        self._started = started
        self._regions = {
            region.id: _Target(Reading(), Reading(), Reading() if region.measures_lag else None, Case())
            for region in estate.regions
        }
        self._edges = {edge.id: _Target(Reading(), Reading(), None, Case()) for edge in estate.edges}
        self._trails = {region.id: Trail(trail_capacity) for region in estate.regions}
        self._issues: Reading[IssueList] | None = Reading() if with_issues else None
        self._connectivity: Reading[bool] = Reading()
        self._contact: float | None = None
        self._overall: Judgement | None = None
        self._activity: deque[Activity] = deque(maxlen=_ACTIVITY_KEPT)
        self._last: Snapshot | None = None

    def heard_health(self, target_id: str, reading: Reading[Health], began: float) -> bool:
        """An attempt that began at `began` ended. True when it may change the level: worth a snapshot at once."""
        target = self._target(target_id)
        before, target.health = target.health, reading
        health = reading.value
        if health is None or reading.at is None or reading.error:
            return False
        finding = findings.of_health(health, reading.at)
        if health.failure is None:
            self._contact = reading.at
            target.case = hear(target.case, "health", finding, self._judging)
            self._answered(target, health, reading.at)
        else:
            target.case = hold(target.case, "health", finding, began)
        return before.value is None or before.value.healthy is not health.healthy

    def heard_vitals(self, region_id: str, reading: Reading[Vitals], wall: float) -> bool:
        """True for the first figures of a region."""
        target = self._regions[region_id]
        before, target.vitals = target.vitals, reading
        vitals = reading.value
        if vitals is None or reading.at is None or reading.error:
            return False
        finding = findings.of_vitals(vitals, self._thresholds, self._judging, reading.at)
        target.case = hear(target.case, "vitals", finding, self._judging)
        figures = (vitals.p50_ms, vitals.p95_ms, vitals.p99_ms, vitals.request_rate, vitals.error_ratio)
        if any(figure is not None for figure in figures):
            self._trails[region_id].append(Sample(wall, *figures))
        return before.value is None or (before.value.p95_ms is None and vitals.p95_ms is not None)

    def heard_lag(self, region_id: str, reading: Reading[Lag]) -> None:
        target = self._regions[region_id]
        target.lag = reading
        if reading.value is not None and reading.at is not None and not reading.error:
            finding = findings.of_lag(reading.value, self._thresholds, reading.at)
            target.case = hear(target.case, "lag", finding, self._judging)

    def heard_issues(self, reading: Reading[IssueList]) -> None:
        self._issues = reading

    def heard_connectivity(self, reading: Reading[bool]) -> None:
        self._connectivity = reading
        if reading.value and reading.at is not None and not reading.error:
            self._contact = reading.at

    def remember(self, region_id: str, older: Iterable[Sample]) -> None:
        """Fill a region's trail with history from before watching began."""
        self._trails[region_id].prepend(older)

    def trail(self, region_id: str) -> Trail | None:
        return self._trails.get(region_id)

    def healthy(self, target_id: str) -> bool | None:
        """Whether the last probe of a region or an edge was good; None before the first."""
        value = self._target(target_id).health.value
        return None if value is None else value.healthy

    def snapshot(self, now: float, wall: float) -> Snapshot:
        """The estate at `now`. States that did not change are the same objects as in the snapshot before."""
        last = self._last
        online = self._online(now)
        regions = tuple(
            self._region(region, last.regions[index] if last else None, now, online)
            for index, region in enumerate(self._estate.regions)
        )
        edges = tuple(
            self._edge(edge, last.edges[index] if last else None, now, online)
            for index, edge in enumerate(self._estate.edges)
        )
        judgements = (target.case.judgement for target in chain(self._regions.values(), self._edges.values()))
        self._overall = overall(self._overall, judgements, now)
        snapshot = Snapshot(
            estate=self._estate,
            sequence=last.sequence + 1 if last else 1,
            now=now,
            wall=wall,
            regions=regions,
            edges=edges,
            issues=self._issues and aged(self._issues, now, self._patiences.issues),
            online=online,
            overall=self._overall or Judgement(),
            notices=self._notices(regions),
            started=self._started,
        )
        if last is not None:
            self._activity.extend(changes(last, snapshot))
        self._last = replace(snapshot, activity=tuple(self._activity))
        return self._last

    def _target(self, target_id: str) -> _Target:
        return self._regions.get(target_id) or self._edges[target_id]

    def _answered(self, target: _Target, health: Health, at: float) -> None:
        if not health.answered_by or health.answered_by == target.answered_by:
            return
        target.answered_since = at if target.answered_by else None
        target.answered_by = health.answered_by

    def _online(self, now: float) -> bool | None:
        """False when the connectivity check and every target failed on our side alike; None while that is not known."""
        connectivity = aged(self._connectivity, now, self._patiences.connectivity)
        values = [target.health.value for target in chain(self._regions.values(), self._edges.values())]
        if any(value is not None and value.failure is None for value in values) or connectivity.value:
            return True
        failed = bool(values) and all(value is not None and value.failure is not None for value in values)
        return False if failed and connectivity.value is False else None

    def _region(self, region: Region, last: RegionState | None, now: float, online: bool | None) -> RegionState:
        target = self._regions[region.id]
        patiences = self._patiences
        health = target.health = aged(target.health, now, patiences.health)
        vitals = target.vitals = aged(target.vitals, now, patiences.vitals)
        lag = target.lag = target.lag and aged(target.lag, now, patiences.lag)
        witnesses = [
            Witness("health", "answer to the health check", health, patiences.health),
            Witness("vitals", "metrics", vitals, patiences.vitals),
        ]
        if lag is not None:
            witnesses.append(Witness("lag", "replication lag", lag, patiences.lag))
        judgement = self._judged(target, witnesses, now, online)
        if last and last.health is health and last.vitals is vitals and last.lag is lag and last.judgement == judgement:
            return last
        return RegionState(region, judgement, health, vitals, lag)

    def _edge(self, edge: Edge, last: EdgeState | None, now: float, online: bool | None) -> EdgeState:
        target = self._edges[edge.id]
        health = target.health = aged(target.health, now, self._patiences.health)
        witness = Witness("health", "answer to the health check", health, self._patiences.health)
        judgement = self._judged(target, [witness], now, online)
        if last and last.health is health and last.judgement == judgement:
            return last
        return EdgeState(edge, judgement, health, target.answered_by, target.answered_since)

    def _judged(self, target: _Target, witnesses: list[Witness], now: float, online: bool | None) -> Judgement:
        target.case = conclude(
            release(target.case, self._contact, self._judging),
            witnesses,
            now=now,
            started=self._started,
            online=online,
            judging=self._judging,
        )
        return target.case.judgement or Judgement()

    def _notices(self, regions: tuple[RegionState, ...]) -> tuple[str, ...]:
        """What a person should know of the sources: once when several regions say the same, else by region."""
        said: dict[str, list[str]] = {}
        for state in regions:
            vitals = state.vitals.value
            if vitals and vitals.stand_in and vitals.notice:
                said.setdefault(vitals.notice, []).append(state.region.id)
        texts = [text if len(ids) > 1 else f"{ids[0]}: {text}" for text, ids in said.items()]
        if self._issues and self._issues.value and self._issues.value.notice:
            texts.append(self._issues.value.notice)
        rest = len(texts) - _NOTICES_SHOWN
        return (*texts[:_NOTICES_SHOWN], f"and {rest} more") if rest > 0 else tuple(texts)
