"""Whole courses: what happens from the first bad check to the verdict."""

from dataclasses import replace
from itertools import pairwise

import pytest

from npconsole.errors import Failure
from npconsole.healer.decide import decide
from npconsole.healer.facts import OpenRun
from npconsole.healer.rules import Brakes
from npconsole.healer.state import of_text
from npconsole.model.heal import Choice, Decision, HealMode
from npconsole.model.level import Level
from npconsole.model.mute import Mute
from npconsole.model.run import RunState, Verdict
from tests.healer.estate import (
    FAILING,
    FAILOVER,
    HEALTH,
    LATENCY,
    MIN,
    RESTART,
    SICK,
    SLOW,
    Healer,
    rules,
)

BENCHMARK = OpenRun("r1", "benchmark", "us-east", ("us-east",), "alice", "k1")


def curing(healer: Healer, decision: Decision) -> tuple[RunState, Verdict | None, str]:
    healer.cure(decision.target)
    return RunState.SUCCEEDED, Verdict.HELPED, "p95 900 ms before, 110 ms now"


def useless(_: Healer, __: Decision) -> tuple[RunState, Verdict | None, str]:
    return RunState.DEGRADED, Verdict.NO_EFFECT, "p95 900 ms before, 900 ms now"


def test_a_region_that_is_well_is_left_alone() -> None:
    healer = Healer()
    assert healer.checks(200) == []
    assert healer.state.courses == {}


def test_slow_for_five_minutes_is_restarted_once_and_helped() -> None:
    healer = Healer(runner=curing)
    healer.checks(3)
    healer.put("us-east", SLOW)
    assert healer.checks(5) == []
    [made] = healer.check()
    assert (made.choice, made.rule, made.target, made.action) == (Choice.ACT, "high-latency", "us-east", "restart")
    assert made.words == "restart us-east: p95 900 ms, above 400 ms, for 5 min"
    assert not any(each.stops for each in made.evidence)
    assert {"own-network", "common-cause", "fresh-deploy", "overload", "cool-down"} <= {e.name for e in made.evidence}
    healer.checks(60)
    [ended] = healer.decisions.values()
    assert (ended.id, ended.verdict, ended.run_id) == (made.id, Verdict.HELPED, f"run-{made.id}")
    assert ended.outcome == "the condition is gone: p95 900 ms before, 110 ms now"
    card = healer.state.cards["high-latency"]
    assert (card.acted, card.helped, card.no_effect) == (1, 1, 0)


def test_an_error_storm_is_purged_and_no_more_when_that_helps() -> None:
    healer = Healer(runner=curing)
    healer.put("us-west", FAILING)
    assert [each.choice for each in healer.checks(3)] == [Choice.ACT]
    assert healer.state.pending is not None
    assert (healer.state.pending.target, healer.state.pending.regions) == ("edge", ("us-east", "us-west", "eu-west"))
    healer.checks(30)
    assert [(each.action, each.verdict) for each in healer.decisions.values()] == [("purge", Verdict.HELPED)]


def test_a_purge_that_does_not_help_is_followed_by_a_restart() -> None:
    """Although the run itself says that it helped: it measured the cache."""

    def runner(healer: Healer, decision: Decision) -> tuple[RunState, Verdict | None, str]:
        if decision.action == "purge":
            return RunState.SUCCEEDED, Verdict.HELPED, "the sample is new"
        return curing(healer, decision)

    healer = Healer(runner=runner)
    healer.put("us-west", FAILING)
    healer.checks(40)
    assert [(each.action, each.verdict) for each in healer.of(Choice.ACT)] == [
        ("purge", Verdict.NO_EFFECT),
        ("restart", Verdict.HELPED),
    ]
    purge, restart = healer.of(Choice.ACT)
    assert restart.words == "restart us-west: errors 25 %, above 5 %, for 9 min (step 2 of 2)"
    assert 6 * MIN <= restart.wall - purge.wall <= 9 * MIN


def test_a_health_check_that_answers_5xx_is_restarted_at_once() -> None:
    healer = Healer(runner=curing)
    healer.check()
    healer.put("us-east", SICK)
    [made] = healer.check()
    assert made.choice is Choice.ACT
    assert made.words == "restart us-east: health check answers 503"


