"""The journal of an environment: a file of this user, or a shared server's database."""

import socket
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from npconsole.config.schema import Config
from npconsole.model.clock import Clock
from npconsole.net.secrets import Secrets
from npconsole.net.text import clean
from npconsole.store.place import default_path
from npconsole.wiring.redaction import redactor

if TYPE_CHECKING:
    from npconsole.store.journal import StoredJournal


def open_memory(config: Config, *, environ: Mapping[str, str], clock: Clock, thorough: bool = False) -> "StoredJournal":
    """The journal; `thorough` reads every page of a file first. Raises StoreError, SecretError or UsageError."""
    from npconsole.store.opening import open_journal

    folder = state_folder(environ)
    location: str | Path = folder / "npconsole.db"
    if config.state.url is not None:
        secrets = Secrets(environ=environ, redactor=redactor)
        location = secrets.resolve(config.state.url, setting="state.url").reveal()
    return open_journal(
        location,
        clock=clock,
        environment=config.environment.name,
        host=host_name(),
        thorough=thorough,
        folder=folder,
    )


def state_folder(environ: Mapping[str, str]) -> Path:
    """`$XDG_STATE_HOME/npconsole`: the journal, the runners' log and crash reports."""
    return default_path(environ).parent


def host_name() -> str:
    """What this host calls itself."""
    return clean(socket.gethostname(), limit=100) or "unknown"
