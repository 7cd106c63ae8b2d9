from collections.abc import Sequence

import pytest

from npconsole.errors import BadAnswerError
from npconsole.model.vitals import Lag
from npconsole.sources.lag_promql import PromqlLag

QUERY = "max(neon_replication_delay_seconds)"


def answering(*values: float | None) -> PromqlLag:
    """The source over a store that knows this one query."""

    async def store(promql: str) -> Sequence[float | None]:
        assert promql == QUERY
        return values

    return PromqlLag(store, QUERY)


@pytest.mark.parametrize(("values", "seconds"), [((0.4,), 0.4), ((0.4, 11.0, 2.0), 11.0), ((-0.1,), 0.0)])
async def test_the_largest_value_counts(values: tuple[float, ...], seconds: float) -> None:
    assert await answering(*values).read() == Lag(seconds, "promql")


@pytest.mark.parametrize(
    ("values", "match"), [((), "no series for max"), ((None,), "not a number"), ((0.1, None), "not a")]
)
async def test_nothing_and_nan_are_errors(values: tuple[float | None, ...], match: str) -> None:
    with pytest.raises(BadAnswerError, match=match):
        await answering(*values).read()
