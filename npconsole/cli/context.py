"""What the root command hands to its subcommands."""

from dataclasses import dataclass
from pathlib import Path

from npconsole.model.action import AccessRole


@dataclass(frozen=True, slots=True)
class Context:
    """Options given before the subcommand. `config_path` is None when the usual places are to be searched.

    `role` is the most that may be done, None when only the configuration says so. `actor` names who is there, empty
    when this host's login does; `entry` is how they came, for the audit.
    """

    config_path: Path | None = None
    read_only: bool = False
    role: AccessRole | None = None
    actor: str = ""
    entry: str = ""
