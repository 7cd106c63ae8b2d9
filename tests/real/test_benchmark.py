"""Benchmarks end to end: the real k6, a simulated platform, processes as operators start them."""

import json
import shutil
import signal
import stat
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.real.operations import Done, Operations, kill, operations
from tests.real.program import until

pytestmark = pytest.mark.xdist_group("benchmark")

SMALL = ("benchmark", "us-east", "--vus", "20", "--duration", "10s", "--json")
LONG = ("benchmark", "us-east", "--vus", "20", "--duration", "60s", "--json")
TEE = """#!/bin/sh
if [ "$1" = run ]; then shift; exec {k6} run --out json={raw} "$@"; fi
exec {k6} "$@"
"""
"""A k6 that writes its raw output to a second place, too."""


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Operations]:
    folder = tmp_path_factory.mktemp("bench")
    tee = folder / "k6"
    tee.write_text(TEE.format(k6=_k6(), raw=folder / "raw.ndjson"))
    tee.chmod(tee.stat().st_mode | stat.S_IXUSR)
    more = {
        "actions": {"call_timeout": "5s", "reread": "300ms", "settle": "1s", "operator_silence": "20s"},
        "runs": {"lease": "10s", "beat": "500ms"},
        "benchmark": {"k6": str(tee)},
    }
    with operations(folder, more=more) as made:
        yield made


def _k6() -> str:
    found = shutil.which("k6") or shutil.which(Path(sys.executable).parent / "k6")
    if found is None:
        pytest.skip("no k6 (extra k6)")
    return str(found)


def listed(bench: Operations) -> list[dict[str, Any]]:
    found = json.loads(bench.run("bench", "list", "--json").out)["benchmarks"]
    assert isinstance(found, list)
    return found


def progress(done: Done) -> list[dict[str, Any]]:
    """The figures of every event that has some."""
    return [line["data"] for line in done.lines if not line["final"] and "elapsed_s" in line.get("data", {})]


def raw_latencies(path: Path) -> list[float]:
    points = (json.loads(line) for line in path.read_text().splitlines())
    return sorted(
        each["data"]["value"] for each in points if each["type"] == "Point" and each["metric"] == "http_req_duration"
    )


def quantile(values: Sequence[float], share: float) -> float:
    """Between the two values that it falls between, as k6 reckons it."""
    place = share * (len(values) - 1)
    low = int(place)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * (place - low)


def k6_of(bench: Operations) -> list[int]:
    """The process ids of the k6 that this bench has started and that still run."""
    return [int(each.name) for each in Path("/proc").iterdir() if each.name.isdigit() and _is_ours(each, bench)]


def _is_ours(process: Path, bench: Operations) -> bool:
    try:
        return str(bench.folder / "raw.ndjson").encode() in (process / "cmdline").read_bytes()
    except OSError:
        return False


def started(bench: Operations, *words: str) -> Any:
    """A benchmark of which some seconds have been measured."""
    process = bench.start("run", *words)
    until(lambda: _requests(bench) > 10, what="some requests", within_s=30)
    return process


def _requests(bench: Operations) -> float:
    with bench.journal() as journal:
        events = journal.events(bench.runs()[0].id)
    return max((float(str(event.data["requests"])) for event in events if "requests" in event.data), default=0.0)


def test_a_calm_region_passes_and_its_percentiles_are_those_of_k6(bench: Operations) -> None:
    done = bench.run("run", *SMALL)
    assert done.code == 0, done.out[-2000:] + done.err
    lines = progress(done)
    assert len(lines) >= 8
    assert [line["requests"] for line in lines] == sorted(line["requests"] for line in lines)
    assert lines[-1]["regions"]["us-east"]["p95_ms"] > 0
    final = done.final
    benchmark = final["result"]["benchmark"]
    assert (final["state"], final["exit"], benchmark["status"]) == ("succeeded", 0, "passed")
    states = {state["threshold"]["expression"]: state["crossed"] for state in lines[-1]["thresholds"]}
    assert states
    assert not any(states.values())
    exact = raw_latencies(bench.folder / "raw.ndjson")
    overall = benchmark["result"]["overall"]
    assert overall["count"] == len(exact) > 40
    for name, share in (("p50_ms", 0.5), ("p95_ms", 0.95), ("p99_ms", 0.99)):
        assert overall[name] == pytest.approx(quantile(exact, share), rel=0.01), name
    assert overall["max_ms"] == pytest.approx(exact[-1], rel=0.01)
    [kept] = listed(bench)
    assert (kept["id"], kept["status"], kept["p95_ms"]) == (final["run"], "passed", overall["p95_ms"])
    assert not k6_of(bench)


