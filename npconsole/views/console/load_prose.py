"""A load in words: how far it is, what it measures, each threshold, the regions beside it, and what it came to."""

from collections.abc import Sequence

from npconsole.model import quantity
from npconsole.model.load import LoadFigures, ThresholdState
from npconsole.views.console.document import Prose
from npconsole.views.console.ink import Ink
from npconsole.views.console.load import LiveLoad
from npconsole.views.console.progress import TONES, state_words

BAR = 12
LABEL = 11
NAME, CELL = 12, 8
_STATUS = {"passed": ("✔", "ok"), "failed": ("✖", "down"), "invalid": ("?", "unknown"), "partial": ("◌", "degraded")}
_CONTRAST = {"better": "ok", "worse": "down", "equal": "text", "inconclusive": "unknown"}


def status_mark(status: str) -> tuple[str, str]:
    """(glyph, role) of a benchmark's status."""
    return _STATUS.get(status, ("·", "text_muted"))


class LoadWording:
    """Writes loads with one ink."""

    def __init__(self, ink: Ink) -> None:
        self._ink = ink

    def lines(self, load: LiveLoad) -> list[Prose]:
        """What matters most comes first: while it is on, how far it is; when it is over, what it proved."""
        ended = self._ended(load) if load.is_over else []
        if load.figures is None:
            return ended or [[("no figures yet: the load is being started", self._ink("text_muted"))]]
        figures = load.figures
        course = [] if load.is_over else [self._course(figures)]
        lines = [*ended, *course, self._latency(figures), self._traffic(figures), *self._errors(figures)]
        lines += [self._threshold(state) for state in figures.thresholds]
        return [*lines, *self._regions(load), *self._advice(load)]

    def _course(self, figures: LoadFigures) -> Prose:
        """`████████░░░░  34 s of 60 s · ramp to 50 · 48 users`."""
        planned_s = figures.planned_s
        share = min(1.0, figures.elapsed_s / planned_s) if planned_s else 0.0
        full = round(share * BAR)
        done = quantity.duration(figures.elapsed_s)
        words = [f"{done} of {quantity.duration(planned_s)}" if planned_s else done]
        words += [figures.phase] if figures.phase else []
        words += [f"{figures.users} users"] if figures.users is not None else []
        return [
            ("█" * full, self._ink("accent")),
            ("░" * (BAR - full), self._ink("border")),
            (f"  {' · '.join(words)}", self._ink.bold("text")),
        ]

    def _latency(self, figures: LoadFigures) -> Prose:
        values = (("p50", figures.p50_ms), ("p95", figures.p95_ms), ("p99", figures.p99_ms))
        pieces = [(f"{name} {quantity.latency(value)}   ", self._ink(name)) for name, value in values]
        return [(f"{'latency':<{LABEL}} ", self._ink("text_muted")), *pieces]

    def _traffic(self, figures: LoadFigures) -> Prose:
        words = f"{quantity.count(figures.requests)}, {quantity.rate(figures.request_rate)}"
        if figures.dropped:
            words += f" · {quantity.count(figures.dropped)} iterations dropped: no user was free"
        if figures.cpu_ratio is not None:
            words += f" · load generator {quantity.percent(figures.cpu_ratio)} CPU"
        return self._fact("requests", words)

    def _errors(self, figures: LoadFigures) -> list[Prose]:
        kinds = "  ".join(f"{kind} ×{quantity.count(count)}" for kind, count in figures.errors)
        words = quantity.percent(figures.error_ratio) + (f" · {kinds}" if kinds else "")
        role = "degraded" if figures.failed else "text"
        return [[(f"{'errors':<{LABEL}} ", self._ink("text_muted")), (words, self._ink(role))]]

    def _threshold(self, state: ThresholdState) -> Prose:
        glyph, word, role = ("?", "no samples yet", "unknown")
        if state.crossed is not None:
            glyph, word, role = ("✖", "crossed", "down") if state.crossed else ("✔", "kept", "ok")
        return [
            (f"{glyph} ", self._ink.bold(role)),
            (f"{word:<8} ", self._ink(role)),
            (f"{state.threshold}", self._ink.base),
            (f"  now {_value(state)}" if state.value is not None else "", self._ink.bold("text")),
        ]

    def _regions(self, load: LiveLoad) -> list[Prose]:
        """What the regions measure themselves meanwhile."""
        if not load.regions:
            return []
        head = f"{'beside it':<{NAME}}" + "".join(
            f"{name:>{CELL}}" for name in ("p50", "p95", "p99", "errors", "req/s")
        )
        lines: list[Prose] = [[(head, self._ink("text_muted"))]]
        for region, figures in load.regions.items():
            cells = [quantity.latency(figures.get(f"{name}_ms")) for name in ("p50", "p95", "p99")]
            cells += [quantity.percent(figures.get("error_ratio")), quantity.rate(figures.get("request_rate"))]
            lines.append([(f"{region:<{NAME}}" + "".join(f"{cell:>{CELL}}" for cell in cells), self._ink.base)])
        return lines

    def _ended(self, load: LiveLoad) -> list[Prose]:
        run, lines = load.run, list[Prose]()
        if load.verdict is not None:
            glyph, role = status_mark(load.verdict.status)
            lines.append([(f"{glyph} {load.verdict.status}", self._ink.bold(role))])
            lines += [self._fact("because", reason) for reason in load.verdict.reasons]
        else:
            role = TONES.get(run.state, "text")
            lines.append([(f"{state_words(run.state)}: {run.outcome}", self._ink.bold(role))])
        if load.compared is not None:
            role = _CONTRAST.get(load.compared.verdict, "text")
            words = load.compared.words.removeprefix(f"{load.compared.verdict}: ")
            lines.append([(f"{load.compared.verdict}: ", self._ink.bold(role)), (words, self._ink.base)])
        elif load.verdict is not None:
            lines.append(self._fact("compared", "with nothing: there is no earlier one alike that passed"))
        return lines

    def _advice(self, load: LiveLoad) -> Sequence[Prose]:
        advice = load.verdict.advice if load.verdict is not None else ()
        return [
            [
                ("→ ", self._ink("accent")),
                (f"{each.get('text', '')} ({each.get('because', '')})", self._ink.base),
            ]
            for each in advice
        ]

    def _fact(self, label: str, value: str) -> Prose:
        return [(f"{label:<{LABEL}} ", self._ink("text_muted")), (value, self._ink.base)]


def _value(state: ThresholdState) -> str:
    """In the unit of the metric, by k6's names: durations are ms, shares rates, counters plain or by the second."""
    value = state.value
    if value is None:
        return quantity.NOTHING
    metric, expression = state.threshold.metric.partition("{")[0], state.threshold.expression
    if metric.endswith(("duration", "waiting", "blocked", "connecting", "sending", "receiving")):
        return quantity.latency(value)
    if metric in ("http_req_failed", "checks"):
        return quantity.percent(value)
    return quantity.rate(value) if expression.startswith("rate") else quantity.count(value)
