"""Switches may have an end: those that do are mutes."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_SCHEMA = "npconsole"


def upgrade() -> None:
    schema = _SCHEMA if op.get_bind().dialect.name == "postgresql" else None
    op.add_column("switches", sa.Column("expires_at", sa.Double), schema=schema)
    op.add_column("switches", sa.Column("epoch", sa.Text, nullable=False, server_default=""), schema=schema)
    op.add_column("switches", sa.Column("until_wall", sa.Double), schema=schema)
