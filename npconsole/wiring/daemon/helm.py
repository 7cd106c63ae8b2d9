"""What a leader holds: the state of healing and of alerts. A tick reads, judges, and writes all of it at once.

Nothing is asked for before it is written. Whoever stood still meanwhile writes nothing: the memory knows its fence.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from npconsole.alerting.facts import AlertFacts
from npconsole.alerting.route import Route
from npconsole.alerting.rules import AlertRules
from npconsole.alerting.state import AlertState
from npconsole.alerting.state import decode as decode_alerts
from npconsole.alerting.state import encode as encode_alerts
from npconsole.alerting.step import step
from npconsole.healer.conclusion import concluded, requested
from npconsole.healer.decide import decide
from npconsole.healer.facts import HealFacts, facts_of
from npconsole.healer.rules import HealRules
from npconsole.healer.state import HealState, Pending, of_text, to_text
from npconsole.healer.view import view
from npconsole.model.heal import HEAL_ACK, Decision, HealView
from npconsole.model.run import Run
from npconsole.model.snapshot import Snapshot
from npconsole.wiring.daemon.overview import VIEW, encode_view
from npconsole.wiring.daemon.reading import Known, read
from npconsole.wiring.daemon.tempo import Tempo, agreed
from npconsole.wiring.memory import Stores

HEAL, ALERTS, TEMPO = "heal", "alerts", "tempo"
"""Names of what is kept, beside `view`."""

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Judging:
    """By what it is judged: from one configuration. `host` is where this daemon runs."""

    heal: HealRules
    alerts: AlertRules
    routes: tuple[Route, ...]
    host: str
    speed: float = 1.0


@dataclass(frozen=True, slots=True)
class News:
    """What an errand has to tell of a decision's run: that it is asked for, or how it ended."""

    decision_id: str
    run: Run


@dataclass(frozen=True, slots=True)
class Ticked:
    """What a tick came to. Times are real ones."""

    view: HealView
    decisions: tuple[Decision, ...]
    told: int


@dataclass(slots=True)
class Helm:
    """One leader's. A tick blocks, one at a time; it raises StoreError, and FencedError when somebody else leads."""

    stores: Stores
    judging: Judging
    fence: int
    leader: str
    heal: HealState
    alerts: AlertState
    tempo: Tempo
    checked_wall: float
    troubles: tuple[str, ...] = field(default=())
    """What was found when it took over, such as a memory that cannot be read."""

    @property
    def pending(self) -> Pending | None:
        """The action that is asked for and has no end yet."""
        pending = self.heal.pending
        return pending if pending is not None and pending.ended is None else None

    def tick(
        self,
        snapshot: Snapshot,
        *,
        check: bool,
        news: Sequence[News],
        undelivered: Sequence[str],
        problem: str,
        provider: str = "",
    ) -> Ticked:
        """Look, decide when it is time to `check`, tell people, and write it down.

        `provider` is the grave trouble that vendors tell of.
        """
        wall = self.tempo.wall(snapshot.wall)
        known = read(self.stores, audit_after=self.alerts.audit_after, wall=snapshot.wall)
        facts = self._facts(snapshot, known, provider)
        heal, decisions = self._heard(self.heal, news)
        if check:
            heal, made = decide(heal, facts, self.judging.heal, wall)
            decisions = (*decisions, *made)
        checked_wall = wall if check else self.checked_wall
        seen = self._view(heal, facts, checked_wall, decisions, undelivered=undelivered, problem=problem)
        alerts, notices = step(
            self.alerts, self._alert_facts(snapshot, known, facts, seen), self.judging.alerts, self.judging.routes, wall
        )
        shown, real = self.tempo.real_view(seen), self.tempo.real_decisions(decisions)
        self.stores.heal.commit(
            self.fence,
            states={
                HEAL: to_text(heal),
                ALERTS: encode_alerts(alerts),
                VIEW: encode_view(shown),
                TEMPO: self.tempo.text(),
            },
            decisions=real,
            notices=self.tempo.real_notices(notices),
        )
        self.heal, self.alerts, self.checked_wall = heal, alerts, checked_wall
        if check and known.acknowledged:
            self.stores.journal.set_switch(HEAL_ACK, "", actor=self.leader)
        return Ticked(shown, real, len(notices))

    def _facts(self, snapshot: Snapshot, known: Known, provider: str) -> HealFacts:
        return facts_of(
            self.tempo.snapshot(snapshot),
            runs=known.runs,
            mutes=self.tempo.mutes(known.mutes),
            off=known.off,
            frozen=known.frozen,
            acknowledged=known.acknowledged,
            provider=provider,
        )

    def _alert_facts(self, snapshot: Snapshot, known: Known, facts: HealFacts, seen: HealView) -> AlertFacts:
        return AlertFacts(
            self.tempo.snapshot(snapshot),
            lines=self.tempo.lines(known.lines),
            lines_until=known.lines_until,
            heal=seen,
            mutes=facts.mutes,
            host=self.judging.host,
        )

    def _heard(self, heal: HealState, news: Sequence[News]) -> tuple[HealState, tuple[Decision, ...]]:
        decisions: tuple[Decision, ...] = ()
        for each in news:
            run = each.run
            heal, made = requested(heal, each.decision_id, run.id)
            decisions = (*decisions, *made)
            if run.state.is_final:
                heal, made = concluded(heal, each.decision_id, run.state, run.verdict, run.outcome)
                decisions = (*decisions, *made)
        return heal, decisions

    def _view(
        self,
        heal: HealState,
        facts: HealFacts,
        checked_wall: float,
        made: Sequence[Decision],
        *,
        undelivered: Sequence[str],
        problem: str,
    ) -> HealView:
        """With the latest decisions, those of this tick among them. The memory has theirs in real time."""
        fresh = {each.id: each for each in made}
        kept = [
            replace(each, wall=self.tempo.wall(each.wall))
            for each in self.stores.heal.decisions(limit=_SHOWN)
            if each.id not in fresh
        ]
        latest = sorted((*fresh.values(), *kept), key=lambda each: each.wall, reverse=True)[:_SHOWN]
        return view(
            heal,
            facts,
            self.judging.heal,
            checked_wall,
            leader=self.leader,
            decisions=latest,
            undelivered=undelivered,
            problem=problem,
        )


def take_helm(stores: Stores, judging: Judging, *, fence: int, leader: str, wall: float) -> Helm:
    """What the leader before has left, or a fresh start. `wall` is real. Raises StoreError."""
    tempo, is_same = agreed(stores.heal.state(TEMPO), judging.speed, wall)
    heal_text, alert_text = (stores.heal.state(name) if is_same else "" for name in (HEAL, ALERTS))
    alerts, trouble = decode_alerts(alert_text)
    heal = of_text(heal_text)
    if not is_same:
        trouble = "what was remembered is of a clock of another speed: it begins anew"
        alerts = replace(alerts, audit_after=_audit_end(stores))
    checked_wall = heal.checked[1] if heal.checked else tempo.wall(wall)
    return Helm(
        stores=stores,
        judging=judging,
        fence=fence,
        leader=leader,
        heal=heal,
        alerts=alerts,
        tempo=tempo,
        checked_wall=checked_wall,
        troubles=(trouble,) if trouble else (),
    )


def _audit_end(stores: Stores) -> int:
    """The last line of the audit that alerts have read, whatever the clock."""
    return decode_alerts(stores.heal.state(ALERTS))[0].audit_after
