"""In which form each region stores its figures: asked once, remembered until its series are gone."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Literal

from npconsole.config.blocks.watching import Families
from npconsole.sources.prometheus import promql
from npconsole.sources.prometheus.client import PromqlClient
from npconsole.sources.prometheus.promql import Form
from npconsole.sources.prometheus.regions import Labels, of_region, selector

Native = Literal["auto", "yes", "no"]


class Forms:
    """The forms of one batch of regions. `families` in order of preference; with "auto" native comes before classic."""

    def __init__(
        self, client: PromqlClient, labels: Mapping[str, Labels], *, families: Sequence[Families], native: Native
    ) -> None:
        self._client = client
        self._labels = labels
        self._candidates = {
            name: Form(each, is_native) for each in families for name, is_native in _histograms(each, native)
        }
        self._known: dict[str, Form] = {}
        self._lock = asyncio.Lock()

    async def find(self) -> Mapping[str, Form]:
        """The form of every region that has one. Asks the store when any is not known yet."""
        async with self._lock:
            missing = [region_id for region_id in self._labels if region_id not in self._known]
            if missing:
                self._known |= await self._ask(missing)
            return dict(self._known)

    def forget(self, region_id: str) -> None:
        """Ask again next time: the region's figures have vanished, perhaps by a deploy of another generation."""
        self._known.pop(region_id, None)

    async def _ask(self, ids: list[str]) -> dict[str, Form]:
        query = promql.names_present(selector(self._labels, ids), tuple(self._candidates))
        answer = await self._client.query(query)
        found: dict[str, Form] = {}
        for region_id in ids:
            present = {each.labels.get("__name__", "") for each in of_region(answer, self._labels[region_id])}
            form = next((form for name, form in self._candidates.items() if name in present), None)
            if form is not None:
                found[region_id] = form
        return found


def _histograms(families: Families, native: Native) -> list[tuple[str, bool]]:
    """The metric names under which the latency histogram may be stored, and whether each is the native one."""
    whole, buckets = (families.latency, True), (f"{families.latency}_bucket", False)
    match native:
        case "yes":
            return [whole]
        case "no":
            return [buckets]
        case "auto":
            return [whole, buckets]
