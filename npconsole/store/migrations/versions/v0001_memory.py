"""The first memory: runs, steps, events, leases, switches, presence and the audit chain, which only grows."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_SCHEMA = "npconsole"


def upgrade() -> None:
    schema = _SCHEMA if op.get_bind().dialect.name == "postgresql" else None
    _runs(schema)
    _rights(schema)
    _people(schema)
    _audit(schema)


def _text(name: str, *, default: str | None = "") -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default=default)


def _runs(schema: str | None) -> None:
    op.create_table(
        "runs",
        sa.Column("number", _WHOLE, primary_key=True, autoincrement=True),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        _text("environment", default=None),
        sa.Column("idempotency_key", sa.Text),
        _text("action", default=None),
        _text("target", default=None),
        _text("request", default=None),
        _text("state", default=None),
        sa.Column("created_wall", sa.Double, nullable=False),
        sa.Column("changed_wall", sa.Double, nullable=False),
        sa.Column("fence", _WHOLE, nullable=False, server_default="0"),
        _text("epoch"),
        sa.Column("intent_at", sa.Double),
        sa.Column("intent_wall", sa.Double),
        sa.Column("deadline_s", sa.Double),
        sa.Column("verdict", sa.Text),
        _text("outcome"),
        _text("result", default="{}"),
        _text("abort"),
        sa.Column("ended_line", _WHOLE),
        sa.UniqueConstraint("environment", "idempotency_key", name="runs_one_per_key"),
        schema=schema,
    )
    op.create_index("runs_by_target", "runs", ["environment", "target"], schema=schema)
    op.create_index("runs_by_state", "runs", ["environment", "state"], schema=schema)
    op.create_table(
        "steps",
        sa.Column("run_id", sa.Text, primary_key=True),
        sa.Column("number", _WHOLE, primary_key=True, autoincrement=False),
        _text("call", default=None),
        _text("state", default=None),
        _text("undo"),
        _text("remote"),
        sa.Column("sent_wall", sa.Double),
        _text("detail"),
        schema=schema,
    )
    op.create_table(
        "events",
        sa.Column("run_id", sa.Text, primary_key=True),
        sa.Column("sequence", _WHOLE, primary_key=True, autoincrement=False),
        sa.Column("wall", sa.Double, nullable=False),
        _text("state", default=None),
        _text("text", default=None),
        _text("data", default=None),
        schema=schema,
    )


def _rights(schema: str | None) -> None:
    op.create_table(
        "leases",
        sa.Column("environment", sa.Text, primary_key=True),
        sa.Column("target", sa.Text, primary_key=True),
        _text("owner", default=None),
        _text("run_id", default=None),
        sa.Column("fence", _WHOLE, nullable=False),
        sa.Column("expires_at", sa.Double, nullable=False),
        _text("epoch", default=None),
        _text("reason"),
        schema=schema,
    )
    op.create_index("leases_by_run", "leases", ["run_id"], schema=schema)
    op.create_table(
        "switches",
        sa.Column("environment", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        _text("reason", default=None),
        _text("actor", default=None),
        sa.Column("set_wall", sa.Double, nullable=False),
        schema=schema,
    )


def _people(schema: str | None) -> None:
    op.create_table(
        "presences",
        sa.Column("environment", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        _text("actor", default=None),
        _text("host", default=None),
        sa.Column("pid", _WHOLE, nullable=False),
        _text("via", default=None),
        _text("doing"),
        sa.Column("seen_at", sa.Double, nullable=False),
        _text("epoch", default=None),
        sa.Column("seen_wall", sa.Double, nullable=False),
        schema=schema,
    )
    op.create_table(
        "watches",
        sa.Column("run_id", sa.Text, primary_key=True),
        sa.Column("presence_id", sa.Text, primary_key=True),
        sa.Column("seen_at", sa.Double, nullable=False),
        _text("epoch", default=None),
        schema=schema,
    )


def _audit(schema: str | None) -> None:
    op.create_table(
        "environments",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("fence", _WHOLE, nullable=False),
        sa.Column("audit_sequence", _WHOLE, nullable=False),
        _text("audit_digest", default=None),
        schema=schema,
    )
    op.create_table(
        "audit",
        sa.Column("environment", sa.Text, primary_key=True),
        sa.Column("sequence", _WHOLE, primary_key=True, autoincrement=False),
        sa.Column("wall", sa.Double, nullable=False),
        _text("kind", default=None),
        _text("actor", default=None),
        _text("target", default=None),
        _text("data", default=None),
        _text("previous", default=None),
        _text("digest", default=None),
        schema=schema,
    )
    for statement in _SQLITE_TRIGGERS if schema is None else _POSTGRESQL_TRIGGERS:
        op.execute(statement)


_SQLITE_TRIGGERS = tuple(
    f"CREATE TRIGGER audit_no_{word} BEFORE {word} ON audit BEGIN"
    " SELECT RAISE(ABORT, 'the audit can only be added to'); END"
    for word in ("update", "delete")
)
_REFUSE = "EXECUTE FUNCTION npconsole.refuse()"
_POSTGRESQL_TRIGGERS = (
    """
    CREATE FUNCTION npconsole.refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$BEGIN RAISE EXCEPTION 'the audit can only be added to'; END$$
    """,
    f"CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON npconsole.audit FOR EACH ROW {_REFUSE}",
    f"CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON npconsole.audit FOR EACH STATEMENT {_REFUSE}",
)
