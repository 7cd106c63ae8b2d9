from typing import Any

import pytest

from npconsole.sim.sentry.issue import KEPT_EVENTS, KEPT_WORDS, NEW_FOR_S, Issue, Substatus
from npconsole.sim.sentry.store import MOST_ISSUES, Project, Store
from tests.sim.fakeclock import FakeClock
from tests.sim.sentry.events import event

BACKEND = Project("1", "backend", "python", "a" * 32)
FRONTEND = Project("2", "frontend", "javascript", "b" * 32)


def store() -> Store:
    return Store((BACKEND, FRONTEND))


def flood(kept: Store, clock: FakeClock, number: int, seconds: float) -> Issue:
    issue = None
    for _ in range(number):
        clock.at_s += seconds / number
        issue = kept.add(event(clock))
    assert issue is not None
    return issue


def test_events_are_grouped_by_type_and_culprit() -> None:
    kept, clock = store(), FakeClock()
    one = kept.add(event(clock, user={"id": "7"}))
    same = kept.add(event(clock, user={"id": "8"}, message="another text"))
    assert one is same
    assert (one.count, len(one.users), one.short_id) == (2, 2, "BACKEND-1")
    assert kept.add(event(clock, kind="KeyError")) is not one
    assert kept.add(event(clock, transaction="/other")) is not one
    assert kept.add(event(clock, project="frontend")).short_id == "FRONTEND-1"


def test_a_fingerprint_overrules_and_messages_group_by_text() -> None:
    kept, clock = store(), FakeClock()
    assert kept.add(event(clock, fingerprint=["x"])) is kept.add(event(clock, kind="KeyError", fingerprint=["x"]))
    plain: dict[str, Any] = {"exception": None, "transaction": None}
    assert kept.add(event(clock, message="lag", **plain)) is kept.add(event(clock, message="lag", **plain))
    assert kept.add(event(clock, message="lag", **plain)) is not kept.add(event(clock, message="full", **plain))


def test_new_becomes_ongoing() -> None:
    clock = FakeClock()
    issue = store().add(event(clock))
    assert issue.substatus(clock.at_s) is Substatus.NEW
    assert issue.substatus(clock.at_s + NEW_FOR_S) is Substatus.ONGOING


def test_an_event_of_long_ago_is_ongoing_at_once_and_keeps_its_time() -> None:
    clock = FakeClock()
    issue = store().add(event(clock, timestamp=clock.wall() - 86400))
    assert issue.substatus(clock.at_s) is Substatus.ONGOING
    assert issue.first_wall == issue.last_wall == clock.wall() - 86400


def test_a_resolved_issue_that_comes_back_has_regressed() -> None:
    kept, clock = store(), FakeClock()
    issue = kept.add(event(clock))
    issue.resolve()
    assert issue.substatus(clock.at_s) is None
    kept.add(event(clock))
    assert (issue.status, issue.substatus(clock.at_s)) == ("unresolved", Substatus.REGRESSED)
    assert issue.substatus(clock.at_s + NEW_FOR_S) is Substatus.ONGOING


def test_resolved_in_the_next_release_ignores_the_old_one() -> None:
    kept, clock = store(), FakeClock()
    issue = kept.add(event(clock, release="neuropilot@1"))
    issue.resolve(in_next_release=True)
    kept.add(event(clock, release="neuropilot@1"))
    assert issue.status == "resolved"
    kept.add(event(clock, release="neuropilot@2"))
    assert issue.substatus(clock.at_s) is Substatus.REGRESSED


def test_a_jump_of_the_rate_escalates_and_a_steady_rate_does_not() -> None:
    kept, clock = store(), FakeClock()
    steady = flood(kept, clock, 15 * 20, 15 * 60)
    assert steady.substatus(clock.at_s) is Substatus.NEW
    flood(kept, clock, 200, 50)
    assert steady.substatus(clock.at_s) is Substatus.ESCALATING
    assert steady.substatus(clock.at_s + 300) is Substatus.NEW


@pytest.mark.parametrize(
    ("archived", "status"),
    [(Substatus.ARCHIVED_FOREVER, "ignored"), (Substatus.ARCHIVED_UNTIL_ESCALATING, "unresolved")],
)
def test_an_archived_issue_returns_when_it_escalates(archived: Substatus, status: str) -> None:
    kept, clock = store(), FakeClock()
    issue = kept.add(event(clock))
    issue.archive(archived)
    kept.add(event(clock))
    assert issue.substatus(clock.at_s) is archived
    flood(kept, clock, 100, 30)
    assert issue.status == status


def test_the_store_is_bounded_and_drops_what_was_seen_longest_ago() -> None:
    kept, clock = store(), FakeClock()
    for number in range(MOST_ISSUES + 5):
        clock.at_s += 1
        kept.add(event(clock, transaction=f"/{number}"))
    assert len(kept.all()) == MOST_ISSUES
    assert kept.get("BACKEND-5") is None
    assert kept.get("backend-6") is not None
    assert len(flood(kept, clock, 200, 10).events) == KEPT_EVENTS


def test_one_issue_is_bounded_in_releases_and_tags() -> None:
    kept, clock = store(), FakeClock()
    issue = kept.add(event(clock))
    for number in range(KEPT_WORDS + 20):
        kept.add(event(clock, release=f"r@{number}", tags={f"t{number}": "x"}))
    assert len(issue.releases) == len(issue.tag_counts) == KEPT_WORDS
