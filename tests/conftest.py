"""What every test shares: no network but loopback, and no state of the person who runs the tests."""

import ipaddress
import os
import socket
from pathlib import Path
from typing import Any

import pytest

_PREFIXES = ("NPCONSOLE_", "XDG_", "TEXTUAL", "CF_", "GRAFANA_", "SENTRY_", "ENABLE_AUTO_")
_NAMES = ("NO_COLOR", "LATENCY_THRESHOLD_MS", "ERROR_RATE_THRESHOLD_PCT", "CHECK_INTERVAL", "SLACK_WEBHOOK")
_KEPT = ("NPCONSOLE_BUGSINK_VENV",)


@pytest.fixture(autouse=True)
def _only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection to anywhere but loopback fails the test that makes it."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_loopback(address[0]):
            raise AssertionError(f"a test tried to reach {address[0]}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home and none of the variables that npconsole reads."""
    home = tmp_path_factory.mktemp("home")
    for name in list(os.environ):
        if (name.startswith(_PREFIXES) or name in _NAMES) and name not in _KEPT:
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    return home


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host in ("localhost", "")


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """Bytes are named by their size: compressed ones hold a time stamp, and every worker must name a test alike."""
    del config
    return f"{argname}-{len(val)}-bytes" if isinstance(val, bytes) else None
