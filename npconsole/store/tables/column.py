"""What every table is made of."""

from sqlalchemy import BigInteger, Column, Integer, MetaData, Text

metadata = MetaData()
SCHEMA = "npconsole"
"""The PostgreSQL schema; SQLite has none."""

WHOLE = BigInteger().with_variant(Integer(), "sqlite")
"""A whole number; SQLite counts up only a primary key that is called INTEGER."""


def text(name: str, *, default: str | None = "") -> Column[str]:
    """A text that is never NULL; with `default` None it has to be given."""
    return Column(name, Text, nullable=False, server_default=default)
