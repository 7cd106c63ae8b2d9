"""The one dialog screen: it is made once and asks about one matter after the other.

It opens at once with what is known, and fills in as answers come. An answer that comes late for another matter, or for
inputs that were changed since, is dropped.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace
from typing import Any

from npconsole.config.keymap import Binding
from npconsole.model import quantity
from npconsole.model.action import ActionSpec
from npconsole.model.clock import Clock
from npconsole.model.desk import Desk
from npconsole.model.run import Plan
from npconsole.views.console.arrangement import Plan as Places
from npconsole.views.console.arrangement import Rect, arrange
from npconsole.views.console.dialog.answer import Answer
from npconsole.views.console.dialog.cadence import Cadence
from npconsole.views.console.dialog.field import REASON
from npconsole.views.console.dialog.hints import Hints
from npconsole.views.console.dialog.matter import Matter
from npconsole.views.console.dialog.opener import Opener
from npconsole.views.console.dialog.outcome import outcome
from npconsole.views.console.dialog.proposal import Proposal, propose
from npconsole.views.console.dialog.prose import Wording
from npconsole.views.console.dialog.undoing import Undoing
from npconsole.views.console.document import Document
from npconsole.views.console.ink import Ink
from npconsole.views.console.pane import Note, Pane
from npconsole.views.console.picture import Picture
from npconsole.views.console.stage import Stage

ANSWER_SHARE = 50
"""Most per cent of the body that the lines to fill in may take."""


class Dialog(Stage):
    """`propose` and `ask` begin a matter."""

    def __init__(
        self,
        ink: Ink,
        keymap: Sequence[Binding],
        desk: Desk,
        clock: Clock,
        cadence: Cadence,
        opener: Opener,
    ) -> None:
        self.text = Document(ink, name="plan", title="")
        self.text.focused = False
        self.answer = Answer(ink, clock, cadence)
        self._wording = Wording(ink)
        self._desk = desk
        self._clock = clock
        self._cadence = cadence
        self._opener = opener
        self._round = 0
        super().__init__(ink, keymap, (), (self.text, self.answer))
        self.footer = Hints(ink, self.answer)

    @property
    def matter(self) -> Matter | None:
        """What is asked. The answer owns it, because a person writes in it there."""
        return self.answer.matter

    @matter.setter
    def matter(self, matter: Matter | None) -> None:
        self.answer.matter = matter

    @property
    def target(self) -> Pane:
        """The plan scrolls."""
        return self.text

    def plan(self, width: int, height: int) -> Places:
        """The plan above, the answer below it; a plan is never shorter than the question needs to be understood."""
        places = arrange(width, height, rows=0, zoomed="plan")
        if "plan" not in places:
            return places
        x, y, wide, high = places["plan"]
        answer = min(self.answer.wanted, max(3, high * ANSWER_SHARE // 100))
        return places | {"plan": Rect(x, y, wide, high - answer), "answer": Rect(x, y + high - answer, wide, answer)}

    def fits(self, width: int, height: int) -> bool:
        """Whether a screen of that size has room for the plan; what cannot be read cannot be confirmed."""
        return "plan" in self.plan(width, height)

    def propose(self, spec: ActionSpec, target: str, given: Mapping[str, str], *, off: str, picture: Picture) -> None:
        """Ask about a run. With `off`, the reason why it cannot be, nothing is read and nothing can be confirmed."""
        self._begin(replace(propose(spec, target, self._desk.actor, given), off=off), picture)
        self._read()

    def ask(self, matter: Matter, picture: Picture) -> None:
        """Ask about what needs no plan."""
        self._begin(matter, picture)

    def show(self, picture: Picture) -> None:
        """Write the matter anew and draw. On a screen too small to show it, it cannot be confirmed either."""
        matter = self.matter
        if isinstance(matter, Undoing):
            current = next((each for each in self._desk.state.runs if each.run.id == matter.watched.run.id), None)
            self.matter = matter = matter if current is None else replace(matter, watched=current)
        if matter is not None:
            self.text.write(matter.title, self._wording.matter(matter, picture), self._notes(matter))
            self.answer.take(matter)
        super().show(picture)

    def on_answer_changed(self) -> None:
        """Make the plan again when it rests on what was changed."""
        if isinstance(self.matter, Proposal) and (self.matter.outdated or self.matter.failure):
            self._read()

    def on_answer_again(self) -> None:
        """Read everything anew, or let what needs no plan and has failed be asked for again."""
        if self.matter is not None and not isinstance(self.matter, Proposal):
            self.matter = replace(self.matter, failure="")
            self._redraw()
        self._read()

    def on_answer_overridden(self) -> None:
        """Overrule the next guard that can be; a reason is asked for first."""
        matter = self.matter
        if not isinstance(matter, Proposal) or not matter.next_override:
            return
        self.matter = replace(matter, overrides=(*matter.overrides, matter.next_override))
        if not self.matter.reason.strip():
            self.answer.at = REASON
        self._redraw()
        self._read()

    def on_answer_moved(self) -> None:
        """The last line says which keys do something now."""
        self.footer.redraw()

    def on_answer_scrolled(self, message: Answer.Scrolled) -> None:
        """Move the plan."""
        self.text.move(message.by * (self.text.page if message.pages else 1))

    def on_answer_declined(self) -> None:
        """Nothing happens; what was asked for already is on its way."""
        waiting = self.matter is not None and self.matter.submitted
        self._end("asked for: the answer is awaited" if waiting else "nothing was done", done=waiting)

    def on_answer_confirmed(self) -> None:
        """Ask for it, once."""
        matter = self.matter
        if matter is None or matter.submitted or matter.obstacle(self._clock.now()) or not self.fits(*self.size):
            return
        self.matter = replace(matter, submitted=True)
        if isinstance(matter, Proposal):
            self._await(self._desk.submit(matter.confirmed), f"{matter.spec.id} {matter.target}", "asked for")
        else:
            self._await(matter.send(self._desk), matter.title, "asked for" if isinstance(matter, Undoing) else "done")
        self._redraw()

    def _await(self, taken: Future[Any], what: str, word: str) -> None:
        """Whatever becomes of the dialog meanwhile, the answer is heard: the id of a run, or nothing more to know."""
        asked = self._round

        def settle() -> None:
            came = outcome(taken)
            answer, reason = came
            said = f"{what}: {reason or word}"
            if isinstance(answer, str):
                said += f", run {answer}"
                self._opener.asked(answer)
            if asked != self._round:
                self._opener.say(said)
            elif reason:
                self._refused(reason)
            else:
                self._end(said, done=True)

        taken.add_done_callback(lambda _: self._opener.deliver(settle))

    def abandon(self) -> None:
        """Close without an answer."""
        self.matter, self._round = None, self._round + 1

    def _begin(self, matter: Matter, picture: Picture) -> None:
        self._round += 1
        self.matter = matter
        self.text.top = 0
        self._cadence.hidden()
        self.answer.begin(matter)
        self.set_focus(self.answer)
        self.show(picture)
        self.lay_out()
        self.call_after_refresh(self._in_view)

    def _in_view(self) -> None:
        """What was drawn last can be read from now on."""
        self._cadence.shown(self._clock.now())

    def _read(self) -> None:
        """Have the plan made for the inputs as they are now."""
        matter = self.matter
        if not isinstance(matter, Proposal) or matter.off or matter.submitted:
            return
        if matter.overrides and not matter.reason.strip():
            return
        self._round += 1
        request = matter.request
        self.matter = replace(matter, failure="", asked_for=request)

        def planned(plan: Plan) -> None:
            if isinstance(self.matter, Proposal):
                self.answer.disarm()
                now = self._clock.now()
                self.matter = replace(self.matter, plan=plan, planned_at=now, planned_for=request)
                self._redraw()
                self.call_after_refresh(self._in_view)

        self._await_plan(self._desk.plan(request), planned)
        self._redraw()

    def _refused(self, reason: str) -> None:
        if self.matter is not None:
            self.matter = replace(self.matter, failure=reason, submitted=False)
            self._redraw()

    def _await_plan(self, future: Future[Plan], planned: Callable[[Plan], None]) -> None:
        """Go on when the plan is there, unless another question has been asked meanwhile."""
        asked = self._round

        def settle() -> None:
            if asked != self._round or self.matter is None or self.matter.submitted:
                return
            came = outcome(future)
            if came[0] is None:
                self._refused(came[1])
            else:
                planned(came[0])

        future.add_done_callback(lambda _: self._opener.deliver(settle))

    def _notes(self, matter: Matter) -> list[Note]:
        """How old the plan is that is shown."""
        if not isinstance(matter, Proposal) or matter.plan is None:
            return []
        if matter.outdated:
            return [("of other inputs, being read again" if matter.reading else "of other inputs", self.ink("unknown"))]
        return [(f"read {quantity.brief(self._clock.now() - matter.planned_at)} ago", self.ink("text_muted"))]

    def _redraw(self) -> None:
        if self.picture is not None:
            self.show(self.picture)
            self.lay_out()

    def _end(self, said: str, *, done: bool) -> None:
        self.abandon()
        self._opener.over(said, done=done)
