"""Benchmarks that were kept, the names that stand for some, and how much two of an unchanged target differ."""

from sqlalchemy import Column, Double, Index, LargeBinary, Table, Text, UniqueConstraint

from npconsole.store.tables.column import WHOLE, metadata, text

benchmarks = Table(
    "benchmarks",
    metadata,
    Column("number", WHOLE, primary_key=True, autoincrement=True),
    text("id", default=None),
    text("environment", default=None),
    Column("wall", Double, nullable=False),
    text("status", default=None),
    text("target", default=None),
    text("fingerprint", default=None),
    Column("form", WHOLE, nullable=False),
    text("body", default=None),
    Column("blocks", LargeBinary, nullable=False),
    UniqueConstraint("environment", "id", name="benchmarks_one_per_id"),
    Index("benchmarks_by_wall", "environment", "wall"),
    Index("benchmarks_by_target", "environment", "target", "wall"),
)
"""`body` and `blocks` are as `form` says; `blocks` is the last column, so that a list never reads it."""

baselines = Table(
    "baselines",
    metadata,
    Column("environment", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    text("benchmark_id", default=None),
)

noise = Table(
    "noise",
    metadata,
    Column("environment", Text, primary_key=True),
    Column("fingerprint", Text, primary_key=True),
    Column("form", WHOLE, nullable=False),
    text("body", default=None),
)
