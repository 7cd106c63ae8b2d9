"""The tables, the same on SQLite and PostgreSQL. The migrations make them; a test holds the two together.

Every table but `environments` belongs to one environment, so that one database serves several. Columns `*_at` are the
store's clock, read together with `epoch`; columns `*_wall` are epoch seconds for people.
"""

from npconsole.store.tables.acting import events, leases, runs, steps, switches
from npconsole.store.tables.benchmarking import baselines, benchmarks, noise
from npconsole.store.tables.chain import audit, environments
from npconsole.store.tables.column import SCHEMA, metadata
from npconsole.store.tables.healing import decisions, leaders, states
from npconsole.store.tables.people import presences, watches
from npconsole.store.tables.telling import forgotten, postings, threads

__all__ = [
    "SCHEMA",
    "audit",
    "baselines",
    "benchmarks",
    "decisions",
    "environments",
    "events",
    "forgotten",
    "leaders",
    "leases",
    "metadata",
    "noise",
    "postings",
    "presences",
    "runs",
    "states",
    "steps",
    "switches",
    "threads",
    "watches",
]
