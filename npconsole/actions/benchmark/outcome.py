"""What a load has come to: judged, compared, kept with the run and in the archive, and marked in Grafana.

A load that never sent anything leaves no benchmark. That something could not be kept or marked is said, and fails
nothing: the measurement is what counts.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random

from npconsole.actions.benchmark.reference import baseline, latest
from npconsole.actions.benchmark.words import figures_words
from npconsole.actions.conduct import Conduct
from npconsole.actions.world import World
from npconsole.errors import ExitCode, NpconsoleError, UsageError
from npconsole.model.annotation import Annotation
from npconsole.model.benchmark import Benchmark, BenchmarkStatus, Comparison, Contrast
from npconsole.model.load import Load, LoadPlan, LoadResult
from npconsole.model.snapshot import Snapshot

BENCHMARK, COMPARISON, CONCLUSION = "benchmark", "comparison", "conclusion"
"""The keys of a run's result under which they stand, as plain JSON: the benchmark without its blocks."""

_COMPARABLE = (BenchmarkStatus.PASSED, BenchmarkStatus.FAILED)


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What is said of it in the end: the status with its reasons, the figures with the comparison, and the exit code.

    Worse than a baseline that was asked for is no success either, although no threshold is crossed.
    """

    status: str
    figures: str
    exit_code: ExitCode

    def as_data(self) -> dict[str, object]:
        """Plain JSON, for the journal."""
        return {"status": self.status, "figures": self.figures, "exit": int(self.exit_code)}

    @classmethod
    def of_data(cls, result: Mapping[str, object]) -> "Conclusion":
        """From a run's result; a failure that nobody has described when there is none in it."""
        found = result.get(CONCLUSION)
        if not isinstance(found, Mapping):
            return cls("invalid", "the load came to no result", ExitCode.FAILED)
        return cls(str(found["status"]), str(found["figures"]), ExitCode(found["exit"]))


async def conclude(conduct: Conduct, load: Load, plan: LoadPlan, result: LoadResult, seen: Snapshot | None) -> None:
    """Judge, keep, compare, mark, and say so; raises FencedError only. `seen` is the estate at the end."""
    from npconsole.reports.benchmark.plain import comparison_to_plain, to_plain

    benchmark = _judged(conduct, load, plan, result, seen)
    conduct.result[BENCHMARK] = to_plain(benchmark, blocks=False)
    conduct.result[CONCLUSION] = _conclusion(conduct, benchmark, None).as_data()
    _keep(conduct, benchmark)
    comparison = await _compared(conduct, benchmark)
    if comparison is not None:
        conduct.result[COMPARISON] = comparison_to_plain(comparison)
    said = _conclusion(conduct, benchmark, comparison)
    conduct.result[CONCLUSION] = said.as_data()
    conduct.say(f"{said.status}; {said.figures}")
    await _mark(conduct, benchmark, said)


def _conclusion(conduct: Conduct, benchmark: Benchmark, comparison: Comparison | None) -> Conclusion:
    from npconsole.reports.benchmark.status import exit_code

    code, status = exit_code(benchmark.status), benchmark.status.value
    status += f": {'; '.join(benchmark.reasons)}" if benchmark.reasons else ""
    figures = figures_words(replace(benchmark.result.figures, phase="", users=None, planned_s=None))
    if comparison is not None:
        figures = f"{figures}; against {comparison.before}: {comparison.words}"
        given = conduct.order.inputs.text("baseline")
        if code is ExitCode.OK and given and comparison.verdict is Contrast.WORSE:
            code, status = ExitCode.UNVERIFIED, f"{status}, but worse than the baseline {given}"
    return Conclusion(status, figures, code)


