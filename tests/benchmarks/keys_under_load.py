"""Key to paint in the console while a benchmark runs, and without one, in turns on the same simulated platform.

python -m tests.benchmarks.keys_under_load [--rounds 3] [--users 100]
"""

import argparse
import contextlib
import os
import subprocess
import tempfile

from tests.benchmarks.budgets import DOWN_UP, LIVE, NPCONSOLE, simulated
from tests.benchmarks.terminal import measure


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--users", type=int, default=100)
    options = parser.parse_args()
    os.environ["XDG_CACHE_HOME"] = tempfile.mkdtemp()
    os.environ["XDG_STATE_HOME"] = tempfile.mkdtemp()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    found: dict[str, list[float]] = {"calm": [], "under load": []}
    with simulated() as config:
        console = [*NPCONSOLE, "--config", config]
        load = [*console, "run", "benchmark", "us-west", "--vus", str(options.users), "--duration", "30s", "--yes"]
        for _ in range(options.rounds):
            for name, took in found.items():
                running = None
                if name == "under load":
                    running = subprocess.Popen(load, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                    with contextlib.suppress(subprocess.TimeoutExpired):
                        running.wait(8)  # it plans, and ramps up
                    if running.poll() is not None:
                        raise RuntimeError(f"the benchmark ended with {running.returncode}")
                took.extend(measure(console, ready=LIVE, keys=DOWN_UP, idle_s=1, presses=60).keys_ms)
                if running is not None:
                    running.wait()
    for name, took in found.items():
        took.sort()
        print(f"{name}: key to paint p50 {took[len(took) // 2]:.0f} ms, p95 {took[int(len(took) * 0.95)]:.0f} ms")
    print("budget: p95 30 ms")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
