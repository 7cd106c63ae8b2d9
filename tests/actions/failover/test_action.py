"""A whole drill on a real journal: what is sent, what is measured, and that it always comes back."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace

import pytest

from npconsole.actions.failover.proof import proof_sentence
from npconsole.actions.planner import Planner
from npconsole.actions.rules import Pace
from npconsole.errors import ExitCode
from npconsole.model.action import Danger
from npconsole.model.controls import LoadBalancer
from npconsole.model.run import Plan, Run, RunState
from tests.actions.desk import Desk
from tests.actions.failover.scene import FAST, Edge, HostTimer, Record, calls, desk_of, drill
from tests.actions.opened import opened
from tests.actions.virtual import play
from tests.actions.world import HEALTHY, SICK, Manner

DRAIN, RESTORE = "disable pool-us-east", "enable pool-us-east"
Make = Callable[..., Desk]


@pytest.fixture
def make() -> Iterator[Make]:
    with ExitStack() as stack:

        def made(platform: Edge | None = None, **more: Pace) -> Desk:
            return stack.enter_context(opened(lambda folder: desk_of(folder, platform or Edge(), **more)))

        yield made


def edge(desk: Desk) -> Edge:
    assert isinstance(desk.platform, Edge)
    return desk.platform


def rehearse(desk: Desk, **parameters: str) -> Run:
    return desk.run("failover", execute="yes", **parameters)


def planned(desk: Desk, **parameters: str) -> Plan:
    request = desk.request("failover", **parameters).request  # type: ignore[arg-type]  # parameters, all of them texts
    return play(desk.clock, Planner(desk.stage()).prepare(request)).plan


def on_hold(desk: Desk, what: Callable[[], object]) -> Run:
    """A drill in whose hold something happens."""
    asked = desk.request("failover", execute="yes")

    def reached(point: str) -> None:
        if point == "holding":
            what()

    return play(desk.clock, desk.runner(reached).run(asked.id))


def test_one_drain_one_restore_and_the_times_of_the_edge_itself(make: Make) -> None:
    desk = make()
    run = rehearse(desk)
    assert run.state is RunState.REVERTED
    assert run.result["exit"] == ExitCode.OK
    assert calls(desk.platform) == [DRAIN, RESTORE]
    (away, other), (back, first) = edge(desk).shifts
    assert (other, first) == ("us-west", "us-east")
    sent, restored = (write.at for write in desk.platform.writes)
    measured = drill(run)
    assert measured["recovery_s"] == pytest.approx(away - sent, abs=0.2)
    assert measured["restore_s"] == pytest.approx(back - restored, abs=0.2)
    assert measured["proven"] is True
    assert measured["steady_s"] is not None
    assert "RPO not measured" in run.outcome
    assert "failover us-east -> us-west took 1." in run.outcome


def test_the_sentence_of_a_proof(make: Make) -> None:
    desk = make()
    assert proof_sentence(desk.journal.runs(), "us-east", desk.clock.wall()) == "failover us-east never proven"
    rehearse(desk)
    desk.pass_time(12 * 86400)
    sentence = proof_sentence(desk.journal.runs(), "us-east", desk.clock.wall())
    assert sentence.startswith("failover us-east -> us-west last proven 12 d ago, 1.")


def test_reckoning_changes_nothing_and_says_everything(make: Make) -> None:
    desk = make()
    plan = planned(desk)
    assert plan.simulated
    assert plan.danger is Danger.SAFE
    assert not plan.refusals
    assert plan.blast.traffic_share == pytest.approx(1 / 3)
    assert dict(plan.blast.survivors) == {"us-west": pytest.approx(0.6), "eu-west": pytest.approx(0.3)}
    assert plan.blast.objects == ("pool us-east", "load balancer api")
    assert any("us-east serves 33 % of the traffic now" in note for note in plan.notes)
    assert any(call.call == "PATCH pool pool-us-east enabled=false" and call.undo for call in plan.calls)
    run = desk.run("failover")
    assert (run.state, run.result["exit"]) == (RunState.FAILED, ExitCode.USAGE)
    assert not desk.platform.writes


def test_executing_takes_the_typed_name(make: Make) -> None:
    plan = planned(make(), execute="yes")
    assert plan.danger is Danger.TYPED
    assert plan.typed == "us-east"
    assert not plan.simulated


def test_steps_are_shed_one_after_the_other_and_all_come_back(make: Make) -> None:
    desk = make()
    run = rehearse(desk, steps="25,50,100")
    assert run.state is RunState.REVERTED
    shed = ["shed 25 pool-us-east", "shed 50 pool-us-east"]
    assert calls(desk.platform) == [*shed, DRAIN, RESTORE, "shed 0 pool-us-east"]
    pool = desk.platform.pools["pool-us-east"]
    assert (pool.enabled, pool.shed_percent, pool.session_shed_percent) == (True, 0, 0)


def test_what_was_shed_before_is_shed_again(make: Make) -> None:
    desk = make()
    desk.platform.pools["pool-us-east"] = replace(desk.platform.pools["pool-us-east"], shed_percent=10.0)
    rehearse(desk, steps="50,100")
    assert desk.platform.pools["pool-us-east"].shed_percent == 10.0


@pytest.mark.parametrize(
    ("prepare", "guard", "words"),
    [
        (
            lambda p: p.health.update({"us-west": SICK, "eu-west": SICK}),
            "last-healthy-region",
            "us-east is the last healthy region",
        ),
        (
            lambda p: setattr(p, "balancers", (LoadBalancer("b2", "only", True, ("pool-us-east",), "", "off"),)),
            "load-balancers",
            "only would be left without a healthy region",
        ),
        (
            lambda p: setattr(
                p, "balancers", (LoadBalancer("b2", "geo", True, ("pool-us-east",), "pool-us-west", "off"),)
            ),
            "load-balancers",
            "geo would be left",
        ),
        (lambda p: p.change_pool("pool-us-east", enabled=False), "complete", "is switched off already"),
        (
            lambda p: setattr(p, "balancers", (LoadBalancer("b", "b", True, ("x",), "", "off"),)),
            "complete",
            "moves nothing",
        ),
        (lambda p: p.health.update({"eu-west": SICK}), "open-incident", "eu-west is down"),
        (lambda p: setattr(p, "unreadable", "no answer"), "complete", "no answer"),
    ],
)
def test_refused(make: Make, prepare: Callable[[Edge], object], guard: str, words: str) -> None:
    desk = make()
    prepare(edge(desk))
    plan = planned(desk, execute="yes")
    reasons = {answer.guard: answer.reason for answer in plan.refusals}
    assert words in reasons[guard]
    assert rehearse(desk).state in (RunState.REFUSED, RunState.FAILED)
    assert not desk.platform.writes


def test_head_room_that_is_not_known_stops_it_unless_overridden(make: Make) -> None:
    desk = make()
    desk.platform.requests = 900.0
    world = desk.platform.world
    desk.platform.world = lambda: replace(world(), capacity={})  # type: ignore[method-assign]  # nobody measured it
    plan = planned(desk, execute="yes")
    assert [answer.guard for answer in plan.refusals] == ["head-room"]
    assert "head-room not known (its capacity was never measured)" in plan.refusals[0].reason
    assert rehearse(desk).state is RunState.REFUSED
    asked = desk.request("failover", execute="yes", overrides=("head-room",))
    assert play(desk.clock, desk.runner().run(asked.id)).state is RunState.REVERTED


def test_traffic_that_does_not_move_is_brought_back(make: Make) -> None:
    desk = make(Edge(lag_s=60.0))
    run = rehearse(desk)
    assert (run.state, run.result["exit"]) == (RunState.REVERTED, ExitCode.FAILED)
    assert "has not moved within 30 s" in run.outcome
    assert drill(run)["proven"] is False
    assert desk.platform.pools["pool-us-east"].enabled


def test_a_recovery_over_the_limit_is_not_a_success(make: Make) -> None:
    desk = make(Edge(drill=replace(FAST, rto_limit_s=1.0)))
    run = rehearse(desk)
    assert (run.state, run.result["exit"]) == (RunState.REVERTED, ExitCode.UNVERIFIED)
    assert "too long" in run.outcome


def test_a_region_that_does_not_serve_this_host_proves_nothing(make: Make) -> None:
    desk = make()
    run = desk.run("failover", "eu-west", execute="yes")
    assert (run.state, run.result["exit"]) == (RunState.REVERTED, ExitCode.UNVERIFIED)
    assert "not proven" in run.outcome


def test_no_drain_while_the_edge_gives_users_nothing(make: Make) -> None:
    desk = make()
    for name in ("us-east", "us-west", "eu-west"):
        edge(desk).seen[f"pool-{name}"] = replace(edge(desk).seen[f"pool-{name}"], enabled=False)
    run = rehearse(desk)
    assert run.state is RunState.FAILED
    assert not desk.platform.writes


def test_a_change_by_somebody_else_is_left_and_said(make: Make) -> None:
    desk = make()
    run = on_hold(desk, lambda: desk.platform.change_pool("pool-us-east", name="renamed"))
    assert (run.state, run.result["exit"]) == (RunState.CONFLICT, ExitCode.UNVERIFIED)
    assert calls(desk.platform) == [DRAIN]
    assert any("somebody else" in text for text in desk.told)


def test_a_change_that_no_call_of_ours_can_have_made_is_left_though_one_was_never_answered(make: Make) -> None:
    desk = make()
    desk.platform.manners.append(Manner.SERVER_ERROR_AFTER_EFFECT)
    run = on_hold(desk, lambda: desk.platform.change_pool("pool-us-east", shed_percent=37.0))
    assert run.state is RunState.CONFLICT
    assert calls(desk.platform) == [DRAIN]


def test_a_pool_that_a_person_has_switched_on_is_not_touched_again(make: Make) -> None:
    desk = make()
    run = on_hold(desk, lambda: desk.platform.change_pool("pool-us-east", enabled=True))
    assert run.state is RunState.REVERTED
    assert calls(desk.platform) == [DRAIN]


def test_survivors_that_fall_ill_end_it_at_once(make: Make) -> None:
    desk = make()
    held_at: list[float] = []

    def fall_ill() -> None:
        held_at.append(desk.clock.now())
        desk.platform.health.update({"us-west": SICK, "eu-west": SICK})

    run = on_hold(desk, fall_ill)
    assert run.state is RunState.REVERTED
    assert "no healthy region is left to api" in run.outcome
    assert desk.platform.writes[-1].at - held_at[0] < 2 * FAST.watch_s


def test_users_that_suffer_end_it(make: Make) -> None:
    desk = make()
    run = on_hold(desk, lambda: edge(desk).health.update({"us-west": SICK}))
    assert run.state is RunState.REVERTED
    assert "of the requests through the edge fail" in run.outcome
    desk.platform.health["us-west"] = HEALTHY


def test_what_fails_while_the_traffic_moves_is_measured_and_no_reason_to_end(make: Make) -> None:
    desk = make(Edge(lag_s=6.0, gap=True))
    run = rehearse(desk)
    assert (run.state, run.result["exit"]) == (RunState.REVERTED, ExitCode.OK)
    shift = drill(run)["shift"]
    assert isinstance(shift, dict)
    assert shift["failed"] == pytest.approx(60, abs=2)
    assert shift["noticed_s"] == pytest.approx(0.1, abs=0.1)
    assert shift["moved_s"] == pytest.approx(6.0, abs=0.2)
    held = desk.platform.writes[-1].at - desk.platform.writes[0].at
    assert held > FAST.hold_s


def test_nothing_is_drained_when_the_others_fall_ill_after_the_guards_have_passed(make: Make) -> None:
    desk = make()
    asked = desk.request("failover", execute="yes")

    def fall_ill(point: str) -> None:
        if point == "intent":
            desk.platform.health.update({"us-west": SICK, "eu-west": SICK})

    run = play(desk.clock, desk.runner(fall_ill).run(asked.id))
    assert run.state is RunState.FAILED
    assert "no healthy region would be left to api" in run.outcome
    assert not desk.platform.writes


def test_a_drain_that_got_lost_is_sent_again(make: Make) -> None:
    desk = make()
    desk.platform.manners.append(Manner.SILENT)
    run = rehearse(desk)
    assert (run.state, run.result["exit"]) == (RunState.REVERTED, ExitCode.OK)
    assert calls(desk.platform) == [DRAIN, DRAIN, RESTORE]


def test_nothing_more_is_drained_when_a_survivor_is_lost_between_the_steps(make: Make) -> None:
    desk = make()
    asked = desk.request("failover", execute="yes", steps="25,100")

    def lose(point: str) -> None:
        if point == "applied" and len(desk.platform.writes) == 1:
            desk.platform.health.update({"us-west": SICK, "eu-west": SICK})

    run = play(desk.clock, desk.runner(lose).run(asked.id))
    assert run.state is RunState.REVERTED
    assert DRAIN not in calls(desk.platform)
    assert desk.platform.pools["pool-us-east"].shed_percent == 0


def test_a_lost_operator_brings_it_back(make: Make) -> None:
    desk = make(Edge(drill=replace(FAST, hold_s=600.0)), pace=Pace())
    run = rehearse(desk)
    assert (run.state, run.result["exit"]) == (RunState.REVERTED, ExitCode.CANCELLED)
    drained, restored = (write.at for write in desk.platform.writes)
    assert restored - drained < 70


def test_the_longest_hold_is_a_limit(make: Make) -> None:
    run = rehearse(make(), hold="16m")
    assert run.state is RunState.FAILED
    assert "a drill holds for 15 min at most" in run.outcome


def test_the_hosts_timer_is_armed_before_and_disarmed_after(make: Make) -> None:
    timer = HostTimer()
    desk = make(Edge(alarm=timer))
    desk.platform.on_write = lambda _: timer.calls.append(("write", "", 0.0))
    run = rehearse(desk)
    assert [call for call, _, _ in timer.calls] == ["arm", "write", "write", "disarm"]
    _, run_id, after_s = timer.calls[0]
    assert run_id == run.id
    assert after_s > FAST.hold_s + FAST.shift_within_s


def test_a_host_without_timers_is_said(make: Make) -> None:
    desk = make(Edge(alarm=HostTimer(broken="no systemd")))
    run = rehearse(desk)
    assert run.state is RunState.REVERTED
    texts = [event.text for event in desk.journal.events(run.id)]
    assert any("could not be armed: no systemd" in text for text in texts)


@pytest.mark.parametrize(("lost", "rpo_s", "exit_code"), [(0, 0.0, ExitCode.OK), (4, 2.0, ExitCode.UNVERIFIED)])
def test_lost_writes_are_measured_where_they_can_be(make: Make, lost: int, rpo_s: float, exit_code: ExitCode) -> None:
    desk = make()
    edge(desk).writer = Record(edge(desk), lost)
    run = rehearse(desk)
    assert drill(run)["rpo_s"] == pytest.approx(rpo_s, abs=0.6)
    assert run.result["exit"] == exit_code


@pytest.mark.parametrize("manner", [manner for manner in Manner if manner not in (Manner.REFUSED, Manner.LIMITED)])
@pytest.mark.parametrize("ok", [0, 1])
def test_whatever_the_vendor_answers_the_region_comes_back(make: Make, manner: Manner, ok: int) -> None:
    desk = make()
    desk.platform.manners.extend([*[Manner.OK] * ok, manner])
    run = rehearse(desk)
    assert run.state is RunState.REVERTED
    desk.pass_time(600)
    assert desk.platform.pools["pool-us-east"].enabled


@pytest.mark.parametrize("manner", [Manner.REFUSED, Manner.LIMITED])
def test_a_refused_drain_is_no_drill(make: Make, manner: Manner) -> None:
    desk = make()
    desk.platform.manners.append(manner)
    assert rehearse(desk).state is RunState.FAILED
    assert desk.platform.pools["pool-us-east"].enabled


@pytest.mark.parametrize("point", ["intended", "sent", "called", "applied", "holding", "reverting", "settling"])
def test_a_runner_that_dies_is_taken_over_and_the_region_comes_back(make: Make, point: str) -> None:
    desk = make()
    asked = desk.request("failover", execute="yes", steps="50,100")
    assert desk.crash(asked.id, point)
    desk.pass_time(61)
    [run] = desk.recover()
    assert run.state in (RunState.REVERTED, RunState.FAILED)
    pool = desk.platform.pools["pool-us-east"]
    assert (pool.enabled, pool.shed_percent) == (True, 0)
    assert calls(desk.platform).count(RESTORE) == calls(desk.platform).count(DRAIN)