def _judged(conduct: Conduct, load: Load, plan: LoadPlan, result: LoadResult, seen: Snapshot | None) -> Benchmark:
    from npconsole.reports.benchmark.advice import advice
    from npconsole.reports.benchmark.fingerprint import fingerprint
    from npconsole.reports.benchmark.status import judge

    status, reasons = judge(load, result)
    world = conduct.world
    return Benchmark(
        id=conduct.run.id,
        wall=world.clock.wall(),
        status=status,
        reasons=reasons,
        load=load,
        fingerprint=fingerprint(load, plan, host=world.benchmarking.host),
        result=result,
        advice=advice(load, result, thresholds=world.thresholds, cache_hit_ratio=_cache_hit_ratio(load.target, seen)),
        release=_release(load.target, world, seen),
        actor=conduct.run.request.actor.name,
    )


def _keep(conduct: Conduct, benchmark: Benchmark) -> None:
    archive = conduct.world.benchmarks
    if archive is None or not benchmark.result.overall.count:
        return
    try:
        archive.add(benchmark)
    except NpconsoleError as error:
        conduct.say(f"the benchmark could not be kept: {error.message}")


async def _compared(conduct: Conduct, benchmark: Benchmark) -> Comparison | None:
    """With the named baseline, else with the latest alike. Reckoning takes a second, and goes on beside the lease."""
    from npconsole.reports.benchmark.comparison import compare

    world = conduct.world
    if world.benchmarks is None or benchmark.status not in _COMPARABLE:
        return None
    try:
        named = baseline(conduct.order.inputs.text("baseline"), world, benchmark.fingerprint)
        earlier = named or latest(world, benchmark.fingerprint, but=benchmark.id)
        noise = world.benchmarks.noise(benchmark.fingerprint)
    except NpconsoleError as error:
        conduct.say(f"not compared: {error.message}")
        return None
    if earlier is None:
        return None
    return await asyncio.to_thread(
        compare,
        earlier,
        benchmark,
        noise=noise,
        rng=Random(benchmark.id),  # noqa: S311 - the same figures give the same verdict, whoever asks again
    )


async def _mark(conduct: Conduct, benchmark: Benchmark, said: Conclusion) -> None:
    """A mark in Grafana over the time of the load. It tells, and changes nothing: it needs no lease."""
    control, begin = conduct.world.annotations, benchmark.result.wall
    if control is None or not benchmark.result.overall.count:
        return
    mark = Annotation(
        text=f"npconsole benchmark {benchmark.load.target} {said.status}; {said.figures} (run {benchmark.id})",
        begin_wall=begin if begin is not None else benchmark.wall - benchmark.result.figures.elapsed_s,
        end_wall=benchmark.wall,
        tags=("npconsole", "benchmark", benchmark.load.target, benchmark.status.value),
    )
    try:
        await control.annotate(mark)
    except NpconsoleError as error:
        conduct.say(f"not marked in Grafana: {error.message}")


def _release(target: str, world: World, snapshot: Snapshot | None) -> str:
    """What the regions under the load say that they run; empty when they do not agree."""
    regions = (target,) if world.region(target) is not None else tuple(each.id for each in world.siblings(target))
    states = [snapshot.region(each) for each in regions] if snapshot is not None else []
    versions = {state.health.value.version for state in states if state is not None and state.health.value is not None}
    return versions.pop() if len(versions) == 1 else ""


def _cache_hit_ratio(target: str, snapshot: Snapshot | None) -> float | None:
    """That of a region under load; the regions behind an edge have none in common."""
    state = snapshot.region(target) if snapshot is not None else None
    return state.vitals.value.cache_hit_ratio if state is not None and state.vitals.value is not None else None


def measured(result: Mapping[str, object]) -> tuple[Benchmark, Comparison | None] | None:
    """The benchmark that a run's result holds, without its blocks, and its comparison.

    None when it holds none, or one that another version has written.
    """
    import msgspec

    from npconsole.reports.benchmark.plain import from_plain

    found, compared = result.get(BENCHMARK), result.get(COMPARISON)
    try:
        return from_plain(found), None if compared is None else msgspec.convert(compared, Comparison)
    except (UsageError, msgspec.ValidationError):
        return None
