"""The list of all actions for what the cursor was on when it was opened. Enter opens the dialog, never more."""

from collections.abc import Hashable, Sequence
from textwrap import wrap

from textual.strip import Strip

from npconsole.config.keymap import Binding, shown
from npconsole.model.desk import Desk
from npconsole.views.console.arrangement import Plan, arrange
from npconsole.views.console.ink import Ink
from npconsole.views.console.line import Line, safe
from npconsole.views.console.listing import Listing
from npconsole.views.console.offer import Offer, offers
from npconsole.views.console.pane import Note, Pane
from npconsole.views.console.picture import Picture
from npconsole.views.console.stage import Stage
from npconsole.views.console.subject import Subject

KEY, NAME, TARGET, LEVEL = 5, 12, 18, 8


class Offers(Listing[Offer]):
    """One line for each action."""

    def __init__(self, ink: Ink, keymap: Sequence[Binding], desk: Desk) -> None:
        super().__init__(ink, name="offers", number=None, title="Actions")
        self.focused = True
        self.subject = Subject(None)
        self._keys = {binding.id: shown(binding.keys[0]) for binding in keymap}
        self._desk = desk

    def all_rows(self, picture: Picture) -> Sequence[Offer]:
        """As offered at this moment: a role or a journal may be lost while the list is open."""
        return offers(self._desk, self.subject, picture.snapshot.estate)

    def key(self, row: Offer) -> Hashable:
        """The action's id."""
        return row.spec.id

    def words(self, row: Offer) -> str:
        """Id, target, title and why it is off."""
        return " ".join(filter(None, (row.spec.id, row.target, row.spec.title, row.off)))

    def notes(self, picture: Picture) -> list[Note]:
        """Who asks."""
        actor = self._desk.actor
        return [(f"{actor.name} is {actor.role.value}", self.ink("text_muted"))]

    def empty(self, picture: Picture) -> Sequence[str]:
        """There is always at least one in a whole installation."""
        return ["This console knows no action."]

    def body(self, picture: Picture, width: int, height: int) -> list[Strip]:
        """The list and, where there is room below it, all that is said of the line under the cursor."""
        lines = super().body(picture, width, height)
        if self.chosen is None:
            return lines
        said = f"{self.chosen.spec.title}: {self.chosen.off or self.chosen.spec.summary}"
        below = self.said(width, "", *wrap(safe(said), max(10, width - 4)))
        return [*lines, *below] if len(lines) + len(below) <= height else lines

    def head(self, picture: Picture, width: int) -> Strip:
        """The names of the columns."""
        line = Line(width, self.ink.base).gap(2)
        for name, cells in (("key", KEY), ("action", NAME), ("target", TARGET), ("confirm", LEVEL)):
            line.put(name, self.ink("text_muted"), width=cells).gap()
        return line.put("what it does, or why it is off", self.ink("text_muted")).strip()

    def draw(self, picture: Picture, row: Offer, width: int, *, chosen: bool) -> Strip:
        """Key, id, target, danger, and the summary or the reason."""
        over = self.over(chosen)
        muted, plain = over(self.ink("text_muted")), over(self.ink.base)
        line = Line(width, plain).put("› " if chosen else "  ", over(self.ink("accent")))
        line.put(self._keys.get(row.spec.id, ""), over(self.ink.bold("key")), width=KEY).gap()
        line.put(row.spec.id, muted if row.off else over(self.ink.bold("text")), width=NAME).gap()
        line.put(row.target or "–", muted if row.off else plain, width=TARGET).gap()
        line.put(row.spec.danger.value, muted, width=LEVEL).gap()
        if row.off:
            return line.put("off: ", over(self.ink.bold("unknown"))).put(row.off, muted).strip(plain)
        return line.put(row.spec.summary, plain).strip(plain)


class Menu(Stage):
    """`aim` says what the list is for."""

    def __init__(self, ink: Ink, keymap: Sequence[Binding], desk: Desk) -> None:
        self.offers = Offers(ink, keymap, desk)
        super().__init__(ink, keymap, ("open", "back", "copy"), (self.offers,))
        self.footer.labels = {"open": "plan it"}

    @property
    def target(self) -> Pane:
        """The list."""
        return self.offers

    @property
    def subject(self) -> Subject:
        """What the list is for."""
        return self.offers.subject

    def aim(self, subject: Subject, picture: Picture) -> None:
        """Begin with the first action."""
        self.offers.subject, self.offers.cursor = subject, None
        self.show(picture)
        self.lay_out()

    def plan(self, width: int, height: int) -> Plan:
        """The list alone."""
        return arrange(width, height, rows=0, zoomed="offers")
