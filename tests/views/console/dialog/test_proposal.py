"""When a yes is taken, and what is asked for then."""

from dataclasses import replace

import pytest

from npconsole.model.action import Danger
from npconsole.model.run import GuardAnswer
from npconsole.views.console.dialog.proposal import EXPIRES_S, Proposal, propose
from tests.views.console.desk import CONFIRMED, COOLING, FAILOVER, LAST, PASSED, PURGE, RESTART, FakeDesk, plan

ACTOR = FakeDesk().actor


def planned(proposal: Proposal, at: float = 0.0, **changes: object) -> Proposal:
    """With the plan for its inputs as they are."""
    request = proposal.request
    return replace(
        proposal, plan=plan(request, **changes), planned_at=at, planned_for=request, asked_for=request, failure=""
    )


RESTARTING = planned(propose(RESTART, "us-east", ACTOR, {}))
DRILL = planned(propose(FAILOVER, "us-east", ACTOR, {}), danger=Danger.TYPED)


@pytest.mark.parametrize(
    ("proposal", "now", "words"),
    [
        (RESTARTING, 1.0, ""),
        (propose(RESTART, "us-east", ACTOR, {}), 1.0, "this line is not part of the plan yet"),
        (
            replace(propose(RESTART, "us-east", ACTOR, {}), asked_for=propose(RESTART, "us-east", ACTOR, {}).request),
            1.0,
            "the guards have not answered yet",
        ),
        (RESTARTING, EXPIRES_S + 0.1, "expired after 60 s"),
        (planned(RESTARTING, guards=(*PASSED, LAST, CONFIRMED)), 1.0, "refused by last-healthy"),
        (planned(RESTARTING, guards=(COOLING, LAST)), 1.0, "refused by cool-down, last-healthy"),
        (planned(RESTARTING, simulated=True), 1.0, "this is a forecast"),
        (replace(RESTARTING, off="this console is read-only"), 1.0, "this console is read-only"),
        (replace(RESTARTING, failure="Railway did not answer"), 1.0, "Railway did not answer"),
        (replace(RESTARTING, overrides=("cool-down",)), 1.0, "an override needs a reason"),
        (replace(RESTARTING, overrides=("cool-down",), reason="  "), 1.0, "an override needs a reason"),
        (replace(RESTARTING, target="us-west"), 1.0, "this line is not part of the plan yet"),
        (DRILL, 1.0, "type us-east to confirm"),
        (DRILL.fill("typed", "us-eas"), 1.0, "type us-east to confirm"),
        (DRILL.fill("typed", "US-EAST"), 1.0, "type us-east to confirm"),
        (DRILL.fill("typed", "us-east"), 1.0, ""),
        (DRILL.fill("typed", "us-east").fill("hold", "5 s"), 1.0, "this line is not part of the plan yet"),
    ],
)
def test_what_stands_against_a_yes(proposal: Proposal, now: float, words: str) -> None:
    obstacle = proposal.obstacle(now)
    assert words in obstacle
    assert bool(words) is bool(obstacle)


def test_the_guard_that_waits_for_the_dialog_does_not_stop_it() -> None:
    assert RESTARTING.plan is not None
    assert CONFIRMED in RESTARTING.plan.guards
    assert CONFIRMED not in RESTARTING.answers
    assert RESTARTING.refusals == ()


def test_only_what_a_person_may_overrule_is_offered_for_it() -> None:
    assert planned(RESTARTING, guards=(LAST, COOLING)).next_override == "cool-down"
    assert planned(RESTARTING, guards=(LAST,)).next_override == ""
    silent = GuardAnswer("cool-down", False, "restarted just now", overridable=True, overridden=True)
    assert planned(RESTARTING, guards=(silent,)).next_override == ""


def test_a_yes_is_bound_to_the_plan_that_was_shown() -> None:
    request = planned(RESTARTING.fill("reason", " slow since the deploy ")).confirmed
    assert (request.confirmed, request.plan_digest, request.reason) == (True, "d1", "slow since the deploy")
    assert DRILL.fill("typed", "us-east").confirmed.typed == "us-east"


def test_a_reason_alone_needs_no_new_plan() -> None:
    assert not RESTARTING.fill("reason", "because").outdated
    assert DRILL.fill("hold", "5 s").outdated


def test_inputs_are_values_and_several_are_split() -> None:
    purge = propose(PURGE, "edge", ACTOR, {"tag": "news  sport"})
    assert purge.request.parameters == {"tag": ("news", "sport")}
    assert purge.fill("tag", "").fill("everything", "yes").request.parameters == {"everything": ("yes",)}


def test_a_forecast_says_what_would_run_it() -> None:
    purge = planned(propose(PURGE, "edge", ACTOR, {}), simulated=True)
    assert purge.obstacle(1.0) == "this is a forecast: there is nothing to run without everything"


def test_the_plan_may_ask_for_more_than_the_spec() -> None:
    purge = planned(propose(PURGE, "edge", ACTOR, {}), danger=Danger.TYPED, typed="purge everything")
    assert purge.name_needed == "purge everything"
    assert purge.fields[-1].name == "typed"
    assert not purge.fields[-1].pastes


def test_what_is_off_has_nothing_to_fill_in() -> None:
    assert replace(DRILL, off="no").fields == ()
