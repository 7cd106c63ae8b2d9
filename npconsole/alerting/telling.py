"""Notices as they are made: each announcement for the channels that its route reaches, with ids that repeat."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from npconsole.alerting.incident import Incident, notice_id
from npconsole.alerting.route import Route
from npconsole.model.notice import Notice, NoticeKind, Severity

Facts = tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Telling:
    """Collects what one step has to say. `link` goes with every notice, `source` is where this is watched from."""

    routes: Sequence[Route]
    now: float
    source: str
    link: str
    notices: list[Notice] = field(default_factory=list)

    def begin(self, incident: Incident, summary: str, facts: Facts) -> Incident:
        """The trigger, on every channel that its severity reaches and that has not had it."""
        reached = [route.channel for route in self.routes if incident.severity.reaches(route.least)]
        fresh = tuple(channel for channel in reached if channel not in incident.channels)
        if not fresh:
            return incident
        spoken = self._say(incident, NoticeKind.TRIGGER, summary, facts, fresh)
        return replace(spoken, channels=(*incident.channels, *fresh))

    def update(self, incident: Incident, summary: str, facts: Facts = (), *, channels: Iterable[str] = ()) -> Incident:
        """News, on those of its channels (of `channels`, when given) that hear of them."""
        heard = {route.channel for route in self.routes if route.updates} & set(channels or incident.channels)
        told = [channel for channel in incident.channels if channel in heard]
        return self._say(incident, NoticeKind.UPDATE, summary, facts, told)

    def acknowledge(self, incident: Incident, summary: str) -> Incident:
        """That somebody has it."""
        return self._say(incident, NoticeKind.ACKNOWLEDGE, summary, (), self._known(incident))

    def resolve(self, incident: Incident, summary: str, facts: Facts) -> None:
        """The end, on every channel that had the beginning."""
        self._say(incident, NoticeKind.RESOLVE, summary, facts, self._known(incident))

    def change(self, run: str, key: str, summary: str, facts: Facts, wall: float) -> None:
        """An action, on the channels that hear of actions."""
        for route in self.routes:
            if route.changes:
                identity = notice_id(route.channel, NoticeKind.CHANGE, f"{key} {run}", wall, 0)
                self.notices.append(
                    Notice(
                        id=identity,
                        channel=route.channel,
                        kind=NoticeKind.CHANGE,
                        key=key,
                        severity=Severity.INFO,
                        summary=summary,
                        wall=wall,
                        source=self.source,
                        facts=facts,
                        link=self.link,
                    )
                )

    def _known(self, incident: Incident) -> list[str]:
        """Its channels that are configured still."""
        return [route.channel for route in self.routes if route.channel in incident.channels]

    def _say(
        self, incident: Incident, kind: NoticeKind, summary: str, facts: Facts, channels: Iterable[str]
    ) -> Incident:
        self.notices += [
            Notice(
                id=notice_id(channel, kind, incident.key, incident.began_wall, incident.spoken),
                channel=channel,
                kind=kind,
                key=incident.key,
                severity=incident.severity,
                summary=summary,
                wall=self.now,
                source=self.source,
                facts=facts,
                link=self.link,
                began_wall=incident.began_wall,
            )
            for channel in channels
        ]
        return replace(incident, spoken=incident.spoken + 1, spoken_wall=self.now)
