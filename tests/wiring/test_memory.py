"""All that an environment remembers lies over one database, where the configuration says."""

from pathlib import Path

import pytest

from npconsole.config.loading import load
from npconsole.config.schema import Config
from npconsole.errors import UsageError
from npconsole.model.clock import SystemClock
from npconsole.wiring.memory import open_memory, open_stores

_CONFIG = """\
services:
  - name: api
    regions: [{name: us-east, origin: https://us-east.example.com, role: primary}]
"""


def configured(folder: Path, more: str = "") -> Config:
    path = folder / "config.yaml"
    path.write_text(_CONFIG + more)
    return load(path, environ={}).config


def test_everything_lies_over_one_database(tmp_path: Path) -> None:
    environ = {"XDG_STATE_HOME": str(tmp_path / "state")}
    config = configured(tmp_path)
    stores = open_stores(config, environ=environ, clock=SystemClock(), thorough=True)
    muted = stores.mutes.mute("us-east", for_s=60, reason="upgrade", actor="alice")
    fence = stores.heal.lead(owner="daemon", ttl_s=60)
    assert fence is not None
    stores.heal.commit(fence, states={"heal": "{}"})
    assert stores.benchmarks.recent() == []
    assert stores.outbox.counts() == {}
    stores.close()
    journal = open_memory(config, environ=environ, clock=SystemClock())
    assert journal.consult("", lambda ledger: ledger.switch("mute.us-east")) == muted.reason
    assert [line.kind for line in journal.audit_lines()] == ["genesis", "mute.set", "heal.leader"]
    journal.close()
    assert [file.name for file in (tmp_path / "state").iterdir()] == ["npconsole"]


def test_a_place_of_its_own_comes_from_a_secret(tmp_path: Path) -> None:
    config = configured(tmp_path, "state: {url: {env: STATE_URL}}\n")
    environ = {"XDG_STATE_HOME": str(tmp_path / "state"), "STATE_URL": f"sqlite:///{tmp_path}/mine/memory.db"}
    open_stores(config, environ=environ, clock=SystemClock()).close()
    assert (tmp_path / "mine" / "memory.db").is_file()
    with pytest.raises(UsageError, match="memory"):
        open_stores(config, environ=environ | {"STATE_URL": "mysql://h/d"}, clock=SystemClock())
