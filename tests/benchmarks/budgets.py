"""Every budget of speed and memory, as ratios to a floor or a peer measured in the same run.

python -m tests.benchmarks.budgets [--rounds 5]     some minutes; htop on PATH adds a peer
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.terminal import Measured, measure, median

PYTHON = sys.executable
NPCONSOLE = [str(Path(PYTHON).with_name("npconsole"))]
HELLO = """
from textual.app import App
from textual.widgets import Static
class Hello(App):
    BINDINGS = [("q", "quit", "")]
    def compose(self): yield Static("hello world")
Hello().run()
"""
LIVE = r"us-east ● ok[^\n]*\d ms[^\n]*\n[^\n]*us-west ● ok[^\n]*\n[^\n]*eu-west ● ok[^\n]*\d ms"
DOWN_UP = (b"\x1b[B", b"\x1b[A")


@contextmanager
def simulated() -> Iterator[str]:
    """The configuration of a running simulator."""
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [*NPCONSOLE, "sim", "up", "--dir", folder, "--seed", "1"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        if process.stdout is None:
            raise RuntimeError("no output")
        ready = json.loads(process.stdout.readline())
        try:
            time.sleep(3)
            yield str(ready["config"])
        finally:
            process.terminate()
            process.wait()


def wall_ms(argv: Sequence[str]) -> float:
    """One run of a command that ends."""
    began = time.perf_counter()
    subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return (time.perf_counter() - began) * 1000


def commands(config: str, rounds: int) -> dict[str, float]:
    """The median wall ms of each command, taken in turns."""
    argvs = {
        "pass": [PYTHON, "-c", "pass"],
        "import httpx": [PYTHON, "-c", "import httpx"],
        "--version": [*NPCONSOLE, "--version"],
        "--help": [*NPCONSOLE, "--help"],
        "status": [*NPCONSOLE, "--config", config, "status", "--json"],
    }
    times: dict[str, list[float]] = {name: [] for name in argvs}
    for number in range(rounds + 1):
        for name, argv in argvs.items():
            took = wall_ms(argv)
            if number:
                times[name].append(took)
        time.sleep(1.0)  # the next status measures since this one
    return {name: statistics.median(values) for name, values in times.items()}


def screens(config: str, rounds: int, idle_s: float) -> dict[str, list[Measured]]:
    """Every screen in turns."""
    live = [PYTHON, "-m", "tests.benchmarks.console_live", "--regions"]
    found: dict[str, Callable[[], Measured]] = {
        "hello": lambda: measure([PYTHON, "-c", HELLO], ready="hello world", keys=(), idle_s=idle_s),
        "console": lambda: measure([*NPCONSOLE, "--config", config], ready=LIVE, keys=DOWN_UP, idle_s=idle_s),
        "3 changing": lambda: measure([*live, "3"], ready=r"\d ms", keys=DOWN_UP, idle_s=idle_s),
        "3 still": lambda: measure([*live, "3", "--still"], ready=r"\d ms", keys=(), idle_s=idle_s),
        "1000 changing": lambda: measure([*live, "1000"], ready=r"\d ms", keys=DOWN_UP, idle_s=idle_s),
    }
    if shutil.which("htop"):
        found["htop"] = lambda: measure(["htop"], ready="Load average", keys=DOWN_UP, idle_s=idle_s)
    results: dict[str, list[Measured]] = {name: [] for name in found}
    for number in range(rounds + 1):
        for name, run in found.items():
            measured = run()
            if number:
                results[name].append(measured)
            sys.stderr.write(f"[{number}/{rounds}] {name}\n")
    return results


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--idle", type=float, default=10.0)
    options = parser.parse_args()
    os.environ["XDG_CACHE_HOME"] = tempfile.mkdtemp()
    # Installed programs are compiled; the rounds that do not count compile this tree.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = tempfile.mkdtemp()
    with simulated() as config:
        one_shot = commands(config, options.rounds * 2)
        seen = screens(config, options.rounds, options.idle)

    def of(name: str, figure: Callable[[Measured], float]) -> float:
        return median([figure(one) for one in seen[name]])

    hello = of("hello", lambda one: one.ready_ms)
    floor_cpu = of("hello", lambda one: one.idle_cpu)
    htop_cpu = of("htop", lambda one: one.idle_cpu) if "htop" in seen else float("nan")
    print("| what | measured | ratio | budget |\n|---|---:|---:|---:|")

    def row(what: str, value: str, ratio: float | None, budget: str) -> None:
        print(f"| {what} | {value} | {'' if ratio is None else f'{ratio:.2f}'} | {budget} |")

    paint, ready = of("console", lambda one: one.paint_ms), of("console", lambda one: one.ready_ms)
    row("Textual hello world, ready", f"{hello:.0f} ms", 1.0, "floor")
    row("console: first paint / hello", f"{paint:.0f} ms", paint / hello, "0.5")
    row("console: live data / hello", f"{ready:.0f} ms", ready / hello, "2.5")
    keys = sorted(took for one in seen["console"] for took in one.keys_ms)
    row("key to paint, p95", f"{keys[int(len(keys) * 0.95)]:.1f} ms", None, "30 ms")
    cpu = of("3 changing", lambda one: one.idle_cpu)
    row(
        "idle CPU, 3 regions changing",
        f"{cpu:.2f} %",
        None,
        f"2 %, 2 x htop + floor = {2 * htop_cpu + floor_cpu:.2f} %",
    )
    row("bytes a refresh, all changing", f"{of('3 changing', lambda one: one.idle_bytes_s):.0f}", None, "2000")
    row("bytes a refresh, nothing changing", f"{of('3 still', lambda one: one.idle_bytes_s):.0f}", None, "ages only")
    many = of("1000 changing", lambda one: one.idle_cpu)
    row("1,000 regions / 3: CPU (with the made-up feed's own)", f"{many:.2f} %", many / cpu, "2 (drawing)")
    row("PSS", f"{of('console', lambda one: one.pss_mb):.0f} MB", None, "80 MB")
    row("quit", f"{of('console', lambda one: one.quit_ms):.0f} ms", None, "150 ms")
    for name in ("--version", "--help"):
        row(f"{name} / pass", f"{one_shot[name]:.0f} ms", one_shot[name] / one_shot["pass"], "4")
    status = one_shot["status"]
    row("status --json / import httpx", f"{status:.0f} ms", status / one_shot["import httpx"], "1.5 + a probe")
    return 0


if __name__ == "__main__":
    sys.exit(main())
