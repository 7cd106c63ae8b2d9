"""The tables, the same on SQLite and PostgreSQL. The migrations make them; a test holds the two together.

Every table but `environments` belongs to one environment, so that one database serves several. Columns `*_at` are the
store's clock, read together with `epoch`; columns `*_wall` are epoch seconds for people.
"""

from sqlalchemy import BigInteger, Column, Double, Index, Integer, MetaData, Table, Text, UniqueConstraint

metadata = MetaData()
SCHEMA = "npconsole"
"""The PostgreSQL schema; SQLite has none."""

_WHOLE = BigInteger().with_variant(Integer(), "sqlite")


def _text(name: str, *, default: str | None = "") -> Column[str]:
    return Column(name, Text, nullable=False, server_default=default)


environments = Table(
    "environments",
    metadata,
    Column("name", Text, primary_key=True),
    Column("fence", _WHOLE, nullable=False),
    Column("audit_sequence", _WHOLE, nullable=False),
    _text("audit_digest", default=None),
)
"""One row each: the fence counter and the head of the audit chain."""

runs = Table(
    "runs",
    metadata,
    Column("number", _WHOLE, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, unique=True),
    _text("environment", default=None),
    Column("idempotency_key", Text),
    _text("action", default=None),
    _text("target", default=None),
    _text("request", default=None),
    _text("state", default=None),
    Column("created_wall", Double, nullable=False),
    Column("changed_wall", Double, nullable=False),
    Column("fence", _WHOLE, nullable=False, server_default="0"),
    _text("epoch"),
    Column("intent_at", Double),
    Column("intent_wall", Double),
    Column("deadline_s", Double),
    Column("verdict", Text),
    _text("outcome"),
    _text("result", default="{}"),
    _text("abort"),
    Column("ended_line", _WHOLE),
    UniqueConstraint("environment", "idempotency_key", name="runs_one_per_key"),
    Index("runs_by_target", "environment", "target"),
    Index("runs_by_state", "environment", "state"),
)
"""`fence` 0: nobody has begun it. `ended_line` is the audit line of its end, the order in which runs ended."""

steps = Table(
    "steps",
    metadata,
    Column("run_id", Text, primary_key=True),
    Column("number", _WHOLE, primary_key=True, autoincrement=False),
    _text("call", default=None),
    _text("state", default=None),
    _text("undo"),
    _text("remote"),
    Column("sent_wall", Double),
    _text("detail"),
)

events = Table(
    "events",
    metadata,
    Column("run_id", Text, primary_key=True),
    Column("sequence", _WHOLE, primary_key=True, autoincrement=False),
    Column("wall", Double, nullable=False),
    _text("state", default=None),
    _text("text", default=None),
    _text("data", default=None),
)

leases = Table(
    "leases",
    metadata,
    Column("environment", Text, primary_key=True),
    Column("target", Text, primary_key=True),
    _text("owner", default=None),
    _text("run_id", default=None),
    Column("fence", _WHOLE, nullable=False),
    Column("expires_at", Double, nullable=False),
    _text("epoch", default=None),
    _text("reason"),
    Index("leases_by_run", "run_id"),
)
"""A row stays, expired, for as long as its run is open: its key is what keeps a second run off the target."""

switches = Table(
    "switches",
    metadata,
    Column("environment", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    _text("reason", default=None),
    _text("actor", default=None),
    Column("set_wall", Double, nullable=False),
)

presences = Table(
    "presences",
    metadata,
    Column("environment", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    _text("actor", default=None),
    _text("host", default=None),
    Column("pid", _WHOLE, nullable=False),
    _text("via", default=None),
    _text("doing"),
    Column("seen_at", Double, nullable=False),
    _text("epoch", default=None),
    Column("seen_wall", Double, nullable=False),
)

watches = Table(
    "watches",
    metadata,
    Column("run_id", Text, primary_key=True),
    Column("presence_id", Text, primary_key=True),
    Column("seen_at", Double, nullable=False),
    _text("epoch", default=None),
)

audit = Table(
    "audit",
    metadata,
    Column("environment", Text, primary_key=True),
    Column("sequence", _WHOLE, primary_key=True, autoincrement=False),
    Column("wall", Double, nullable=False),
    _text("kind", default=None),
    _text("actor", default=None),
    _text("target", default=None),
    _text("data", default=None),
    _text("previous", default=None),
    _text("digest", default=None),
)
"""Append-only: triggers raise on UPDATE and DELETE."""
