"""A daemon, or two, beside a simulated platform: as operators run them, with a clock that is sixty times as fast."""

import contextlib
import json
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from npconsole.model.run import Run
from tests.real.operations import Operations, operations
from tests.real.program import until

SPEED = 60
WITHIN_S = 60.0

FAST: dict[str, Any] = {
    "poll": {"health": "500ms", "metrics": "500ms", "connectivity": "500ms", "timeout": "3s"},
    "metrics": {"window": "2s"},
    "judging": {"min_requests": 10},
    "actions": {
        "reread": "300ms",
        "call_timeout": "4s",
        "settle": "1s",
        "restarts_per_hour": 2,
        "restarts_per_day": 4,
        "cool_down": "10m",
    },
    "heal": {"mode": "enforce"},
    "runs": {"lease": "10s", "beat": "300ms"},
    "daemon": {"lease": "2s"},
    "ui": {"refresh": "250ms"},
}
"""The healer's own brakes are as they are by default: only looks and leases are of seconds."""


@dataclass
class Daemon:
    """A running `npconsole heal run`."""

    process: subprocess.Popen[bytes]
    log: Path
    stderr: Path

    def lines(self, event: str = "") -> list[dict[str, Any]]:
        """What it has logged by now, all of it or the lines of an event."""
        found = [json.loads(line) for line in self.log.read_text().splitlines() if line]
        return [each for each in found if event in ("", each["event"])]

    def decisions(self, choice: str = "") -> list[dict[str, Any]]:
        """Each once, as it was logged first."""
        found: dict[str, dict[str, Any]] = {}
        for line in self.lines("decision"):
            if choice in ("", line["choice"]):
                found.setdefault(line["id"], line)
        return list(found.values())

    def verdicts(self) -> list[str]:
        """Of the heals that have one, in their order."""
        return [line["verdict"] for line in self.lines("decision") if line["verdict"]]

    @property
    def leads(self) -> bool:
        states = [line["event"] for line in self.lines() if line["event"] in ("leader.gained", "leader.lost")]
        return bool(states) and states[-1] == "leader.gained"

    @property
    def address(self) -> str:
        """Where /metrics is."""
        return f"http://{self.lines('started')[0]['listen']}"

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def end(self) -> int:
        """Ask it to leave; its exit code."""
        self.process.terminate()
        return self.process.wait(WITHIN_S)


@dataclass
class Healing:
    """One platform with its daemons. Each name is a daemon of its own; all share one memory."""

    bench: Operations
    folder: Path
    started: list[Daemon] = field(default_factory=list)

    @contextlib.contextmanager
    def daemon(self, name: str = "one", *words: str, speed: int = SPEED) -> Iterator[Daemon]:
        """A daemon that runs until the end of the block, and has looked around by its beginning."""
        log, stderr = self.folder / f"{name}.log", self.folder / f"{name}.err"
        argv = ["heal", "run", "--listen", "127.0.0.1:0", "--log", str(log), "--speed", str(speed), *words]
        with stderr.open("wb") as output:
            process = subprocess.Popen(
                self.bench.argv(*argv),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=output,
                env=self.bench.env(),
                start_new_session=True,
            )
        running = Daemon(process, log, stderr)
        try:
            until(lambda: bool(running.lines("started")), what=f"start of {name}", within_s=20, by=process)
            yield running
        finally:
            if process.poll() is None:
                process.terminate()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(15)
            if process.poll() is None:
                process.kill()
                process.wait()

    def fault(self, target: str, kind: str) -> None:
        self.bench.platform.fault(target, kind)

    def heal(self) -> None:
        """End all faults."""
        self.bench.platform.heal()

    def runs(self, *, via: str = "heal") -> list[Run]:
        """Those of the healer, the oldest first."""
        return [run for run in reversed(self.bench.runs()) if run.request.actor.via == via]

    def told(self) -> dict[str, Any]:
        """What Slack and PagerDuty have got."""
        answer = httpx.get(f"{self.bench.platform.ready['control']}/told", trust_env=False).json()
        assert isinstance(answer, dict)
        return answer

    def slack_threads(self) -> list[dict[str, Any]]:
        """The messages that begin a thread."""
        return [message for message in self.told()["slack"] if not message["thread_ts"]]


@contextlib.contextmanager
def healing(
    folder: Path, *, more: Mapping[str, Any] | None = None, options: Sequence[str] = ("--speed", str(SPEED))
) -> Iterator[Healing]:
    """A calm platform, watched by nobody yet. `more` goes into the configuration."""
    merged = {name: dict(block) for name, block in FAST.items()}
    for name, block in (more or {}).items():
        merged[name] = {**merged.get(name, {}), **block}
    with operations(folder, options=options, more=merged) as bench:
        yield Healing(bench, folder)
