"""Where the memory of this host lies. Apart from the rest, so that asking for it does not import a database."""

from collections.abc import Mapping
from pathlib import Path


def default_path(environ: Mapping[str, str]) -> Path:
    """`$XDG_STATE_HOME/npconsole/npconsole.db`; a relative XDG_STATE_HOME does not count, as its standard says."""
    state = environ.get("XDG_STATE_HOME", "")
    folder = Path(state) if state.startswith("/") else Path(environ.get("HOME") or Path.home()) / ".local/state"
    return folder / "npconsole/npconsole.db"
