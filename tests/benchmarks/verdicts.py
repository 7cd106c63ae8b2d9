"""How often two benchmarks are called what they are: pairs on an unchanged region, and pairs before and after it became
30 % slower, with the real k6 on a simulated platform.

    python -m tests.benchmarks.verdicts [PAIRS] [SECONDS] [USERS]

The regions of the platform are measured side by side, one load on each, by default 40 users for 60 s: some 700
requests, and 25 minutes in all. Prints every pair and how many were called right: 19 of 20 is what is asked for. On a
busy machine requests wait for the machine as well, so that 30 % in the region come to less in what is measured.
"""

import asyncio
import os
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from random import Random

from npconsole.config.loading import load as load_config
from npconsole.model.benchmark import Benchmark, Comparison, Contrast
from npconsole.model.clock import SystemClock
from npconsole.model.load import Load, LoadEngine
from npconsole.net.secrets import Secrets
from npconsole.reports.benchmark.comparison import compare
from npconsole.reports.benchmark.fingerprint import fingerprint
from npconsole.reports.benchmark.status import judge
from npconsole.wiring.load import build_load_engine
from npconsole.wiring.redaction import redactor
from tests.cli.conftest import Platform, start_platform

PRACTICAL = 0.05
RIGHT = {False: (Contrast.EQUAL, Contrast.INCONCLUSIVE), True: (Contrast.WORSE,)}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two benchmarks of a region, and what comparing them said. `slowed` when the second met a slower region."""

    region: str
    slowed: bool
    comparison: Comparison

    @property
    def right(self) -> bool:
        return self.comparison.verdict in RIGHT[self.slowed]


async def measure(engine: LoadEngine, region: str, origin: str, *, users: int, seconds: float, name: str) -> Benchmark:
    """One load, judged as the action judges it."""
    load = Load(region, origin, users, seconds, tag=name)
    plan = await engine.plan(load)
    result = await (await engine.start(load)).result()
    status, reasons = judge(load, result)
    mark = fingerprint(load, plan, host="here")
    return Benchmark(name, SystemClock().wall(), status, reasons, load, mark, result)


async def rounds(
    engine: LoadEngine, platform: Platform, region: str, *, number: int, users: int, seconds: float
) -> list[Pair]:
    """For each round two benchmarks of the region as it is, and one of it when it is 30 % slower."""
    origin, pairs = platform.ready["regions"][region], []
    for round_ in range(number):
        names = [f"{region}-{round_}-{each}" for each in ("a", "b", "slow")]
        made = [await measure(engine, region, origin, users=users, seconds=seconds, name=name) for name in names[:2]]
        platform.fault(region, "sluggish")
        made.append(await measure(engine, region, origin, users=users, seconds=seconds, name=names[2]))
        platform.heal(region, "sluggish")
        for slowed, before, after in ((False, made[0], made[1]), (True, made[1], made[2])):
            comparison = compare(before, after, noise=None, rng=Random(after.id), practical=PRACTICAL)
            pairs.append(Pair(region, slowed, comparison))
            mark = "right" if pairs[-1].right else "WRONG"
            print(f"{mark}  {region:<8} {'30 % slower' if slowed else 'unchanged  '}  {comparison.words}", flush=True)
    return pairs


async def run(folder: Path, platform: Platform, *, number: int, users: int, seconds: float) -> list[Pair]:
    """All pairs, of all regions."""
    config = load_config(Path(platform.config), environ=os.environ).config
    secrets = Secrets(environ=os.environ, redactor=redactor)
    engine = build_load_engine(config, environ=os.environ, secrets=secrets, clock=SystemClock(), folder=folder)
    regions = list(platform.ready["regions"])
    each = -(-number // len(regions))
    made = await asyncio.gather(
        *(rounds(engine, platform, region, number=each, users=users, seconds=seconds) for region in regions)
    )
    return [pair for pairs in made for pair in pairs]


def main() -> int:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 60.0
    users = int(sys.argv[3]) if len(sys.argv) > 3 else 40
    with tempfile.TemporaryDirectory() as name:
        platform = start_platform(Path(name) / "sim")
        try:
            pairs = asyncio.run(run(Path(name), platform, number=number, users=users, seconds=seconds))
        finally:
            platform.stop()
    worst = 1.0
    for slowed in (False, True):
        found = [pair for pair in pairs if pair.slowed is slowed]
        right = sum(pair.right for pair in found)
        worst = min(worst, right / len(found))
        said = Counter(pair.comparison.verdict.value for pair in found)
        what = "30 % slower" if slowed else "unchanged"
        print(f"{what}: {right} of {len(found)} called right ({dict(said)})")
    return 0 if worst >= 0.95 else 1


if __name__ == "__main__":
    sys.exit(main())
