"""The action restart: once, at the live deployment, judged by what is measured afterwards."""

from dataclasses import replace

import pytest

from npconsole.actions.outcome import exit_code
from npconsole.actions.planner import Planner
from npconsole.errors import ExitCode, UnauthorisedError
from npconsole.model.controls import Allowance, Deployment, DeploymentState
from npconsole.model.run import RunState, StepState, Verdict
from tests.actions.desk import Desk
from tests.actions.virtual import play
from tests.actions.world import SICK, Manner

APPLIED_AFTER_ALL = [Manner.SERVER_ERROR_AFTER_EFFECT, Manner.SILENT_AFTER_EFFECT, Manner.SILENT_LATE_EFFECT]
NOT_KNOWN = [Manner.SERVER_ERROR, Manner.SILENT]


def test_a_slow_region_is_restarted_once_and_it_helped(desk: Desk) -> None:
    desk.platform.p95_ms["us-east"] = 612.0
    run = desk.run("restart")
    assert (run.state, run.verdict, exit_code(run)) == (RunState.SUCCEEDED, Verdict.HELPED, ExitCode.OK)
    assert "p95 612 ms before, 110 ms now" in run.outcome
    assert desk.platform.restarts("us-east") == 1
    assert [step.state for step in run.steps] == [StepState.APPLIED]


def test_a_sick_region_comes_back(desk: Desk) -> None:
    desk.platform.health["us-east"] = SICK
    run = desk.run("restart")
    assert (run.state, run.verdict) == (RunState.SUCCEEDED, Verdict.HELPED)
    assert run.outcome.startswith("it helped; not healthy before, healthy now")


def test_what_was_well_before_is_no_effect(desk: Desk) -> None:
    run = desk.run("restart")
    assert (run.state, run.verdict, exit_code(run)) == (RunState.SUCCEEDED, Verdict.NO_EFFECT, ExitCode.OK)


def test_a_region_that_does_not_come_back_is_worse_and_people_are_told(desk: Desk) -> None:
    desk.platform.restart_s = 10_000.0
    run = desk.run("restart")
    assert (run.state, run.verdict, exit_code(run)) == (RunState.DEGRADED, Verdict.WORSE, ExitCode.UNVERIFIED)
    assert desk.told == [run.outcome]


def test_a_region_that_stays_slow_is_not_well(desk: Desk) -> None:
    desk.platform.p95_ms["us-east"] = 612.0
    desk.platform.p95_after_restart_ms = 600.0
    run = desk.run("restart")
    assert (run.state, run.verdict, exit_code(run)) == (RunState.DEGRADED, Verdict.NO_EFFECT, ExitCode.UNVERIFIED)


def test_without_traffic_there_is_no_verdict_on_speed(desk: Desk) -> None:
    desk.platform.requests = 3.0
    run = desk.run("restart")
    assert (run.state, run.verdict) == (RunState.SUCCEEDED, Verdict.NO_EFFECT)
    assert "too little traffic to measure p95" in run.outcome


@pytest.mark.parametrize("manner", APPLIED_AFTER_ALL)
def test_a_call_without_an_answer_is_looked_after_and_never_sent_again(desk: Desk, manner: Manner) -> None:
    desk.platform.manners.append(manner)
    desk.platform.p95_ms["us-east"] = 612.0
    run = desk.run("restart")
    assert (run.state, run.verdict) == (RunState.SUCCEEDED, Verdict.HELPED)
    assert len(desk.platform.writes) == desk.platform.restarts("us-east") == 1


@pytest.mark.parametrize("manner", NOT_KNOWN)
def test_what_stays_unknown_is_said_and_never_sent_again(desk: Desk, manner: Manner) -> None:
    desk.platform.manners.append(manner)
    run = desk.run("restart")
    assert (run.state, run.verdict, exit_code(run)) == (RunState.DEGRADED, Verdict.UNKNOWN, ExitCode.UNVERIFIED)
    assert "it is not sent again" in run.outcome
    assert len(desk.platform.writes) == 1
    assert desk.platform.restarts("us-east") == 0


