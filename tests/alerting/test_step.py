"""What is told of an estate, as a person on call would read it."""

import pytest

from npconsole.alerting import AlertRules, AlertState, Route, decode, encode
from npconsole.model.heal import HealMode, HealView, ReportCard, RuleView
from npconsole.model.level import Level
from npconsole.model.notice import NoticeKind, Severity
from tests.alerting.bench import FAILING, FULL, IDLE, SLACK, SLOW, START_WALL, Bench, kinds, of

TRIGGER, UPDATE, RESOLVE, CHANGE = NoticeKind.TRIGGER, NoticeKind.UPDATE, NoticeKind.RESOLVE, NoticeKind.CHANGE


@pytest.fixture
def bench() -> Bench:
    made = Bench()
    made.look()
    return made


def test_a_calm_estate_says_nothing(bench: Bench) -> None:
    assert bench.wait(86_400) == []
    assert bench.state.conditions == ()


def test_slow_for_five_minutes_is_a_warning_on_slack_alone(bench: Bench) -> None:
    bench["us-east"].vitals = SLOW
    assert bench.wait(300) == []
    (told,) = bench.wait(60)
    assert (told.channel, told.kind, told.severity) == ("slack", TRIGGER, Severity.WARNING)
    assert told.key == "prod/us-east/latency"
    assert told.summary == "us-east: p95 912 ms, above 400 ms"
    assert told.began_wall == START_WALL + 60


def test_four_minutes_are_nothing(bench: Bench) -> None:
    for _ in range(10):
        bench["us-east"].vitals = SLOW
        assert bench.wait(240) == []
        bench.well()
        assert bench.wait(60) == []


def test_the_end_is_told_once_with_how_long_it_took(bench: Bench) -> None:
    bench["us-east"].vitals = SLOW
    bench.wait(420)
    bench.well()
    assert bench.wait(300) == []
    (told,) = bench.wait(60)
    assert (told.kind, told.key) == (RESOLVE, "prod/us-east/latency")
    assert told.summary == "resolved after 12 min: us-east: p95 912 ms, above 400 ms"
    assert bench.wait(7200) == []
    assert bench.state.conditions == ()


def test_errors_for_two_minutes_page(bench: Bench) -> None:
    bench["us-west"].vitals = FAILING
    assert bench.wait(120) == []
    assert kinds(bench.wait(60)) == [("slack", "trigger"), ("pagerduty", "trigger")]
    bench.well()
    assert kinds(bench.wait(600)) == [("slack", "resolve"), ("pagerduty", "resolve")]
    assert len({notice.key for notice in bench.told}) == 1


@pytest.mark.parametrize(("lag_s", "severity"), [(4.0, Severity.WARNING), (11.0, Severity.CRITICAL)])
def test_lag_warns_and_pages(bench: Bench, lag_s: float, severity: Severity) -> None:
    bench["eu-west"].lag_s = lag_s
    told = of(bench.wait(180), TRIGGER)
    assert [(each.key, each.severity) for each in told] == [("prod/eu-west/lag", severity)]


def test_lag_that_grows_rises_in_the_same_incident(bench: Bench) -> None:
    bench["eu-west"].lag_s = 4.0
    assert kinds(bench.wait(180)) == [("slack", "trigger")]
    bench["eu-west"].lag_s = 12.0
    told = bench.wait(60)
    assert kinds(told) == [("pagerduty", "trigger"), ("slack", "update")]
    assert told[1].summary == "now critical"
    bench["eu-west"].lag_s = 4.0
    assert bench.wait(600) == []
    bench["eu-west"].lag_s = 0.2
    assert kinds(bench.wait(600)) == [("slack", "resolve"), ("pagerduty", "resolve")]


def test_memory_is_a_warning(bench: Bench) -> None:
    bench["eu-west"].vitals = FULL
    assert [each.key for each in of(bench.wait(420), TRIGGER)] == ["prod/eu-west/memory"]


def test_too_few_requests_judge_nothing(bench: Bench) -> None:
    bench["us-east"].vitals = IDLE
    assert bench.wait(3600) == []


