"""A pane of rows. The cursor belongs to a row, not to a place: it survives updates, sorting and filtering."""

from collections.abc import Callable, Hashable, Sequence
from typing import Generic, Literal, TypeVar

from rich.style import Style
from textual.strip import Strip

from npconsole.views.console.line import safe
from npconsole.views.console.pane import Note, Pane
from npconsole.views.console.picture import Picture

R = TypeVar("R")


class Listing(Pane, Generic[R]):
    """Subclasses give the rows, their keys and how one is drawn. Only rows in view are drawn."""

    stays_at: Literal["first", "last"] | None = None
    """The end at which the cursor stays, whatever row comes there, until it is moved away from it."""

    head_height = 1
    """Lines of column names; 0 when `head` gives None."""

    rows: Sequence[R] = ()
    needle = ""
    top = 0
    cursor: Hashable | None = None

    def all_rows(self, picture: Picture) -> Sequence[R]:
        """Every row in order, before the filter."""
        raise NotImplementedError

    def key(self, row: R) -> Hashable:
        """What makes a row itself from one picture to the next."""
        raise NotImplementedError

    def words(self, row: R) -> str:
        """The text a filter looks in, and what is copied."""
        raise NotImplementedError

    def head(self, picture: Picture, width: int) -> Strip | None:
        """The names of the columns."""
        raise NotImplementedError

    def draw(self, picture: Picture, row: R, width: int, *, chosen: bool) -> Strip:
        """One row."""
        raise NotImplementedError

    def empty(self, picture: Picture) -> Sequence[str]:
        """Why there are no rows."""
        raise NotImplementedError

    def show(self, picture: Picture) -> None:
        """Take the rows of a picture, then draw."""
        self.picture = picture
        self._take(picture)
        self.redraw()

    def search(self, needle: str) -> None:
        """Show only the rows that contain a text, in any case."""
        self.needle = needle.casefold()
        if self.picture is not None:
            self.show(self.picture)

    @property
    def index(self) -> int:
        """The place of the cursor among the rows; 0 when there are none, at the anchor without a cursor."""
        if self.cursor is None:
            return max(0, len(self.rows) - 1) if self.stays_at == "last" else 0
        return next((index for index, row in enumerate(self.rows) if self.key(row) == self.cursor), 0)

    @property
    def chosen(self) -> R | None:
        """The row under the cursor."""
        return self.rows[self.index] if self.rows else None

    @property
    def page(self) -> int:
        """Rows in view."""
        return max(1, self.size.height - 1 - self.head_height)

    def move(self, by: int) -> None:
        """Move the cursor; a page is `page`, both ends are as far as one likes."""
        if self.rows:
            place = min(max(0, self.index + by), len(self.rows) - 1)
            end = {"first": 0, "last": len(self.rows) - 1}.get(self.stays_at or "")
            self.cursor = None if place == end else self.key(self.rows[place])
            self._settle()
            self.redraw()

    def copied(self) -> str:
        """The row under the cursor, as text."""
        return "" if self.chosen is None else safe(self.words(self.chosen))

    def aside(self) -> str:
        """Which rows are in view, when not all are."""
        if len(self.rows) <= self.page:
            return ""
        return f"{self.top + 1:,}–{min(self.top + self.page, len(self.rows)):,} of {len(self.rows):,}"

    def filter_note(self) -> list[Note]:
        """What the filter is, when there is one."""
        return [(f"only “{self.needle}”", self.ink.bold("accent"))] if self.needle else []

    def body(self, picture: Picture, width: int, height: int) -> list[Strip]:
        """The column names and the rows in view, or why there are none."""
        if not self.rows:
            missed = [f"No line contains “{self.needle}”: esc shows all again."] if self.needle else self.empty(picture)
            return self.said(width, *missed)
        self._settle()
        head = self.head(picture, width)
        chosen = self.index
        view = range(self.top, min(self.top + height - self.head_height, len(self.rows)))
        rows = [self.draw(picture, self.rows[index], width, chosen=index == chosen) for index in view]
        return rows if head is None else [head, *rows]

    def over(self, chosen: bool) -> Callable[[Style], Style]:
        """What a row's styles become: those of the cursor on the chosen row of the focused pane."""
        return self.ink.on_cursor if chosen and self.focused else _same

    def _take(self, picture: Picture) -> None:
        rows = self.all_rows(picture)
        if self.needle:
            rows = [row for row in rows if self.needle in self.words(row).casefold()]
        gone = self.cursor is not None and all(self.key(row) != self.cursor for row in rows)
        if gone and rows:
            self.cursor = self.key(rows[min(self.index, len(rows) - 1)])
        self.rows = rows
        if self.cursor is None and rows and self.stays_at is None:
            self.cursor = self.key(rows[0])
        self._settle()

    def _settle(self) -> None:
        """Scroll as little as it takes to have the cursor in view and no empty space below the last row."""
        index = self.index
        self.top = min(self.top, index)
        self.top = max(self.top, index - self.page + 1, 0)
        self.top = max(0, min(self.top, len(self.rows) - self.page))


def _same(style: Style) -> Style:
    return style
