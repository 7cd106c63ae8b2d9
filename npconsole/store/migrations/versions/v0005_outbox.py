"""The outbox: postings, the threads of open incidents, and counts of what was removed for its age."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_SCHEMA = "npconsole"


def upgrade() -> None:
    schema = _SCHEMA if op.get_bind().dialect.name == "postgresql" else None
    _postings(schema)
    op.create_table(
        "threads",
        sa.Column("environment", sa.Text, primary_key=True),
        sa.Column("channel", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        _text("reference", default=None),
        schema=schema,
    )
    op.create_table(
        "forgotten",
        sa.Column("environment", sa.Text, primary_key=True),
        sa.Column("channel", sa.Text, primary_key=True),
        sa.Column("state", sa.Text, primary_key=True),
        sa.Column("postings", _WHOLE, nullable=False),
        schema=schema,
    )


def _postings(schema: str | None) -> None:
    op.create_table(
        "postings",
        sa.Column("number", _WHOLE, primary_key=True, autoincrement=True),
        _text("id", default=None),
        _text("environment", default=None),
        _text("channel", default=None),
        _text("kind", default=None),
        _text("key", default=None),
        _text("severity", default=None),
        _text("summary"),
        sa.Column("wall", sa.Double, nullable=False),
        _text("source"),
        _text("facts", default="[]"),
        _text("link"),
        sa.Column("began_wall", sa.Double),
        _text("state", default=None),
        sa.Column("attempts", _WHOLE, nullable=False, server_default="0"),
        sa.Column("next_wall", sa.Double, nullable=False),
        sa.Column("due_at", sa.Double, nullable=False),
        _text("epoch", default=None),
        _text("owner"),
        _text("detail"),
        _text("reference"),
        sa.Column("ended_wall", sa.Double),
        sa.UniqueConstraint("environment", "id", name="postings_one_per_id"),
        schema=schema,
    )
    op.create_index("postings_by_state", "postings", ["environment", "channel", "state", "number"], schema=schema)
    op.create_index("postings_by_end", "postings", ["environment", "ended_wall"], schema=schema)


def _text(name: str, *, default: str | None = "") -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default=default)
