import pytest

from npconsole.errors import Failure, LimitedError, ServerError, SourceError, UnreachableError
from npconsole.model.vitals import Vitals
from npconsole.sources.fallback import Fallback
from tests.sources.clock import HandClock

PRIMARY = Vitals(p95_ms=1, source="prometheus", notice="primary's own notice")
SECONDARY = Vitals(p95_ms=2, source="page")
DOWN = UnreachableError("Prometheus at store: no answer", Failure.TIMEOUT)


class Script:
    """A source that gives these outcomes, one per read."""

    def __init__(self, *outcomes: Vitals | SourceError) -> None:
        self.left = list(outcomes)

    async def read(self) -> Vitals:
        outcome = self.left.pop(0)
        if isinstance(outcome, SourceError):
            raise outcome
        return outcome


def fallback(primary: Script, secondary: Script, clock: HandClock | None = None) -> Fallback:
    """The source, with a pause of 30 s."""
    return Fallback(primary, secondary, clock=clock or HandClock(), pause_s=30)


async def test_the_secondary_stands_in_until_the_primary_s_pause_is_over() -> None:
    clock = HandClock()
    primary, secondary = Script(PRIMARY, DOWN, PRIMARY), Script(SECONDARY, SECONDARY)
    source = fallback(primary, secondary, clock)

    assert await source.read() == PRIMARY
    for _ in range(2):
        second = await source.read()
        assert (second.p95_ms, second.source, second.stand_in) == (2, "page", True)
        assert second.notice == (
            "Prometheus unreachable (Prometheus at store: no answer): figures from the region's own page"
        )
        clock.at += 29
    assert await source.read() == PRIMARY
    assert primary.left == secondary.left == []


@pytest.mark.parametrize("error", [LimitedError("429", 120.0), ServerError("503", 503, retry_after_s=120.0)])
async def test_a_primary_that_asks_for_time_is_given_it(error: SourceError) -> None:
    clock = HandClock()
    source = fallback(Script(error, PRIMARY), Script(SECONDARY, SECONDARY), clock)
    await source.read()
    clock.at += 119
    assert (await source.read()).stand_in
    clock.at += 1
    assert await source.read() == PRIMARY


async def test_the_secondary_s_notice_is_kept() -> None:
    secondary = Script(Vitals(notice="first scrape"))
    assert (await fallback(Script(DOWN), secondary).read()).notice.endswith("own page; first scrape")


async def test_when_both_fail_the_primary_s_reason_is_the_error() -> None:
    with pytest.raises(UnreachableError, match="store") as raised:
        await fallback(Script(DOWN), Script(ServerError("page: 503", 503))).read()
    assert isinstance(raised.value.__cause__, ServerError)
