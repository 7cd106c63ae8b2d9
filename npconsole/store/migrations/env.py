"""What Alembic runs for each upgrade: on the caller's connection and inside the caller's transaction."""

from alembic import context

from npconsole.store.migration import CONNECTION
from npconsole.store.tables import SCHEMA, metadata

connection = context.config.attributes[CONNECTION]
context.configure(
    connection=connection,
    target_metadata=metadata,
    version_table_schema=SCHEMA if connection.dialect.name == "postgresql" else None,
)
context.run_migrations()
