"""Configuration files for the tests, written where and as the loader accepts them."""

from collections.abc import Callable
from pathlib import Path

import pytest

VALID = """\
services:
  - name: api
    regions:
      - name: us-east
        origin: https://us-east.example.com
"""


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str | bytes], Path]:
    """Writes a configuration file with mode 0600 and gives its path."""

    def write(content: str | bytes) -> Path:
        path = tmp_path / "config.yaml"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        path.chmod(0o600)
        return path

    return write
