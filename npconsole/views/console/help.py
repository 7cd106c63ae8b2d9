"""The help, made from the live key map: what it lists is what works."""

from collections.abc import Sequence
from itertools import groupby

from npconsole.config.keymap import Binding, shown
from npconsole.model.level import Level
from npconsole.views.console.arrangement import Plan, arrange
from npconsole.views.console.document import Document, Prose
from npconsole.views.console.ink import Ink
from npconsole.views.console.pane import Pane
from npconsole.views.console.stage import Stage

_LEVELS = {
    Level.OK: "answers well, within its thresholds",
    Level.DEGRADED: "answers, but is slow, fails too often or lags",
    Level.DOWN: "does not answer, or says that it is not healthy",
    Level.UNKNOWN: "not known: no data, data too old, or this host is offline; never taken for ok",
    Level.MUTED: "alerts and heals are paused on purpose, until the time beside it; the word says how it is",
}


_DIALOG = {
    "y": "Yes, when pressed alone and all guards have answered; what is dangerous takes its name, typed by hand.",
    "enter  esc": "No, or done with the line that is filled in; enter never means yes.",
    "tab": "To the lines to fill in: inputs, and the reason for the audit.",
    "^o": "Overrule the next guard that can be; takes a reason.",
    "^r": "Read the plan again; it holds for a minute.",
}


class Help(Stage):
    """One page."""

    def __init__(self, ink: Ink, keymap: Sequence[Binding]) -> None:
        self.page = Document(ink, name="help", title="Help")
        super().__init__(ink, keymap, ("back",), (self.page,))
        self.page.write("Help", _lines(ink, keymap))

    @property
    def target(self) -> Pane:
        """The page."""
        return self.page

    def plan(self, width: int, height: int) -> Plan:
        """The page alone."""
        return arrange(width, height, rows=0, zoomed="help")


def _lines(ink: Ink, keymap: Sequence[Binding]) -> list[Prose]:
    muted, strong = ink("text_muted"), ink.bold("text")
    lines: list[Prose] = []
    for group, bindings in groupby(keymap, key=lambda binding: binding.group):
        lines += [[], [(group, strong)]]
        for binding in bindings:
            keys = "  ".join(shown(key) for key in binding.keys)
            lines.append([(f"{keys:<12}", ink.bold("key")), (binding.help, ink.base)])
    lines += [[], [("In a dialog", strong)]]
    lines += [[(f"{keys:<12}", ink.bold("key")), (meaning, ink.base)] for keys, meaning in _DIALOG.items()]
    lines += [[], [("Levels", strong)]]
    lines += [
        [(f"{level.glyph} {level:<10}", ink.level(level)), (meaning, ink.base)] for level, meaning in _LEVELS.items()
    ]
    lines += [
        [],
        [("Figures", strong)],
        [("p50 p95 p99 ", ink.base), ("half, 95 % and 99 % of requests were faster than this", muted)],
        [("█ in the bars", ink("degraded")), (" p95 above the threshold; an empty place: nothing was measured", muted)],
        [("!           ", ink.bold("unknown")), ("behind an age: the figure is stale", muted)],
        [("–           ", ink.base), ("not measured, which is not zero", muted)],
    ]
    return lines[1:]
