"""A batch of regions that are read together: one query per form brings all figures of all of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from npconsole.sources.prometheus import promql
from npconsole.sources.prometheus.client import PromqlClient
from npconsole.sources.prometheus.forms import Forms
from npconsole.sources.prometheus.promql import FIGURE, Form, Selector
from npconsole.sources.prometheus.regions import Labels, of_region, selector
from npconsole.sources.prometheus.series import Series

Points = tuple[tuple[float, float | None], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What the store has of one region: the form, None when there are no series, and the points of each figure."""

    form: Form | None
    figures: Mapping[str, Points]

    def last(self, figure: str) -> float | None:
        """The newest value of a figure; None when it has no series, or its value is not finite."""
        points = self.figures.get(figure)
        return points[-1][1] if points else None


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time in whole steps, epoch seconds, both ends included."""

    start_wall: int
    end_wall: int
    step_s: int

    @property
    def points(self) -> int:
        """How many points a series without gaps has."""
        return max(0, (self.end_wall - self.start_wall) // self.step_s + 1)


class Batch:
    """Regions with the same label names. Nothing is kept but the forms."""

    def __init__(self, client: PromqlClient, labels: Mapping[str, Labels], forms: Forms, window_s: float) -> None:
        self.labels = labels
        self._client = client
        self._forms = forms
        self._window_s = window_s

    async def vitals(self) -> Mapping[str, Found]:
        """The figures now, of every region, within the client's deadline in all."""
        found = {region_id: Found(None, {}) for region_id in self.labels}
        async with self._client.deadline():
            for form, ids, asked in self._alike(await self._forms.find()):
                answer = await self._client.query(promql.vitals(asked, form, self._window_s))
                found |= self._sorted_out(form, ids, answer)
        for region_id, own in found.items():
            if "p50" not in own.figures:
                self._forms.forget(region_id)
        return found

    async def history(self, span: Span, wanted: Collection[str]) -> Mapping[str, Found]:
        """The figures of a chart of some regions. Rates look back over a whole step: nothing between points is lost."""
        found = {region_id: Found(None, {}) for region_id in wanted}
        window_s = max(self._window_s, span.step_s)
        async with self._client.deadline():
            forms = await self._forms.find()
            known = {region_id: forms[region_id] for region_id in wanted if region_id in forms}
            for form, ids, asked in self._alike(known):
                query = promql.history(asked, form, window_s)
                answer = await self._client.query_range(query, span.start_wall, span.end_wall, span.step_s)
                found |= self._sorted_out(form, ids, answer)
        return found

    def _alike(self, forms: Mapping[str, Form]) -> Sequence[tuple[Form, list[str], Selector]]:
        groups: dict[Form, list[str]] = {}
        for region_id, form in forms.items():
            groups.setdefault(form, []).append(region_id)
        return [(form, ids, selector(self.labels, ids)) for form, ids in groups.items()]

    def _sorted_out(self, form: Form, ids: Sequence[str], answer: Sequence[Series]) -> dict[str, Found]:
        return {
            region_id: Found(
                form, {each.labels.get(FIGURE, ""): each.points for each in of_region(answer, self.labels[region_id])}
            )
            for region_id in ids
        }
