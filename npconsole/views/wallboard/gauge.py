"""One figure with its name, its unit and the colour that its threshold gives it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from npconsole.model import quantity
from npconsole.model.reading import Freshness
from npconsole.model.snapshot import RegionState
from npconsole.model.thresholds import Thresholds
from npconsole.model.vitals import Vitals
from npconsole.views.theme import Palette
from npconsole.views.wallboard.letters import drawn, height, scale_that_fits
from npconsole.views.wallboard.row import Row, beside, drawing, part, row


@dataclass(frozen=True, slots=True)
class Gauge:
    """`figure` and `unit` are what `quantity` writes, taken apart; `role` is the palette's."""

    label: str
    figure: str
    unit: str
    role: str = "text"

    @property
    def written(self) -> str:
        """`p95 412 ms`."""
        return f"{self.label} {self.figure}{self.unit}"


def gauges(state: RegionState, thresholds: Thresholds) -> list[Gauge]:
    """The figures of a region, the most telling first. Those that are not fresh are muted: nobody is to act on them."""
    vitals = state.vitals.value or Vitals()
    lag_s = state.lag.value.seconds if state.lag and state.lag.value else None
    found = [
        _gauge("p95", quantity.latency(vitals.p95_ms), _over(vitals.p95_ms, (thresholds.p95_warn_ms, "degraded"))),
        _gauge("errors", quantity.percent(vitals.error_ratio), _error_role(vitals.error_ratio, thresholds)),
        _gauge("traffic", quantity.rate(vitals.request_rate)),
        _gauge("p50", quantity.latency(vitals.p50_ms)),
        _gauge("p99", quantity.latency(vitals.p99_ms)),
    ]
    if state.lag is not None:
        limits = ((thresholds.lag_page_s, "down"), (thresholds.lag_warn_s, "degraded"))
        found.append(_gauge("lag", quantity.lag(lag_s), _over(lag_s, *limits)))
    if state.vitals.freshness in (Freshness.FRESH, Freshness.PENDING):
        return found
    return [replace(gauge, role="text_muted") for gauge in found]


def large(shown: Sequence[Gauge], width: int, most: int, palette: Palette) -> list[Row]:
    """Figures side by side in large digits under their labels, at one scale that suits them all."""
    share = width // len(shown)
    rooms = (share - len(gauge.unit) - 2 for gauge in shown)
    scale = min(scale_that_fits(gauge.figure, room, 99, most) for gauge, room in zip(shown, rooms, strict=True))
    widths = [share] * (len(shown) - 1) + [width - share * (len(shown) - 1)]
    return beside(_large(gauge, room, scale, palette) for gauge, room in zip(shown, widths, strict=True))


def large_height(scale: int) -> int:
    """Rows of `large` at a scale, its label line with it."""
    return 1 + (height(scale) if scale else 1)


def small(shown: Sequence[Gauge], width: int, palette: Palette) -> list[Row]:
    """Figures as running text, as many lines as they need."""
    lines: list[Row] = []
    segments: Row = []
    used = 0
    for gauge in shown:
        if segments and used + 3 + len(gauge.written) > width:
            lines.append(row(width, segments))
            segments, used = [], 0
        gap = "   " if segments else ""
        used += len(gap) + len(gauge.written)
        segments += [
            part(f"{gap}{gauge.label} ", palette.style("text_muted")),
            part(gauge.figure + gauge.unit, palette.style(gauge.role)),
        ]
    return [*lines, row(width, segments)] if segments else lines


def _large(gauge: Gauge, width: int, scale: int, palette: Palette) -> list[Row]:
    # An underline would be drawn below every row of a letter.
    style = "bold" if palette.monochrome else palette.style(gauge.role)
    label = row(width, [part(gauge.label, palette.style("text_muted"))])
    if not scale:
        return [label, row(width, [part(gauge.figure + gauge.unit, style)])]
    *upper, last = drawn(gauge.figure, scale)
    return [
        label,
        *(row(width, [drawing(line, style)]) for line in upper),
        row(width, [drawing(last, style), part(f" {gauge.unit.strip()}", palette.style("text_muted"))]),
    ]


def _gauge(label: str, written: str, role: str = "text") -> Gauge:
    figure, space, unit = written.partition(" ")
    if not space:
        figure, slash, unit = written.partition("/")
        return Gauge(label, figure, slash + unit, role)
    return Gauge(label, figure, space + unit, role)


def _error_role(ratio: float | None, thresholds: Thresholds) -> str:
    return _over(ratio, (thresholds.error_ratio_critical, "down"), (thresholds.error_ratio_target, "degraded"))


def _over(value: float | None, *limits: tuple[float, str]) -> str:
    if value is None:
        return "text_muted"
    return next((role for limit, role in limits if value > limit), "text")