def test_one_5xx_before_the_level_says_down_is_noise() -> None:
    healer = Healer()
    healer.put("us-east", {**SICK, "level": Level.OK})
    assert healer.checks(3) == []


@pytest.mark.parametrize("allowed", [True, False])
def test_three_restarts_without_effect_fail_over_where_that_is_allowed(allowed: bool) -> None:
    steps = (RESTART, RESTART, RESTART) + ((FAILOVER,) if allowed else ())
    barred = "" if allowed else "heal.failover is false"

    def runner(healer: Healer, decision: Decision) -> tuple[RunState, Verdict | None, str]:
        """The region stays as it is; a failover is measured at the edge, where users are well again."""
        if decision.action == "failover":
            return RunState.SUCCEEDED, Verdict.HELPED, "users are served by us-west"
        return useless(healer, decision)

    healer = Healer(rules=rules(replace(LATENCY, steps=steps, barred=barred)), runner=runner)
    healer.put("us-east", SLOW)
    healer.checks(4 * 60)
    actions = [(each.action, each.verdict) for each in healer.of(Choice.ACT)]
    assert actions[:3] == [("restart", Verdict.NO_EFFECT)] * 3
    assert actions[3:] == ([("failover", Verdict.HELPED)] if allowed else [])
    last = "4 steps were tried" if allowed else "3 steps were tried (heal.failover is false)"
    assert [each.words for each in healer.of(Choice.HELD) if each.words.startswith("steps")] == [f"steps: all {last}"]
    assert healer.of(Choice.LATCHED) == []


def test_our_own_benchmark_is_held_once_and_never_healed() -> None:
    healer = Healer()
    healer.checks(3)
    healer.put("us-east", SLOW)
    healer.runs = (BENCHMARK,)
    healer.checks(12)
    healer.runs = ()
    healer.check()
    healer.cure("us-east")
    healer.checks(30)
    assert healer.said == ["held: benchmark lease: under load on purpose: benchmark us-east of alice (run r1)"]


def test_what_a_benchmark_left_behind_does_not_count_until_it_has_settled() -> None:
    """Five minutes of load and four of a window that still holds it are not nine minutes of trouble."""
    healer = Healer()
    healer.put("us-east", SLOW)
    healer.runs = (BENCHMARK,)
    healer.checks(6)
    healer.runs = ()
    assert healer.checks(9) == []
    [act] = healer.checks(3)
    assert act.choice is Choice.ACT


def test_all_regions_slow_together_are_not_restarted() -> None:
    healer = Healer()
    for name in healer.targets:
        healer.put(name, SLOW)
    healer.checks(60)
    assert healer.of(Choice.ACT) == []
    words = "held: common cause: 3 of 3 regions of api are ill alike: suspect what they share"
    assert healer.said == [words] * 3


def test_a_host_that_is_offline_is_said_once_and_does_nothing() -> None:
    healer = Healer()
    healer.checks(3)
    healer.online = False
    for name in healer.targets:
        healer.put(name, {"level": Level.UNKNOWN, "probe_fresh": False, "figures_fresh": False})
    healer.checks(60)
    assert healer.said == ["held: own network: this host is offline"]
    [held] = healer.decisions.values()
    assert (held.rule, held.target) == ("", "neuropilot")


def test_a_region_that_does_not_answer_is_left_to_people() -> None:
    """Refused connections and time-outs are counted apart: they may be ours, and never act."""
    healer = Healer()
    healer.put("us-east", {**SICK, "status": None, "failure": Failure.CONNECT})
    healer.checks(30)
    said = "us-east does not answer this host (connect, at the last probe): the fault may be on this side"
    assert healer.said == [f"held: own network: {said}"]
    assert healer.state.habits["us-east"].own_failures == 30


def test_a_process_that_has_just_started_must_settle_first() -> None:
    healer = Healer(runner=curing)
    healer.put("us-east", {**SICK, "started_wall": healer.wall})
    assert [each.choice for each in healer.checks(4)] == [Choice.HELD]
    assert healer.said == ["held: fresh deploy: its process started 60 s ago: it must settle first"]
    assert [each.choice for each in healer.check()] == [Choice.ACT]


