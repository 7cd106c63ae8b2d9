"""What k6 writes to stderr, as far as it is kept: its own errors, and the last words of whatever is no log line."""

from collections import deque

import msgspec

from npconsole.net.text import clean

MOST_ERRORS = 20
MOST_LINE_BYTES = 16_384
LAST_LINES = 5


class Entry(msgspec.Struct, frozen=True):
    """A line of `--log-format json`. `source` is `console` for what a script logs."""

    level: str = ""
    msg: str = ""
    error: str = ""
    source: str = ""


_to_entry = msgspec.json.Decoder(Entry).decode


class Log:
    """Feed it stderr in pieces. Bounded, however much comes."""

    def __init__(self) -> None:
        self._rest = b""
        self._errors: dict[str, None] = {}
        self._scripts: dict[str, None] = {}
        self._last: deque[str] = deque(maxlen=LAST_LINES)

    def feed(self, chunk: bytes) -> None:
        """The next piece."""
        lines = (self._rest + chunk).split(b"\n")
        self._rest = lines.pop()[:MOST_LINE_BYTES]
        for line in lines:
            self._add(line)

    def finish(self) -> None:
        """There is no more."""
        self._add(self._rest)
        self._rest = b""

    def _add(self, line: bytes) -> None:
        if b'"level":"' in line and b'"level":"error"' not in line and b'"level":"fatal"' not in line:
            return
        try:
            entry = _to_entry(line)
        except (msgspec.DecodeError, UnicodeDecodeError):
            words = clean(line.strip(), limit=300)
            if words:
                self._last.append(words)
            return
        kept = self._scripts if entry.source == "console" else self._errors
        if len(kept) < MOST_ERRORS:
            kept.setdefault(clean(f"{entry.msg.strip()} {entry.error}".strip(), limit=300))

    @property
    def errors(self) -> tuple[str, ...]:
        """k6's own errors, each once, first ones first."""
        return tuple(self._errors)

    @property
    def complaint(self) -> str:
        """The line that says best what went wrong; empty when there is none."""
        own = [line for line in self._errors if not is_expected(line)]
        lines = own or list(self._last) or list(self._errors) or list(self._scripts)
        return lines[0] if lines else ""


def is_expected(line: str) -> bool:
    """Whether it is how k6 ends when thresholds are crossed or we have stopped it: neither is a failure of k6's."""
    return line.startswith(("thresholds on metrics ", "test run was aborted because k6 received a"))
