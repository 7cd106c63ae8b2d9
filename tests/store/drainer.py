"""A process that drains an outbox: `python -m tests.store.drainer LOCATION NAME`, until nothing is left to claim.

It prints the ids of each batch before it says that they were delivered. With `hold` as a third word it claims one
batch, prints it, and waits to be killed.
"""

import sys

from npconsole.model.clock import SystemClock
from npconsole.store.opening import open_journal
from npconsole.store.outbox import StoredOutbox


def main(location: str, name: str, *words: str) -> None:
    journal = open_journal(
        location, clock=SystemClock(), environment="prod", host=name, syslog=False, busy_timeout_s=30
    )
    outbox = StoredOutbox(journal.memory)
    print("ready", flush=True)  # noqa: T201 - the answer is read from standard output
    sys.stdin.readline()
    while batch := outbox.claim("slack", owner=name, for_s=1 if "hold" in words else 60, limit=7):
        print(*(posting.notice.id for posting in batch), flush=True)  # noqa: T201 - as above
        if "hold" in words:
            sys.stdin.readline()
        for posting in batch:
            outbox.delivered(posting.notice.id, reference=name)


if __name__ == "__main__":
    main(*sys.argv[1:])