@pytest.mark.parametrize("manner", [Manner.REFUSED, Manner.LIMITED])
def test_a_refusal_of_the_vendor_is_a_failure_without_effect(desk: Desk, manner: Manner) -> None:
    desk.platform.manners.append(manner)
    run = desk.run("restart")
    assert run.state is RunState.FAILED
    assert [step.state for step in run.steps] == [StepState.FAILED]
    assert exit_code(run) is (ExitCode.FAILED if manner is Manner.REFUSED else ExitCode.UNREACHABLE)


def test_an_unknown_outcome_spends_budget(desk: Desk) -> None:
    desk.platform.manners.append(Manner.SILENT)
    desk.run("restart")
    again = desk.run("restart")
    assert again.state is RunState.REFUSED
    assert "it cools down" in again.outcome


def test_a_deploy_in_progress_refuses(desk: Desk) -> None:
    desk.platform.newer["us-east"] = Deployment("dep-9", DeploymentState.CHANGING, "BUILDING", "t9")
    run = desk.run("restart")
    assert (run.state, run.outcome) == (RunState.REFUSED, "a deploy is in progress: dep-9 is building")
    assert not desk.platform.writes


def test_a_deployment_that_went_live_since_the_plan_is_not_restarted(desk: Desk) -> None:
    def deploy(point: str) -> None:
        if point == "intent":
            live = desk.platform.deployments["us-east"]
            desk.platform.deployments["us-east"] = replace(live, id="dep-9")

    asked = desk.request("restart")
    run = play(desk.clock, desk.runner(deploy).run(asked.id))
    assert run.state is RunState.FAILED
    assert run.outcome == "nothing was sent: deployment dep-9 went live since the plan was made"
    assert not desk.platform.writes


def test_one_deployment_of_several_regions_takes_them_all_out(desk: Desk) -> None:
    shared = replace(desk.platform.deployments["us-east"], regions=("us-east4", "us-west2"))
    desk.platform.deployments |= {"us-east": shared, "us-west": shared}
    desk.platform.health["eu-west"] = SICK
    run = desk.run("restart")
    assert run.state is RunState.REFUSED
    assert "us-east, us-west are the last healthy regions in rotation" in run.outcome


def test_a_bad_token_is_said_before_anything_is_sent(desk: Desk) -> None:
    desk.platform.unverified = UnauthorisedError("Railway does not accept railway.token: not authorized")
    run = desk.run("restart")
    assert (run.state, exit_code(run)) == (RunState.REFUSED, ExitCode.UNAUTHORISED)
    assert "railway.token" in run.outcome
    assert not desk.platform.writes


def test_a_vendor_that_cannot_be_read_fails_with_its_own_exit_code(desk: Desk) -> None:
    desk.platform.unreadable = "Railway: there is no service abc: see railway.service_id of us-east"
    run = desk.run("restart")
    assert (run.state, exit_code(run)) == (RunState.FAILED, ExitCode.FAILED)
    assert "railway.service_id" in run.outcome


def test_the_vendors_limit_refuses(desk: Desk) -> None:
    desk.platform.allowance = Allowance(1000, 0, 1800)
    run = desk.run("restart")
    assert (run.state, run.outcome) == (
        RunState.REFUSED,
        "railway takes 0 more requests now; it is full again in 30 min",
    )


def test_the_plan_shows_calls_blast_radius_and_the_last_run(desk: Desk) -> None:
    desk.platform.p95_ms["us-east"] = 612.0
    first = desk.run("restart")
    desk.pass_time(3600)
    unconfirmed = replace(first.request, confirmed=False)
    plan = play(desk.clock, Planner(desk.stage()).prepare(unconfirmed)).plan
    assert [call.call for call in plan.calls] == ["deploymentRestart dep-0", "deployment dep-0"]
    assert plan.blast.traffic_share == pytest.approx(1 / 3)
    assert dict(plan.blast.survivors) == {"us-west": pytest.approx(0.45), "eu-west": pytest.approx(0.45)}
    assert plan.refusals == ()
    assert plan.last is not None
    assert (plan.last.run_id, plan.last.verdict) == (first.id, Verdict.HELPED)
    assert len(desk.platform.writes) == 1
