"""The host's timers: a process that sleeps, and systemd's where it manages the host."""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from npconsole.wiring.alarm import HostAlarm
from npconsole.wiring.launch import Launcher
from tests.real.program import until

FAKE = """#!/bin/sh
printf '%s\\n' "$0 $*" >> "$(dirname "$0")/../calls"
exit CODE
"""


@pytest.fixture
def armed() -> Iterator[list[int]]:
    pids: list[int] = []
    yield pids
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def alarm(folder: Path, *, code: int, managed: bool) -> HostAlarm:
    """An alarm of a host with programs of systemd that end with `code`."""
    (folder / "bin").mkdir()
    for name in ("systemd-run", "systemctl"):
        program = folder / "bin" / name
        program.write_text(FAKE.replace("CODE", str(code)))
        program.chmod(0o700)
    environ = {"PATH": f"{folder}/bin:{os.environ['PATH']}", "HOME": str(folder)}
    systemd = folder if managed else folder / "none"
    return HostAlarm(Launcher(folder / "c.yaml", environ, folder / "state"), systemd)


async def armed_words(made: HostAlarm, armed: list[int]) -> str:
    words = await made.arm("r1", 300.0)
    armed.append(int(words.split()[1]))
    return words


async def test_without_systemd_a_process_sleeps(tmp_path: Path, armed: list[int]) -> None:
    made = alarm(tmp_path, code=0, managed=False)
    words = await armed_words(made, armed)
    assert "wakes in 300 s" in words
    assert "systemd" not in words
    command = Path(f"/proc/{armed[0]}/cmdline")
    until(lambda: command.read_bytes() != b"", what="a command line after the fork", within_s=10)
    words_of = command.read_bytes().decode().split("\0")
    assert words_of[-6:-1] == ["--after", "300.000", "--until-ended", "--pid", str(os.getpid())]
    await made.disarm("r1")
    assert not (tmp_path / "calls").exists()


async def test_with_systemd_there_are_both(tmp_path: Path, armed: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:{os.environ['PATH']}")
    made = alarm(tmp_path, code=0, managed=True)
    assert "systemd timer npconsole-r1" in await armed_words(made, armed)
    await made.disarm("r1")
    run, stop = (tmp_path / "calls").read_text().splitlines()
    assert "--on-active=300 --unit=npconsole-r1 --collect" in run
    assert run.endswith("recover --run r1 --after 0.000 --until-ended")
    assert stop.endswith("stop npconsole-r1.timer")


async def test_when_systemd_refuses_the_process_is_enough(
    tmp_path: Path, armed: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:{os.environ['PATH']}")
    assert "systemd" not in await armed_words(alarm(tmp_path, code=1, managed=True), armed)
