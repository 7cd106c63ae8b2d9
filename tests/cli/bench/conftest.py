"""A memory with benchmarks in it, and the command line over it in this process."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from npconsole.cli.root import run
from npconsole.config.loading import load
from npconsole.model.benchmark import Benchmark, BenchmarkArchive
from npconsole.model.clock import SystemClock
from npconsole.model.load import Load, LoadEnd, LoadPlan
from npconsole.reports.benchmark.advice import advice
from npconsole.reports.benchmark.fingerprint import fingerprint
from npconsole.reports.benchmark.status import judge
from npconsole.wiring.memory import open_stores
from tests.actions.benchmark.engine import Manner, result_of

CONFIG = {
    "environment": {"name": "bench", "tier": "staging"},
    "connectivity": {"urls": ["http://127.0.0.1:1"]},
    "services": [
        {
            "name": "api",
            "regions": [{"name": "us-east", "origin": "http://127.0.0.1:1", "role": "primary"}],
        }
    ],
}
WALL = 1_795_000_000.0


def benchmark(name: str, manner: Manner = Manner(), *, users: int = 20, wall: float = WALL) -> Benchmark:  # noqa: B008 (frozen)
    """One of 60 s on us-east, as the action would have kept it."""
    load = Load("us-east", "http://127.0.0.1:1", users, 60.0, tag=name)
    result = result_of(load, manner, 60.0, LoadEnd.COMPLETE)
    plan = LoadPlan("k6 v1.1.0", "built-in", "d1", "k6 run")
    status, reasons = judge(load, result)
    mark = fingerprint(load, plan, host="here")
    return Benchmark(name, wall, status, reasons, load, mark, result, advice(load, result), "v17.1", "alice")


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str


Npconsole = Callable[..., Done]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.yaml"
    path.touch(mode=0o600)
    path.write_text(yaml.safe_dump(CONFIG))
    return path


@pytest.fixture
def archive(config: Path, _own_home: Path) -> Iterator[BenchmarkArchive]:
    """Four: two alike, one that is slow, one with another load."""
    loaded = load(config, environ={})
    stores = open_stores(loaded.config, environ={"HOME": str(_own_home)}, clock=SystemClock())
    stores.benchmarks.add(benchmark("aaaa1111", wall=WALL))
    stores.benchmarks.add(benchmark("aaab2222", wall=WALL + 60))
    stores.benchmarks.add(benchmark("bbbb3333", Manner(median_ms=300.0), wall=WALL + 120))
    stores.benchmarks.add(benchmark("cccc4444", users=10, wall=WALL + 180))
    yield stores.benchmarks
    stores.close()


@pytest.fixture
def npconsole(config: Path, archive: BenchmarkArchive, capsys: pytest.CaptureFixture[str]) -> Npconsole:
    """Run a command over that memory."""
    del archive

    def call(*words: str, before: tuple[str, ...] = ()) -> Done:
        code = run(["--config", str(config), *before, *words])
        said = capsys.readouterr()
        return Done(code, said.out, said.err)

    return call
