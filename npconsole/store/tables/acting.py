"""Runs with their steps and events, the leases that they hold, and the switches that they obey."""

from sqlalchemy import Column, Double, Index, Table, Text, UniqueConstraint

from npconsole.store.tables.column import WHOLE, metadata, text

runs = Table(
    "runs",
    metadata,
    Column("number", WHOLE, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, unique=True),
    text("environment", default=None),
    Column("idempotency_key", Text),
    text("action", default=None),
    text("target", default=None),
    text("request", default=None),
    text("state", default=None),
    Column("created_wall", Double, nullable=False),
    Column("changed_wall", Double, nullable=False),
    Column("fence", WHOLE, nullable=False, server_default="0"),
    text("epoch"),
    Column("intent_at", Double),
    Column("intent_wall", Double),
    Column("deadline_s", Double),
    Column("verdict", Text),
    text("outcome"),
    text("result", default="{}"),
    text("abort"),
    Column("ended_line", WHOLE),
    UniqueConstraint("environment", "idempotency_key", name="runs_one_per_key"),
    Index("runs_by_number", "environment", "number"),
    Index("runs_by_creation", "environment", "created_wall"),
    Index("runs_by_intent", "environment", "action", "intent_at"),
    Index("runs_by_intent_wall", "environment", "action", "intent_wall"),
    Index("runs_by_end", "environment", "action", "target", "ended_line"),
    Index("runs_by_target", "environment", "target"),
    Index("runs_by_state", "environment", "state"),
)
"""`fence` 0: nobody has begun it. `ended_line` is the audit line of its end, the order in which runs ended."""

steps = Table(
    "steps",
    metadata,
    Column("run_id", Text, primary_key=True),
    Column("number", WHOLE, primary_key=True, autoincrement=False),
    text("call", default=None),
    text("state", default=None),
    text("undo"),
    text("remote"),
    Column("sent_wall", Double),
    text("detail"),
)

events = Table(
    "events",
    metadata,
    Column("run_id", Text, primary_key=True),
    Column("sequence", WHOLE, primary_key=True, autoincrement=False),
    Column("wall", Double, nullable=False),
    text("state", default=None),
    text("text", default=None),
    text("data", default=None),
)

leases = Table(
    "leases",
    metadata,
    Column("environment", Text, primary_key=True),
    Column("target", Text, primary_key=True),
    text("owner", default=None),
    text("run_id", default=None),
    Column("fence", WHOLE, nullable=False),
    Column("expires_at", Double, nullable=False),
    text("epoch", default=None),
    text("reason"),
    Index("leases_by_run", "run_id"),
)
"""A row stays, expired, for as long as its run is open: its key is what keeps a second run off the target."""

switches = Table(
    "switches",
    metadata,
    Column("environment", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    text("reason", default=None),
    text("actor", default=None),
    Column("set_wall", Double, nullable=False),
    Column("expires_at", Double),
    text("epoch"),
    Column("until_wall", Double),
)
"""`expires_at` and `until_wall` are NULL for a switch that stays until it is cleared."""
