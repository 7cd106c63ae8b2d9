"""A matter in words: what would happen first, then what stands against it, then the exact calls."""

from collections.abc import Sequence

from rich.style import Style

from npconsole.model import quantity
from npconsole.model.action import Effect, Undo
from npconsole.model.level import Level
from npconsole.model.run import BlastRadius, GuardAnswer, LastRun, Plan, Verdict
from npconsole.views.console.dialog.matter import Matter, Plain
from npconsole.views.console.dialog.pausing import Pausing
from npconsole.views.console.dialog.proposal import Proposal
from npconsole.views.console.dialog.undoing import Undoing
from npconsole.views.console.document import Prose
from npconsole.views.console.ink import Ink
from npconsole.views.console.picture import Picture
from npconsole.views.console.progress import TONES, state_words
from npconsole.views.console.twin import twin

LABEL, GUARD = 9, 19
READING = "reading…"
PASSED, STOPS, OVERRIDDEN = "✔", "✖", "!"
_UNDO = {
    Undo.NONE: "cannot be undone",
    Undo.ON_REQUEST: "can be undone with u",
    Undo.ALWAYS: "is always undone by itself at the end",
}
_VERDICTS = {
    Verdict.HELPED: "ok",
    Verdict.NO_EFFECT: "degraded",
    Verdict.WORSE: "down",
    Verdict.UNKNOWN: "unknown",
}


