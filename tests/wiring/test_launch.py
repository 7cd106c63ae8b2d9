"""What a runner inherits, where its output goes, and that it outlives whoever started it."""

import os
import stat
import time
from pathlib import Path

import pytest

from npconsole.errors import ProcessError
from npconsole.net.process import Detached
from npconsole.wiring.launch import Launcher, clean_environ


@pytest.mark.parametrize(
    "name",
    [
        "PYTHONPATH",
        "PYTHONINSPECT",
        "LD_PRELOAD",
        "TEXTUAL_DRIVER",
        "HTTPS_PROXY",
        "all_proxy",
        "SSLKEYLOGFILE",
        "PAGER",
    ],
)
def test_what_leads_elsewhere_is_not_inherited(name: str) -> None:
    assert clean_environ({name: "x", "RAILWAY_TOKEN": "t", "HOME": "/h"}) == {"RAILWAY_TOKEN": "t", "HOME": "/h"}


def test_it_runs_isolated_on_the_same_file_with_the_same_bounds(tmp_path: Path) -> None:
    words = Launcher(tmp_path / "c.yaml", {}, tmp_path, read_only=True).recovery_argv("r1")
    assert words[1:4] == ["-I", "-m", "npconsole"]
    assert words[4:7] == ["--config", str(tmp_path / "c.yaml"), "--read-only"]


def ended(process: Detached) -> int:
    """Its exit code, within 20 s."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        if (code := process.code()) is not None:
            return code
        time.sleep(0.05)
    raise AssertionError("it did not end")


def test_its_session_and_its_log_are_its_own(tmp_path: Path) -> None:
    config = tmp_path / "missing.yaml"
    launcher = Launcher(config, {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}, tmp_path / "state")
    runner = launcher.run("r1")
    session = os.getsid(runner.pid)
    assert session == runner.pid
    assert session != os.getsid(0)
    assert ended(runner) == 2
    assert "missing.yaml" in launcher.log.read_text()
    assert stat.S_IMODE(launcher.log.stat().st_mode) == 0o600


def test_a_log_that_has_grown_is_put_aside(tmp_path: Path) -> None:
    launcher = Launcher(tmp_path / "missing.yaml", {"PATH": os.environ["PATH"]}, tmp_path)
    launcher.log.write_bytes(b"x" * 1_000_001)
    assert ended(launcher.run("r1")) == 2
    assert launcher.log.stat().st_size < 10_000
    assert launcher.log.with_suffix(".log.1").stat().st_size == 1_000_001


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ProcessError, match="cannot be used"):
        Launcher(tmp_path / "c.yaml", {}, tmp_path / "file").run("r1")
