"""Beside a run's work: keeps its lease, and passes on what wants it to stop.

A lease that cannot be renewed ends the work at once, in the middle of whatever it waits for: somebody else may own the
run by now.
"""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from npconsole.actions.conduct import Conduct
from npconsole.actions.stop import Stop, StopCause
from npconsole.errors import FencedError, StoreError
from npconsole.model import quantity
from npconsole.model.action import OnDisconnect
from npconsole.net.text import clean

T = TypeVar("T")


class Keeper:
    """Keeps one run. `deadline_s` is how long it may take from now until it is stopped."""

    def __init__(self, conduct: Conduct, *, deadline_s: float | None) -> None:
        self._conduct = conduct
        self._began = self._renewed = conduct.clock.now()
        self._deadline_s = deadline_s

    async def attend(self, work: Awaitable[T]) -> T:
        """The work's result. Raises what the work raises, or FencedError when the lease is lost."""
        try:
            async with asyncio.TaskGroup() as group:
                keeping = group.create_task(self._keep())
                try:
                    return await work
                finally:
                    keeping.cancel()
        except BaseExceptionGroup as errors:
            raise _first(errors) from None

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(self._conduct.pace.beat_s)
            self._renew()
            if self._conduct.undoing:
                continue
            for stop in (self._asked(), self._lost(), self._late()):
                if stop is not None:
                    self._conduct.stop(stop)

    def _renew(self) -> None:
        pace, now = self._conduct.pace, self._conduct.clock.now()
        if now - self._renewed < pace.renew_s:
            return
        try:
            self._conduct.renew()
            self._renewed = now
        except StoreError as error:
            if now - self._renewed >= pace.lease_ttl_s - pace.lease_margin_s and not self._conduct.undoing:
                raise FencedError(f"the lease could not be renewed in time: {error.message}") from None

    def _asked(self) -> Stop | None:
        try:
            run = self._conduct.stage.journal.run(self._conduct.run.id)
        except StoreError:
            return None
        return Stop(StopCause.ASKED, f"asked to stop by {clean(run.abort)}") if run is not None and run.abort else None

    def _lost(self) -> Stop | None:
        """An operator who was never heard of is silent since the run began."""
        conduct = self._conduct
        if conduct.action.spec.on_disconnect is OnDisconnect.RUN_ON:
            return None
        try:
            seen_s = conduct.stage.journal.operator_seen_s(conduct.run.id)
        except StoreError:
            return None
        here_s = conduct.clock.now() - self._began
        silent_s = here_s if seen_s is None else min(seen_s, here_s)
        if silent_s < conduct.pace.operator_silence_s:
            return None
        return Stop(StopCause.OPERATOR_LOST, f"no operator has watched for {quantity.duration(silent_s)}")

    def _late(self) -> Stop | None:
        if self._deadline_s is None or self._conduct.clock.now() - self._began < self._deadline_s:
            return None
        return Stop(StopCause.DEADLINE, f"its deadline of {quantity.duration(self._deadline_s)} has passed")


def _first(errors: BaseExceptionGroup[BaseException]) -> BaseException:
    """The lost lease before all else, then whatever came first."""
    leaves = list(_leaves(errors))
    return next((error for error in leaves if isinstance(error, FencedError)), leaves[0])


def _leaves(errors: BaseExceptionGroup[BaseException]) -> list[BaseException]:
    return [
        leaf
        for error in errors.exceptions
        for leaf in (_leaves(error) if isinstance(error, BaseExceptionGroup) else [error])
    ]
