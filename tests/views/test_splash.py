import os
import pty
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest

from npconsole.views import splash
from npconsole.views.console.arrangement import arrange


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[int, int]]:
    """Both ends of a terminal: what is written to the second can be read from the first."""
    monkeypatch.setenv("TERM", "xterm-256color")
    reader, writer = pty.openpty()
    os.set_blocking(reader, False)
    yield reader, writer
    os.close(reader)
    os.close(writer)


def read(reader: int) -> str:
    try:
        return os.read(reader, 100_000).decode()
    except BlockingIOError:
        return ""


def test_a_frame_on_the_alternate_screen(terminal: tuple[int, int]) -> None:
    reader, writer = terminal
    splash.show(writer, 80, 24, colour=True, title="npconsole")
    written = read(reader)
    assert written.startswith("\x1b[?1049h\x1b[?25l")
    assert "npconsole" in written
    assert "starting…" in written
    assert "\x1b[2m" in written
    assert f"\x1b[3;1H{'─' * 80}" in written


def test_clear_gives_screen_and_cursor_back(terminal: tuple[int, int]) -> None:
    reader, writer = terminal
    splash.clear(writer)
    assert read(reader) == "\x1b[0m\x1b[?25h\x1b[?1049l"


def test_without_colour_there_is_no_rendition_at_all(terminal: tuple[int, int]) -> None:
    reader, writer = terminal
    splash.show(writer, 80, 24, colour=False, title="npconsole")
    assert not re.search(r"\x1b\[[0-9;]*m", read(reader))


@pytest.mark.parametrize(("columns", "rows"), [(1, 1), (10, 3), (59, 15), (60, 14), (60, 15), (5000, 5000)])
def test_nothing_is_placed_outside_of_the_terminal(columns: int, rows: int, terminal: tuple[int, int]) -> None:
    reader, writer = terminal
    splash.show(writer, columns, rows, colour=True, title="npconsole")
    written = read(reader)
    for row, column in re.findall(r"\x1b\[(\d+);(\d+)H", written):
        assert int(row) <= rows
        assert int(column) <= columns
    texts = re.split(r"\x1b\[[?0-9;]*[A-Za-z]", written)
    assert max(map(len, texts)) <= columns
    assert ("─" in written) is (columns >= 60 and rows >= 15)


@pytest.mark.parametrize("term", ["dumb", "", None])
def test_a_terminal_that_cannot_place_a_cursor_stays_clean(
    term: str | None, terminal: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TERM") if term is None else monkeypatch.setenv("TERM", term)
    reader, writer = terminal
    splash.show(writer, 80, 24, colour=True, title="npconsole")
    splash.clear(writer)
    assert read(reader) == ""


def test_nothing_is_written_to_what_is_no_terminal() -> None:
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    splash.show(writer, 80, 24, colour=True, title="npconsole")
    splash.clear(writer)
    assert read(reader) == ""
    os.close(reader)
    os.close(writer)


def test_no_size_no_frame(terminal: tuple[int, int]) -> None:
    reader, writer = terminal
    splash.show(writer, 0, 0, colour=True, title="npconsole")
    assert read(reader) == ""


def test_a_terminal_that_went_away_is_no_error(terminal: tuple[int, int]) -> None:
    _, writer = terminal
    copy = os.dup(writer)
    os.close(copy)
    splash.show(copy, 80, 24, colour=True, title="npconsole")


def test_it_needs_the_standard_library_only() -> None:
    program = (
        "import sys; import npconsole.views.splash; print(*{n.split('.')[0] for n in sys.modules} - {'npconsole'})"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=True)
    assert set(ended.stdout.split()).isdisjoint({"textual", "rich", "click", "yaml", "asyncio", "re"})


@pytest.mark.parametrize("rows", [15, 19, 20, 24, 40, 100])
def test_the_rule_is_where_the_console_has_the_heading_of_its_first_pane(rows: int, terminal: tuple[int, int]) -> None:
    reader, writer = terminal
    splash.show(writer, 120, rows, colour=True, title="npconsole")
    heading = arrange(120, rows, rows=4)["regions"].y
    assert f"\x1b[{heading + 1};1H─" in read(reader)
