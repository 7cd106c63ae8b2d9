"""Pane 3: Sentry's unresolved issues, latest first, with why each is on the list."""

from collections.abc import Hashable, Sequence
from functools import lru_cache

from rich.style import Style
from textual.strip import Strip

from npconsole.model import quantity
from npconsole.model.issue import Issue, IssueLevel, IssueList, Substatus
from npconsole.views.console.columns import Column, fitting
from npconsole.views.console.ink import Ink
from npconsole.views.console.line import Line
from npconsole.views.console.listing import Listing
from npconsole.views.console.pane import Note
from npconsole.views.console.picture import Picture

_NOTABLE = (Substatus.ESCALATING, Substatus.REGRESSED, Substatus.NEW)


class Issues(Listing[Issue]):
    """One row for each issue. The cursor stays at the newest until it is moved."""

    stays_at = "first"

    def __init__(self, ink: Ink) -> None:
        super().__init__(ink, name="issues", number=3, title="Issues")

    def all_rows(self, picture: Picture) -> Sequence[Issue]:
        """The issues in Sentry's order."""
        return _list(picture).issues

    def key(self, row: Issue) -> Hashable:
        """Sentry's id."""
        return row.project, row.id

    def words(self, row: Issue) -> str:
        """All text of the issue."""
        parts = (row.short_id, row.substatus, row.level, row.title, row.culprit, row.project, row.region, row.release)
        return " ".join(filter(None, parts)) + (f" {row.permalink}" if row.permalink else "")

    def notes(self, picture: Picture) -> list[Note]:
        """The filter and what is notable."""
        notes = self.filter_note()
        reading = picture.snapshot.issues
        if reading is None:
            return notes
        issues = _list(picture)
        for substatus in _NOTABLE:
            if number := sum(issue.substatus is substatus for issue in issues.issues):
                notes.append((f"{number} {substatus}", self.ink(substatus)))
        if not issues.complete:
            notes.append(("more exist", self.ink("text_muted")))
        if issues.notice:
            notes.append((issues.notice, self.ink("text_muted")))
        return notes

    def warning(self, picture: Picture) -> str:
        """What is wrong with the list."""
        return picture.trouble_of(picture.snapshot.issues) if picture.snapshot.issues is not None else ""

    def aside(self) -> str:
        """Which issues are in view, and the age of the list."""
        reading = self.picture.snapshot.issues if self.picture else None
        age = self.picture.age(reading) if self.picture and reading is not None else ""
        return " · ".join(filter(None, (super().aside(), age)))

    def empty(self, picture: Picture) -> Sequence[str]:
        """No issues, no answer and no configuration are three things."""
        reading = picture.snapshot.issues
        if reading is None:
            return ["Sentry is not configured: set sentry.organization and sentry.token."]
        if reading.value is None:
            return [reading.error or "Waiting for Sentry's first answer."]
        return ["No unresolved issues."]

    def head(self, picture: Picture, width: int) -> Strip:
        """Column names."""
        line = Line(width, self.ink.base).gap(2)
        for place, column in enumerate(_columns(width - 2)):
            line.gap(1 if place else 0)
            line.put(column.title, self.ink("text_muted"), width=column.width, align=column.align)
        return line.strip()

    def draw(self, picture: Picture, row: Issue, width: int, *, chosen: bool) -> Strip:
        """One issue."""
        over = self.over(chosen)
        line = Line(width, over(self.ink.base))
        line.put("› " if chosen else "  ", over(self.ink("accent")))
        for place, column in enumerate(_columns(width - 2)):
            text, style = self._cell(picture, row, column.id)
            line.gap(1 if place else 0).put(text, over(style), width=column.width, align=column.align)
        return line.strip()

    def _cell(self, picture: Picture, row: Issue, column: str) -> tuple[str, Style]:
        muted, plain = self.ink("text_muted"), self.ink.base
        match column:
            case "substatus":
                return row.substatus, self.ink(
                    row.substatus if row.substatus is not Substatus.UNKNOWN else "text_muted"
                )
            case "level":
                return row.level, self._severity(row.level)
            case "short":
                return row.short_id, muted
            case "title":
                return row.title or row.culprit or "(no title)", plain
            case "count":
                return quantity.count(row.count), plain
            case "users":
                return quantity.count(row.users), plain
            case "seen":
                return quantity.brief(None if row.last_seen is None else _coarse(picture.wall - row.last_seen)), muted
            case "project":
                return row.project, muted
            case "region":
                return row.region or quantity.NOTHING, muted
            case _:
                return row.release or quantity.NOTHING, muted

    def _severity(self, level: IssueLevel) -> Style:
        if level is IssueLevel.FATAL:
            return self.ink.bold("down")
        return self.ink("down") if level is IssueLevel.ERROR else self.ink("text_muted")


@lru_cache(64)
def _columns(width: int) -> tuple[Column, ...]:
    return fitting(
        (
            Column("substatus", "why", 10, 2),
            Column("level", "level", 7, 6),
            Column("short", "id", 12, 5),
            Column("title", "issue", 28, 0, grow=150),
            Column("count", "events", 6, 1, "right"),
            Column("users", "users", 5, 4, "right"),
            Column("seen", "seen", 6, 3, "right"),
            Column("region", "region", 9, 7),
            Column("project", "project", 10, 8),
            Column("release", "release", 14, 9),
        ),
        width,
    )


def _list(picture: Picture) -> IssueList:
    reading = picture.snapshot.issues
    return (reading.value if reading is not None else None) or IssueList()


def _coarse(age_s: float) -> float:
    """Ages of events in steps of 10 s: they come from another host's clock and need no more."""
    return age_s - age_s % 10 if age_s < 100 else age_s
