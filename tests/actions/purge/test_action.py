"""The action purge on a real journal: exact requests, the vendor's pace, and a verdict from the edge itself."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace

import pytest

from npconsole.actions.planner import Planner
from npconsole.actions.request import ask
from npconsole.actions.rules import Budget, Pace, Rules
from npconsole.errors import ExitCode
from npconsole.model.action import Danger
from npconsole.model.controls import PurgeKind, PurgeLimits
from npconsole.model.run import Plan, Run, RunRequest, RunState, Verdict
from tests.actions.desk import ALICE, Desk
from tests.actions.opened import opened
from tests.actions.purge.scene import ASSET, Cached
from tests.actions.virtual import play
from tests.actions.world import SICK, Manner

URL = "https://api.example/a.js"
Make = Callable[..., Desk]


@pytest.fixture
def make() -> Iterator[Make]:
    with ExitStack() as stack:

        def made(**platform: object) -> Desk:
            cached = Cached(**platform)  # type: ignore[arg-type]  # its own fields
            return stack.enter_context(opened(lambda folder: Desk(folder, cached, Rules(Pace(), Budget()))))

        yield made


def cached(desk: Desk) -> Cached:
    assert isinstance(desk.platform, Cached)
    return desk.platform


def request(desk: Desk, *, typed: str = "", overrides: Sequence[str] = (), **given: Sequence[str]) -> RunRequest:
    asked = ask(
        desk.find("purge"), "edge", given, actor=ALICE, estate=desk.platform.estate, reason="test", overrides=overrides
    )
    return replace(asked, confirmed=True, typed=typed)


def purge(desk: Desk, **given: object) -> Run:
    asked = desk.journal.request(request(desk, **given))  # type: ignore[arg-type]  # passed on as they are
    return play(desk.clock, desk.runner().run(asked.id))


def planned(desk: Desk, **given: object) -> Plan:
    return play(desk.clock, Planner(desk.stage()).prepare(request(desk, **given))).plan  # type: ignore[arg-type]


def urls(count: int) -> list[str]:
    return [f"https://api.example/{number}" for number in range(count)]


def test_what_was_cached_is_fetched_anew(make: Make) -> None:
    desk = make(stored={URL: 0.0})
    run = purge(desk, url=[URL])
    assert (run.state, run.verdict, run.result["exit"]) == (RunState.SUCCEEDED, Verdict.HELPED, ExitCode.OK)
    assert cached(desk).asked == [(PurgeKind.URLS, (URL,))]
    assert "all are fetched anew" in run.outcome


def test_a_copy_that_others_have_fetched_since_is_new(make: Make) -> None:
    desk = make(stored={URL: 0.0}, refetched_s=0.0)
    assert purge(desk, url=[URL]).verdict is Verdict.HELPED


def test_accepted_is_not_purged(make: Make) -> None:
    desk = make(stored={URL: 0.0}, takes_s=500.0)
    run = purge(desk, url=[URL])
    assert (run.state, run.verdict, run.result["exit"]) == (RunState.DEGRADED, Verdict.NO_EFFECT, ExitCode.UNVERIFIED)
    assert "still give the old copy" in run.outcome


def test_what_was_not_cached_needed_no_purge(make: Make) -> None:
    run = purge(make(), url=[URL])
    assert (run.state, run.verdict) == (RunState.SUCCEEDED, Verdict.NO_EFFECT)


def test_tags_cannot_be_verified_without_a_sample(make: Make) -> None:
    desk = make(stored={URL: 0.0})
    assert any("--param sample=URL" in note for note in planned(desk, tag=["x"]).notes)
    run = purge(desk, tag=["x"])
    assert (run.state, run.verdict) == (RunState.DEGRADED, Verdict.UNKNOWN)


def test_a_sample_that_cannot_be_read_is_unknown(make: Make) -> None:
    run = purge(make(unreadable_assets=True), url=[URL])
    assert (run.state, run.verdict) == (RunState.DEGRADED, Verdict.UNKNOWN)


@pytest.mark.parametrize(
    ("given", "kind"),
    [({"host": ["inventory.example"]}, PurgeKind.HOSTS), ({"prefix": ["inventory.example/app"]}, PurgeKind.PREFIXES)],
)
def test_the_known_asset_is_the_sample_where_it_is_among_them(
    make: Make, given: dict[str, list[str]], kind: PurgeKind
) -> None:
    desk = make(stored={ASSET: 0.0})
    run = purge(desk, **given)
    assert run.verdict is Verdict.HELPED
    assert cached(desk).asked[0][0] is kind


def test_everything_takes_the_typed_words_and_head_room(make: Make) -> None:
    desk = make(stored={ASSET: 0.0})
    plan = planned(desk, everything=["yes"])
    assert (plan.danger, plan.typed) == (Danger.TYPED, "purge everything")
    assert plan.refusals == ()
    assert purge(desk, everything=["yes"], typed="edge").state is RunState.REFUSED
    assert not cached(desk).asked
    run = purge(desk, everything=["yes"], typed="purge everything")
    assert (run.state, run.verdict) == (RunState.SUCCEEDED, Verdict.HELPED)
    assert cached(desk).asked == [(PurgeKind.EVERYTHING, ())]


@pytest.mark.parametrize(
    ("capacity", "words"),
    [({}, "its capacity was never measured"), (dict.fromkeys(("us-east", "us-west", "eu-west"), 70.0), "a cold cache")],
)
def test_everything_is_refused_without_head_room(make: Make, capacity: dict[str, float], words: str) -> None:
    desk = make()
    world = desk.platform.world
    desk.platform.world = lambda: replace(world(), capacity=capacity)  # type: ignore[method-assign]  # as measured
    run = purge(desk, everything=["yes"], typed="purge everything")
    assert (run.state, run.result["exit"]) == (RunState.REFUSED, ExitCode.REFUSED)
    assert words in run.outcome
    assert not desk.platform.writes
    assert (
        purge(desk, everything=["yes"], typed="purge everything", overrides=["head-room"]).state is RunState.SUCCEEDED
    )


def test_a_part_needs_no_head_room(make: Make) -> None:
    desk = make()
    desk.platform.health["us-west"] = SICK
    assert purge(desk, url=[URL]).state is RunState.SUCCEEDED


def test_ten_thousand_addresses_go_in_batches_at_the_vendors_pace_and_resume_after_a_429(make: Make) -> None:
    wanted = urls(10_000)
    desk = make(stored=dict.fromkeys(wanted, 0.0), limits=PurgeLimits(500, 6, 6.0))
    desk.platform.manners.extend([*[Manner.OK] * 9, Manner.LIMITED])
    run = purge(desk, url=wanted)
    assert (run.state, run.verdict) == (RunState.SUCCEEDED, Verdict.HELPED)
    asked = cached(desk).asked
    assert len(asked) == 21
    assert all(len(values) == 500 for _, values in asked)
    assert asked[9] == asked[10]
    assert {url for _, values in asked for url in values} == set(wanted)
    times = [write.at for write in desk.platform.writes]
    assert times[10] - times[9] >= 10.0
    assert all(last - first < 6 + 6 for first, last in _in_windows(times, 1.0))
    texts = [event.text for event in desk.journal.events(run.id)]
    assert any("10 of 20 requests done" in text for text in texts)


def _in_windows(times: list[float], width_s: float) -> list[tuple[int, int]]:
    """For each request, its number and that of the last one within the window."""
    return [(i, max(j for j, t in enumerate(times) if t < start + width_s)) for i, start in enumerate(times)]


def test_a_small_bucket_is_respected(make: Make) -> None:
    desk = make(limits=PurgeLimits(1, 2, 0.2))
    purge(desk, tag=["a", "b", "c", "d"])
    times = [write.at for write in desk.platform.writes]
    assert times[2] - times[0] >= 4.5
    assert times[3] - times[2] >= 4.5


def test_a_429_says_that_others_have_emptied_the_bucket(make: Make) -> None:
    desk = make(limits=PurgeLimits(1, 5, 0.05))
    desk.platform.manners.append(Manner.LIMITED)
    purge(desk, tag=["a"])
    first, second = (write.at for write in desk.platform.writes)
    assert second - first >= 20.0


def test_a_batch_without_an_answer_is_asked_again(make: Make) -> None:
    desk = make(stored=dict.fromkeys(urls(200), 0.0))
    desk.platform.manners.extend([Manner.SILENT, Manner.OK])
    run = purge(desk, url=urls(200))
    assert run.state is RunState.SUCCEEDED
    assert [len(values) for _, values in cached(desk).asked] == [100, 100, 100]


def test_a_refused_batch_ends_it_and_says_how_far_it_came(make: Make) -> None:
    desk = make()
    desk.platform.manners.extend([Manner.OK, Manner.REFUSED])
    run = purge(desk, url=urls(300))
    assert (run.state, run.result["exit"]) == (RunState.FAILED, ExitCode.PARTIAL)
    assert "1 of 2 calls were done" in run.outcome


@pytest.mark.parametrize("point", ["intended", "sent", "called", "applied"])
def test_a_runner_that_dies_is_followed_by_one_that_goes_on(make: Make, point: str) -> None:
    wanted = urls(300)
    desk = make(stored=dict.fromkeys(wanted, 0.0))
    asked = desk.journal.request(request(desk, url=wanted))
    assert desk.crash(asked.id, point, nth=2)
    desk.pass_time(61)
    [run] = desk.recover()
    assert (run.state, run.verdict) == (RunState.SUCCEEDED, Verdict.HELPED)
    assert {url for _, values in cached(desk).asked for url in values} == set(wanted)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "say what to purge"),
        ({"url": [URL], "tag": ["x"]}, "not url and tag"),
        ({"url": [URL], "everything": ["yes"]}, "not url and everything"),
        ({"url": ["api.example/a.js"]}, "is not a whole address"),
        ({"tag": ["two words"]}, "is not a cache tag"),
        ({"prefix": ["https://a.example/x"]}, "is not host and path"),
        ({"host": ["a.example/x"]}, "is not a host name"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_is_sent(
    make: Make, given: dict[str, list[str]], words: str
) -> None:
    desk = make()
    run = purge(desk, **given)
    assert (run.state, run.result["exit"]) == (RunState.FAILED, ExitCode.USAGE)
    assert words in run.outcome
    assert not desk.platform.writes