@pytest.mark.parametrize("how", ["provider", "frozen", "drill", "restart elsewhere"])
def test_what_others_do_or_suffer_holds_it(how: str) -> None:
    healer = Healer()
    healer.provider = "Railway: incident in us-east" if how == "provider" else ""
    healer.frozen = "release day" if how == "frozen" else ""
    target = {"drill": "us-east", "restart elsewhere": "us-west"}.get(how)
    if target:
        action = "failover" if how == "drill" else "restart"
        healer.runs = (OpenRun("r1", action, target, (target,), "alice", "k1"),)
    healer.put("us-east", SLOW)
    healer.checks(20)
    assert healer.said == [
        {
            "provider": "held: provider: Railway: incident in us-east",
            "frozen": "held: off: actions are frozen: release day",
            "drill": "held: drill: under a failover: failover us-east of alice (run r1)",
            "restart elsewhere": "held: one at a time: somebody acts already: restart us-west of alice (run r1)",
        }[how]
    ]


def test_trouble_after_a_deploy_is_to_be_rolled_back() -> None:
    healer = Healer()
    healer.checks(5)
    healer.put("us-east", {"version": "v17.2"})
    healer.checks(2)
    healer.put("us-east", SLOW)
    healer.checks(60)
    assert healer.said == [
        "held: fresh deploy: it began 2 min after version v17.2 came: rather roll back, npconsole run rollback us-east"
    ]


def test_a_region_that_gets_far_more_than_usual_is_overloaded() -> None:
    healer = Healer()
    healer.checks(12)
    healer.put("us-east", {**SLOW, "request_rate": 60.0})
    healer.checks(10)
    assert healer.said == [
        "held: overload: 60/s requests, usually 15/s: overload, a restart would not help",
    ]


def test_too_few_requests_and_old_figures_are_no_ground() -> None:
    healer = Healer()
    healer.put("us-east", {**SLOW, "requests": 19.0})
    healer.put("us-west", {**SLOW, "figures_fresh": False, "age_s": 95.0})
    healer.checks(20)
    assert healer.said == [
        "held: too few requests: 19 requests in the window, at least 20 are needed",
        "held: stale data: what is known is 95 s old: too old to act on",
    ]


def test_the_switch_off_is_obeyed_and_lifting_it_goes_on() -> None:
    healer = Healer(off="migration", runner=curing)
    healer.put("us-east", SLOW)
    healer.checks(20)
    assert healer.said == ["held: off: healing is switched off: migration"]
    healer.off = ""
    assert [each.choice for each in healer.check()] == [Choice.ACT]


def test_a_mute_is_obeyed_and_its_end_needs_fresh_trouble() -> None:
    healer = Healer(runner=curing)
    healer.mutes = (Mute("us-east", healer.wall + 20 * MIN, "upgrade", "bob", healer.wall),)
    healer.put("us-east", SLOW)
    healer.checks(19)
    assert healer.said == ["held: muted: us-east is muted for another 19 min: upgrade"]
    healer.mutes = ()
    assert healer.checks(5) == []
    assert [each.choice for each in healer.check()] == [Choice.ACT]


def test_the_last_healthy_region_is_never_restarted() -> None:
    healer = Healer()
    healer.put("us-west", {**SICK, "status": None, "level": Level.UNKNOWN, "probe_fresh": False})
    healer.put("eu-west", {**SICK, "status": 404})
    healer.put("us-east", SLOW)
    healer.checks(20)
    assert healer.said == ["held: last healthy region: us-east is the last healthy region of api"]


def test_the_only_region_of_a_service_is_restarted_when_it_serves_nothing_healthy() -> None:
    healer = Healer(runner=curing)
    del healer.targets["us-west"], healer.targets["eu-west"]
    healer.put("us-east", SICK)
    assert [each.choice for each in healer.check()] == [Choice.ACT]


def test_one_action_at_a_time_and_the_gravest_first() -> None:
    healer = Healer(runner=curing)
    healer.put("us-east", SLOW)
    healer.checks(5)
    healer.put("us-west", SICK)
    first = healer.check()
    assert [(each.choice, each.rule) for each in first] == [
        (Choice.ACT, "health-5xx"),
        (Choice.HELD, "high-latency"),
    ]
    assert first[1].words == "one at a time: restart us-west has no verdict yet: its run has not ended"
    healer.checks(12)
    assert next((each.target, each.verdict) for each in healer.of(Choice.ACT)) == ("us-west", Verdict.HELPED)
    assert [each.target for each in healer.of(Choice.ACT)] == ["us-west", "us-east"]


