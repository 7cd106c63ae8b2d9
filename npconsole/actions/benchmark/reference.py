"""What a benchmark is compared with: the baseline that was named, else the latest one that passed and is alike."""

from npconsole.actions.world import World
from npconsole.config.nearest import suggestion
from npconsole.errors import RefusedError, UsageError
from npconsole.model.benchmark import Benchmark, BenchmarkArchive, BenchmarkStatus, Fingerprint
from npconsole.net.text import clean

MOST_LOOKED_AT = 200


def named_benchmark(archive: BenchmarkArchive, given: str) -> Benchmark:
    """By the name of a baseline, or by the beginning of an id. Raises UsageError with the nearest name for neither."""
    names = dict(archive.baselines())
    if given in names:
        return archive.find(names[given])
    try:
        return archive.find(given)
    except UsageError as error:
        near = suggestion(given, names)
        if not near and names:
            raise UsageError(error.message, hint=f"baselines: {', '.join(list(names)[:20])}") from None
        raise UsageError(f"{error.message}{near}", hint=error.hint or "`npconsole bench list` shows ids") from None


def baseline(given: str, world: World, fingerprint: Fingerprint) -> Benchmark | None:
    """The one that was named; None when none was. Raises UsageError for one that there is not, and RefusedError with
    the reason for one that is not alike.
    """
    from npconsole.reports.benchmark.fingerprint import incomparable

    if not given:
        return None
    if world.benchmarks is None:
        raise UsageError("there is no memory of benchmarks here to find a baseline in")
    found = named_benchmark(world.benchmarks, given)
    why = incomparable(found.fingerprint, fingerprint)
    if why:
        raise RefusedError(
            f"{clean(given, limit=60)} cannot be compared with: {why}",
            hint="leave --baseline out, or repeat what that one did",
        )
    return found


def latest(world: World, fingerprint: Fingerprint, *, but: str) -> Benchmark | None:
    """The last one alike that passed, with its blocks, other than the id `but`; None without one. Raises StoreError."""
    from npconsole.reports.benchmark.fingerprint import incomparable

    if world.benchmarks is None:
        return None
    for each in world.benchmarks.recent(target=fingerprint.target, limit=MOST_LOOKED_AT):
        passed = each.id != but and each.status is BenchmarkStatus.PASSED
        if passed and not incomparable(each.fingerprint, fingerprint):
            return world.benchmarks.find(each.id)
    return None
