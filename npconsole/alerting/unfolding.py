"""How incidents open, grow, and end within one step. In this order: acknowledgements, beginnings, what was done, ends.

An incident all of whose conditions are muted is left as it is; what it has to say is said when the mute ends.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from npconsole.alerting.condition import Condition
from npconsole.alerting.hold import Hold
from npconsole.alerting.incident import Incident
from npconsole.alerting.rules import AlertRules
from npconsole.alerting.telling import Facts, Telling
from npconsole.alerting.wording import change_facts, pressing, summary_of
from npconsole.alerting.work import Acknowledgement, News, Stage
from npconsole.model import quantity
from npconsole.model.notice import Severity


@dataclass(slots=True)
class Unfolding:
    """Works on `conditions` and `incidents`, both by key, and leaves them as they are after the step.

    `services` says which service a region, an edge or a service belongs to.
    """

    environment: str
    rules: AlertRules
    hold: Hold
    telling: Telling
    conditions: dict[str, Condition]
    incidents: dict[str, Incident]
    services: Mapping[str, str]
    _held: dict[str, list[Condition]] = field(default_factory=dict)

    def run(self, news: Iterable[News], taken: Iterable[Acknowledgement]) -> None:
        """One step."""
        for each in taken:
            self._take(each)
        self._gather()
        for incident in list(self.incidents.values()):
            if not self._is_quiet(incident):
                self.incidents[incident.key] = self._grow(incident)
        for done in news:
            self._tell_work(done)
        for incident in list(self.incidents.values()):
            if not self._is_quiet(incident):
                self._end_or_remind(incident)

    def _take(self, taken: Acknowledgement) -> None:
        incident = self.incidents.get(taken.key)
        if incident is None or incident.acknowledged:
            return
        words = f"{taken.actor} has it" + (f": {taken.reason}" if taken.reason else "")
        incident = self.telling.acknowledge(replace(incident, acknowledged=words), words)
        self.incidents[incident.key] = incident

    def _gather(self) -> None:
        """Give every condition that may be told an incident: one of its target, one of its service, or its own."""
        free = [
            condition
            for condition in self.conditions.values()
            if condition.active
            and condition.incident not in self.incidents
            and not self.hold.keeps(condition, self.environment)
        ]
        for condition in sorted(free, key=pressing):
            incident = self._incident_for(condition)
            self.incidents.setdefault(incident.key, incident)
            self.conditions[condition.key] = replace(condition, incident=incident.key)
        held: dict[str, list[Condition]] = defaultdict(list)
        for condition in self.conditions.values():
            if condition.active and condition.incident:
                held[condition.incident].append(condition)
        self._held = held

    def _incident_for(self, condition: Condition) -> Incident:
        for incident in self.incidents.values():
            if incident.target == condition.target:
                return incident
        for incident in self.incidents.values():
            near = abs(incident.began_wall - condition.began_wall) <= self.rules.group_within_s
            if near and condition.service and incident.service == condition.service:
                return incident
        return Incident(
            condition.key,
            condition.target,
            condition.service,
            condition.began_wall,
            condition.severity,
            condition.words,
            spoken_wall=self.telling.now,
        )

    def _grow(self, incident: Incident) -> Incident:
        """Tell of what is new: a first time, a severity that rose, conditions that came or went while others stay."""
        members = self._members(incident)
        if not members:
            return incident
        severity = self._severity(incident, members)
        summary = summary_of(members)
        rose = severity is not incident.severity
        active = {condition.key for condition in self._all_of(incident)}
        came = [member for member in members if member.key not in incident.members]
        gone = [self.conditions.get(key) for key in incident.members if key not in active]
        known = (*(key for key in incident.members if key in active), *(member.key for member in came))
        had = incident.channels
        acknowledged = "" if rose else incident.acknowledged
        incident = replace(incident, severity=severity, summary=summary, members=known, acknowledged=acknowledged)
        incident = self.telling.begin(incident, summary, self._facts(incident, members))
        said = [f"now {severity}"] if rose else []
        said += [member.words for member in came]
        said += [f"good again: {condition.target} {condition.check}" for condition in gone if condition is not None]
        if had and said:
            incident = self.telling.update(incident, "; ".join(said), channels=had)
        return incident

    def _severity(self, incident: Incident, members: Sequence[Condition]) -> Severity:
        """The worst of its conditions, never less than what was told; critical when nobody took it for too long."""
        told = (incident.severity,) if incident.members else ()
        severity = max((*told, *(member.severity for member in members)), key=tuple(Severity).index)
        after_s = self.rules.escalate_after_s
        lasts_s = self.telling.now - incident.began_wall
        late = after_s is not None and lasts_s >= after_s and not incident.acknowledged
        return Severity.CRITICAL if late and severity is Severity.WARNING else severity

    def _end_or_remind(self, incident: Incident) -> None:
        lasts_s = max(0.0, self.telling.now - incident.began_wall)
        members = self._members(incident)
        if not members:
            words = f"resolved after {quantity.duration(lasts_s)}: {incident.summary}"
            self.telling.resolve(incident, words, (("lasted", quantity.duration(lasts_s)),))
            del self.incidents[incident.key]
            return
        silent_s = self.telling.now - incident.spoken_wall
        if incident.channels and not incident.acknowledged and silent_s >= self.rules.remind_s:
            words = f"still, for {quantity.duration(lasts_s)}: {incident.summary}"
            self.incidents[incident.key] = self.telling.update(incident, words)

    def _tell_work(self, news: News) -> None:
        for incident in self._incidents_about(news.work.target):
            self.incidents[incident.key] = self.telling.update(incident, news.words)
        if news.stage is Stage.ENDED:
            key = f"{self.environment}/{news.work.target}/{news.work.action}"
            self.telling.change(news.work.run, key, news.words, change_facts(news), news.line.wall)

    def _incidents_about(self, target: str) -> list[Incident]:
        """Open ones that hold a condition of the target, or of its service when the whole of it was acted on."""
        service = self.services.get(target, "")
        is_whole = service == target or target not in self.services
        return [
            incident
            for incident in self.incidents.values()
            if incident.channels
            and not self._is_quiet(incident)
            and (
                target in {incident.target, *(member.target for member in self._all_of(incident))}
                or (is_whole and service and incident.service == service)
            )
        ]

    def _members(self, incident: Incident) -> list[Condition]:
        """Its active conditions that are not muted, the most pressing first."""
        mine = [condition for condition in self._all_of(incident) if not self._is_muted(condition)]
        return sorted(mine, key=pressing)

    def _all_of(self, incident: Incident) -> list[Condition]:
        return self._held.get(incident.key, [])

    def _is_quiet(self, incident: Incident) -> bool:
        mine = self._all_of(incident)
        if mine:
            return all(self._is_muted(condition) for condition in mine)
        return self.hold.mutes(incident.target, incident.service, self.environment)

    def _is_muted(self, condition: Condition) -> bool:
        return self.hold.mutes(condition.target, condition.service, self.environment)

    def _facts(self, incident: Incident, members: Sequence[Condition]) -> Facts:
        facts = [("environment", self.environment)]
        facts += [(f"{member.target} {member.check}", member.words) for member in members[1:9]]
        return tuple(facts)
