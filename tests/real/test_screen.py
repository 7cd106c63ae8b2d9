"""The screens in a real terminal, on a real simulated platform: what a person sees and presses."""

import fcntl
import os
import pty
import shutil
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.cli.conftest import Platform, start_platform
from tests.real.tmux import Tmux

pytestmark = [
    pytest.mark.real("tmux"),
    pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed"),
]
NPCONSOLE = [sys.executable, "-m", "npconsole"]
SIZES = [(80, 24), (120, 40), (200, 60)]
OpenScreen = Callable[..., Tmux]


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    running = start_platform(tmp_path_factory.mktemp("sim"))
    yield running
    running.stop()


@pytest.fixture
def screen(platform: Platform, tmp_path: Path) -> Iterator[OpenScreen]:
    opened: list[Tmux] = []

    def open_screen(
        *arguments: str,
        size: tuple[int, int] = (120, 40),
        config: str = platform.config,
        env: dict[str, str] | None = None,
    ) -> Tmux:
        variables = {"HOME": str(tmp_path), "LANG": "C.UTF-8", **(env or {})}
        argv = [*NPCONSOLE, "--config", config, *arguments]
        opened.append(Tmux(tmp_path, argv, columns=size[0], rows=size[1], env=variables))
        return opened[-1]

    yield open_screen
    for tmux in opened:
        tmux.close()
    platform.heal()


@pytest.mark.parametrize("size", SIZES)
def test_the_console_shows_three_regions_with_percentiles(screen: OpenScreen, size: tuple[int, int]) -> None:
    tmux = screen(size=size)
    tmux.until(lambda text: text.count("● ok") >= 3 and " ms" in text)
    for said in ("STAGING", "us-east", "us-west", "eu-west", "p95", "1 Regions", "3 Issues", "4 Activity", "quit"):
        tmux.until(said)
    tmux.until("All is well in 3 regions")
    tmux.keys("q")
    assert tmux.exit_code() == 0


def test_a_tiny_terminal_gets_one_line_and_a_larger_one_everything_again(screen: OpenScreen) -> None:
    tmux = screen(size=(120, 40))
    tmux.until("1 Regions")
    tmux.resize(59, 14)
    text = tmux.until(lambda text: "1 Regions" not in text and "All is well" in text)
    assert "quit" not in text.splitlines()[0]
    tmux.resize(200, 60)
    tmux.until("1 Regions")


def test_an_outage_says_what_where_and_since_when_and_ends(screen: OpenScreen, platform: Platform) -> None:
    tmux = screen()
    tmux.until("All is well in 3 regions")
    platform.fault("us-west", "down")
    text = tmux.until("us-west is down: connection refused, since ")
    assert "✖ down" in text
    platform.heal()
    # The restart's errors stay in the 30 s window of the figures.
    tmux.until("All is well in 3 regions, since ", within_s=90)


def test_enter_opens_the_detail_of_the_region_under_the_cursor(screen: OpenScreen) -> None:
    tmux = screen()
    tmux.until(lambda text: text.count("● ok") >= 3)
    tmux.keys("Enter")
    tmux.until("Region us-east")
    tmux.keys("q")
    assert tmux.exit_code() == 0


def test_help_lists_the_live_keys(screen: OpenScreen) -> None:
    tmux = screen()
    tmux.until("1 Regions")
    tmux.keys("?")
    tmux.until("Hold the picture still")
    tmux.keys("Escape")
    tmux.until("1 Regions")


def test_freezing_holds_the_picture_and_says_since_when(screen: OpenScreen) -> None:
    tmux = screen()
    tmux.until(lambda text: text.count("● ok") >= 3)
    tmux.keys("Space")
    tmux.until("FROZEN")
    tmux.keys("Space")
    tmux.until(lambda text: "FROZEN" not in text)


def test_hostile_titles_are_harmless_text(tmp_path: Path, screen: OpenScreen) -> None:
    hostile = start_platform(tmp_path / "hostile", "--scenario", "hostile-text", "--speed", "4")
    try:
        tmux = screen(size=(200, 60), config=hostile.config)
        tmux.until("[@click=app.quit]x[/]", within_s=60)
        tmux.keys("3")
        tmux.keys("G")
        tmux.keys("Enter")
        time.sleep(1)
        tmux.keys("q")
        assert tmux.exit_code() == 0
        done = subprocess.run(
            [*NPCONSOLE, "--config", hostile.config, "status"], capture_output=True, timeout=60, check=False
        )
        assert b"[@click=app.quit]x[/]" in done.stdout
        assert b"\x1b" not in done.stdout
    finally:
        hostile.stop()


def test_a_platform_that_dies_and_returns(tmp_path: Path, screen: OpenScreen) -> None:
    """No crash; the data goes stale, then unknown, and comes back by itself."""
    folder = tmp_path / "dies"
    first = start_platform(folder)
    tmux = screen(size=(120, 40), config=first.config)
    tmux.until(lambda text: text.count("● ok") >= 3)
    assert first.stop() == 0
    tmux.until("This host is offline")
    text = tmux.until(lambda text: text.count("? unknown") >= 3)
    assert "● ok" not in text
    second = start_platform(folder)
    try:
        assert second.ready["regions"] == first.ready["regions"]
        tmux.until(lambda text: text.count("● ok") >= 3)
        tmux.until("All is well in 3 regions, since ", within_s=90)
    finally:
        second.stop()


def test_the_wallboard_quits_by_q_and_changes_nothing_whatever_is_pressed(
    screen: OpenScreen, platform: Platform
) -> None:
    tmux = screen("wallboard")
    tmux.until(lambda text: text.count("● ok") >= 4)
    before = _writes(platform)
    tmux.keys("R", "P", "F", "B", "x", "u", "Enter", "Space", "?", "/")
    time.sleep(1)
    assert not tmux.exit_file.exists()
    tmux.keys("y", "Enter", "q")
    assert tmux.exit_code() == 0
    assert _writes(platform) == before


