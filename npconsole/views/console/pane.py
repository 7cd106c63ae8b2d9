"""A numbered part of the screen with a heading that says what it is, how old its data is and what is wrong with it."""

from rich.style import Style
from textual.strip import Strip

from npconsole.views.console.canvas import Canvas
from npconsole.views.console.ink import Ink
from npconsole.views.console.line import Line, fit
from npconsole.views.console.picture import Picture

Note = tuple[str, Style]


class Pane(Canvas):
    """Subclasses give `body`, the lines below the heading, and `notes`, what the heading adds to the title."""

    def __init__(self, ink: Ink, *, name: str, number: int | None, title: str) -> None:
        super().__init__(ink, id=name)
        self.number = number
        self.title = title
        self.focused = False
        self.picture: Picture | None = None

    def show(self, picture: Picture) -> None:
        """Draw a picture."""
        self.picture = picture
        self.redraw()

    def notes(self, picture: Picture) -> list[Note]:
        """Pieces of the heading after the title, set off by a dot unless they begin with a space."""
        raise NotImplementedError

    def warning(self, picture: Picture) -> str:
        """What is wrong with the data: in the heading if it fits, else in a line of its own."""
        return ""

    def aside(self) -> str:
        """The right end of the heading."""
        return ""

    def body(self, picture: Picture, width: int, height: int) -> list[Strip]:
        """The lines below the heading."""
        raise NotImplementedError

    def copied(self) -> str:
        """What the copy key takes: plain text, empty when there is nothing."""
        return ""

    def paint(self, width: int, height: int) -> list[Strip]:
        """The heading, and the body as soon as there is a picture."""
        if self.picture is None:
            return []
        warning = self.warning(self.picture)
        inside = len(warning) <= width - len(self.title) - len(self.aside()) - 14
        below = [Line(width, self.ink.base).gap(2).put(warning, self.ink.bold("unknown")).strip()] if not inside else []
        body = self.body(self.picture, width, height - 1 - len(below))
        return [self._heading(self.picture, width, warning if inside else ""), *below, *body]

    def _heading(self, picture: Picture, width: int, warning: str) -> Strip:
        """A heavy rule marks the focused pane, so that focus does not hang on colour."""
        rule = "━" if self.focused else "─"
        edge = self.ink("border_focus" if self.focused else "border")
        line = Line(width, self.ink.base).put(rule, edge).gap()
        if self.number is not None:
            line.put(f"{self.number} ", self.ink("key"))
        line.put(self.title, self.ink.bold("accent" if self.focused else "text"))
        aside = self.aside()
        end = width - (len(aside) + 4 if aside else 1)
        notes = [(warning, self.ink.bold("unknown"))] if warning else []
        for place, (text, style) in enumerate(notes + self.notes(picture)):
            dot = "" if text.startswith(" ") else " · "
            room = end - line.used - len(dot) - 1
            if place == 0 or len(text) <= room:
                line.put(dot, self.ink("text_muted")).put(fit(text, min(max(0, room), len(text))), style)
        line.gap().to(end, rule, edge)
        if aside:
            line.gap().put(aside, self.ink("text_muted")).gap()
        return line.to(width, rule, edge).strip()

    def said(self, width: int, *sentences: str) -> list[Strip]:
        """Sentences about the data, where the data would stand."""
        style = self.ink("text_muted")
        return [Line(width, self.ink.base).gap(2).put(text, style).strip() for text in sentences]