def test_one_region_of_several_down_is_a_warning(bench: Bench) -> None:
    bench.down("us-west")
    told = bench.wait(120)
    assert [(each.channel, each.key, each.severity) for each in told] == [
        ("slack", "prod/us-west/health", Severity.WARNING)
    ]
    assert told[0].summary == "us-west is down: connection refused"


def test_a_region_down_may_be_made_to_page() -> None:
    bench = Bench(rules=AlertRules(region_down=Severity.CRITICAL))
    bench.down("us-west")
    assert kinds(bench.wait(120)) == [("slack", "trigger"), ("pagerduty", "trigger")]


def test_the_only_region_down_pages() -> None:
    bench = Bench(names=("us-east",))
    bench.down("us-east")
    assert ("pagerduty", "trigger") in kinds(bench.wait(180))


def test_primary_and_secondary_down_page_although_a_third_lives(bench: Bench) -> None:
    bench.down("us-east")
    bench["edge"].answered_by = "eu-west"
    assert kinds(bench.wait(120)) == [("slack", "trigger")]
    bench.down("us-west")
    told = bench.wait(120)
    assert ("pagerduty", "trigger") in kinds(told)
    (page,) = of(told, TRIGGER, "pagerduty")
    assert page.summary.startswith("api: us-east and us-west are down")


def test_several_targets_of_a_service_at_once_are_one_incident(bench: Bench) -> None:
    bench.down("us-east", "us-west", "eu-west", "edge")
    told = bench.wait(600)
    assert [each.key for each in of(told, TRIGGER)] == [of(told, TRIGGER, "pagerduty")[0].key]
    bench.well()
    told = bench.wait(900)
    assert kinds(told).count(("pagerduty", "resolve")) == 1
    assert kinds(told).count(("slack", "resolve")) == 1


def test_what_happens_elsewhere_much_later_is_an_incident_of_its_own(bench: Bench) -> None:
    bench["us-east"].vitals = SLOW
    bench.wait(1200)
    bench["eu-west"].vitals = SLOW
    bench.wait(600)
    assert {each.key for each in of(bench.told, TRIGGER)} == {"prod/us-east/latency", "prod/eu-west/latency"}


def test_several_checks_of_a_target_are_one_incident(bench: Bench) -> None:
    bench["us-east"].vitals = SLOW
    bench.wait(1200)
    bench["us-east"].vitals = FAILING
    told = bench.wait(240)
    assert kinds(told) == [("pagerduty", "trigger"), ("slack", "update")]
    assert told[0].key == "prod/us-east/latency"
    assert told[1].summary == "now critical; us-east: 12 % of answers are errors, above 5 %"


def test_a_region_that_is_down_is_judged_by_nothing_else(bench: Bench) -> None:
    bench["us-east"].vitals = FAILING
    bench["us-east"].lag_s = 60.0
    bench["edge"].answered_by = "us-west"
    bench.down("us-east")
    told = bench.wait(900)
    assert [each.key for each in of(told, TRIGGER)] == ["prod/us-east/health"]


def test_a_primary_that_nobody_replaces_pages_after_ten_minutes(bench: Bench) -> None:
    bench.down("us-east")
    said = bench.wait(600)
    assert of(said, TRIGGER, "pagerduty") == []
    (page,) = of(bench.wait(60), TRIGGER, "pagerduty")
    assert page.summary.startswith("api: us-east is down and edge has not failed over after 10 min")


def test_a_primary_that_was_replaced_does_not_page(bench: Bench) -> None:
    bench.down("us-east")
    bench["edge"].answered_by = "us-west"
    assert of(bench.wait(7200), TRIGGER, "pagerduty") == []


def test_an_edge_that_is_down_pages(bench: Bench) -> None:
    bench.down("edge")
    assert kinds(bench.wait(120)) == [("slack", "trigger"), ("pagerduty", "trigger")]


