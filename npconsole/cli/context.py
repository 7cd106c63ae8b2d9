"""What the root command hands to its subcommands."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Context:
    """Options given before the subcommand. `config_path` is None when the usual places are to be searched."""

    config_path: Path | None = None
