"""The outbox: what is to be told and what was, the messages that open incidents are told in, and counts of the old."""

from sqlalchemy import Column, Double, Index, Table, Text, UniqueConstraint

from npconsole.store.tables.column import WHOLE, metadata, text

postings = Table(
    "postings",
    metadata,
    Column("number", WHOLE, primary_key=True, autoincrement=True),
    text("id", default=None),
    text("environment", default=None),
    text("channel", default=None),
    text("kind", default=None),
    text("key", default=None),
    text("severity", default=None),
    text("summary"),
    Column("wall", Double, nullable=False),
    text("source"),
    text("facts", default="[]"),
    text("link"),
    Column("began_wall", Double),
    text("state", default=None),
    Column("attempts", WHOLE, nullable=False, server_default="0"),
    Column("next_wall", Double, nullable=False),
    Column("due_at", Double, nullable=False),
    text("epoch", default=None),
    text("owner"),
    text("detail"),
    text("reference"),
    Column("ended_wall", Double),
    UniqueConstraint("environment", "id", name="postings_one_per_id"),
    Index("postings_by_state", "environment", "channel", "state", "number"),
    Index("postings_by_end", "environment", "ended_wall"),
)
"""`due_at` is when it may be claimed next: a claim moves it to its own end, and `owner` says whose that was last."""

threads = Table(
    "threads",
    metadata,
    Column("environment", Text, primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    text("reference", default=None),
)
"""What a channel calls the message that began the incident of a key, for as long as it is open there."""

forgotten = Table(
    "forgotten",
    metadata,
    Column("environment", Text, primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("state", Text, primary_key=True),
    Column("postings", WHOLE, nullable=False),
)
"""How many postings were removed for their age."""
