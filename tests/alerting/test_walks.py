"""Whatever happens to an estate, in whatever order: each channel hears a beginning, then an end, and nothing out of
turn.
"""

from collections import defaultdict

import hypothesis.strategies as st
from hypothesis import given, settings

from npconsole.alerting import AlertRules
from npconsole.model.level import Level
from npconsole.model.notice import Notice, NoticeKind
from npconsole.model.vitals import Vitals
from tests.alerting.bench import FAILING, FINE, FULL, IDLE, PAGER, SLACK, SLOW, Bench

TARGETS = ("us-east", "us-west", "eu-west", "edge")
RULES = AlertRules(escalate_after_s=3600.0)
LEVELS = st.sampled_from([Level.OK, Level.OK, Level.DEGRADED, Level.DOWN, Level.UNKNOWN])
VITALS = st.sampled_from([FINE, FINE, SLOW, FAILING, FULL, IDLE, None])
CHANGES = st.one_of(
    st.tuples(st.just("level"), st.sampled_from(TARGETS), LEVELS),
    st.tuples(st.just("vitals"), st.sampled_from(TARGETS[:3]), VITALS),
    st.tuples(st.just("lag"), st.just("eu-west"), st.sampled_from([0.1, 4.0, 12.0])),
    st.tuples(st.just("online"), st.just(""), st.sampled_from([True, True, None, False])),
    st.tuples(st.just("mute"), st.sampled_from((*TARGETS, "api", "prod")), st.sampled_from([300.0, 3000.0])),
    st.tuples(st.just("run"), st.sampled_from(TARGETS[:3]), st.sampled_from(["intent", "succeeded", "revert_failed"])),
    st.tuples(st.just("clock"), st.just(""), st.sampled_from([-7200.0, 7200.0])),
    st.tuples(st.just("ack"), st.sampled_from(TARGETS[:3]), st.sampled_from(["health", "latency", "errors"])),
)
Walk = list[tuple[list[tuple[str, str, object]], float]]
WALKS = st.lists(st.tuples(st.lists(CHANGES, max_size=3), st.sampled_from([60.0, 180.0, 600.0])), max_size=18)


def apply(bench: Bench, what: str, target: str, value: object) -> None:
    match what, value:
        case "level", Level():
            bench[target].level = value
        case "vitals", (Vitals() | None):
            bench[target].vitals = value
        case "lag", float():
            bench[target].lag_s = value
        case "online", _:
            bench.online = value if isinstance(value, bool) else None
        case "mute", float():
            bench.mute(target, value)
        case "run", str():
            bench.run(value, target, run=f"run of {target}")
        case "clock", float():
            bench.now += value
        case "ack", str():
            bench.take(f"prod/{target}/{value}")


def muted(bench: Bench, notice: Notice) -> bool:
    """Whether everything that this notice could be about is muted."""
    return any(mute.target == "prod" for mute in bench.in_force()) and notice.kind is not NoticeKind.CHANGE


@given(WALKS)
@settings(max_examples=60, deadline=None)
def test_every_trigger_has_one_resolve_and_no_key_is_open_twice(
    walk: list[tuple[list[tuple[str, str, object]], float]],
) -> None:
    bench = Bench(rules=RULES)
    open_: dict[str, set[str]] = defaultdict(set)
    ids: set[str] = set()
    for changes, wait_s in walk:
        for change in changes:
            apply(bench, *change)
        end = bench.now + wait_s
        while bench.now < end:
            bench.now += 60.0
            for notice in bench.look():
                assert not muted(bench, notice)
                hear(notice, open_[notice.channel], ids)
        assert all(incident.key.count("/") == 2 for incident in bench.state.incidents)
        assert len({incident.key for incident in bench.state.incidents}) == len(bench.state.incidents)
    bench.mutes.clear()
    bench.online = True
    bench.interval_s = 180.0
    bench.well()
    for target in TARGETS[:3]:
        bench.run("reverted", target, run=f"run of {target}")
    for notice in bench.wait(4 * 3600):
        hear(notice, open_[notice.channel], ids)
    assert not any(open_.values())
    assert bench.state.incidents == ()
    assert bench.wait(7200) == []
    assert bench.state.conditions == ()


def hear(notice: Notice, open_: set[str], ids: set[str]) -> None:
    """One notice as its channel hears it."""
    # The walk may end a run twice, which the journal does not: that is the same change with the same id.
    assert notice.id not in ids or notice.kind is NoticeKind.CHANGE
    ids.add(notice.id)
    match notice.kind:
        case NoticeKind.TRIGGER:
            assert notice.key not in open_
            assert notice.severity.reaches((SLACK if notice.channel == "slack" else PAGER).least)
            open_.add(notice.key)
        case NoticeKind.RESOLVE:
            assert notice.key in open_
            open_.remove(notice.key)
        case NoticeKind.UPDATE | NoticeKind.ACKNOWLEDGE:
            assert notice.key in open_
        case NoticeKind.CHANGE:
            assert notice.channel == "pagerduty"


def test_a_thousand_regions_down_are_one_incident_and_a_quick_one() -> None:
    bench = Bench(names=tuple(f"r{number}" for number in range(1000)))
    bench.look()
    bench.down(*bench.names, "edge")
    told = bench.wait(120)
    assert len([notice for notice in told if notice.kind is NoticeKind.TRIGGER]) == 2
    assert all(len(notice.facts) <= 12 for notice in told)