def test_a_slow_region_crosses_the_threshold_by_name(bench: Operations) -> None:
    bench.platform.fault("us-east", "slow")
    done = bench.run("run", *SMALL)
    bench.platform.heal()
    assert done.code == 99, done.out[-2000:] + done.err
    benchmark = done.final["result"]["benchmark"]
    assert (done.final["exit"], benchmark["status"]) == (99, "failed")
    assert any("p95" in reason or "p(95)" in reason for reason in benchmark["reasons"]), benchmark["reasons"]
    crossed = [state["threshold"] for state in benchmark["result"]["figures"]["thresholds"] if state["crossed"]]
    assert {"metric": "http_req_duration", "expression": "p(95)<400"} in crossed


def test_a_region_that_is_down_is_invalid_and_never_passes(bench: Operations) -> None:
    bench.platform.fault("us-east", "down")
    done = bench.run("run", *SMALL)
    bench.platform.heal()
    assert done.code == 1, done.out[-2000:] + done.err
    benchmark = done.final["result"]["benchmark"]
    assert (done.final["exit"], benchmark["status"]) == (1, "invalid")
    assert benchmark["result"]["figures"]["errors"][0][0] == "connection refused"
    until(lambda: bench.serving("us-east"), what="us-east back", within_s=20)


def test_while_it_lasts_nobody_else_acts_there_and_ctrl_c_keeps_what_was_measured(bench: Operations) -> None:
    process = started(bench, *LONG)
    other = bench.run("run", "restart", "us-east", "--yes")
    assert other.code == 6
    assert "benchmark" in other.out + other.err
    process.send_signal(signal.SIGINT)
    done = bench.finish(process)
    assert done.code == 4, done.out[-2000:] + done.err
    final = done.final
    assert (final["state"], final["exit"], final["result"]["benchmark"]["status"]) == ("cancelled", 4, "partial")
    assert final["result"]["benchmark"]["result"]["overall"]["count"] > 10
    assert listed(bench)[0]["status"] == "partial"
    assert not k6_of(bench)
    with bench.journal() as journal:
        assert journal.consult("", lambda ledger: ledger.lease_on("us-east")) is None


def test_kill_9_of_the_runner_leaves_no_k6_and_no_result(bench: Operations) -> None:
    kept = [each["id"] for each in listed(bench)]
    process = started(bench, *LONG)
    run = bench.runs()[0]
    assert k6_of(bench)
    kill(bench.runner_of(run))
    until(lambda: not k6_of(bench), what="the end of k6", within_s=10)
    done = bench.finish(process, within_s=60)
    assert (done.code, done.final["state"]) == (4, "failed"), done.out[-2000:] + done.err
    assert "its runner died" in done.final["outcome"]
    assert [each["id"] for each in listed(bench)] == kept
    assert bench.run("audit", "verify").code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--rate", "-5"), "rate"),
        (("--script", "broken.js"), "broken.js"),
        (("--baseline", "nobody"), "nobody"),
    ],
)
def test_what_makes_no_sense_sends_nothing(bench: Operations, words: tuple[str, str], said: str) -> None:
    (bench.folder / "broken.js").write_text("export default function ( {\n")
    given = [str(bench.folder / word) if word.endswith(".js") else word for word in words]
    done = bench.run("run", "benchmark", "us-east", *given, "--dry-run")
    assert done.code == 2, done.out + done.err
    assert said in done.out + done.err


def test_a_run_that_made_no_sense_leaves_nothing(bench: Operations) -> None:
    kept = len(listed(bench))
    done = bench.run("run", "benchmark", "us-east", "--duration", "10d", "--yes", "--json")
    assert (done.code, done.final["state"], done.final["exit"]) == (2, "failed", 2)
    assert "benchmark" not in done.final["result"]
    assert len(listed(bench)) == kept


def test_past_ones_are_named_and_compared_and_k6s_own_file_is_read(bench: Operations) -> None:
    passed = next(each for each in listed(bench) if each["status"] == "passed")
    failed = next(each for each in listed(bench) if each["status"] == "failed")
    assert bench.run("bench", "baseline", "calm", passed["id"][:8]).code == 0
    compared = bench.run("bench", "compare", failed["id"], "--baseline", "calm", "--json")
    assert (compared.code, json.loads(compared.out)["verdict"]) == (7, "worse"), compared.out + compared.err
    analyzed = bench.run("bench", "analyze", str(bench.folder / "raw.ndjson"))
    assert analyzed.code in (0, 1, 99), analyzed.err
    assert "p95" in analyzed.out


def test_calibration_learns_from_pairs_and_later_comparisons_know_it(bench: Operations) -> None:
    words = ("bench", "calibrate", "us-east", "--vus", "10", "--duration", "1s", "--pairs", "3", "--json")
    done = bench.run(*words, within_s=120)
    assert done.code == 0, done.err[-2000:]
    learnt = json.loads(done.out)
    assert (learnt["schema"], learnt["pairs"], learnt["target"]) == ("npconsole.noise/1", 3, "us-east")
    one, other = learnt["benchmarks"][0]
    compared = json.loads(bench.run("bench", "compare", one, other, "--json").out)
    assert any("calibrated with 3 pairs" in note for note in compared["notes"]), compared["notes"]