@pytest.mark.parametrize("theme", ["dark", "light", "high-contrast", "colour-blind", "monochrome"])
def test_every_theme_says_the_level_in_words(screen: OpenScreen, theme: str) -> None:
    screen("--theme", theme, size=(80, 24)).until(lambda text: text.count("● ok") >= 3)


def test_no_color_gives_a_readable_screen_without_colour(screen: OpenScreen) -> None:
    tmux = screen(env={"NO_COLOR": "1"})
    tmux.until(lambda text: text.count("● ok") >= 3)
    coloured = tmux._tmux("capture-pane", "-p", "-e", "-t", "np")
    assert "\x1b[38;" not in coloured
    assert "\x1b[48;" not in coloured


def test_the_demo_is_one_command(tmp_path: Path) -> None:
    env = {"HOME": str(tmp_path), "LANG": "C.UTF-8"}
    tmux = Tmux(tmp_path, [*NPCONSOLE, "demo", "--scenario", "calm"], columns=120, rows=40, env=env)
    try:
        tmux.until(lambda text: text.count("● ok") >= 3, within_s=60)
        tmux.keys("q")
        assert tmux.exit_code() == 0
    finally:
        tmux.close()


def test_a_killed_demo_leaves_no_simulator_behind() -> None:
    pid, terminal = _in_pty(["demo", "--scenario", "calm"])
    _read_until(terminal, b"us-east", within_s=60)
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    assert len(children) == 1
    os.kill(pid, signal.SIGKILL)
    assert _ended(pid, terminal, within_s=5) == -signal.SIGKILL
    end = time.monotonic() + 10
    while Path(f"/proc/{children[0]}").exists() and _state(children[0]) != "Z":
        assert time.monotonic() < end, "the simulator is still there"
        time.sleep(0.1)


@pytest.mark.parametrize("arguments", [[], ["wallboard"], ["demo"]])
def test_without_a_terminal_it_refuses_at_once_and_writes_no_escapes(
    platform: Platform, tmp_path: Path, arguments: list[str]
) -> None:
    began = time.monotonic()
    done = subprocess.run(
        ["setsid", *NPCONSOLE, "--config", platform.config, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=30,
        check=False,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "TERM": "xterm-256color"},
    )
    assert done.returncode == 2
    assert b"needs a terminal" in done.stderr
    assert b"\x1b" not in done.stdout + done.stderr
    assert time.monotonic() - began < 10


def test_closed_descriptors_are_a_refusal_not_a_mess(platform: Platform) -> None:
    command = f"exec {sys.executable} -m npconsole --config {platform.config} <&- >&- 2>&-"
    assert subprocess.run(["bash", "-c", command], timeout=30, check=False).returncode == 2


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGQUIT, 131)])
def test_signals_end_it_with_their_code(platform: Platform, number: signal.Signals, code: int) -> None:
    pid, terminal = _in_pty(["--config", platform.config])
    _read_until(terminal, b"us-east")
    os.kill(pid, number)
    assert _ended(pid, terminal, within_s=5) == code


def test_a_signal_while_it_starts_gives_the_terminal_back(platform: Platform) -> None:
    pid, terminal = _in_pty(["--config", platform.config])
    _read_until(terminal, "starting…".encode())
    os.kill(pid, signal.SIGTERM)
    _read_until(terminal, b"\x1b[?1049l")
    assert _ended(pid, terminal, within_s=5) == 143


def test_a_terminal_that_goes_away_ends_it(platform: Platform) -> None:
    pid, terminal = _in_pty(["--config", platform.config])
    _read_until(terminal, b"us-east")
    os.close(terminal)
    assert _ended(pid, None, within_s=5) == 129


def test_a_terminal_that_stopped_reading_does_not_stop_sigterm(platform: Platform) -> None:
    pid, terminal = _in_pty(["--config", platform.config])
    _read_until(terminal, b"us-east")
    time.sleep(8)  # nobody reads: the terminal's buffer fills and the screen's loop blocks
    os.kill(pid, signal.SIGTERM)
    assert _ended(pid, None, within_s=5) == 143
    os.close(terminal)


def _writes(platform: Platform) -> dict[str, int]:
    """How many calls that change something each simulated vendor has had."""
    record: dict[str, Any] = httpx.get(f"{platform.ready['control']}/record", trust_env=False).json()
    return dict(record["writes"])


def _state(pid: str) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return "Z"


def _in_pty(arguments: list[str]) -> tuple[int, int]:
    pid, terminal = pty.fork()
    if pid == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        environ = {**os.environ, "TERM": "xterm-256color"}
        os.execve(sys.executable, [*NPCONSOLE, *arguments], environ)  # noqa: S606 - there is no shell in between
    return pid, terminal


def _read_until(terminal: int, wanted: bytes, within_s: float = 20.0) -> None:
    end, seen = time.monotonic() + within_s, b""
    while wanted not in seen:
        assert time.monotonic() < end, seen[-500:]
        seen += os.read(terminal, 65536)


def _ended(pid: int, terminal: int | None, within_s: float) -> int:
    """The exit code, once the process has ended; what it still writes is read when a terminal is given."""
    end = time.monotonic() + within_s
    while True:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() > end:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            raise AssertionError("it did not end")
        if terminal is not None:
            os.set_blocking(terminal, False)
            try:
                os.read(terminal, 65536)
            except OSError:
                time.sleep(0.02)
        else:
            time.sleep(0.02)
