"""The ledger as a rehearsal sees it: what was done there was done so many times longer ago."""

from collections.abc import Sequence
from dataclasses import dataclass

from npconsole.model.journal import Ledger
from npconsole.model.run import Lease, Run


@dataclass(frozen=True, slots=True)
class HastenedLedger:
    """Fulfils `model.journal.Ledger`. Only ages are hastened; leases, runs and switches are as they are."""

    ledger: Ledger
    speed: float

    def intents(self, action: str, target: str | None, within_s: float) -> Sequence[float]:
        return [age * self.speed for age in self.ledger.intents(action, target, within_s / self.speed)]

    def open_runs(self, target: str | None = None) -> Sequence[Run]:
        return self.ledger.open_runs(target)

    def lease_on(self, target: str) -> Lease | None:
        return self.ledger.lease_on(target)

    def last_run(self, action: str, target: str) -> Run | None:
        return self.ledger.last_run(action, target)

    def switch(self, name: str) -> str:
        return self.ledger.switch(name)
