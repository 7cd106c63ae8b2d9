"""Who is there, and what they watch."""

from sqlalchemy import Column, Double, Table, Text

from npconsole.store.tables.column import WHOLE, metadata, text

presences = Table(
    "presences",
    metadata,
    Column("environment", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    text("actor", default=None),
    text("host", default=None),
    Column("pid", WHOLE, nullable=False),
    text("via", default=None),
    text("doing"),
    Column("seen_at", Double, nullable=False),
    text("epoch", default=None),
    Column("seen_wall", Double, nullable=False),
)

watches = Table(
    "watches",
    metadata,
    Column("run_id", Text, primary_key=True),
    Column("presence_id", Text, primary_key=True),
    Column("seen_at", Double, nullable=False),
    text("epoch", default=None),
)
