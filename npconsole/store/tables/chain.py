"""The environments with the heads of their audit chains, and the lines."""

from sqlalchemy import Column, Double, Table, Text

from npconsole.store.tables.column import WHOLE, metadata, text

environments = Table(
    "environments",
    metadata,
    Column("name", Text, primary_key=True),
    Column("fence", WHOLE, nullable=False),
    Column("audit_sequence", WHOLE, nullable=False),
    text("audit_digest", default=None),
)
"""One row each: the fence counter and the head of the audit chain."""

audit = Table(
    "audit",
    metadata,
    Column("environment", Text, primary_key=True),
    Column("sequence", WHOLE, primary_key=True, autoincrement=False),
    Column("wall", Double, nullable=False),
    text("kind", default=None),
    text("actor", default=None),
    text("target", default=None),
    text("data", default=None),
    text("previous", default=None),
    text("digest", default=None),
)
"""Append-only: triggers raise on UPDATE and DELETE."""
