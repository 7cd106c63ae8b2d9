"""What the console's screens have in common: a status on top, panes, a footer, and one pane that the keys move in."""

from collections.abc import Iterable, Sequence

from textual.app import ComposeResult
from textual.layout import Layout
from textual.screen import Screen

from npconsole.config.keymap import Binding
from npconsole.views.console.arrangement import Arrangement, Plan
from npconsole.views.console.document import Document
from npconsole.views.console.footer import Footer
from npconsole.views.console.ink import Ink
from npconsole.views.console.listing import Listing
from npconsole.views.console.pane import Pane
from npconsole.views.console.picture import Picture
from npconsole.views.console.status import Status, Summary
from npconsole.views.console.subject import Subject

FAR = 10**9
"""A move that ends at the first or the last line."""


class Stage(Screen[None], inherit_bindings=False):
    """Subclasses give the panes and where they stand. A stage is made once and shown again, never made anew."""

    ESCAPE_TO_MINIMIZE = False

    def __init__(self, ink: Ink, keymap: Sequence[Binding], actions: Sequence[str], panes: Sequence[Pane]) -> None:
        super().__init__()
        self.ink = ink
        self.panes = {pane.id or "": pane for pane in panes}
        self.status = Status(ink)
        self.summary = Summary(ink)
        self.footer = Footer(ink, keymap, actions)
        self.picture: Picture | None = None
        self._arrangement = Arrangement(self.plan)
        self.styles.background = "ansi_default" if ink.palette.monochrome else ink.palette.background

    @property
    def layout(self) -> Layout:
        """Everything stands where the plan says."""
        return self._arrangement

    def plan(self, width: int, height: int) -> Plan:
        """Where everything stands."""
        raise NotImplementedError

    @property
    def target(self) -> Pane:
        """The pane the keys move in."""
        raise NotImplementedError

    @property
    def subject(self) -> Subject:
        """What the cursor is on, for those who act; nothing unless a stage says otherwise."""
        return Subject(None)

    def compose(self) -> ComposeResult:
        """Everything that may be on the screen; the plan says what is."""
        yield self.status
        yield self.summary
        yield from self.panes.values()
        yield self.footer

    def show(self, picture: Picture) -> None:
        """Draw a picture in all that is in view."""
        self.picture = picture
        plan = self.plan(*self.size)
        for part in self._parts():
            if part.id in plan:
                part.show(picture)

    def lay_out(self) -> None:
        """Have the plan carried out again. Textual forgets an arrangement only when a child asks."""
        self.status.refresh(repaint=False, layout=True)

    def arrange_again(self) -> None:
        """Follow a change of the plan."""
        if self.picture is not None:
            self.show(self.picture)
        self.lay_out()

    def move(self, by: int) -> None:
        """Move in the target pane."""
        if isinstance(self.target, Listing | Document):
            self.target.move(by)

    def move_page(self, direction: int) -> None:
        """Move by what is in view."""
        if isinstance(self.target, Listing | Document):
            self.target.move(direction * self.target.page)

    def _parts(self) -> Iterable[Status | Summary | Footer | Pane]:
        return (self.status, self.summary, *self.panes.values(), self.footer)
