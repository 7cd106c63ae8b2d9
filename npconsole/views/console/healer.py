"""The healer's page: what it is at, what holds it back, what it decided and on what evidence, how good it has been."""

from collections.abc import Sequence
from itertools import groupby

from rich.style import Style

from npconsole.config.keymap import Binding, shown
from npconsole.model import quantity
from npconsole.model.desk import Desk
from npconsole.model.heal import Choice, Decision, HealMode, HealView, ReportCard, RuleView
from npconsole.model.mute import Mute
from npconsole.model.run import Verdict
from npconsole.views.console.arrangement import Plan, arrange
from npconsole.views.console.document import Document, Prose
from npconsole.views.console.healing import NEVER_RAN, is_dead, told_healer
from npconsole.views.console.ink import Ink
from npconsole.views.console.pane import Note, Pane
from npconsole.views.console.picture import Picture
from npconsole.views.console.stage import Stage

NAME, MODE = 18, 9
_MODES = {HealMode.ENFORCE: "ok", HealMode.SHADOW: "accent", HealMode.OFF: "text_muted"}
_CHOICES = {
    Choice.ACT: ("▶", "accent"),
    Choice.WOULD_ACT: ("▷", "accent"),
    Choice.HELD: ("■", "degraded"),
    Choice.RECOVERED: ("●", "ok"),
    Choice.LATCHED: ("✖", "down"),
}
_VERDICTS = {
    Verdict.HELPED: "ok",
    Verdict.NO_EFFECT: "degraded",
    Verdict.WORSE: "down",
    Verdict.UNKNOWN: "unknown",
}


