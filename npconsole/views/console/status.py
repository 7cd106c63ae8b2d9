"""The first lines: which installation this is, what is wrong and since when, and what to know about this screen."""

from textwrap import wrap

from rich.style import Style
from textual.strip import Strip

from npconsole.engine.sentence import Sentence, sentence
from npconsole.model import quantity
from npconsole.model.snapshot import Snapshot
from npconsole.views.console.canvas import Canvas
from npconsole.views.console.ink import Ink
from npconsole.views.console.line import Line, fit
from npconsole.views.console.picture import Picture


class Status(Canvas):
    """One line, or two when there is room: the second has the details and the notices."""

    def __init__(self, ink: Ink) -> None:
        super().__init__(ink, id="status")
        self.picture: Picture | None = None

    def show(self, picture: Picture) -> None:
        """Draw a picture."""
        self.picture = picture
        self.redraw()

    def paint(self, width: int, height: int) -> list[Strip]:
        """The sentence, then the details."""
        if self.picture is None:
            return []
        picture = self.picture
        said = sentence(picture.snapshot, utc=picture.utc)
        line, rest = self._first(picture, said, width)
        return [line] if height < 2 else [line, self._second(picture, said, rest, width)]

    def _first(self, picture: Picture, said: Sentence, width: int) -> tuple[Strip, str]:
        """The first line, and what of the headline had no room in it."""
        estate = picture.snapshot.estate
        line = Line(width, self.ink.base)
        line.put(f" {estate.tier.upper()} {estate.name} ", self.ink.tier(estate.tier)).gap()
        clock = self._clock(picture)
        room = width - line.used - sum(len(text) for text, _ in clock) - 4
        text, rest = _headline(said, room, picture)
        line.put(f"{said.level.glyph} ", self.ink.level(said.level))
        line.put(fit(text, min(len(text), max(0, room))), self.ink.level(said.level))
        line.to(width - sum(len(text) for text, _ in clock) - 1).gap()
        for text, style in clock:
            line.put(text, style)
        return line.strip(), rest

    def _clock(self, picture: Picture) -> list[tuple[str, Style]]:
        if picture.frozen:
            ago = quantity.duration(picture.host_wall - picture.wall)
            return [(f" FROZEN {picture.clock(picture.wall)}, {ago} ago ", self.ink.chip("accent"))]
        return [(picture.clock(picture.host_wall), self.ink("text_muted"))]

    def _second(self, picture: Picture, said: Sentence, rest: str, width: int) -> Strip:
        line = Line(width, self.ink.base).gap()
        muted, loud = self.ink("text_muted"), self.ink.bold("unknown")
        pieces = [(picture.flash, self.ink.bold("accent"))] if picture.flash else []
        deeds = picture.deeds
        pieces += [(f"journal: {deeds.problem}", loud)] if deeds.problem else []
        pieces += [(going, self.ink.bold(role)) for going, role in deeds.under_way]
        pieces += [(warning, loud) for warning in picture.warnings]
        words, role = deeds.healer
        pieces += [(words, self.ink.bold(role) if role != "text_muted" else muted)] if words else []
        pieces += [(deeds.company, muted)] if deeds.company else []
        pieces += [(rest, self.ink.level(said.level))] if rest else []
        pieces += [(notice, loud) for notice in picture.snapshot.notices]
        pieces += [(detail, muted) for detail in said.details]
        for place, (text, style) in enumerate(pieces):
            line.put(" · " if place else "", muted).put(text, style)
        return line.strip()


class Summary(Canvas):
    """All that fits a very small terminal: the sentence and the region that is worst."""

    def __init__(self, ink: Ink) -> None:
        super().__init__(ink, id="summary")
        self.picture: Picture | None = None

    def show(self, picture: Picture) -> None:
        """Draw a picture."""
        self.picture = picture
        self.redraw()

    def paint(self, width: int, height: int) -> list[Strip]:
        """The sentence in as many lines as it needs, then the worst region's figures."""
        if self.picture is None:
            return []
        snapshot, said = self.picture.snapshot, sentence(self.picture.snapshot, utc=self.picture.utc)
        estate = snapshot.estate
        phrase = f"{estate.tier.upper()} {estate.name} {said.level.glyph} " + said.phrase(
            self.picture.wall, utc=self.picture.utc
        )
        lines = wrap(phrase, max(1, width))[: max(1, height - 1)]
        strips = [Line(width, self.ink.base).put(text, self.ink.level(said.level)).strip() for text in lines]
        worst = self.picture.flash or worst_region(snapshot)
        return [*strips, Line(width, self.ink.base).put(worst, self.ink("text_muted")).strip()] if worst else strips


def worst_region(snapshot: Snapshot) -> str:
    """Name, level and p95 of the region that needs a person soonest; the slowest when all are equal."""

    def need(index: int) -> tuple[int, float]:
        vitals = snapshot.regions[index].vitals.value
        return snapshot.regions[index].level.severity, (vitals.p95_ms if vitals else None) or 0.0

    if not snapshot.regions:
        return ""
    state = snapshot.regions[max(range(len(snapshot.regions)), key=need)]
    p95_ms = state.vitals.value.p95_ms if state.vitals.value else None
    return f"{state.level.glyph} {state.region.id} {state.level} p95 {quantity.latency(p95_ms)}"


def _headline(said: Sentence, room: int, picture: Picture) -> tuple[str, str]:
    """The headline with since when in `room` cells; the reason moves to the second line before anything is cut."""
    since = said.since(picture.wall, utc=picture.utc)
    tail = f", {since}" if since else ""
    short = tail.partition(" (")[0]
    clause, rest = _clause(said.headline)
    for text, ending, left in (
        (said.headline, tail, ""),
        (said.headline, short, ""),
        (clause, tail, rest),
        (clause, short, rest),
    ):
        if len(text) + len(ending) <= room:
            return text + ending, left
    if len(short) + 12 > room:
        return clause, rest
    return fit(clause, room - len(short)).rstrip() + short, said.headline


def _clause(headline: str) -> tuple[str, str]:
    """The first clause of a headline, and the rest: a reason, or what else is wrong."""
    ends = [place for mark in (": ", "; ") if (place := headline.find(mark)) > 0]
    return (headline[: min(ends)], headline[min(ends) + 2 :]) if ends else (headline, "")
