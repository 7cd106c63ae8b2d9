"""Benchmarks, the baselines among them, and what calibration has learnt."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_SCHEMA = "npconsole"


def upgrade() -> None:
    schema = _SCHEMA if op.get_bind().dialect.name == "postgresql" else None
    op.create_table(
        "benchmarks",
        sa.Column("number", _WHOLE, primary_key=True, autoincrement=True),
        _text("id"),
        _text("environment"),
        sa.Column("wall", sa.Double, nullable=False),
        _text("status"),
        _text("target"),
        _text("fingerprint"),
        sa.Column("form", _WHOLE, nullable=False),
        _text("body"),
        sa.Column("blocks", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("environment", "id", name="benchmarks_one_per_id"),
        schema=schema,
    )
    op.create_index("benchmarks_by_wall", "benchmarks", ["environment", "wall"], schema=schema)
    op.create_index("benchmarks_by_target", "benchmarks", ["environment", "target", "wall"], schema=schema)
    op.create_table(
        "baselines",
        sa.Column("environment", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        _text("benchmark_id"),
        schema=schema,
    )
    op.create_table(
        "noise",
        sa.Column("environment", sa.Text, primary_key=True),
        sa.Column("fingerprint", sa.Text, primary_key=True),
        sa.Column("form", _WHOLE, nullable=False),
        _text("body"),
        schema=schema,
    )


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)
