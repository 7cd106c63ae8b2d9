"""Two `run restart us-east` at the same moment, a hundred times: one restart each time, the other refused by name.

    python -m tests.benchmarks.restart_race [ROUNDS]

Prints a line for each round that went otherwise, and a summary.
"""

import sys
import tempfile
from pathlib import Path

from tests.real.operations import Operations, operations

WITHIN_S = 120.0


def race(bench: Operations, region: str = "us-east") -> str:
    """One round; what was wrong with it, empty for nothing."""
    since = bench.mark()
    asked = ("run", "restart", region, "--yes", "--reason", "race", "--json")
    both = [bench.start(*asked, host="here"), bench.start(*asked, host="here")]
    ended = [bench.finish(each, within_s=WITHIN_S) for each in both]
    restarts = len(bench.entries("restart requested", since, subject=region))
    refused = [each for each in ended if each.code == 6]
    if restarts != 1 or len(refused) != 1:
        return f"{restarts} restarts, exit codes {[each.code for each in ended]}: {[each.out[-300:] for each in ended]}"
    outcome = str(refused[0].final["outcome"])
    return "" if " pid " in outcome or "of " in outcome else f"the holder is not named: {outcome}"


def main() -> int:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    with tempfile.TemporaryDirectory() as folder, operations(Path(folder), options=("--speed", "10")) as bench:
        wrong = 0
        for number in range(rounds):
            problem = race(bench)
            wrong += bool(problem)
            if problem:
                print(f"round {number}: {problem}", flush=True)
        audit = bench.run("audit", "verify")
        print(f"{rounds} rounds, {wrong} wrong; {audit.out.strip()}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