def test_shadow_says_what_it_would_do_and_whether_that_was_needed() -> None:
    healer = Healer(rules=rules(mode=HealMode.SHADOW))
    healer.put("us-east", SLOW)
    healer.checks(8)
    healer.cure("us-east")
    healer.checks(5)
    healer.put("us-west", SLOW)
    healer.checks(20)
    healer.cure("us-west")
    healer.checks(5)
    assert [each.choice for each in healer.made] == [Choice.WOULD_ACT, Choice.RECOVERED, Choice.WOULD_ACT]
    assert healer.made[1].words.startswith("well again 4 min after restart would have been asked for")
    card = healer.state.cards["high-latency"]
    assert (card.acted, card.would_have_acted, card.recovered_alone) == (0, 2, 1)
    assert healer.state.pending is None
    assert healer.state.heals == ()


def test_a_rule_that_is_off_is_not_even_looked_at() -> None:
    healer = Healer(rules=rules(mode=HealMode.OFF))
    healer.put("us-east", SLOW)
    healer.online = False
    assert healer.checks(20) == []


def test_a_refused_run_costs_nothing_and_is_asked_for_again_later() -> None:
    answers = [(RunState.REFUSED, None, "cool-down: restarted 9 min ago"), (RunState.SUCCEEDED, Verdict.HELPED, "")]

    def runner(healer: Healer, decision: Decision) -> tuple[RunState, Verdict | None, str]:
        end = answers.pop(0)
        if end[0] is RunState.SUCCEEDED:
            healer.cure(decision.target)
        return end

    healer = Healer(runner=runner)
    healer.put("us-east", SLOW)
    healer.checks(30)
    held, acted = healer.decisions.values()
    assert (held.choice, held.words) == (Choice.HELD, "refused: cool-down: restarted 9 min ago")
    assert (acted.choice, acted.verdict) == (Choice.ACT, Verdict.HELPED)
    assert acted.wall - held.wall >= 5 * MIN
    assert healer.state.cards["high-latency"].acted == 1
    assert len(healer.state.spent["restart us-east"].times) == 1


def test_what_the_configuration_no_longer_has_is_forgotten() -> None:
    healer = Healer()
    healer.put("us-east", SLOW)
    healer.put("us-west", FAILING)
    healer.checks(2)
    del healer.targets["us-east"]
    healer.rules = rules(LATENCY)
    healer.checks(1)
    assert healer.state.courses == {}
    assert healer.checks(20) == []


def test_a_rule_that_is_gone_leaves_its_verdict_open() -> None:
    healer = Healer(runner=curing)
    healer.put("us-east", SLOW)
    healer.checks(6)
    healer.rules = rules(HEALTH)
    healer.checks(10)
    [ended] = healer.of(Choice.ACT)
    assert ended.verdict is Verdict.UNKNOWN
    assert healer.state.pending is None


def test_a_run_that_a_person_cancelled_is_not_asked_for_again_in_the_same_trouble() -> None:
    healer = Healer(runner=lambda _, __: (RunState.CANCELLED, None, "alice asked for it"))
    healer.put("us-east", SLOW)
    healer.checks(120)
    [only] = healer.of(Choice.ACT)
    assert only.verdict is Verdict.UNKNOWN
    assert only.outcome == "it was not done: alice asked for it"


def test_after_the_host_slept_nothing_is_caught_up_on() -> None:
    healer = Healer()
    healer.put("us-east", SLOW)
    healer.checks(4)
    [gap] = healer.check(2 * 3600)
    assert gap.words.startswith("gap: nobody looked for 2 h: this host slept")
    assert healer.checks(5) == []
    assert [each.choice for each in healer.check()] == [Choice.ACT]


def test_clocks_that_jump_make_no_burst() -> None:
    healer = Healer(runner=useless)
    healer.put("us-east", SLOW)
    healer.checks(6)
    healer.wall -= 86_400
    healer.checks(60)
    healer.wall += 10 * 86_400
    healer.checks(60)
    healer.now = 3.0
    healer.checks(60)
    times = healer.state.spent["restart us-east"].times
    assert len(times) == 3
    assert all(later - earlier >= 10 * MIN for earlier, later in pairwise(times))