def test_unknown_is_no_alert_about_the_region_but_one_about_the_watcher(bench: Bench) -> None:
    for name in ("us-east", "us-west", "eu-west", "edge"):
        bench[name].level, bench[name].vitals = Level.UNKNOWN, None
    assert bench.wait(600) == []
    (told,) = bench.wait(60)
    assert (told.channel, told.key, told.severity) == ("slack", "prod/npconsole/watching", Severity.WARNING)
    assert told.summary == "us-east, us-west, eu-west and 1 more cannot be judged"
    bench.well()
    assert kinds(bench.wait(600)) == [("slack", "resolve")]


def test_an_offline_host_speaks_of_nothing_but_itself(bench: Bench) -> None:
    bench.online = False
    bench.down("us-east", "us-west", "eu-west", "edge")
    assert [each.summary for each in bench.wait(1200)] == ["this host is offline: nothing is known of the estate"]


def test_an_open_incident_stays_open_while_nothing_is_known(bench: Bench) -> None:
    bench["us-east"].vitals = FAILING
    bench.wait(300)
    bench.online = False
    assert of(bench.wait(7200), RESOLVE) == []
    bench.online = True
    bench.well()
    assert kinds(bench.wait(600)).count(("pagerduty", "resolve")) == 1


def test_a_muted_target_is_told_when_the_mute_ends_if_it_is_still_bad(bench: Bench) -> None:
    bench.mute("us-east", 3600)
    bench["us-east"].vitals = FAILING
    assert bench.wait(3540) == []
    told = bench.wait(120)
    assert kinds(told) == [("slack", "trigger"), ("pagerduty", "trigger")]
    assert told[0].began_wall == START_WALL + 60


@pytest.mark.parametrize("target", ["us-east", "api", "prod"])
def test_what_ends_while_muted_is_never_told(bench: Bench, target: str) -> None:
    bench.mute(target, 3600)
    bench["us-east"].vitals = FAILING
    bench.wait(1200)
    bench.well()
    bench.wait(3600)
    assert bench.told == []


def test_an_open_incident_is_quiet_while_muted_and_ends_afterwards(bench: Bench) -> None:
    bench["us-east"].vitals = FAILING
    bench.wait(300)
    bench.mute("us-east", 3600)
    bench.well()
    assert bench.wait(3540) == []
    assert kinds(bench.wait(120)) == [("slack", "resolve"), ("pagerduty", "resolve")]


def test_flapping_is_one_incident(bench: Bench) -> None:
    for _ in range(120):
        bench["us-east"].vitals = FAILING
        bench.wait(240)
        bench.well()
        bench.wait(240)
    assert len(of(bench.told, TRIGGER, "pagerduty")) == 1
    bench.wait(3600)
    assert len(of(bench.told, RESOLVE, "pagerduty")) == 1


def test_a_day_of_slow_flapping_is_told_twice_the_second_time_as_flapping(bench: Bench) -> None:
    for _ in range(96):
        bench["us-east"].vitals = FAILING
        bench.wait(480)
        bench.well()
        bench.wait(420)
    told = of(bench.told, TRIGGER, "pagerduty")
    assert [each.summary.startswith("flapping: ") for each in told] == [False, True]
    assert len(of(bench.told, RESOLVE, "pagerduty")) == 1
    bench.wait(3600)
    assert len(of(bench.told, RESOLVE, "pagerduty")) == 2


def test_reminders_until_somebody_has_it(bench: Bench) -> None:
    bench["us-east"].vitals = FAILING
    bench.wait(300)
    assert [each.summary for each in bench.wait(1800)] == [
        "still, for 32 min: us-east: 12 % of answers are errors, above 5 %"
    ]
    bench.take("prod/us-east/errors", reason="on it")
    taken = bench.wait(60)
    assert kinds(taken) == [("slack", "acknowledge"), ("pagerduty", "acknowledge")]
    assert taken[0].summary == "anna has it: on it"
    assert bench.wait(7200) == []


def test_a_warning_that_nobody_takes_becomes_critical_where_configured() -> None:
    bench = Bench(rules=AlertRules(escalate_after_s=3600.0))
    bench["us-east"].vitals = SLOW
    assert of(bench.wait(3540), TRIGGER, "pagerduty") == []
    assert len(of(bench.wait(180), TRIGGER, "pagerduty")) == 1
    taken = Bench(rules=AlertRules(escalate_after_s=3600.0))
    taken["us-east"].vitals = SLOW
    taken.wait(600)
    taken.take("prod/us-east/latency")
    taken.wait(7200)
    assert of(taken.told, TRIGGER, "pagerduty") == []


