"""Pane 4: what happened, newest last. It follows what is new until the cursor is moved up."""

from collections.abc import Hashable, Sequence

from textual.strip import Strip

from npconsole.model.level import Level
from npconsole.model.snapshot import Activity
from npconsole.views.console.ink import Ink
from npconsole.views.console.line import Line
from npconsole.views.console.listing import Listing
from npconsole.views.console.pane import Note
from npconsole.views.console.picture import Picture
from npconsole.views.console.told import Told


class Activities(Listing[Activity]):
    """One line for each thing that happened, and for each step of a run; engine and desk bound how many are kept."""

    stays_at = "last"
    head_height = 0

    def __init__(self, ink: Ink) -> None:
        super().__init__(ink, name="activity", number=4, title="Activity")
        self._merged: tuple[Sequence[Activity], Sequence[Told], Sequence[Activity]] = ((), (), ())

    def all_rows(self, picture: Picture) -> Sequence[Activity]:
        """Oldest first; put together again only when there is something new."""
        seen, told, merged = self._merged
        if seen is not picture.snapshot.activity or told is not picture.deeds.told:
            seen, told = picture.snapshot.activity, picture.deeds.told
            merged = sorted((*seen, *told), key=lambda line: line.at) if told else seen
            self._merged = (seen, told, merged)
        return merged

    @property
    def run_id(self) -> str:
        """The run that the line under the cursor tells of; empty for other lines."""
        return self.chosen.run_id if isinstance(self.chosen, Told) else ""

    def key(self, row: Activity) -> Hashable:
        """The whole entry: it has no id, and two that are equal need not be told apart."""
        return row

    def words(self, row: Activity) -> str:
        """Time, subject and text."""
        clock = self.picture.clock(row.at) if self.picture else ""
        return f"{clock} {row.subject} {row.text}"

    def notes(self, picture: Picture) -> list[Note]:
        """The filter, and whether new lines are out of view."""
        below = 0 if self.cursor is None else len(self.rows) - 1 - self.index
        newer: list[Note] = [(f"{below} newer below", self.ink.bold("accent"))] if below else []
        return self.filter_note() + newer

    def empty(self, picture: Picture) -> Sequence[str]:
        """Quiet is not the same as broken."""
        started = picture.snapshot.started
        since = f" since {picture.clock(picture.snapshot.wall_of(started))}" if started is not None else " yet"
        return [f"Nothing has changed{since}."]

    def head(self, picture: Picture, width: int) -> None:
        """No column names: a line reads by itself."""

    def draw(self, picture: Picture, row: Activity, width: int, *, chosen: bool) -> Strip:
        """Time, level, subject, text."""
        over = self.over(chosen)
        line = Line(width, over(self.ink.base))
        line.put("› " if chosen and self.focused else "  ", over(self.ink("accent")))
        line.put(picture.clock(row.at), over(self.ink("text_muted"))).gap(2)
        glyph, style = (row.level.glyph, self.ink.level(row.level)) if row.level else ("·", self.ink("text_muted"))
        line.put(f"{glyph} ", over(style))
        if row.subject:
            alarming = row.level in (Level.DOWN, Level.DEGRADED)
            line.put(row.subject, over(self.ink.bold("text") if alarming else self.ink.base)).gap()
        return line.put(row.text, over(self.ink.base)).strip()
