"""The daemon's log: a JSON object on each line, in a file that may be rotated at any time, or on stdout.

Every text is redacted and cleaned, so that a line is a line. A log that cannot be written never stops the daemon; what
was lost is counted.
"""

import json
import logging
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from npconsole.errors import UsageError
from npconsole.model.clock import Clock
from npconsole.net.text import clean

STDOUT = "-"
_MOST_TEXT = 2000


class Log:
    """Writes lines. `path` None is stdout; `redact` takes out what must not be shown. `lost` counts lost lines."""

    def __init__(self, path: Path | None, *, clock: Clock, redact: Callable[[str], str]) -> None:
        self._path = path
        self._clock = clock
        self._redact = redact
        self._file: int | None = None
        self.lost = 0

    def open(self) -> None:
        """Have it ready. Raises UsageError when it cannot be written, saying what else to do."""
        try:
            self._descriptor()
        except OSError as error:
            reason = os.strerror(error.errno or 0)
            raise UsageError(
                f"the log {self._path} cannot be written: {reason}", hint="give --log FILE, or --log - for stdout"
            ) from None

    def write(self, event: str, level: str = "info", **fields: object) -> None:
        """One line: when, what, how grave, and the fields as they are."""
        wall = self._clock.wall()
        line = {
            "ts": _iso(wall),
            "level": level,
            "event": event,
            **{name: self._safe(it) for name, it in fields.items()},
        }
        text = json.dumps(line, ensure_ascii=True, allow_nan=False, default=str) + "\n"
        try:
            os.write(self._descriptor(), text.encode("ascii"))
        except OSError:
            self.lost += 1

    def close(self) -> None:
        """Let go of the file; the next line opens it again."""
        if self._file is not None and self._path is not None:
            os.close(self._file)
        self._file = None

    def _descriptor(self) -> int:
        """The file that has the log's name now: another one after it was rotated."""
        if self._path is None:
            return sys.stdout.fileno()
        if self._file is not None and _is_other(self._file, self._path):
            self.close()
        if self._file is None:
            self._path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
            self._file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o640)
        return self._file

    def _safe(self, value: object) -> object:
        match value:
            case None | bool() | int():
                return value
            case float():
                return value if value - value == 0 else None
            case dict():
                return {clean(str(name), limit=200): self._safe(each) for name, each in value.items()}
            case list() | tuple():
                return [self._safe(each) for each in value]
            case _:
                return clean(self._redact(str(value)), limit=_MOST_TEXT)


class LogHandler(logging.Handler):
    """Brings what other parts say by Python's logging into the same log."""

    def __init__(self, log: Log) -> None:
        super().__init__(logging.WARNING)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        more = {"error": repr(record.exc_info[1])} if record.exc_info and record.exc_info[1] else {}
        self._log.write("log", record.levelname.lower(), logger=record.name, text=record.getMessage(), **more)


def open_log(where: str, *, clock: Clock, redact: Callable[[str], str]) -> Log:
    """The log at a path, or at `-` for stdout. Raises UsageError."""
    log = Log(None if where == STDOUT else Path(where), clock=clock, redact=redact)
    log.open()
    return log


def _is_other(file: int, path: Path) -> bool:
    try:
        mine, named = os.fstat(file), path.stat()
    except OSError:
        return True
    return (mine.st_dev, mine.st_ino) != (named.st_dev, named.st_ino)


def _iso(wall: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(wall)) + f".{int(wall % 1 * 1000):03d}Z"
