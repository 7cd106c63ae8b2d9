"""From a key to an open plan dialog and to its last answer, on a live simulator, seen from the terminal's side.

python -m tests.benchmarks.plan_dialog [--rounds 20]     ends with what one write of `R`, enter and `y` did: nothing
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time

from tests.benchmarks.budgets import NPCONSOLE, simulated
from tests.benchmarks.terminal import Terminal

TITLE, READING, PASSED = "Restart service · us-east", "reading…", "guards pass"
BUDGET_MS = 150.0


def shown(terminal: Terminal, words: str, within_s: float) -> float | None:
    """When the words were on the screen; None when they never were."""
    if words in terminal.text():
        return time.perf_counter()
    return terminal.pump(within_s, lambda: words in terminal.text())


def once(terminal: Terminal) -> tuple[float, float]:
    """(ms to the open dialog, ms to its last answer)."""
    began = time.perf_counter()
    os.write(terminal._fd, b"R")
    opened = shown(terminal, TITLE, 5)
    answered = shown(terminal, PASSED, 20)
    if opened is None or answered is None:
        raise RuntimeError(terminal.text())
    terminal.pump(0.6)
    os.write(terminal._fd, b"\x1b")
    terminal.pump(5, lambda: TITLE not in terminal.text())
    terminal.pump(0.3)
    return (opened - began) * 1000, (answered - began) * 1000


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    rounds = parser.parse_args().rounds
    with simulated() as config, tempfile.TemporaryDirectory() as state:
        os.environ["XDG_STATE_HOME"] = state
        terminal = Terminal([*NPCONSOLE, "--config", config])
        terminal.pump(20, lambda: "us-east ● ok" in terminal.text())
        terminal.pump(3)
        times = [once(terminal) for _ in range(rounds)]
        for name, values in zip(("open", "answered"), zip(*times, strict=True), strict=True):
            ordered = sorted(values)
            p95 = ordered[int(0.95 * (len(ordered) - 1))]
            print(
                f"{name:<10} median {ordered[len(ordered) // 2]:.0f} ms   p95 {p95:.0f} ms   max {ordered[-1]:.0f} ms"
            )
        os.write(terminal._fd, b"R\ry")
        terminal.pump(8)
        runs = subprocess.run(
            [*NPCONSOLE, "--config", config, "runs", "list", "--json"], capture_output=True, text=True, check=False
        )
        print("after R, enter and y in one write:", runs.stdout.strip() or runs.stderr.strip())
        terminal.quit(b"\x03")
    return 0


if __name__ == "__main__":
    sys.exit(main())
