"""Bring a database to this program's schema with Alembic. Imported only when there is something to do.

The caller holds the write lock and has looked at the version again under it; the whole upgrade is one transaction.
"""

from pathlib import Path
from threading import Lock

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from npconsole.store.version import SCHEMA_VERSION, revision

CONNECTION = "npconsole.connection"
_ONE_AT_A_TIME = Lock()
"""Alembic's `op` and `context` are the process's own, not the thread's."""

_SCRIPTS = Path(__file__).with_name("migrations")


def upgrade(connection: Connection) -> None:
    """Run the migrations that are missing."""
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes[CONNECTION] = connection
    with _ONE_AT_A_TIME:
        command.upgrade(config, revision(SCHEMA_VERSION))
