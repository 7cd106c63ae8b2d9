"""The ledger of a rehearsal: what was done a minute ago was done an hour ago."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from npconsole.actions.hastened import HastenedLedger
from npconsole.model.run import Lease, Run


@dataclass
class Ledger:
    """Knows intents by their age, and one switch."""

    ages: tuple[float, ...] = (10.0, 70.0)
    asked: list[float] = field(default_factory=list)

    def intents(self, action: str, target: str | None, within_s: float) -> Sequence[float]:
        self.asked.append(within_s)
        return [age for age in self.ages if age <= within_s]

    def open_runs(self, target: str | None = None) -> Sequence[Run]:
        return ()

    def lease_on(self, target: str) -> Lease | None:
        return Lease((target,), "one", "r", 1, 99.0)

    def last_run(self, action: str, target: str) -> Run | None:
        return None

    def switch(self, name: str) -> str:
        return f"{name} is set"


def test_ages_and_windows_count_so_many_times() -> None:
    ledger = Ledger()
    hastened = HastenedLedger(ledger, 60.0)
    assert hastened.intents("restart", "us-east", 3600.0) == [600.0]
    assert hastened.intents("restart", "us-east", 7200.0) == [600.0, 4200.0]
    assert ledger.asked == [60.0, 120.0]


def test_all_else_is_as_it_is() -> None:
    hastened = HastenedLedger(Ledger(), 60.0)
    assert hastened.switch("heal.off") == "heal.off is set"
    lease = hastened.lease_on("us-east")
    assert lease is not None
    assert lease.expires_at == 99.0
    assert (hastened.open_runs(), hastened.last_run("restart", "us-east")) == ((), None)
