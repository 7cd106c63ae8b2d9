"""Who leads the healing, what it remembers, and what it decided."""

from sqlalchemy import Column, Double, Index, Table, Text, UniqueConstraint

from npconsole.store.tables.column import WHOLE, metadata, text

leaders = Table(
    "leaders",
    metadata,
    Column("environment", Text, primary_key=True),
    text("owner", default=None),
    Column("fence", WHOLE, nullable=False),
    Column("expires_at", Double, nullable=False),
    text("epoch", default=None),
)
"""At most one each: the lease of the leader."""

states = Table(
    "states",
    metadata,
    Column("environment", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    text("text", default=None),
)

decisions = Table(
    "decisions",
    metadata,
    Column("number", WHOLE, primary_key=True, autoincrement=True),
    text("id", default=None),
    text("environment", default=None),
    Column("wall", Double, nullable=False),
    text("rule", default=None),
    text("target", default=None),
    text("choice", default=None),
    text("words"),
    text("action"),
    text("evidence", default="[]"),
    text("run_id"),
    Column("verdict", Text),
    text("outcome"),
    UniqueConstraint("environment", "id", name="decisions_one_per_id"),
    Index("decisions_by_wall", "environment", "wall"),
)
