"""The lower end of the wall: who answers at the edge, Sentry's issues, notices of npconsole itself, the page."""

from collections.abc import Sequence

from npconsole.model import quantity
from npconsole.model.issue import Substatus
from npconsole.model.snapshot import EdgeState
from npconsole.views.wallboard.grid import Page
from npconsole.views.wallboard.head import BAD
from npconsole.views.wallboard.letters import drawn, height, scale_that_fits
from npconsole.views.wallboard.row import Row, beside, blank, drawing, part, row
from npconsole.views.wallboard.view import View

_DOTS = 12


def foot(view: View, width: int, tall: int) -> list[Row]:
    """Who answers at the edge, and Sentry's issues: large on a large wall, else a line each, none on a tiny one."""
    edges = sorted(view.snapshot.edges, key=lambda edge: -edge.level.severity)
    if tall < 15:
        return []
    if tall >= 34 and width >= 80 and len(edges) <= 1:
        return _panels(view, edges, width)
    lines = [row(width, [drawing(" "), *_edge(edge, view)]) for edge in edges[: 1 if tall < 30 else 3]]
    return [*lines, row(width, [drawing(" "), *_issues(view)])]


def _panels(view: View, edges: Sequence[EdgeState], width: int) -> list[Row]:
    half = width // 2
    answers = edges[0].answered_by if edges else ""
    panels = []
    if edges:
        style = view.palette.style("text" if edges[0].level not in BAD else edges[0].level.value)
        panels.append(_panel(answers, style, _edge(edges[0], view), half - 1))
    found = view.snapshot.issues.value if view.snapshot.issues else None
    number = quantity.count(len(found.issues)) if found else ""
    rest = width - (half if edges else 1)
    panels.append(_panel(number, view.palette.style("text"), _issues(view), rest))
    return [blank(width), *beside([[[drawing(" ")]] * 4, *panels])]


def _panel(figure: str, style: str, words: Row, width: int) -> list[Row]:
    scale = 1 if scale_that_fits(figure, width, height(1), 1) else 0
    lines = drawn(figure, 1) if scale else ("", "", figure)
    return [row(width, words), *(row(width, [part(line, style)]) for line in lines)]


def _edge(edge: EdgeState, view: View) -> Row:
    """`● ok  edge → us-west since 14:03`."""
    palette = view.palette
    bad = edge.level in BAD
    told = f" {edge.level.glyph} {edge.level.value.upper()} " if bad else f"{edge.level.glyph} {edge.level.value}"
    words = [part(told, palette.chip(edge.level.value) if bad else palette.level(edge.level))]
    words.append(part(f"  {edge.edge.id}", palette.style("text")))
    if edge.answered_by:
        since = edge.answered_since
        when = (
            "" if since is None else f" since {quantity.moment(view.snapshot.wall_of(since), view.wall, utc=view.utc)}"
        )
        words.append(part(f" → {edge.answered_by}{when}", palette.style("text")))
    if bad and edge.judgement.reason:
        words.append(part(f": {edge.judgement.reason}", palette.style("text")))
    return words


def _issues(view: View) -> Row:
    """`Sentry 7 issues  2 new  1 regressed`, or why they are not known."""
    palette, reading = view.palette, view.snapshot.issues
    muted = palette.style("text_muted")
    if reading is None:
        return [part("Sentry is not configured", muted)]
    if reading.value is None:
        return [
            part(
                f"Sentry: {reading.error or 'no answer yet'}",
                palette.style("unknown" if reading.error else "text_muted"),
            )
        ]
    issues = reading.value.issues
    more = "" if reading.value.complete else "+"
    words = [part(f"Sentry  {len(issues)}{more} issue{'' if len(issues) == 1 else 's'}", palette.style("text"))]
    for substatus in (Substatus.NEW, Substatus.REGRESSED, Substatus.ESCALATING):
        number = sum(issue.substatus is substatus for issue in issues)
        if number:
            words += [drawing("  "), part(f"{number} {substatus.value}", palette.style(substatus.value))]
    if reading.error:
        words.append(
            part(f"  {quantity.duration(reading.age_s(view.now))} old: {reading.error}", palette.style("unknown"))
        )
    return words


def last_line(view: View, shown: Page | None, width: int) -> Row:
    """The last line: notices of the console itself, and which page this is."""
    notice = view.snapshot.notices[0] if view.snapshot.notices else ""
    muted = view.palette.style("text_muted")
    right = [part(f"{_counter(shown)} ", view.palette.style("accent"))] if shown and shown.pages > 1 else []
    return row(width, [part(f" {notice}", muted)], right)


def _counter(shown: Page) -> str:
    at = f"page {shown.number} of {shown.pages}"
    if shown.pages > _DOTS:
        return at
    dots = "".join("●" if index == shown.number else "○" for index in range(1, shown.pages + 1))
    return f"{dots}  {at}"
