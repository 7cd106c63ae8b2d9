"""The memory of an environment: a file of this user, or a shared server's database."""

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from npconsole.config.schema import Config
from npconsole.model.benchmark import BenchmarkArchive
from npconsole.model.clock import Clock
from npconsole.model.heal import HealMemory
from npconsole.model.mute import Mutes
from npconsole.model.notice import Outbox
from npconsole.net.secrets import Secrets
from npconsole.net.text import clean
from npconsole.store.place import default_path
from npconsole.wiring.redaction import redactor

if TYPE_CHECKING:
    from npconsole.store.journal import StoredJournal


@dataclass(frozen=True, slots=True)
class Stores:
    """All that an environment remembers, over one database."""

    journal: "StoredJournal"
    benchmarks: BenchmarkArchive
    outbox: Outbox
    mutes: Mutes
    heal: HealMemory

    def close(self) -> None:
        """Let go of the database."""
        self.journal.close()


def open_stores(config: Config, *, environ: Mapping[str, str], clock: Clock, thorough: bool = False) -> Stores:
    """The journal and all beside it; errors and `thorough` as of `open_memory`."""
    return stores_over(open_memory(config, environ=environ, clock=clock, thorough=thorough))


def stores_over(journal: "StoredJournal") -> Stores:
    """What lies beside a journal, over the same database."""
    from npconsole.store.archive import StoredArchive
    from npconsole.store.healing import StoredHealMemory
    from npconsole.store.mutes import StoredMutes
    from npconsole.store.outbox import StoredOutbox

    memory = journal.memory
    return Stores(
        journal=journal,
        benchmarks=StoredArchive(memory),
        outbox=StoredOutbox(memory),
        mutes=StoredMutes(memory),
        heal=StoredHealMemory(memory),
    )


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
