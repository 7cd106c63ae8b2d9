"""Replication lag by PromQL. No series, or one that is not a number, is an error: neither means no lag."""

from collections.abc import Awaitable, Callable, Sequence

from npconsole.errors import BadAnswerError
from npconsole.model.vitals import Lag
from npconsole.net.text import clean

QueryValues = Callable[[str], Awaitable[Sequence[float | None]]]
"""Answers a query with the values of its series now; None is NaN or infinity."""


class PromqlLag:
    """A LagSource that asks a query whose value is seconds. Of several values the largest counts: the worst replica."""

    def __init__(self, values: QueryValues, promql: str) -> None:
        self._values = values
        self._promql = promql

    async def read(self) -> Lag:
        """The lag. Raise SourceError."""
        values = await self._values(self._promql)
        query = clean(self._promql, limit=200)
        if not values:
            raise BadAnswerError(f"no series for {query}", hint="is the replica's exporter scraped? see lag.promql")
        finite = [value for value in values if value is not None]
        if len(finite) < len(values):
            raise BadAnswerError(f"{query} is not a number: a replica does not report its lag")
        return Lag(max(0.0, *finite), "promql")
