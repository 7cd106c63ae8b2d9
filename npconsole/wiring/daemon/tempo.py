"""How fast time passes for healing and alerts: as it does, or many times faster in a rehearsal.

Only what is judged is hastened: the estate is read, and runs are made, in real time. All daemons of a rehearsal agree
by an origin that they keep in the memory.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeVar
from urllib.parse import urlsplit

import msgspec

from npconsole.config.schema import Config
from npconsole.errors import UsageError
from npconsole.model.heal import Decision, HealView
from npconsole.model.mute import Mute
from npconsole.model.notice import Notice
from npconsole.model.reading import Reading
from npconsole.model.run import AuditLine
from npconsole.model.snapshot import EdgeState, Judgement, RegionState, Snapshot

T = TypeVar("T")

_HERE = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Tempo:
    """`speed` times as fast since `origin_wall`, epoch seconds. Times that come out are said to be hastened."""

    speed: float = 1.0
    origin_wall: float = 0.0

    def wall(self, real: float) -> float:
        """The hastened epoch seconds of real ones."""
        return real if self.speed == 1 else self.origin_wall + (real - self.origin_wall) * self.speed

    def real(self, wall: float) -> float:
        """The real epoch seconds of hastened ones."""
        return wall if self.speed == 1 else self.origin_wall + (wall - self.origin_wall) / self.speed

    def snapshot(self, snapshot: Snapshot) -> Snapshot:
        """As it would look, had all that it tells of taken so many times as long."""
        if self.speed == 1:
            return snapshot
        return replace(
            snapshot,
            now=snapshot.now * self.speed,
            wall=self.wall(snapshot.wall),
            started=self._instant(snapshot.started),
            regions=tuple(map(self._region, snapshot.regions)),
            edges=tuple(map(self._edge, snapshot.edges)),
            overall=self._judgement(snapshot.overall),
        )

    def mutes(self, mutes: Iterable[Mute]) -> tuple[Mute, ...]:
        return tuple(
            replace(each, until_wall=self.wall(each.until_wall), begun_wall=self.wall(each.begun_wall))
            for each in mutes
        )

    def lines(self, lines: Iterable[AuditLine]) -> tuple[AuditLine, ...]:
        return tuple(replace(each, wall=self.wall(each.wall)) for each in lines)

    def real_decisions(self, decisions: Iterable[Decision]) -> tuple[Decision, ...]:
        return tuple(replace(each, wall=self.real(each.wall)) for each in decisions)

    def real_notices(self, notices: Iterable[Notice]) -> tuple[Notice, ...]:
        return tuple(
            replace(
                each,
                wall=self.real(each.wall),
                began_wall=None if each.began_wall is None else self.real(each.began_wall),
            )
            for each in notices
        )

    def real_view(self, view: HealView) -> HealView:
        """With the times that people know."""
        return replace(
            view,
            checked_wall=self.real(view.checked_wall),
            interval_s=view.interval_s / self.speed,
            decisions=self.real_decisions(view.decisions),
            mutes=tuple(
                replace(each, until_wall=self.real(each.until_wall), begun_wall=self.real(each.begun_wall))
                for each in view.mutes
            ),
        )

    def text(self) -> str:
        """As it is kept in the memory."""
        return msgspec.json.encode(self).decode()

    def _region(self, state: RegionState) -> RegionState:
        vitals = self._reading(state.vitals)
        if vitals.value is not None and vitals.value.started_at is not None:
            vitals = replace(vitals, value=replace(vitals.value, started_at=self.wall(vitals.value.started_at)))
        return replace(
            state,
            judgement=self._judgement(state.judgement),
            health=self._reading(state.health),
            vitals=vitals,
            lag=None if state.lag is None else self._reading(state.lag),
        )

    def _edge(self, state: EdgeState) -> EdgeState:
        return replace(
            state,
            judgement=self._judgement(state.judgement),
            health=self._reading(state.health),
            answered_since=self._instant(state.answered_since),
        )

    def _judgement(self, judgement: Judgement) -> Judgement:
        return replace(judgement, since=self._instant(judgement.since))

    def _reading(self, reading: Reading[T]) -> Reading[T]:
        return replace(
            reading,
            at=self._instant(reading.at),
            tried_at=self._instant(reading.tried_at),
            next_at=self._instant(reading.next_at),
        )

    def _instant(self, instant: float | None) -> float | None:
        return None if instant is None else instant * self.speed


def agreed(text: str, speed: float, wall: float) -> tuple[Tempo, bool]:
    """The tempo of a daemon at `speed`, and whether the memory of healing and alerts is of the same tempo.

    `text` is what the memory keeps, empty for none; `wall` the origin of a new rehearsal.
    """
    fresh = Tempo(speed, 0.0 if speed == 1 else wall)
    if not text:
        return fresh, True
    try:
        kept = msgspec.json.decode(text, type=Tempo)
    except msgspec.DecodeError:
        return fresh, False
    return (kept, True) if kept.speed == speed else (fresh, False)


def require_rehearsal(config: Config) -> None:
    """Raise UsageError unless all that is watched and acted on is on this host: brakes count in hastened time, too."""
    urls = [region.origin for service in config.services for region in service.regions]
    urls += [service.edge.url for service in config.services if service.edge is not None]
    urls += [config.railway.url] if config.railway.token is not None else []
    urls += [config.cloudflare.url] if config.cloudflare.token is not None else []
    for url in urls:
        if urlsplit(url).hostname not in _HERE:
            raise UsageError(
                f"--speed is for rehearsals on a simulated platform, and {url} is not on this host",
                hint="npconsole sim up",
            )