class Wording:
    """Writes matters with one ink."""

    def __init__(self, ink: Ink) -> None:
        self._ink = ink

    def matter(self, matter: Matter, picture: Picture) -> list[Prose]:
        """Any kind."""
        if isinstance(matter, Proposal):
            return self._proposal(matter, picture)
        return self._undoing(matter, picture) if isinstance(matter, Undoing) else self._plain(matter, picture)

    def _plain(self, matter: Plain, picture: Picture) -> list[Prose]:
        """What it is about, as it is now, and why it was not taken."""
        lines = [self._fact(label, value) for label, value in matter.facts]
        if isinstance(matter, Pausing):
            lines = [*self._now(matter.target, picture), *lines]
            if matter.now is not None:
                until = quantity.moment(matter.now.until_wall, picture.host_wall, utc=picture.utc)
                words = f"muted until {until} by {matter.now.actor}: {matter.now.reason}"
                lines.append(self._fact("in force", words, self._ink("muted")))
        return lines + self._not_taken(matter.off or matter.failure)

    def _proposal(self, proposal: Proposal, picture: Picture) -> list[Prose]:
        """The whole plan, with `reading…` for what is not known yet; reasons alone when there is no plan."""
        lines: list[Prose] = [[(proposal.spec.summary, self._ink.base)]]
        if said := proposal.off or proposal.failure:
            return [*lines, [], self._mark(STOPS, "", said, "down")]
        plan = proposal.plan
        lines += [self._note(note) for note in plan.notes] if plan else []
        refused = [self._guard(answer) for answer in proposal.refusals]
        if refused:
            lines += [[], [("Refused", self._ink.bold("down"))], *refused]
            if proposal.next_override:
                lines.append(
                    [("  ctrl+o overrides ", self._ink("text_muted")), (proposal.next_override, self._ink.base)]
                )
        lines += [[], *self._effects(proposal, plan, picture)]
        lines += [self._fact("command", twin(proposal.confirmed, proposal.danger))]
        return [*lines, [], *self._guards(proposal, refused=bool(refused))]

    def _undoing(self, undoing: Undoing, picture: Picture) -> list[Prose]:
        """Which run, how far it is, and what taking it back would do."""
        run = undoing.watched.run
        asked = f"{run.request.actor.name}, {quantity.duration(picture.host_wall - run.created_wall)} ago"
        lines: list[Prose] = [
            self._fact("run", run.id),
            self._fact("asked by", f"{asked}{f': {run.request.reason}' if run.request.reason else ''}"),
            self._fact("state", state_words(run.state), self._ink(TONES.get(run.state, "text"))),
            self._fact("undo", undoing.watched.undo or "this run can no longer be undone"),
        ]
        return lines + self._not_taken(undoing.off or undoing.failure)

    def _not_taken(self, reason: str) -> list[Prose]:
        return [[], self._mark(STOPS, "", reason, "down")] if reason else []

    def _effects(self, proposal: Proposal, plan: Plan | None, picture: Picture) -> list[Prose]:
        muted = self._ink("text_muted")
        lines = self._now(proposal.target, picture)
        if plan is None:
            lines += [self._fact(label, READING, muted) for label in ("calls", "touches")]
            lines.append(self._fact("undo", _UNDO[proposal.spec.undo]))
            return [*lines, self._expected(proposal.spec.effect), self._fact("last run", READING, muted)]
        for place, call in enumerate(plan.calls):
            does = "" if call.writes else "only reads: "
            words = f"{call.vendor}: {call.call}  ({does}{call.summary})"
            lines.append(self._fact("" if place else "calls", words, self._ink.base if call.writes else muted))
            if call.undo:
                lines.append(self._fact("", f"taken back by {call.undo}", muted))
        if not plan.calls:
            lines.append(self._fact("calls", "none", muted))
        lines += [self._fact("touches", self._touched(plan.blast)), *self._survivors(plan.blast)]
        lines += [self._fact("undo", plan.undo), self._expected(plan.effect)]
        return [*lines, self._last(plan.last, picture)]

    def _now(self, target: str, picture: Picture) -> list[Prose]:
        """The target as it is at this moment, where it is a region or an edge."""
        region = picture.snapshot.region(target)
        edge = next((each for each in picture.snapshot.edges if each.edge.id == target), None)
        state = region or edge
        if state is None:
            return []
        level, why = state.level, state.judgement.reason
        words = [f"{level.glyph} {level}{f': {why}' if why and level is not Level.OK else ''}"]
        vitals = region.vitals.value if region is not None else None
        if vitals is not None:
            words.append(f"p95 {quantity.latency(vitals.p95_ms)}")
            words.append(f"errors {quantity.percent(vitals.error_ratio)}")
            words.append(quantity.rate(vitals.request_rate))
        return [self._fact("now", " · ".join(words), self._ink.level(level))]

    def _touched(self, blast: BlastRadius) -> str:
        share = "share of live traffic not measured"
        if blast.traffic_share is not None:
            share = f"{quantity.percent(blast.traffic_share)} of live traffic"
        return " · ".join((share, *blast.objects))

    def _survivors(self, blast: BlastRadius) -> list[Prose]:
        if not blast.survivors:
            return []
        parts = [
            f"{region} {'head-room not known' if load is None else f'at {quantity.percent(load)} of its capacity'}"
            for region, load in blast.survivors
        ]
        return [self._fact("survivors", " · ".join(parts))]

    def _expected(self, effect: Effect | None) -> Prose:
        if effect is None:
            return self._fact("expected", "nothing that could be measured", self._ink("text_muted"))
        deadline = quantity.duration(effect.deadline_s)
        return self._fact("expected", f"{effect.words} · measured after at most {deadline}")

    def _last(self, last: LastRun | None, picture: Picture) -> Prose:
        if last is None:
            return self._fact("last run", "none here so far", self._ink("text_muted"))
        verdict = last.verdict.value if last.verdict else state_words(last.state)
        ago = quantity.duration(picture.host_wall - last.ended_wall)
        style = self._ink(_VERDICTS[last.verdict] if last.verdict else "text")
        return self._fact("last run", f"{verdict}, {ago} ago{f': {last.outcome}' if last.outcome else ''}", style)

    def _guards(self, proposal: Proposal, *, refused: bool) -> Sequence[Prose]:
        strong = self._ink.bold("text")
        if proposal.plan is None:
            return [[("Guards", strong)], [("  … ", self._ink("text_muted")), (READING, self._ink("text_muted"))]]
        silent = [answer for answer in proposal.answers if not answer.stops]
        passed = sum(answer.passed for answer in silent)
        title = f"{passed} other guards pass" if len(silent) > passed or refused else f"All {passed} guards pass"
        if len(silent) > passed:
            title += f", {len(silent) - passed} overridden"
        return [[(title, strong)], *(self._guard(answer) for answer in sorted(silent, key=lambda each: each.passed))]

    def _guard(self, answer: GuardAnswer) -> Prose:
        if answer.overridden:
            return self._mark(OVERRIDDEN, answer.guard, f"overridden: {answer.reason}", "degraded")
        return self._mark(
            STOPS if answer.stops else PASSED, answer.guard, answer.reason, "down" if answer.stops else "ok"
        )

    def _mark(self, glyph: str, name: str, reason: str, role: str) -> Prose:
        label = f"{name:<{GUARD}}  " if name else ""
        return [(f"  {glyph} ", self._ink.bold(role)), (label, self._ink("text_muted")), (reason, self._ink.base)]

    def _note(self, note: str) -> Prose:
        return [(note, self._ink("text_muted"))]

    def _fact(self, label: str, value: str, style: Style | None = None) -> Prose:
        return [(f"{label:<{LABEL}} ", self._ink("text_muted")), (value, style or self._ink.base)]
