"""The first frame, written with bare escape sequences before Textual is imported: a screen at once, not in 200 ms.

Standard library only. It enters the alternate screen, which Textual then enters again without effect and leaves when
it ends; so whoever shows it must `clear` it when the program fails before a Textual app has run, and not afterwards.
"""

import os

_ENTER = "\x1b[?1049h\x1b[?25l\x1b[H\x1b[2J"
_LEAVE = "\x1b[0m\x1b[?25h\x1b[?1049l"
_SMALLEST = (60, 15)
_LARGEST = (300, 100)
_TWO_STATUS_LINES = 20


def show(stream_fd: int, columns: int, rows: int, *, colour: bool, title: str) -> None:
    """Draw the status line with `title`, and the rule above the first pane, on a terminal of the given size in cells.

    `colour` False writes no colour or intensity (NO_COLOR). Nothing is written when the descriptor is no terminal, the
    terminal cannot place a cursor (TERM unset or `dumb`), or the size is not known.
    """
    if not _drawable(stream_fd) or columns < 1 or rows < 1:
        return
    columns, rows = min(columns, _LARGEST[0]), min(rows, _LARGEST[1])
    status = f" {title}  starting…"[:columns]
    rule = f"\x1b[{_rule_at(rows)};1H{'─' * columns}" if columns >= _SMALLEST[0] and rows >= _SMALLEST[1] else ""
    dim, plain = ("\x1b[2m", "\x1b[0m") if colour else ("", "")
    _write(stream_fd, f"{_ENTER}{dim}{status}{rule}{plain}\x1b[H")


def clear(stream_fd: int) -> None:
    """Give the user's own screen and cursor back after `show`, when no app came to do it."""
    if _drawable(stream_fd):
        _write(stream_fd, _LEAVE)


def _drawable(stream_fd: int) -> bool:
    return os.environ.get("TERM", "dumb") not in ("", "dumb") and os.isatty(stream_fd)


def _rule_at(rows: int) -> int:
    """The line of the first pane's heading: below one status line, or two on a screen that is high enough."""
    return 3 if rows >= _TWO_STATUS_LINES else 2


def _write(stream_fd: int, data: str) -> None:
    try:
        os.write(stream_fd, data.encode())
    except OSError:
        return  # the terminal has gone; the app will find that out and say so
