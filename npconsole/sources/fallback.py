"""A second source of vital figures for when the first cannot be read; the notice says which one is speaking."""

from dataclasses import replace

from npconsole.errors import LimitedError, ServerError, SourceError
from npconsole.model.clock import Clock
from npconsole.model.ports import VitalsSource
from npconsole.model.vitals import Vitals


class Fallback:
    """A VitalsSource that asks `primary`, and `secondary` when that fails.

    A failed primary is left alone for `pause_s`, or for as long as it asked for; else one that hangs would use up the
    time of every read. The first read of a secondary that measures between two reads has no rates.
    """

    def __init__(self, primary: VitalsSource, secondary: VitalsSource, *, clock: Clock, pause_s: float = 30.0) -> None:
        self._primary = primary
        self._secondary = secondary
        self._clock = clock
        self._pause_s = pause_s
        self._failed: SourceError | None = None
        self._again_at = 0.0

    async def read(self) -> Vitals:
        """The primary's figures, or the secondary's with a notice. Raise the primary's SourceError when both fail."""
        if self._failed is None or self._clock.now() >= self._again_at:
            try:
                vitals = await self._primary.read()
            except SourceError as error:
                self._failed = error
                asked_s = error.retry_after_s if isinstance(error, LimitedError | ServerError) else None
                self._again_at = self._clock.now() + max(self._pause_s, asked_s or 0.0)
            else:
                self._failed = None
                return vitals
        return await self._stand_in(self._failed)

    async def _stand_in(self, failed: SourceError) -> Vitals:
        try:
            vitals = await self._secondary.read()
        except SourceError as error:
            raise failed.with_traceback(None) from error
        notice = f"Prometheus unreachable ({failed.message}): figures from the region's own page"
        return replace(vitals, notice=f"{notice}; {vitals.notice}" if vitals.notice else notice, stand_in=True)
