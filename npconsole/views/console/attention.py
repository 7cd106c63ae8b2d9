"""What cannot wait until somebody looks at the screen again: a region or an edge that went down, a replica that lags
too far behind, a healer that latched.

Everything is told once, when it begins; what was so before the console was opened is on the screen and calls nobody.
"""

from collections.abc import Collection, Iterator, Sequence

from npconsole.model import quantity
from npconsole.model.level import Level
from npconsole.model.snapshot import Snapshot
from npconsole.net.text import clean

LONGEST = 200
_BELL, _ESC = "\x07", "\x1b"


class Attention:
    """Is shown every snapshot. `lag_page_s` is the replication lag that wakes a person."""

    def __init__(self, lag_page_s: float) -> None:
        self._lag_page_s = lag_page_s
        self._known: frozenset[str] | None = None
        self._latched: str | None = None

    def news(self, snapshot: Snapshot, *, latched: str | None, muted: Collection[str]) -> tuple[str, ...]:
        """What has begun since the snapshot before, in phrases, without what is muted.

        `latched` is why the healer waits for a person, None while that is not known.
        """
        troubles = list(self._troubles(snapshot))
        known = self._known if self._known is not None else frozenset(key for key, _, _ in troubles)
        found = [
            words
            for key, targets, words in troubles
            if key not in known and not {*targets, snapshot.estate.name}.intersection(muted)
        ]
        if latched and self._latched == "":
            found.append(f"healing waits for a person: {latched}")
        self._known = frozenset(key for key, _, _ in troubles)
        self._latched = self._latched if latched is None else latched
        return tuple(found)

    def _troubles(self, snapshot: Snapshot) -> Iterator[tuple[str, tuple[str, str], str]]:
        """(key, (target, service), words) of all that is bad enough now."""
        for state in snapshot.regions:
            name, service = state.region.id, state.region.service
            if state.level is Level.DOWN:
                yield name, (name, service), f"{name} is down: {state.judgement.reason}"
            lag = state.lag.value if state.lag is not None else None
            if lag is not None and lag.seconds > self._lag_page_s:
                yield f"lag {name}", (name, service), f"{name} lags behind by {quantity.lag(lag.seconds)}"
        for edge in snapshot.edges:
            if edge.level is Level.DOWN:
                name = edge.edge.id
                yield name, (name, edge.edge.service), f"{name} is down: {edge.judgement.reason}"


def call(news: Sequence[str], *, bell: bool, notify: bool, tmux: bool) -> str:
    """The bell, and OSC 9 of iTerm2 with the text, which most terminals show as a notification and others ignore.

    tmux passes it on only in its own wrapping (`allow-passthrough on`).
    """
    text = clean("; ".join(news), limit=LONGEST)
    notice = f"{_ESC}]9;npconsole: {text}{_BELL}"
    if tmux:
        notice = f"{_ESC}Ptmux;{notice.replace(_ESC, _ESC * 2)}{_ESC}\\"
    return (notice if notify else "") + (_BELL if bell else "")
