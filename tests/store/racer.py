"""A process that wants the targets it reads: `python -m tests.store.racer LOCATION NAME`, a line for each round.

A line is a target, and a key after a space for rounds in which all ask for the same run. It answers with the run's id
and how it went.
"""

import sys

from npconsole.errors import FencedError
from npconsole.model.clock import SystemClock
from npconsole.store.opening import open_journal
from tests.store.bench import passing, wanted


def main(location: str, name: str) -> None:
    journal = open_journal(location, clock=SystemClock(), environment="prod", host=name, syslog=False)
    print("ready", flush=True)  # noqa: T201 - the answer is read from standard output
    for line in sys.stdin:
        target, _, key = line.strip().partition(" ")
        asked = journal.request(wanted(target=target, key=key))
        try:
            run, _, answers = journal.begin(
                asked.id, owner=name, targets=[target], ttl_s=60, guards=passing, deadline_s=None
            )
            words = f"{run.state.value} {answers[-1].reason}"
        except FencedError:
            words = "fenced"
        print(asked.id, words, flush=True)  # noqa: T201 - the answer is read from standard output


if __name__ == "__main__":
    main(*sys.argv[1:])