def test_checks_that_come_too_early_do_not_count() -> None:
    healer = Healer()
    healer.put("us-east", SLOW)
    for _ in range(40):
        assert healer.check(5.0) == ()
    assert healer.state.courses["high-latency us-east"].breaches <= 7


def test_a_memory_that_cannot_be_read_calls_a_person_once() -> None:
    healer = Healer(state=of_text('{"form": 7}'))
    healer.put("us-east", SICK)
    made = healer.checks(10)
    assert [each.choice for each in made] == [Choice.LATCHED, Choice.HELD]
    assert "is of form 7" in made[0].words
    assert "npconsole heal ack" in made[0].words
    healer.acknowledged = "looked"
    assert [each.choice for each in healer.check()] == [Choice.ACT]


def test_heals_in_all_are_bounded_then_a_person_is_called_once() -> None:
    """Three heals in an hour, all of which helped, and trouble comes again."""
    healer = Healer(rules=rules(HEALTH, flaps=50), runner=curing)
    for number in range(4):
        name = list(healer.targets)[number % 3]
        healer.put(name, SICK)
        healer.checks(10)
    assert len(healer.of(Choice.ACT)) == 3
    [page] = healer.of(Choice.LATCHED)
    assert "3 of 3 heals an hour in all are spent" in page.words
    healer.checks(180)
    assert len(healer.of(Choice.ACT, Choice.LATCHED)) == 4
    healer.acknowledged = "looked at it"
    healer.check()
    healer.acknowledged = ""
    healer.checks(5)
    assert len(healer.of(Choice.ACT)) == 4
    assert len(healer.of(Choice.LATCHED)) == 1


def test_who_has_acknowledged_is_not_called_again_for_the_same() -> None:
    healer = Healer(rules=rules(HEALTH, heals_per_hour=1), runner=useless)
    healer.put("us-east", SICK)
    healer.checks(20)
    assert len(healer.of(Choice.LATCHED)) == 1
    healer.acknowledged = "I know"
    healer.check()
    healer.acknowledged = ""
    healer.checks(20)
    assert len(healer.of(Choice.LATCHED)) == 1
    assert healer.state.latch is None


def test_a_rule_that_does_harm_suspends_itself_and_calls_a_person() -> None:
    healer = Healer(rules=rules(HEALTH), runner=lambda _, __: (RunState.DEGRADED, Verdict.WORSE, "worse than before"))
    healer.put("us-east", SICK)
    healer.checks(60)
    acted = healer.of(Choice.ACT)
    assert [each.verdict for each in acted] == [Verdict.WORSE] * 2
    [page] = healer.of(Choice.LATCHED)
    assert page.words.startswith("health-5xx suspended itself until a person has looked")
    assert any("suspended" in each.words for each in healer.of(Choice.HELD))


def test_decisions_are_the_same_when_a_check_is_made_again() -> None:
    one, other = Healer(), Healer()
    for healer in (one, other):
        healer.put("us-east", SLOW)
        healer.checks(6)
        healer.reload()
    assert one.decisions == other.decisions
    assert one.state == other.state


def test_a_run_of_which_nobody_tells_the_end_is_given_up() -> None:
    healer = Healer()
    healer.put("us-east", SLOW)
    [asked] = healer.checks(6)
    verdicts: list[Decision] = []
    state, minutes = healer.state, 0
    while not verdicts:
        minutes += 1
        healer.now += MIN
        state, made = decide(state, healer.facts, healer.rules, healer.wall + minutes * MIN)
        verdicts += [each for each in made if each.id == asked.id]
    assert 60 < minutes < 70
    assert verdicts[0].verdict is Verdict.NO_EFFECT
    assert verdicts[0].outcome == "the condition still holds after settling: nobody has told how its run ended"
    assert len(state.spent["restart us-east"].times) == 1


def test_the_brakes_of_the_platform_are_the_defaults() -> None:
    assert Brakes() == Brakes(
        60, 3, 2, 20, 600, 7200, 300, per_hour=2, per_day=4, heals_per_hour=3, settle_s=300, fresh_deploy_s=900
    )
