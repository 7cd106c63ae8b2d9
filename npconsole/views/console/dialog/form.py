"""The lower part of a dialog as it is drawn: lines to fill in, then No and Yes."""

from textual.strip import Strip

from npconsole.model import quantity
from npconsole.model.clock import Clock
from npconsole.views.console.dialog.field import NO, TYPED, Field
from npconsole.views.console.dialog.matter import Matter
from npconsole.views.console.ink import Ink
from npconsole.views.console.line import Line
from npconsole.views.console.pane import Note, Pane
from npconsole.views.console.picture import Picture

LABEL = 12


class Form(Pane):
    """Owns the matter: what is filled in here and what becomes known elsewhere meet in it.

    `at` is the line that has the keys, or No. `notice` says what was wrong with the last key.
    """

    def __init__(self, ink: Ink, clock: Clock) -> None:
        super().__init__(ink, name="answer", number=None, title="Confirm")
        self.focused = True
        self.matter: Matter | None = None
        self.at = NO
        self.notice = ""
        self._clock = clock

    def take(self, matter: Matter) -> None:
        """The same matter with more known of it."""
        self.matter = matter
        if self.at != NO and self.field is None:
            self.at = NO
        self.redraw()

    @property
    def obstacle(self) -> str:
        """Why a yes would not be taken now, in a phrase; empty when it would."""
        if self.matter is None or self.matter.submitted:
            return "there is nothing to confirm"
        return self.matter.obstacle(self._clock.now())

    @property
    def field(self) -> Field | None:
        """The line that has the keys."""
        fields = self.matter.fields if self.matter else ()
        return next((field for field in fields if field.name == self.at), None)

    @property
    def free(self) -> bool:
        """Whether a yes would be taken now."""
        return not self.obstacle

    @property
    def wanted(self) -> int:
        """Lines that all of it needs."""
        return 2 + (len(self.matter.fields) if self.matter else 0)

    def notes(self, picture: Picture) -> list[Note]:
        """What was wrong with the last key, else what stands against a yes."""
        if self.matter is None:
            return []
        if self.matter.submitted:
            return [("asked for…", self.ink.bold("accent"))]
        if self.notice:
            return [(self.notice, self.ink.bold("degraded"))]
        obstacle = self.matter.obstacle(self._clock.now())
        return [(obstacle, self.ink("unknown"))] if obstacle else []

    def aside(self) -> str:
        """For how long the plan holds."""
        left_s = self.matter.expires_in_s(self._clock.now()) if self.matter else None
        return "" if not left_s else f"{quantity.duration(left_s)} left"

    def body(self, picture: Picture, width: int, height: int) -> list[Strip]:
        """As many lines to fill in as there is room for, the one with the keys among them, and the choice."""
        matter = self.matter
        if matter is None:
            return []
        fields, room = matter.fields, max(0, height - 1)
        place = next((index for index, field in enumerate(fields) if field.name == self.at), 0)
        first = max(0, min(place - room + 1, len(fields) - room))
        lines = [self._line(field, width) for field in fields[first : first + room]]
        return [*lines, self._choice(matter, width)]

    def _line(self, field: Field, width: int) -> Strip:
        here = field.name == self.at
        line = Line(width, self.ink.base).put("› " if here else "  ", self.ink("accent"))
        line.put(field.label, self.ink.bold("accent") if here else self.ink("text_muted"), width=LABEL).gap()
        room = max(4, width - LABEL - 5)
        line.put(field.text[-room:], self.ink.base)
        line.put("▏" if here else "", self.ink("accent"))
        hint = f"{field.hint}{' · space changes it' if here and field.choices else ''}"
        return line.gap(2 if field.text else int(here)).put(hint, self.ink("text_muted")).strip()

    def _choice(self, matter: Matter, width: int) -> Strip:
        line, on_no = Line(width, self.ink.base), self.at == NO
        no = "No, leave it"
        line.put("› " if on_no else "  ", self.ink("accent"))
        line.put(f" {no} ", self.ink.chip("accent") if on_no else self.ink.base).gap(3)
        free = self.free
        key = "enter" if matter.name_needed and self.at == TYPED else "" if matter.name_needed else "y"
        if key:
            line.put(f"{key} ", self.ink.bold("key") if free else self.ink("text_muted"))
        return line.put(matter.yes, self.ink.bold("text") if free else self.ink("text_muted")).strip()
