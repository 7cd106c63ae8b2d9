"""Benchmarks are kept whole, found by the beginning of their id, and compared by what they have in common."""

from dataclasses import replace

import pytest

from npconsole.errors import StoreError, UsageError
from npconsole.model.benchmark import Benchmark, Noise
from npconsole.model.load import Block
from npconsole.wiring.memory import Stores
from tests.store.bench import Bench
from tests.store.samples import benchmark, fingerprint


def bare(kept: Benchmark) -> Benchmark:
    """Without its blocks."""
    return replace(kept, result=replace(kept.result, blocks=()))


def test_a_benchmark_comes_back_to_the_letter(stores: Stores) -> None:
    kept = benchmark(blocks=60)
    stores.benchmarks.add(kept)
    assert stores.benchmarks.find(kept.id) == kept
    assert stores.benchmarks.recent() == [bare(kept)]


def test_the_same_id_replaces_nothing(stores: Stores) -> None:
    stores.benchmarks.add(benchmark(1))
    stores.benchmarks.add(replace(benchmark(1), actor="mallory"))
    assert [found.actor for found in stores.benchmarks.recent()] == ["alice"]


def test_the_latest_are_first_and_each_environment_has_its_own(stores: Stores, bench: Bench) -> None:
    for number, target in ((2, "us-east"), (1, "edge"), (3, "us-east")):
        stores.benchmarks.add(benchmark(number, target=target))
    stores.benchmarks.add(benchmark(4, wall=benchmark(3).wall))
    recent = stores.benchmarks.recent
    assert [found.id for found in recent()] == ["bench-00004", "bench-00003", "bench-00002", "bench-00001"]
    assert [found.id for found in recent(target="us-east", limit=2)] == ["bench-00004", "bench-00003"]
    assert [found.id for found in recent(target="edge")] == ["bench-00001"]
    staging = bench.stores(environment="staging")
    assert staging.benchmarks.recent() == []
    staging.benchmarks.add(benchmark(1))
    with pytest.raises(UsageError):
        staging.benchmarks.find("bench-00002")


def test_an_id_is_found_by_its_beginning(stores: Stores) -> None:
    for identity in ("a1", "a1b", "A2", "50%_off"):
        stores.benchmarks.add(benchmark(identity=identity))
    find = stores.benchmarks.find
    assert find("a1").id == "a1", "the whole id wins over a longer one"
    assert find("A").id == "A2"
    assert find("50").id == "50%_off"


@pytest.mark.parametrize(
    ("prefix", "words"),
    [("a", r"3 benchmarks begin with 'a': a1, a2, a3"), ("b", "there is no benchmark 'b'"), ("", "no benchmark ''")],
)
def test_an_id_that_is_none_or_several_is_said(stores: Stores, prefix: str, words: str) -> None:
    for identity in ("a1", "a2", "a3"):
        stores.benchmarks.add(benchmark(identity=identity))
    with pytest.raises(UsageError, match=words) as raised:
        stores.benchmarks.find(prefix)
    assert raised.value.hint


def test_hostile_texts_are_cleaned(stores: Stores) -> None:
    hostile = benchmark()
    stores.benchmarks.add(
        replace(hostile, reasons=("\x1b[2J\ud83d",), result=replace(hostile.result, complaint="x\0" + "y" * 100_000))
    )
    found = stores.benchmarks.find(hostile.id)
    assert found.reasons == ("␛[2J\ufffd",)
    assert found.result.complaint.startswith("x␀y")
    assert len(found.result.complaint) == 2000


@pytest.mark.parametrize(
    "broken",
    [
        replace(benchmark(), wall=float("nan")),
        replace(benchmark(), id=""),
        replace(benchmark(), load=replace(benchmark().load, duration_s=float("inf"))),
        replace(benchmark(), result=replace(benchmark().result, blocks=(Block(float("nan"), 1.0, 1, 0, ()),))),
    ],
)
def test_what_would_not_come_back_is_refused(stores: Stores, broken: Benchmark) -> None:
    with pytest.raises(UsageError):
        stores.benchmarks.add(broken)
    assert stores.benchmarks.recent() == []


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        ("UPDATE benchmarks SET form = 7", r"bench-00001 was kept in form 7, and this npconsole reads form 1"),
        ("UPDATE benchmarks SET body = '{\"id\": 3}'", "bench-00001 in the memory is damaged"),
        ("UPDATE benchmarks SET blocks = body_of_another", "bench-00001 in the memory is damaged"),
        ("UPDATE benchmarks SET blocks = half", "blocks are cut off"),
    ],
)
def test_a_row_of_another_form_or_a_broken_one_is_said(stores: Stores, bench: Bench, harm: str, words: str) -> None:
    stores.benchmarks.add(benchmark())
    whole = "'x'::bytea" if bench.is_server else "x'78'"
    half = "substr(blocks, 1, 200)"
    bench.edit(harm.replace("body_of_another", whole).replace("half", half))
    with pytest.raises(StoreError, match=words):
        stores.benchmarks.find("bench")


def test_a_name_stands_for_a_benchmark_until_it_is_forgotten(stores: Stores) -> None:
    for number in (1, 2):
        stores.benchmarks.add(benchmark(number))
    archive = stores.benchmarks
    archive.name_baseline("v1", "bench-00001", actor="alice")
    archive.name_baseline("before", "bench-00001", actor="alice")
    archive.name_baseline("v1", "bench-00002", actor="bob")
    assert archive.baselines() == [("before", "bench-00001"), ("v1", "bench-00002")]
    archive.name_baseline("v1", "", actor="bob")
    assert archive.baselines() == [("before", "bench-00001")]
    lines = [(line.kind, line.actor, line.target, line.data["benchmark"]) for line in stores.journal.audit_lines()[1:]]
    assert lines == [
        ("baseline.set", "alice", "v1", "bench-00001"),
        ("baseline.set", "alice", "before", "bench-00001"),
        ("baseline.set", "bob", "v1", "bench-00002"),
        ("baseline.cleared", "bob", "v1", ""),
    ]
    for name, identity in (("v2", "nobody"), ("none", ""), ("", "bench-00001")):
        with pytest.raises(UsageError):
            archive.name_baseline(name, identity, actor="bob")
    assert archive.baselines() == [("before", "bench-00001")]


def test_noise_belongs_to_a_fingerprint_and_is_learnt_anew(stores: Stores, bench: Bench) -> None:
    first = Noise(5, (("p95_ms", 0.06), ("request_rate", 0.01)), 1_800_000_000.0)
    second = replace(first, pairs=10)
    archive = stores.benchmarks
    assert archive.noise(fingerprint()) is None
    archive.learn(fingerprint(), first)
    archive.learn(fingerprint(), second)
    archive.learn(fingerprint("edge"), first)
    assert archive.noise(fingerprint()) == second
    assert archive.noise(fingerprint("edge")) == first
    assert bench.stores(environment="staging").benchmarks.noise(fingerprint()) is None


def test_a_list_needs_no_blocks(stores: Stores, bench: Bench) -> None:
    stores.benchmarks.add(benchmark())
    bench.edit(
        "UPDATE benchmarks SET blocks = CAST('x' AS bytea)"
        if bench.is_server
        else "UPDATE benchmarks SET blocks = x'00'"
    )
    assert stores.benchmarks.recent() == [bare(benchmark())]
