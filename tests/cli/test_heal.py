"""`npconsole heal`, `mute` and `unmute` as people type them, where no daemon runs."""

import json
import os
import re
import shutil
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from npconsole.cli.heal.unit import unit_text
from npconsole.cli.root import run
from npconsole.errors import UsageError
from tests.cli.conftest import Finished

CONFIG = """\
environment: {name: acme}
services:
  - name: api
    regions:
      - {name: us-east, origin: https://us-east.example.com}
      - {name: us-west, origin: https://us-west.example.com}
"""


@dataclass(frozen=True, slots=True)
class Line:
    """The command line in this process: what it imports is imported once."""

    config: str
    capsys: pytest.CaptureFixture[str]

    def __call__(self, *words: str) -> Finished:
        code = run(["--config", self.config, *words])
        out, err = self.capsys.readouterr()
        return Finished(code, out, err)


@pytest.fixture
def line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Line:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "config.yaml"
    path.write_text(CONFIG)
    return Line(str(path), capsys)


def test_where_no_daemon_ever_ran_it_says_so(line: Line) -> None:
    done = line("heal", "status")
    assert (done.code, done.out) == (0, "no daemon has ever run here: nothing heals (npconsole heal run)\n")
    assert line("heal", "status", "--check").code == 9
    body = line("heal", "status", "--json").json
    assert (body["schema"], body["heals"], body["view"]) == ("npconsole.heal/1", False, None)
    assert "no daemon" in line("heal", "report").out
    assert line("heal", "report", "--json").json["rules"] == []


def test_off_on_and_the_audit_of_both(line: Line) -> None:
    def heal(*words: str) -> int:
        return line("heal", *words).code

    assert heal("off", "--reason", "migration") == 0
    assert "switched off: migration" in line("heal", "status").out
    assert heal("on") == 0
    assert heal("ack", "--reason", "looked at it") == 0
    lines = [json.loads(each) for each in line("audit", "export").out.splitlines()]
    assert [line["target"] for line in lines if line["kind"].startswith("switch")] == [
        "heal.off",
        "heal.off",
        "heal.ack",
    ]


@pytest.mark.parametrize(
    "words",
    [
        ("heal", "off", "--reason", "x"),
        ("heal", "on"),
        ("heal", "ack", "--reason", "x"),
        ("mute", "us-east", "--for", "5m", "--reason", "x"),
        ("unmute", "us-east"),
    ],
)
@pytest.mark.parametrize("flags", [("--read-only",), ("--role", "viewer")])
def test_who_may_not(line: Line, flags: tuple[str, ...], words: tuple[str, ...]) -> None:
    assert line(*flags, *words).code == 6


def test_a_mute_has_an_end_and_a_target_that_exists(line: Line) -> None:
    done = line("mute", "us-east", "--for", "30m", "--reason", "maintenance")
    assert (done.code, "us-east is muted until" in done.err) == (0, True)
    assert "maintenance" in line("heal", "status").out
    assert "is no longer muted" in line("unmute", "us-east").err
    assert "was not muted" in line("unmute", "acme").err


def test_a_mute_of_days_says_on_which_day_it_ends(line: Line) -> None:
    said = line("mute", "us-east", "--for", "3d", "--reason", "maintenance").err
    assert re.search(r"is muted until \d+ \w{3} \d\d:\d\dZ: npconsole unmute us-east", said), said


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("mute", "us-eats", "--for", "30m", "--reason", "x"), "us-east"),
        (("mute", "us-east", "--for", "30", "--reason", "x"), "has no unit"),
        (("mute", "us-east", "--for", "31d", "--reason", "x"), "at most 30 days"),
        (("mute", "us-east", "--for", "0s", "--reason", "x"), "more than 0 s"),
        (("mute", "us-east", "--for", "30m", "--reason", " "), "a reason is needed"),
        (("heal", "off", "--reason", "   "), "a reason is needed"),
        (("heal", "off"), "--reason"),
        (("heal", "run", "--speed", "60"), "is not on this host"),
        (("heal", "run", "--speed", "1000"), "--speed"),
        (("heal", "run", "--listen", "nonsense"), "is not an address to listen at"),
        (("heal", "run", "--log", "/proc/none/log"), "cannot be written"),
    ],
)
def test_what_makes_no_sense(line: Line, words: tuple[str, ...], message: str) -> None:
    done = line(*words)
    assert done.code == 2
    assert message in done.err
    assert "Traceback" not in done.err


def test_a_taken_port_is_said(line: Line) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = line("heal", "run", "--listen", f"127.0.0.1:{taken.getsockname()[1]}")
    assert (done.code, "cannot listen at 127.0.0.1" in done.err) == (2, True)


def test_deliver_with_nothing_to_tell_and_nobody_to_tell_it(line: Line) -> None:
    assert line("deliver").code == 0


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
@pytest.mark.parametrize("as_user", [False, True])
def test_systemd_finds_the_unit_right(tmp_path: Path, as_user: bool) -> None:
    unit = tmp_path / "npconsole-heal.service"
    unit.write_text(unit_text(Path("/etc/npconsole/config with space.yaml"), as_user=as_user))
    manager = "--user" if as_user else "--system"
    done = subprocess.run(
        ["systemd-analyze", "verify", manager, "--man=no", str(unit)],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)},
    )
    complaints = [line for line in (done.stdout + done.stderr).splitlines() if "npconsole-heal" in line]
    assert (done.returncode, complaints) == (0, []), done.stderr


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze")
def test_the_unit_allows_what_the_daemon_calls() -> None:
    """The daemon sets a limit of its own, and libc asks for others: whoever may not is killed at its start."""
    unit = unit_text(Path("/etc/npconsole.yaml"), as_user=False)
    denied = [word for line in unit.splitlines() if line.startswith("SystemCallFilter=~") for word in line[18:].split()]
    assert denied
    for group in denied:
        argv = ["systemd-analyze", "syscall-filter", group]
        listed = subprocess.run(argv, capture_output=True, text=True, timeout=20, check=True).stdout
        assert not {"prlimit64", "setrlimit"} & set(listed.split()), group
    assert "SystemCallErrorNumber=EPERM" in unit, "a call that is denied is an error, not the end"


def test_the_unit_runs_this_very_npconsole(line: Line) -> None:
    done = line("heal", "unit")
    assert f'-I -m npconsole --config "{line.config}" heal run' in done.out
    assert "DynamicUser=yes" in done.out
    assert "DynamicUser" not in line("heal", "unit", "--user").out


@pytest.mark.parametrize("path", ['/a"b', "/a%b", "/a\\b", "/a\nExecStart=/bin/sh"])
def test_a_path_that_a_unit_cannot_hold(path: str) -> None:
    with pytest.raises(UsageError):
        unit_text(Path(path), as_user=False)