def test_the_next_leader_repeats_a_lost_decision_with_the_same_ids(bench: Bench) -> None:
    bench["us-east"].vitals = FAILING
    bench.wait(120)
    kept = bench.state
    bench.now += 60
    lost = bench.look()
    bench.state = kept
    bench.now += 25
    repeated = bench.look()
    assert kinds(lost) == [("slack", "trigger"), ("pagerduty", "trigger")]
    assert [each.id for each in repeated] == [each.id for each in lost]


def test_a_suspended_host_proves_nothing(bench: Bench) -> None:
    bench["us-east"].vitals = FAILING
    bench.wait(60)
    bench.now += 7200
    assert bench.look() == []
    assert bench.wait(60) == []
    assert len(of(bench.wait(60), TRIGGER)) == 1


def test_a_clock_that_goes_back_loses_nothing(bench: Bench) -> None:
    bench["us-east"].vitals = FAILING
    bench.wait(300)
    bench.now -= 86_400
    bench.well()
    assert kinds(bench.wait(600)) == [("slack", "resolve"), ("pagerduty", "resolve")]


def test_a_region_taken_out_of_the_configuration_ends_its_incident(bench: Bench) -> None:
    bench["eu-west"].vitals = FAILING
    bench.wait(300)
    bench.names = ("us-east", "us-west")
    assert kinds(bench.wait(600)) == [("slack", "resolve"), ("pagerduty", "resolve")]


def test_a_channel_that_is_added_later_is_told_too(bench: Bench) -> None:
    bench["us-east"].vitals = FAILING
    bench.wait(300)
    bench.routes = (*bench.routes, Route("mail", Severity.WARNING))
    assert kinds(bench.wait(60)) == [("mail", "trigger")]
    bench.well()
    assert kinds(bench.wait(600)) == [("slack", "resolve"), ("pagerduty", "resolve"), ("mail", "resolve")]


def view(latched: str = "", suspended: str = "") -> HealView:
    rule = RuleView(
        "latency", HealMode.ENFORCE, "p95 > 400 ms", ("restart",), card=ReportCard("latency", suspended=suspended)
    )
    return HealView(START_WALL, 60.0, HealMode.ENFORCE, "me", latched=latched, rules=(rule,))


def test_a_latched_healer_pages_once_until_it_goes_on(bench: Bench) -> None:
    bench.heal = view(latched="3 heals in an hour")
    told = bench.wait(60)
    assert kinds(told) == [("slack", "trigger"), ("pagerduty", "trigger")]
    assert told[0].summary == "healing has stopped until a person acknowledges: 3 heals in an hour"
    assert of(bench.wait(86_400), TRIGGER, "pagerduty") == []
    bench.heal = view()
    assert kinds(bench.wait(120)) == [("slack", "resolve"), ("pagerduty", "resolve")]


def test_a_rule_that_suspends_itself_pages(bench: Bench) -> None:
    bench.heal = view(suspended="worse in 4 of 5")
    (page,) = of(bench.wait(60), TRIGGER, "pagerduty")
    assert (page.key, page.summary) == (
        "prod/npconsole/rule-latency",
        "the heal rule latency has suspended itself: worse in 4 of 5",
    )


