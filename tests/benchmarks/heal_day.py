"""24 simulated hours of the healer at 60 s checks, with a part of the regions ill in turn, its memory kept each check.

python -m tests.benchmarks.heal_day [--regions 3 1000]     budget: 60 s for each
"""

import argparse
import resource
import sys
import time
from dataclasses import replace

from npconsole.healer.conclusion import concluded
from npconsole.healer.decide import decide
from npconsole.healer.facts import HealFacts, TargetFacts, healthy_by_service
from npconsole.healer.state import HealState, of_text, to_text
from npconsole.model.heal import Choice
from npconsole.model.run import RunState, Verdict
from tests.healer.estate import DAY_CHECKS, SLOW, WALL, rules, well

BUDGET_S = 60.0
REGIONS_OF_A_SERVICE = 10


def estate(count: int) -> list[TargetFacts]:
    """So many regions, ten to a service."""
    return [well(f"r{number}", f"s{number // REGIONS_OF_A_SERVICE}") for number in range(count)]


def day(count: int) -> tuple[float, float, float, dict[str, int]]:
    """(seconds of deciding, seconds of keeping, longest check in ms, decisions by choice)."""
    state, given = HealState(), rules()
    targets, made = estate(count), dict[str, int]()
    deciding = keeping = longest = 0.0
    for minute in range(DAY_CHECKS):
        for number in range(0, count, REGIONS_OF_A_SERVICE):
            ill = (minute + 7 * number) % 40 < 12
            targets[number] = replace(well(targets[number].id, targets[number].service), **(SLOW if ill else {}))
        seen = tuple(replace(each) for each in targets)
        facts = HealFacts(now=60.0 * minute, online=True, targets=seen, healthy=healthy_by_service(seen))
        began = time.perf_counter()
        state, decisions = decide(state, facts, given, WALL + 60.0 * minute)
        took = time.perf_counter() - began
        deciding, longest = deciding + took, max(longest, took)
        for each in decisions:
            made[each.choice.value] = made.get(each.choice.value, 0) + 1
            if each.choice is Choice.ACT and each.verdict is None:
                state, _ = concluded(state, each.id, RunState.SUCCEEDED, Verdict.HELPED, "well")
        began = time.perf_counter()
        text = to_text(state)
        if minute % 60 == 0:
            state = of_text(text)
        keeping += time.perf_counter() - began
    return deciding, keeping, longest * 1000, made


def main() -> int:
    """Measure and print; 1 when it takes longer than the budget."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--regions", type=int, nargs="+", default=[3, 1000])
    slow = False
    for count in parser.parse_args().regions:
        began = time.perf_counter()
        deciding, keeping, longest_ms, made = day(count)
        whole = time.perf_counter() - began
        said = ", ".join(f"{number} {choice}" for choice, number in sorted(made.items())) or "nothing decided"
        print(
            f"{count:>5} regions   decide {deciding:6.2f} s   keep {keeping:5.2f} s   whole {whole:6.2f} s "
            f"(budget {BUDGET_S:.0f} s)   longest check {longest_ms:.1f} ms   {said}"
        )
        slow = slow or whole > BUDGET_S
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    return int(slow)


if __name__ == "__main__":
    sys.exit(main())
