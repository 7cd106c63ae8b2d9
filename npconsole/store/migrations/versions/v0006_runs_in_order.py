"""Runs are found by their order and by their times: neither a list nor a guard must read all of them."""

from alembic import op

revision = "0006"
down_revision = "0005"

_SCHEMA = "npconsole"
_INDEXES = {
    "runs_by_number": ["number"],
    "runs_by_creation": ["created_wall"],
    "runs_by_intent": ["action", "intent_at"],
    "runs_by_intent_wall": ["action", "intent_wall"],
    "runs_by_end": ["action", "target", "ended_line"],
}


def upgrade() -> None:
    schema = _SCHEMA if op.get_bind().dialect.name == "postgresql" else None
    for name, columns in _INDEXES.items():
        op.create_index(name, "runs", ["environment", *columns], schema=schema)
