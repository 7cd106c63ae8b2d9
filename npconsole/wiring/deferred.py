"""The load engine, made when it is first asked for: most processes send no load, and need not import what does."""

from collections.abc import Callable

from npconsole.model.load import Load, LoadEngine, LoadPlan, LoadRun


class DeferredEngine:
    """Fulfils LoadEngine by the one that `make` makes, once."""

    def __init__(self, make: Callable[[], LoadEngine]) -> None:
        self._make = make
        self._made: LoadEngine | None = None

    async def plan(self, load: Load) -> LoadPlan:
        return await self._engine.plan(load)

    async def start(self, load: Load) -> LoadRun:
        return await self._engine.start(load)

    @property
    def _engine(self) -> LoadEngine:
        if self._made is None:
            self._made = self._make()
        return self._made
