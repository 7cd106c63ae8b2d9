"""A failover that lasts: drained until somebody asks for the undo, whatever becomes of its runner."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from npconsole.actions.failover.action import Failover, LastingFailover
from npconsole.actions.failover.lasting import judge, to_before
from npconsole.actions.failover.proof import proof_sentence
from npconsole.actions.failover.shift import Baseline
from npconsole.actions.inputs import check_inputs
from npconsole.actions.planner import Planner
from npconsole.actions.takeback import last_undoable, undo_of
from npconsole.errors import ExitCode
from npconsole.model.action import Danger, Undo
from npconsole.model.run import Plan, Run, RunState, Verdict
from tests.actions.desk import Desk
from tests.actions.failover.scene import Edge, calls, desk_of
from tests.actions.opened import opened
from tests.actions.virtual import play
from tests.actions.world import SICK, Manner

DRAIN, RESTORE = "disable pool-us-east", "enable pool-us-east"
Make = Callable[..., Desk]


@pytest.fixture
def make() -> Iterator[Make]:
    with ExitStack() as stack:
        yield lambda platform=None: stack.enter_context(opened(lambda folder: desk_of(folder, platform or Edge())))


def fail_over(desk: Desk, **more: object) -> Run:
    return desk.run("failover", execute="yes", keep="yes", **more)  # type: ignore[arg-type]  # passed on as they are


def planned(desk: Desk, **parameters: str) -> Plan:
    request = desk.request("failover", **parameters).request  # type: ignore[arg-type]  # parameters, all of them texts
    return play(desk.clock, Planner(desk.stage()).prepare(request)).plan


def take_back(desk: Desk, run: Run) -> Run:
    return desk.run("undo", run.id)


def test_the_inputs_make_it_last() -> None:
    drill = check_inputs(Failover.spec, {"execute": ["yes"]})
    lasting = check_inputs(Failover.spec, {"execute": ["yes"], "keep": ["yes"]})
    assert Failover().ordered(drill).spec.undo is Undo.ALWAYS
    assert isinstance(Failover().ordered(lasting), LastingFailover)
    assert LastingFailover.spec.undo is Undo.ON_REQUEST


def test_an_ill_region_stays_drained_and_its_users_are_better_off(make: Make) -> None:
    desk = make()
    desk.platform.health["us-east"] = SICK
    run = fail_over(desk, overrides=("head-room",))
    assert (run.state, run.verdict, run.result["exit"]) == (RunState.SUCCEEDED, Verdict.HELPED, ExitCode.OK)
    assert "0 % of the requests through the edge fail, 100 % before" in run.outcome
    assert calls(desk.platform) == [DRAIN]
    desk.pass_time(100_000)
    assert not desk.platform.pools["pool-us-east"].enabled
    assert desk.recover() == []


def test_it_comes_back_on_request_and_only_once(make: Make) -> None:
    desk = make()
    run = fail_over(desk)
    found = last_undoable(desk.journal, desk.find)
    assert found is not None
    assert (found.id, undo_of(Failover(), found)) == (run.id, Undo.ON_REQUEST)
    assert take_back(desk, run).state is RunState.SUCCEEDED
    assert calls(desk.platform) == [DRAIN, RESTORE]
    assert desk.platform.pools["pool-us-east"].enabled
    assert last_undoable(desk.journal, desk.find) is None


def test_what_somebody_else_has_changed_since_is_left(make: Make) -> None:
    desk = make()
    run = fail_over(desk)
    desk.platform.change_pool("pool-us-east", name="renamed")
    assert take_back(desk, run).state is RunState.FAILED
    assert calls(desk.platform) == [DRAIN]


def test_the_plan_says_that_it_lasts_and_wants_the_typed_name(make: Make) -> None:
    desk = make()
    desk.platform.health["us-east"] = SICK
    plan = planned(desk, execute="yes", keep="yes")
    assert (plan.danger, plan.typed) == (Danger.TYPED, "us-east")
    assert plan.undo.startswith("on request: enabled=true")
    assert "us-east stays drained until somebody asks for the undo" in plan.notes
    assert "open-incident" not in {answer.guard for answer in plan.guards}
    assert planned(desk, keep="yes").simulated


def test_never_the_last_healthy_region(make: Make) -> None:
    desk = make()
    desk.platform.health.update({"us-west": SICK, "eu-west": SICK})
    run = fail_over(desk)
    assert run.state is RunState.REFUSED
    assert not desk.platform.writes


def test_traffic_that_does_not_move_is_said_and_the_region_stays_drained(make: Make) -> None:
    desk = make(Edge(lag_s=600.0))
    run = fail_over(desk)
    assert (run.state, run.verdict, run.result["exit"]) == (
        RunState.DEGRADED,
        Verdict.NO_EFFECT,
        ExitCode.UNVERIFIED,
    )
    assert not desk.platform.pools["pool-us-east"].enabled
    assert any("us-east gives 100 % of the good answers" in text for text in desk.told)


def test_users_who_are_worse_off_afterwards_are_said(make: Make) -> None:
    desk = make()
    asked = desk.request("failover", execute="yes", keep="yes")

    def fall_ill(point: str) -> None:
        if point == "verifying":
            desk.platform.health["us-west"] = SICK

    run = play(desk.clock, desk.runner(fall_ill).run(asked.id))
    assert (run.state, run.verdict) == (RunState.DEGRADED, Verdict.WORSE)


def test_it_proves_nothing_about_drills(make: Make) -> None:
    desk = make()
    fail_over(desk)
    assert proof_sentence(desk.journal.runs(), "us-east", desk.clock.wall()) == "failover us-east never proven"


def test_one_that_is_asked_to_stop_takes_its_steps_back(make: Make) -> None:
    desk = make()
    asked = desk.request("failover", execute="yes", keep="yes", steps="25,100")

    def stop(point: str) -> None:
        if point == "applied" and len(desk.platform.writes) == 1:
            desk.journal.ask_abort(asked.id, actor="alice", reason="wrong region")

    run = play(desk.clock, desk.runner(stop).run(asked.id))
    assert (run.state, run.result["exit"]) == (RunState.REVERTED, ExitCode.CANCELLED)
    assert calls(desk.platform) == ["shed 25 pool-us-east", "shed 0 pool-us-east"]


@pytest.mark.parametrize("point", ["intended", "sent", "called", "applied", "verifying"])
def test_a_runner_that_dies_leaves_it_drained_once_or_not_at_all(make: Make, point: str) -> None:
    desk = make()
    asked = desk.request("failover", execute="yes", keep="yes")
    assert desk.crash(asked.id, point)
    desk.pass_time(61)
    [run] = desk.recover()
    sent = point not in ("intended", "sent")
    assert calls(desk.platform) == ([DRAIN] if sent else [])
    assert desk.platform.pools["pool-us-east"].enabled is not sent
    assert run.state.is_final


@pytest.mark.parametrize("manner", list(Manner))
def test_whatever_the_vendor_answers_it_is_drained_or_said(make: Make, manner: Manner) -> None:
    desk = make()
    desk.platform.manners.append(manner)
    run = fail_over(desk)
    assert run.state.is_final
    assert desk.platform.pools["pool-us-east"].enabled is (run.state is RunState.FAILED)


WELL, HALF = Baseline(20, 0, 1.0), Baseline(20, 10, 1.0)


@pytest.mark.parametrize(
    ("before", "after", "verdict", "well"),
    [
        (HALF, Baseline(20, 0, 0.0), Verdict.HELPED, True),
        (WELL, Baseline(20, 0, 0.0), Verdict.HELPED, True),
        (Baseline(20, 20, None), Baseline(20, 0, 0.0), Verdict.HELPED, True),
        (Baseline(20, 0, 0.0), Baseline(20, 0, 0.0), Verdict.NO_EFFECT, True),
        (WELL, Baseline(20, 0, 0.5), Verdict.NO_EFFECT, False),
        (WELL, Baseline(20, 10, 0.0), Verdict.WORSE, False),
        (HALF, Baseline(20, 10, 0.0), Verdict.NO_EFFECT, False),
        (Baseline(20, 20, None), Baseline(20, 20, None), Verdict.NO_EFFECT, False),
        (None, Baseline(20, 0, 0.0), Verdict.UNKNOWN, True),
        (None, Baseline(20, 20, None), Verdict.UNKNOWN, False),
        (WELL, Baseline(0, 0, None), Verdict.UNKNOWN, False),
    ],
)
def test_users_before_and_after(before: Baseline | None, after: Baseline, verdict: Verdict, well: bool) -> None:
    finding = judge(before, after, "us-east", most_failed=0.05)
    assert (finding.verdict, finding.well) == (verdict, well)


@pytest.mark.parametrize("data", [None, {}, [], {"asked": 1}, {"asked": "x", "failed": 0, "share": None}])
def test_what_was_not_kept_is_not_known(data: object) -> None:
    assert to_before(data) is None