class Healer(Stage):
    """One page, always of this moment."""

    def __init__(self, ink: Ink, keymap: Sequence[Binding], desk: Desk) -> None:
        self.text = Document(ink, name="healer", title="Healer")
        self.text.number = 5
        self._desk = desk
        self._keys = {binding.id: shown(binding.keys[0]) for binding in keymap}
        super().__init__(ink, keymap, ("back", "heal_switch", "acknowledge", "copy"), (self.text,))

    @property
    def target(self) -> Pane:
        """The page."""
        return self.text

    def plan(self, width: int, height: int) -> Plan:
        """The page alone."""
        return arrange(width, height, rows=0, zoomed="healer")

    def show(self, picture: Picture) -> None:
        """Write it anew and draw."""
        state = self._desk.state
        if state.heal is None:
            self.text.write("Healer", [[(NEVER_RAN, self.ink("text_muted"))], *self._mutes(state.mutes, picture)])
        else:
            self.text.write("Healer", self._lines(state.heal, state.mutes, picture), self._notes(state.heal, picture))
        super().show(picture)

    def _notes(self, view: HealView, picture: Picture) -> list[Note]:
        if not view.checked_wall:
            return []
        ago = quantity.brief(picture.host_wall - view.checked_wall)
        leader = f"led by {view.leader}" if view.leader else "led by nobody"
        return [(leader, self.ink("text_muted")), (f"checked {ago} ago", self.ink("text_muted"))]

    def _lines(self, view: HealView, mutes: Sequence[Mute], picture: Picture) -> list[Prose]:
        words, role = told_healer(view, picture.host_wall)
        lines: list[Prose] = [[(words, self.ink("text") if role == "text_muted" else self.ink.bold(role))]]
        lines += [self._advice(hint) for hint in self._hints(view, picture.host_wall)]
        lines += self._section(
            "Brakes", [self._brake(brake.name, brake.words, closed=brake.closed) for brake in view.brakes]
        )
        lines += self._section("Rules", [line for rule in view.rules for line in self._rule(rule)])
        lines += self._mutes(mutes, picture)
        decisions = [line for decision in view.decisions for line in self._decision(decision, picture)]
        return lines + self._section("Last decisions", decisions or [self._quiet("none yet")])

    def _hints(self, view: HealView, wall: float) -> list[str]:
        """What a person can do about it."""
        switch, acknowledge = self._keys.get("heal_switch", ""), self._keys.get("acknowledge", "")
        hints = []
        if view.off and switch:
            hints.append(f"{switch} switches it on again")
        elif view.checked_wall and is_dead(view, wall):
            hints.append("its daemon does not check any more: see `npconsole heal status` and the unit's log")
        if view.latched and acknowledge:
            hints.append(f"{acknowledge} lets it go on, once you have looked at why")
        return hints

    def _brake(self, name: str, words: str, *, closed: bool) -> Prose:
        glyph, role = ("■", "degraded") if closed else ("○", "text_muted")
        return [
            (f"{glyph} {name:<{NAME + MODE}} ", self.ink(role)),
            (f"{'closed: ' if closed else ''}{words}", self.ink.bold(role) if closed else self.ink.base),
        ]

    def _rule(self, rule: RuleView) -> list[Prose]:
        lines: list[Prose] = [
            [
                (f"{rule.name:<{NAME}} ", self.ink.bold("text")),
                (f"{rule.mode.value:<{MODE}} ", self.ink(_MODES[rule.mode])),
                (f"{rule.condition} → {_steps(rule.escalation)}", self.ink.base),
            ]
        ]
        if rule.standing:
            lines.append(self._below(rule.standing, self.ink.bold("degraded")))
        if rule.card.suspended:
            lines.append(self._below(f"suspended: {rule.card.suspended}", self.ink.bold("down")))
        return [*lines, self._below(report(rule.card), self.ink("text_muted"))]

    def _decision(self, decision: Decision, picture: Picture) -> list[Prose]:
        glyph, role = _CHOICES[decision.choice]
        at = quantity.moment(decision.wall, picture.host_wall, utc=picture.utc)
        what = f"{decision.choice.value} {decision.action}".strip()
        lines: list[Prose] = [
            [
                (f"{at}  ", self.ink("text_muted")),
                (f"{glyph} {what} ", self.ink.bold(role)),
                (f"{decision.target} ", self.ink.bold("text")),
                (f"{decision.rule}: {decision.words.removeprefix(f'{decision.choice.value}: ')}", self.ink.base),
            ]
        ]
        if decision.verdict is not None:
            said = f"{decision.verdict.value}{f': {decision.outcome}' if decision.outcome else ''}"
            lines.append(self._below(said, self.ink(_VERDICTS[decision.verdict])))
        for evidence in decision.evidence:
            mark = "✖" if evidence.stops else "✔"
            style = self.ink("degraded") if evidence.stops else self.ink("text_muted")
            lines.append(self._below(f"{mark} {evidence.name}: {evidence.words}", style))
        return lines

    def _mutes(self, mutes: Sequence[Mute], picture: Picture) -> list[Prose]:
        return self._section("Muted", [self._mute(mute, picture) for mute in mutes])

    def _mute(self, mute: Mute, picture: Picture) -> Prose:
        until = quantity.moment(mute.until_wall, picture.host_wall, utc=picture.utc)
        left = quantity.duration(mute.until_wall - picture.host_wall)
        return [
            (f"◌ {mute.target:<{NAME}} ", self.ink("muted")),
            (f"until {until} ({left} left) by {mute.actor}: {mute.reason}", self.ink.base),
        ]

    def _section(self, title: str, lines: Sequence[Prose]) -> list[Prose]:
        return [[], [(title, self.ink.bold("text"))], *lines] if lines else []

    def _below(self, text: str, style: Style) -> Prose:
        return [("    ", self.ink.base), (text, style)]

    def _advice(self, text: str) -> Prose:
        return [("→ ", self.ink("accent")), (text, self.ink.base)]

    def _quiet(self, text: str) -> Prose:
        return [(text, self.ink("text_muted"))]


def report(card: ReportCard) -> str:
    """`acted 7: helped 5 (36 % to 92 %), no effect 2 · would have acted 3 · recovered alone 12 · held 4`."""
    parts = [f"acted {card.acted}"]
    if card.acted:
        interval = ""
        if card.helped_low is not None and card.helped_high is not None:
            interval = f" ({quantity.percent(card.helped_low)} to {quantity.percent(card.helped_high)} of all, 95 %)"
        parts[0] += f": helped {card.helped}{interval}"
        others = (("no effect", card.no_effect), ("worse", card.worse), ("unknown", card.unknown))
        parts[0] += "".join(f", {name} {count}" for name, count in others if count)
    rest = (("would have acted", card.would_have_acted), ("recovered alone", card.recovered_alone), ("held", card.held))
    return " · ".join([*parts, *(f"{name} {count}" for name, count in rest if count)])


def _steps(escalation: Sequence[str]) -> str:
    """`purge, then 3 times restart, then failover`."""
    runs = [(step, len(list(same))) for step, same in groupby(escalation)]
    return ", then ".join(step if times == 1 else f"{times} times {step}" for step, times in runs)