def test_a_heal_is_told_in_the_thread_and_as_one_change(bench: Bench) -> None:
    bench["us-east"].vitals = SLOW
    bench.wait(360)
    bench.run("requested", "us-east", via="heal", reason="p95 above 400 ms for 5 min")
    bench.run("intent", "us-east", text="begins")
    began = bench.now
    assert [each.summary for each in bench.wait(60)] == ["restart us-east by heal begins: p95 above 400 ms for 5 min"]
    bench.down("us-east")
    assert bench.wait(60) == []
    bench.run("succeeded", "us-east", verdict="helped", outcome="p95 is 120 ms")
    bench.well()
    told = bench.wait(60)
    assert kinds(told) == [("slack", "update"), ("pagerduty", "change")]
    assert told[1].summary == "restart us-east by heal: succeeded, helped: p95 is 120 ms"
    facts = dict(told[1].facts)
    assert (facts["by"], facts["verdict"], facts["run"]) == ("heal via heal", "helped", "r1")
    assert facts["audit"].startswith("3 dddd")
    assert began < told[1].wall
    bench.wait(1800)
    assert kinds(bench.told).count(("pagerduty", "change")) == 1
    assert kinds(bench.told).count(("slack", "trigger")) == 1
    assert kinds(bench.told).count(("slack", "resolve")) == 1


def test_what_an_action_brings_about_is_held_and_told_if_it_stays(bench: Bench) -> None:
    bench.run("intent", "us-west")
    bench.wait(60)
    bench.down("us-west")
    bench.run("succeeded", "us-west")
    assert of(bench.wait(240), TRIGGER) == []
    assert [each.key for each in of(bench.wait(60), TRIGGER)] == ["prod/us-west/health"]


def test_an_action_excuses_its_own_target_only(bench: Bench) -> None:
    bench.run("intent", "us-west")
    bench.wait(60)
    bench.down("eu-west", "edge")
    assert of(bench.wait(120), TRIGGER, "pagerduty") != []


def test_a_run_that_never_ends_is_no_excuse_for_ever(bench: Bench) -> None:
    bench.run("intent", "us-west")
    bench.wait(60)
    bench.down("us-west")
    assert of(bench.wait(780), TRIGGER) == []
    assert len(of(bench.wait(180), TRIGGER)) == 1


def test_refused_runs_and_old_ones_are_no_news(bench: Bench) -> None:
    bench.run("requested", "us-east", run="a")
    bench.line("run.refused", "us-east", {"run": "a", "action": "restart", "fence": 0})
    bench.run("intent", "us-east", run="b")
    bench.run("succeeded", "us-east", run="b")
    bench.now += 7200
    assert bench.look() == []


def test_a_revert_that_fails_pages_until_it_has_succeeded(bench: Bench) -> None:
    bench.run("intent", "us-east", action="failover")
    bench.run("revert_failed", "us-east", action="failover", text="Cloudflare answers 503")
    (page,) = of(bench.wait(60), TRIGGER, "pagerduty")
    assert page.key == "prod/us-east/undo"
    assert page.summary == "failover us-east could not be undone: Cloudflare answers 503"
    bench.run("reverted", "us-east", action="failover")
    assert ("pagerduty", "resolve") in kinds(bench.wait(60))


def test_a_conflict_pages_until_a_person_has_looked(bench: Bench) -> None:
    bench.run("intent", "us-east", action="failover")
    bench.run("conflict", "us-east", action="failover", text="somebody changed the pool")
    assert len(of(bench.wait(3600), TRIGGER, "pagerduty")) == 1
    bench.take("prod/us-east/undo")
    told = kinds(bench.wait(60))
    assert ("pagerduty", "acknowledge") in told
    assert ("pagerduty", "resolve") in told


def test_a_conflict_of_last_week_pages_nobody(bench: Bench) -> None:
    bench.run("conflict", "us-east", action="failover")
    bench.now += 7 * 86_400
    assert bench.look() == []


def test_state_of_another_form_begins_anew_and_says_so() -> None:
    for text in ('{"form": 7}', "{", '{"conditions": 3}', "[]", '{"wall": "x"}'):
        state, problem = decode(text)
        assert (state, bool(problem)) == (AlertState(), True), text
    assert decode("") == (AlertState(), "")
    assert decode(encode(AlertState(wall=1.5))) == (AlertState(wall=1.5), "")


def test_without_routes_nothing_is_said_and_nothing_breaks() -> None:
    bench = Bench(routes=())
    bench["us-east"].vitals = FAILING
    assert bench.wait(600) == []
    bench.routes = (SLACK,)
    assert kinds(bench.wait(60)) == [("slack", "trigger")]
