"""All that is known of one run: what was asked, by whom, its calls and guards, what happened, and what it came to."""

from collections.abc import Mapping, Sequence

from rich.style import Style

from npconsole.config.keymap import Binding
from npconsole.model import quantity
from npconsole.model.desk import Desk, WatchedRun
from npconsole.model.run import Run, RunEvent, Step, StepState, Verdict
from npconsole.views.console.arrangement import Plan, arrange
from npconsole.views.console.document import Document, Prose
from npconsole.views.console.ink import Ink
from npconsole.views.console.load import BENCHMARK, live_load, milestones
from npconsole.views.console.load_prose import LoadWording
from npconsole.views.console.pane import Pane
from npconsole.views.console.picture import Picture
from npconsole.views.console.progress import TONES, danger_of, named, state_words
from npconsole.views.console.stage import Stage
from npconsole.views.console.twin import twin

LABEL, GUARD = 10, 19
GONE = "this run ended a while ago and is not watched any more: `npconsole runs show {}` has it"
_STEPS = {
    StepState.APPLIED: ("✔", "ok"),
    StepState.FAILED: ("✖", "down"),
    StepState.UNKNOWN: ("?", "unknown"),
}
_VERDICTS = {
    Verdict.HELPED: "ok",
    Verdict.NO_EFFECT: "text",
    Verdict.WORSE: "down",
    Verdict.UNKNOWN: "unknown",
}


class RunDetail(Stage):
    """`aim` says which run; it is followed for as long as the page is open."""

    def __init__(self, ink: Ink, keymap: Sequence[Binding], desk: Desk) -> None:
        self.text = Document(ink, name="run", title="Run")
        self._desk = desk
        self._run_id = ""
        self._load = LoadWording(ink)
        super().__init__(ink, keymap, ("back", "undo", "benchmarks", "copy"), (self.text,))

    @property
    def target(self) -> Pane:
        """The page."""
        return self.text

    def plan(self, width: int, height: int) -> Plan:
        """The page alone."""
        return arrange(width, height, rows=0, zoomed="run")

    def aim(self, run_id: str, picture: Picture) -> None:
        """Show another run."""
        self._run_id, self.text.top = run_id, 0
        self.show(picture)

    def show(self, picture: Picture) -> None:
        """Write it anew, so that it goes on while it is looked at, and draw."""
        watched = next((each for each in self._desk.state.runs if each.run.id == self._run_id), None)
        if watched is not None:
            self.text.write(f"Run {named(watched.run)}", self._lines(watched, picture))
        elif self._run_id:
            self.text.write(f"Run {self._run_id}", [[(GONE.format(self._run_id), self.ink("text_muted"))]])
        super().show(picture)

    def _lines(self, watched: WatchedRun, picture: Picture) -> list[Prose]:
        run = watched.run
        lines = [*self._outcome(run, picture), *self._asked(run, picture)]
        if watched.undo:
            lines.append(self._fact("undo", watched.undo))
        if load := live_load(watched):
            lines += self._section("Benchmark", self._load.lines(load))
        plan = next((event.data["plan"] for event in watched.events if "plan" in event.data), None)
        lines += self._section("Calls that were made", [line for step in run.steps for line in self._step(step)])
        if isinstance(plan, Mapping):
            lines += self._section("Calls that were planned", self._calls(plan.get("calls")))
            lines += self._section("Guards", self._guards(plan.get("guards")))
        return lines + self._section(
            "What happened", [self._event(event, picture) for event in milestones(watched.events)]
        )

    def _outcome(self, run: Run, picture: Picture) -> list[Prose]:
        role = TONES.get(run.state, "accent")
        took = quantity.duration((run.changed_wall if run.state.is_final else picture.host_wall) - run.created_wall)
        lines: list[Prose] = [
            [(state_words(run.state), self.ink.bold(role)), (f"  after {took}", self.ink("text_muted"))],
        ]
        if run.outcome:
            lines.append(self._fact("outcome", run.outcome))
        if run.verdict is not None and run.request.action != BENCHMARK:
            lines.append(self._fact("verdict", run.verdict.value, self.ink(_VERDICTS[run.verdict])))
        if run.abort and not run.state.is_final:
            lines.append(self._fact("stop asked", run.abort, self.ink("degraded")))
        return lines

    def _asked(self, run: Run, picture: Picture) -> list[Prose]:
        asked = run.request
        at = quantity.moment(run.created_wall, picture.host_wall, utc=picture.utc)
        lines = [
            self._fact("asked", f"{at} by {asked.actor.name} ({asked.actor.role.value}, {asked.actor.via})"),
            self._fact("reason", asked.reason or quantity.NOTHING),
            self._fact("command", twin(asked, danger_of(run))),
            self._fact("run", run.id),
        ]
        if asked.overrides:
            lines.insert(2, self._fact("overruled", ", ".join(asked.overrides), self.ink("degraded")))
        return lines

    def _step(self, step: Step) -> list[Prose]:
        glyph, role = _STEPS.get(step.state, ("…", "text_muted"))
        line: Prose = [
            (f"{glyph} {step.state.value:<8} ", self.ink(role)),
            (f"{step.call}{f' · {step.detail}' if step.detail else ''}", self.ink.base),
        ]
        return [line, self._fact("", f"on {step.remote}", self.ink("text_muted"))] if step.remote else [line]

    def _calls(self, calls: object) -> list[Prose]:
        """From a plan as the runner wrote it into the journal."""
        return [
            [
                (f"{call.get('vendor', '')}: {call.get('call', '')}", self.ink.base),
                (
                    f"  ({'' if call.get('writes') else 'only reads: '}{call.get('summary', '')})",
                    self.ink("text_muted"),
                ),
            ]
            for call in _mappings(calls)
        ]

    def _guards(self, guards: object) -> list[Prose]:
        lines: list[Prose] = []
        for answer in sorted(_mappings(guards), key=lambda each: bool(each.get("passed"))):
            glyph, role = ("✔", "ok") if answer.get("passed") else ("✖", "down")
            if answer.get("overridden"):
                glyph, role = "!", "degraded"
            name, reason = str(answer.get("guard", "")), str(answer.get("reason", ""))
            lines.append(
                [
                    (f"{glyph} ", self.ink.bold(role)),
                    (f"{name:<{GUARD}}  ", self.ink("text_muted")),
                    (reason, self.ink.base),
                ]
            )
        return lines

    def _event(self, event: RunEvent, picture: Picture) -> Prose:
        return [
            (f"{picture.clock(event.wall)}  ", self.ink("text_muted")),
            (f"{state_words(event.state):<11} ", self.ink(TONES.get(event.state, "text_muted"))),
            (event.text, self.ink.base),
        ]

    def _section(self, title: str, lines: Sequence[Prose]) -> list[Prose]:
        return [[], [(title, self.ink.bold("text"))], *lines] if lines else []

    def _fact(self, label: str, value: str, style: Style | None = None) -> Prose:
        return [(f"{label:<{LABEL}} ", self.ink("text_muted")), (value, style or self.ink.base)]


def _mappings(data: object) -> list[Mapping[str, object]]:
    return [each for each in data if isinstance(each, Mapping)] if isinstance(data, list | tuple) else []
