"""The root command: what every subcommand inherits."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from npconsole.__main__ import opens_screen
from npconsole.cli.front import COMMANDS
from tests.cli.conftest import Npconsole


@pytest.mark.parametrize("arguments", [["--help"], *([name, "--help"] for name in COMMANDS)])
def test_every_command_explains_itself_with_examples_first(npconsole: Npconsole, arguments: list[str]) -> None:
    done = npconsole(*arguments)
    assert (done.code, done.err) == (0, "")
    assert "Usage: npconsole" in done.out


def test_the_version(npconsole: Npconsole) -> None:
    assert npconsole("--version").out == "npconsole 0.1.0\n"


def test_an_unknown_command_names_the_nearest(npconsole: Npconsole) -> None:
    done = npconsole("staus")
    assert (done.code, done.out) == (2, "")
    assert done.err == "npconsole: there is no command 'staus'; did you mean 'status'?\n  try: npconsole --help\n"


def test_without_a_configuration_it_says_how_to_begin(npconsole: Npconsole) -> None:
    done = npconsole("status")
    assert done.code == 2
    assert "there is no configuration yet" in done.err
    assert "npconsole config init" in done.err


def test_errors_are_json_when_json_was_asked_for(npconsole: Npconsole) -> None:
    done = npconsole("status", "--json")
    body = json.loads(done.out)
    assert (done.code, body["schema"], body["exit"]) == (2, "npconsole.error/1", 2)


def test_a_defect_is_one_line_and_a_private_file_never_a_traceback(tmp_path: Path) -> None:
    script = (
        "import npconsole.cli.status as s, sys\n"
        "from npconsole.cli import root\n"
        "def broken(*a, **k): raise KeyError('boom \\x1b[2J')\n"
        "s.command.callback = broken\n"
        "sys.exit(root.run(['status']))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "\x1b" not in done.stderr
    assert "Traceback" not in done.stderr
    (crash,) = (tmp_path / ".local/state/npconsole").iterdir()
    assert stat.S_IMODE(crash.stat().st_mode) == 0o600
    assert "KeyError" in crash.read_text()


@pytest.mark.parametrize(
    ("arguments", "screen"),
    [
        ([], True),
        (["--config", "status"], True),
        (["--config", "x", "--theme", "dark"], True),
        (["--theme=dark", "wallboard"], True),
        (["demo", "--scenario", "calm"], True),
        (["demo", "--face", "status"], False),
        (["wallboard", "--web"], False),
        (["status"], False),
        (["--help"], False),
        (["sim", "up"], False),
    ],
)
def test_the_first_frame_is_drawn_for_screens_only(arguments: list[str], screen: bool) -> None:
    assert opens_screen(arguments) is screen
