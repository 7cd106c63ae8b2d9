"""The upper end of the wall: which installation, how old the data, and what is wrong, where and since when."""

from npconsole.engine.sentence import Sentence, sentence
from npconsole.model import quantity
from npconsole.model.snapshot import Snapshot
from npconsole.views.wallboard.head import BAD
from npconsole.views.wallboard.letters import drawn, height, scale_that_fits
from npconsole.views.wallboard.row import Row, blank, centred, part, row, wrapped
from npconsole.views.wallboard.view import View

_WORST_FIRST = sorted(BAD, key=lambda level: -level.severity)


def banner(view: View, width: int, tall: int) -> list[Row]:
    """The lines above the tiles on a wall of `tall` lines."""
    return [_bar(view, width), *_alarm(view, width, tall), *_said(view, width, tall)]


def _bar(view: View, width: int) -> Row:
    """Which installation, and the clock."""
    estate = view.snapshot.estate
    name = [
        part(f" {estate.tier.value.upper()} ", view.palette.tier(estate.tier)),
        part(f" {estate.name}", view.palette.style("text")),
    ]
    clock = quantity.clock(view.wall, utc=view.utc)
    return row(width, name, [part(f"{clock} ", f"bold {view.palette.style('text')}".strip())])


def _alarm(view: View, width: int, tall: int) -> list[Row]:
    """Across the whole wall when what is shown is not the present: in letters where they fit."""
    stale_s = view.stale_s()
    if stale_s is None:
        return []
    style = view.palette.chip("unknown")
    told = f"data {quantity.duration(stale_s)} old"
    scale = scale_that_fits(told, width - 2, max(1, tall // 7), 3)
    lines = drawn(told, scale) if scale else (told.upper(),)
    return [centred(width, line, style) for line in lines]


def _said(view: View, width: int, tall: int) -> list[Row]:
    """What is wrong, where and since when, or that all is well."""
    said = sentence(view.snapshot, utc=view.utc)
    short, mark, rest = _first(said.headline)
    bad = said.level in BAD
    style = view.palette.chip(said.level.value) if bad else f"bold {view.palette.level(said.level)}".strip()
    since = said.since(view.wall, utc=view.utc)
    told = [since, rest, *(said.details[:2] if mark == ";" else ())]
    room = max(1, tall // 7)
    if not scale_that_fits(short, width - 4, room):
        short, told = _counted(view.snapshot), [since, said.headline]
    scale = scale_that_fits(short, width - 4, room)
    if not scale:
        return [_line(text, width, style, bad=bad) for text in _told(said, view, width - 2, 1 if tall < 10 else 2)]
    more = "  ·  ".join(filter(None, told))
    edge = [""] if tall >= 24 else []
    lines = [*edge, *_lettered(short, _lasting(said, view) if bad else "", scale, width - 4)]
    lines += wrapped(more, width - 3, 1) if more else []
    gap = [blank(width)] if tall >= 24 else []
    return [*(_line(text, width, style, bad=bad) for text in lines), *gap]


def _lettered(left: str, right: str, scale: int, width: int) -> list[str]:
    """Letters at both ends of the same rows, those on the right only when both fit."""
    lines = drawn(left, scale)
    space = width - len(lines[0])
    if not right or scale_that_fits(right, space - 4 * scale, height(scale), scale) < scale:
        return list(lines)
    return [line + end.rjust(space) for line, end in zip(lines, drawn(right, scale), strict=True)]


def _lasting(said: Sentence, view: View) -> str:
    return "" if said.since_wall is None else quantity.duration(view.wall - said.since_wall)


def _first(headline: str) -> tuple[str, str, str]:
    """`us-east is down` and what follows it, with the mark between: `; eu-west is degraded` or `: no answer`."""
    found = min((at for at in map(headline.find, (": ", "; ")) if at > 0), default=len(headline))
    return headline[:found], headline[found : found + 1], headline[found + 2 :]


def _counted(snapshot: Snapshot) -> str:
    """`1 down, 3 degraded` of the regions, worst first."""
    numbers = [(sum(state.level is level for state in snapshot.regions), level) for level in _WORST_FIRST]
    return ", ".join(f"{number} {level}" for number, level in numbers if number)


def _told(said: Sentence, view: View, width: int, lines: int) -> list[str]:
    text = f"{said.level.glyph} {said.phrase(view.wall, utc=view.utc)}"
    return wrapped(text, width, lines)


def _line(text: str, width: int, style: str, *, bad: bool) -> Row:
    return row(width, [part(f" {text}", style)], style=style if bad else "")
