"""A leader that commits without end: `python -m tests.store.committer LOCATION`. It prints each number that is kept."""

import sys
from itertools import count

from npconsole.model.clock import SystemClock
from npconsole.store.healing import StoredHealMemory
from npconsole.store.opening import open_journal
from tests.store.samples import decision, notice


def main(location: str) -> None:
    journal = open_journal(location, clock=SystemClock(), environment="prod", host="h", syslog=False)
    heal = StoredHealMemory(journal.memory)
    fence = heal.lead(owner="killed", ttl_s=2)
    assert fence is not None
    for number in count(1):
        heal.commit(
            fence,
            states={"heal": str(number)},
            decisions=[decision(f"d{number}")],
            notices=[notice(f"n{number}-{part}") for part in range(20)],
        )
        print(number, flush=True)  # noqa: T201 - the answer is read from standard output


if __name__ == "__main__":
    main(sys.argv[1])
