"""Which benchmark is meant: an id or its beginning, a baseline's name, or `last`."""

from npconsole.actions.benchmark.reference import named_benchmark
from npconsole.errors import UsageError
from npconsole.model.benchmark import Benchmark, BenchmarkArchive

LAST = "last"


def which(archive: BenchmarkArchive, given: str) -> Benchmark:
    """The benchmark with its blocks. Raises UsageError for none and for more than one, StoreError."""
    if given != LAST:
        return named_benchmark(archive, given)
    recent = archive.recent(limit=1)
    if not recent:
        raise UsageError("there is no benchmark yet", hint="npconsole run benchmark TARGET")
    return archive.find(recent[0].id)
