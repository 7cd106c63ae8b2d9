"""How long the journal takes, on SQLite and, when a URL is given, on PostgreSQL.

python -m tests.benchmarks.journal_speed                                   # a file in a temporary directory
python -m tests.benchmarks.journal_speed --url postgresql://user@host/db   # an empty database

Prints the longest and the median of each transaction of 200 runs (the limit is 50 ms), the time that 100,000 lines of
audit take to verify (3 s), and that of `open_journal` in a new process against `import httpx, sqlalchemy` (2.5 times).
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection, create_engine, insert, update

from npconsole.model.clock import SystemClock
from npconsole.model.run import Presence, RunState, StepState
from npconsole.store.chain import Head, digest_of
from npconsole.store.journal import StoredJournal
from npconsole.store.opening import is_server, open_journal
from npconsole.store.tables import SCHEMA, audit, environments
from tests.store.bench import passing, wanted

_LINES = 100_000
_RUNS = 200
_OPEN = "from npconsole.model.clock import SystemClock\nfrom npconsole.store.opening import open_journal\nimport sys\n"
_OPEN += "open_journal(sys.argv[1], clock=SystemClock(), environment='bench', host='h', syslog=False).runs()"
Answer = TypeVar("Answer")


class Stopwatch:
    """Collects how long each kind of call took."""

    def __init__(self) -> None:
        self.taken_ms: dict[str, list[float]] = defaultdict(list)

    def __call__(self, name: str, call: Callable[[], Answer]) -> Answer:
        started = time.perf_counter()
        answer = call()
        self.taken_ms[name].append(1000 * (time.perf_counter() - started))
        return answer


def run_once(journal: StoredJournal, watch: Stopwatch, number: int) -> None:
    """One run from request to release, with every kind of write."""
    target = f"region-{number}"
    asked = watch("request", lambda: journal.request(wanted(target=target)))
    run, lease, _ = watch(
        "begin",
        lambda: journal.begin(asked.id, owner="o", targets=[target], ttl_s=60, guards=passing, deadline_s=60),
    )
    assert lease is not None
    watch("intend", lambda: journal.intend(lease, call="restart", undo="{}", remote="d"))
    watch("check", lambda: journal.check(lease, 10))
    watch("mark", lambda: journal.mark(lease, 1, StepState.SENT))
    watch("renew", lambda: journal.renew(lease, 60))
    watch("beat", lambda: journal.beat(Presence("a", "alice", "h", 1, "cli", 0.0), watching=[run.id]))
    watch("advance", lambda: journal.advance(run.id, RunState.SUCCEEDED, "done", lease=lease))
    watch("release", lambda: journal.release(lease))
    watch("runs", lambda: journal.runs(limit=50))


def lengthen(location: str) -> None:
    """Add lines to the chain until it has `_LINES`, past the journal, which would take minutes."""
    url = location.replace("postgresql:", "postgresql+psycopg:") if is_server(location) else f"sqlite:///{location}"
    engine = create_engine(
        url, execution_options={"schema_translate_map": {None: SCHEMA}} if is_server(location) else {}
    )
    with engine.begin() as connection:
        head = _head(connection)
        rows = []
        for number in range(head.sequence + 1, _LINES + 1):
            line = ("bench", number, 1.8e9 + number, "step.sent", "alice", "us-east", '{"run":"run-1","step":1}')
            digest = digest_of(head.digest, *line)
            rows.append((*line, head.digest, digest))
            head = Head(number, digest)
        names = [column.name for column in audit.columns]
        connection.execute(insert(audit), [dict(zip(names, row, strict=True)) for row in rows])
        connection.execute(update(environments).values(audit_sequence=head.sequence, audit_digest=head.digest))
    engine.dispose()


def _head(connection: Connection) -> Head:
    row = connection.execute(
        environments.select().with_only_columns(environments.c.audit_sequence, environments.c.audit_digest)
    ).one()
    return Head(row.audit_sequence, row.audit_digest)


def starts_s(*argv: str) -> float:
    """The median of five starts of a program."""
    taken = []
    for _ in range(5):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-c", *argv], check=True, timeout=60)
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="")
    with tempfile.TemporaryDirectory() as folder:
        location = parser.parse_args().url or f"{folder}/npconsole.db"
        journal = open_journal(location, clock=SystemClock(), environment="bench", host="h", syslog=False)
        watch = Stopwatch()
        for number in range(_RUNS):
            run_once(journal, watch, number)
        for name, taken_ms in watch.taken_ms.items():
            print(f"{name:8} median {statistics.median(taken_ms):5.1f} ms   longest {max(taken_ms):5.1f} ms")
        lengthen(location)
        started = time.perf_counter()
        problem = journal.audit_problem()
        print(f"{_LINES} lines verified in {time.perf_counter() - started:.2f} s ({problem or 'whole'})")
        journal.close()
        ours, theirs = starts_s(_OPEN, location), starts_s("import httpx, sqlalchemy")
        print(f"open and list {ours:.2f} s, import httpx, sqlalchemy {theirs:.2f} s: {ours / theirs:.2f} times")


if __name__ == "__main__":
    main()
