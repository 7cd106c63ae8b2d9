"""The folder of one simulator: configuration, secrets, and the state by which a later run finds its ports again.

Everything in it is the user's alone: folders 0700, files 0600.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

PRIVATE = 0o600


class Directory:
    """Makes the folder when it is missing."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.config = self.path / "config.yaml"
        self.secrets = self.path / "secrets"
        self.state = self.path / "state.json"

    def write_secrets(self, secrets: Mapping[str, str]) -> None:
        """Write each secret to a file of its name."""
        self.secrets.mkdir(mode=0o700, exist_ok=True)
        for name, value in secrets.items():
            write_private(self.secrets / name, value + "\n")

    def write_config(self, config: Mapping[str, Any]) -> None:
        """Write the configuration."""
        head = "# Written by `npconsole sim up`, and anew at every start.\n"
        write_private(self.config, head + yaml.safe_dump(dict(config), sort_keys=False))

    def write_state(self, announcement: Mapping[str, Any], ports: Mapping[str, int]) -> None:
        """Write what was announced, and the ports by name."""
        write_private(self.state, json.dumps({**announcement, "ports": dict(ports)}, indent=1) + "\n")

    def read_state(self) -> dict[str, Any]:
        """What the last run wrote; empty when there was none or it cannot be read."""
        try:
            state = json.loads(self.state.read_text())
        except (OSError, ValueError):
            return {}
        return state if isinstance(state, dict) else {}

    def ports(self) -> dict[str, int]:
        """The ports of the last run by name."""
        ports = self.read_state().get("ports")
        if not isinstance(ports, dict):
            return {}
        return {name: port for name, port in ports.items() if isinstance(port, int) and 0 < port < 65536}


def write_private(path: Path, text: str) -> None:
    """Write a file of mode 0600 whole or not at all."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE), "w") as file:
        file.write(text)
    draft.replace(path)
