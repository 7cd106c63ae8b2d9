"""A simulated platform in a process of its own, and the command line run as a person runs it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

START_S = 30.0


@dataclass(frozen=True, slots=True)
class Finished:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True, slots=True)
class Platform:
    """A running simulator and where it is."""

    process: subprocess.Popen[str]
    ready: dict[str, Any]

    @property
    def config(self) -> str:
        return str(self.ready["config"])

    def fault(self, target: str, kind: str) -> None:
        answer = httpx.post(f"{self.ready['control']}/faults", json={"target": target, "kind": kind}, trust_env=False)
        answer.raise_for_status()

    def heal(self, target: str = "", kind: str = "") -> None:
        """End the faults of a target and kind, all where one is left out."""
        asked = {name: value for name, value in (("target", target), ("kind", kind)) if value}
        httpx.delete(f"{self.ready['control']}/faults", params=asked, trust_env=False).raise_for_status()

    def stop(self) -> int:
        self.process.terminate()
        self.process.communicate(timeout=10)
        return self.process.returncode


def start_platform(folder: Path, *options: str) -> Platform:
    process = subprocess.Popen(
        [sys.executable, "-m", "npconsole", "sim", "up", "--dir", str(folder), "--seed", "1", *options],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise AssertionError(f"the simulator did not start: {process.communicate(timeout=START_S)[1]}")
    return Platform(process, json.loads(line))


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """One calm platform for the tests of a module; each of them ends the faults it began."""
    running = start_platform(tmp_path_factory.mktemp("sim"))
    yield running
    running.stop()


Npconsole = Callable[..., Finished]


@pytest.fixture
def npconsole(tmp_path: Path) -> Npconsole:
    """Run `npconsole` with arguments; `env` adds variables, `stdin` is text."""

    def run(*arguments: str, env: dict[str, str] | None = None, timeout_s: float = 60.0) -> Finished:
        done = subprocess.run(
            [sys.executable, "-m", "npconsole", *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=timeout_s,
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), **(env or {})},
        )
        return Finished(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run
