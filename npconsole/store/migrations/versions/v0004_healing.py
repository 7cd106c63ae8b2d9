"""The healer's leader, its states and its decisions."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_SCHEMA = "npconsole"


def upgrade() -> None:
    schema = _SCHEMA if op.get_bind().dialect.name == "postgresql" else None
    op.create_table(
        "leaders",
        sa.Column("environment", sa.Text, primary_key=True),
        _text("owner", default=None),
        sa.Column("fence", _WHOLE, nullable=False),
        sa.Column("expires_at", sa.Double, nullable=False),
        _text("epoch", default=None),
        schema=schema,
    )
    op.create_table(
        "states",
        sa.Column("environment", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        _text("text", default=None),
        schema=schema,
    )
    op.create_table(
        "decisions",
        sa.Column("number", _WHOLE, primary_key=True, autoincrement=True),
        _text("id", default=None),
        _text("environment", default=None),
        sa.Column("wall", sa.Double, nullable=False),
        _text("rule", default=None),
        _text("target", default=None),
        _text("choice", default=None),
        _text("words"),
        _text("action"),
        _text("evidence", default="[]"),
        _text("run_id"),
        sa.Column("verdict", sa.Text),
        _text("outcome"),
        sa.UniqueConstraint("environment", "id", name="decisions_one_per_id"),
        schema=schema,
    )
    op.create_index("decisions_by_wall", "decisions", ["environment", "wall"], schema=schema)


def _text(name: str, *, default: str | None = "") -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default=default)
