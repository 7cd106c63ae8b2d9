"""A simulated platform, a state directory or several, and npconsole as operators run it: real processes throughout."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import yaml

from npconsole.actions.registry import find
from npconsole.actions.request import ask
from npconsole.config.estate import to_estate
from npconsole.config.loading import Loaded, load
from npconsole.model.action import AccessRole
from npconsole.model.clock import SystemClock
from npconsole.model.run import Actor, Run, RunState
from npconsole.store.journal import StoredJournal
from npconsole.wiring.memory import open_memory
from tests.cli.conftest import Platform, start_platform

INSISTED = {"failover": ("open-incident", "fresh-data")}
"""A platform on a busy machine may look unwell for a moment; that is not what is tested."""

ROOT = Path(__file__).resolve().parents[2]

QUICK: dict[str, Any] = {
    "actions": {
        "reread": "300ms",
        "call_timeout": "1s",
        "settle": "1s",
        "operator_silence": "10s",
        "restarts_per_hour": 1000,
        "restarts_per_day": 10000,
        "cool_down": "0s",
    },
    "runs": {"lease": "2s", "beat": "300ms"},
    "drill": {"hold": "2s", "shift_within": "20s"},
}
"""Leases, holds and settling of seconds instead of minutes."""


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def final(self) -> dict[str, Any]:
        """The last event of a stream, which says that it is."""
        last = self.lines[-1]
        assert last["final"] is True, self.out + self.err
        return last


@dataclass
class Operations:
    """One platform and its operators. A `host` is a state directory: what one machine remembers."""

    platform: Platform
    folder: Path
    config: Path
    environ: Mapping[str, str] = field(default_factory=dict)

    def env(self, host: str = "here") -> dict[str, str]:
        home = self.folder / host
        home.mkdir(exist_ok=True)
        return {"PATH": os.environ["PATH"], "HOME": str(home), "XDG_STATE_HOME": str(home / "state"), **self.environ}

    def argv(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "npconsole", "--config", str(self.config), *words]

    def start(self, *words: str, host: str = "here") -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.argv(*words),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=self.env(host),
            start_new_session=True,
        )

    def finish(self, process: subprocess.Popen[str], *, within_s: float = 60.0) -> Done:
        out, err = process.communicate(timeout=within_s)
        return Done(process.returncode, out, err)

    def run(self, *words: str, host: str = "here", within_s: float = 60.0) -> Done:
        return self.finish(self.start(*words, host=host), within_s=within_s)

    @property
    def loaded(self) -> Loaded:
        return load(self.config, environ={})

    @contextlib.contextmanager
    def journal(self, host: str = "here") -> Iterator[StoredJournal]:
        """The memory, as another process sees it."""
        journal = open_memory(self.loaded.config, environ=self.env(host), clock=SystemClock())
        try:
            yield journal
        finally:
            journal.close()

    def request(self, action: str, target: str, host: str = "here", **parameters: str) -> str:
        """A request in the journal, confirmed, that no runner knows of yet; its id."""
        asked = ask(
            find(action),
            target,
            {name: [value] for name, value in parameters.items()},
            actor=Actor("alice", AccessRole.ADMIN, "cli"),
            estate=to_estate(self.loaded.config),
            reason="test",
            overrides=INSISTED.get(action, ()),
        )
        with self.journal(host) as journal:
            return journal.request(replace(asked, confirmed=True, typed=target)).id

    def start_runner(
        self, run_id: str, point: str, number: signal.Signals = signal.SIGKILL, host: str = "here"
    ) -> subprocess.Popen[bytes]:
        """A runner that signals itself at a point of the run."""
        argv = [sys.executable, "-m", "tests.real.crashing_runner", str(self.config), run_id, point, str(int(number))]
        return subprocess.Popen(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=self.env(host),
            cwd=ROOT,
            start_new_session=True,
        )

    def state_of(self, run_id: str, host: str = "here") -> Run:
        with self.journal(host) as journal:
            run = journal.run(run_id)
        assert run is not None
        return run

    def runs(self, host: str = "here", *, action: str = "") -> Sequence[Run]:
        with self.journal(host) as journal:
            return journal.runs(action=action)

    def is_holding(self, host: str = "here") -> bool:
        """Whether the latest run has come to its hold."""
        runs = self.runs(host)
        return bool(runs) and runs[0].state is RunState.HOLDING

    def runner_of(self, run: Run, host: str = "here") -> int:
        """The process id of a run's owner, from the journal."""
        with self.journal(host) as journal:
            events = journal.events(run.id)
        owners = [str(event.data["owner"]) for event in events if "owner" in event.data]
        return int(owners[-1].split(" pid ")[1].split()[0])

    def record(self) -> dict[str, Any]:
        """What really happened, as the platform has written down."""
        answer = httpx.get(f"{self.platform.ready['control']}/record", trust_env=False).json()
        assert isinstance(answer, dict)
        return answer

    def entries(self, kind: str, since: int = 0, **detail: object) -> list[dict[str, Any]]:
        found = self.record()["entries"][since:]
        return [each for each in found if each["kind"] == kind and detail.items() <= each.items()]

    def mark(self) -> int:
        """Where the record stands, to look at what comes after."""
        return len(self.record()["entries"])

    def serving(self, region: str) -> bool:
        """Whether a region answers healthy by itself."""
        answer = httpx.get(f"{self.platform.ready['regions'][region]}/health", trust_env=False, timeout=2)
        return answer.status_code == 200

    def pools(self) -> dict[str, bool]:
        """Whether each region's pool is on, at the vendor."""
        state = httpx.get(f"{self.platform.ready['control']}/state", trust_env=False).json()
        return {name: pool["enabled"] for name, pool in state["cloudflare"]["pools"].items()}


@contextlib.contextmanager
def operations(
    folder: Path, *, options: Sequence[str] = (), more: Mapping[str, Any] | None = None
) -> Iterator[Operations]:
    """A platform with `options` of `sim up`, and a configuration of quick runs with `more` in it."""
    platform = start_platform(folder / "sim", *options)
    try:
        config = yaml.safe_load(Path(platform.config).read_text())
        for name, block in {**QUICK, **(more or {})}.items():
            config[name] = {**config.get(name, {}), **block} if isinstance(block, dict) else block
        path = folder / "config.yaml"
        path.touch(mode=0o600)
        path.write_text(yaml.safe_dump(config))
        yield Operations(platform, folder, path)
    finally:
        platform.stop()


def kill(pid: int, number: signal.Signals = signal.SIGKILL) -> None:
    """Signal a process that may have ended."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)
