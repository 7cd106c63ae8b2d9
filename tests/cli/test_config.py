"""`npconsole config` and `npconsole completion`, as a shell sees them."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from npconsole.cli.root import run
from npconsole.config.example import example_text

SECRET = "hunter2-DO-NOT-SHOW"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("NPCONSOLE_CONFIG", "CHECK_INTERVAL", "LATENCY_THRESHOLD_MS", "CF_API_TOKEN", "SLACK_WEBHOOK"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    return tmp_path / "npconsole" / "config.yaml"


class Shell:
    """Runs a command line and keeps what it printed."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.out = self.err = ""

    def __call__(self, line: str) -> int:
        code = run(line.split())
        self.out, self.err = self._capsys.readouterr()
        return int(code)

    @property
    def json(self) -> dict[str, Any]:
        body = json.loads(self.out)
        assert isinstance(body, dict)
        return body


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(capsys)


def test_from_nothing_to_a_checked_file(shell: Shell, home: Path) -> None:
    assert shell("config path") == 0
    assert shell.out == f"{home}\n"
    assert "config init" in shell.err
    assert shell("config check") == 2
    assert "there is no configuration yet" in shell.out
    assert "npconsole config init" in shell.err
    assert shell("config init") == 0
    assert shell.out == f"{home}\n"
    assert home.read_text() == example_text()
    assert stat.S_IMODE(home.stat().st_mode) == 0o600
    assert shell("config check") == 0
    assert shell.out == f"{home}: ok, 1 service, 3 regions\n"
    assert shell.err == ""


def test_init_overwrites_nothing_unless_told(shell: Shell, home: Path) -> None:
    shell("config init")
    home.write_text("mine")
    assert shell("config init") == 2
    assert f"--force --path {home}" in shell.err
    assert home.read_text() == "mine"
    assert shell("config init --force") == 0
    assert home.read_text() == example_text()


def test_init_elsewhere(shell: Shell, tmp_path: Path) -> None:
    assert shell(f"config init --path {tmp_path}/a.yaml --json") == 0
    assert shell.json == {"schema": "npconsole.config/1", "path": f"{tmp_path}/a.yaml"}
    assert shell(f"--config {tmp_path}/b.yaml config init") == 0
    assert (tmp_path / "b.yaml").is_file()


def broken(tmp_path: Path) -> Path:
    path = tmp_path / "broken.yaml"
    path.write_text(f"services: []\npoll: {{helth: 5s}}\nslack: {{webhook: {SECRET}}}\n")
    return path


def test_check_prints_every_problem(shell: Shell, tmp_path: Path) -> None:
    path = broken(tmp_path)
    for line in (f"config check {path}", f"--config {path} config check"):
        assert shell(line) == 2
        lines = shell.out.splitlines()
        assert lines[:2] == [
            f"{path}:1: services: needs at least 1",
            f"{path}:2: poll.helth: is not a setting; did you mean `health`?",
        ]
        assert lines[2].startswith(f"{path}:3: slack.webhook: is a secret")
        assert shell.err == "3 problems\n"
        assert SECRET not in shell.out + shell.err


def test_check_as_json(shell: Shell, tmp_path: Path) -> None:
    assert shell(f"config check {broken(tmp_path)} --json") == 2
    body = shell.json
    assert (body["schema"], body["ok"], len(body["problems"])) == ("npconsole.config/1", False, 3)
    assert body["problems"][0] == {
        "file": f"{tmp_path}/broken.yaml",
        "line": 1,
        "key": "services",
        "message": "needs at least 1",
    }
    shell("config init")
    assert shell("config check --json") == 0
    assert (shell.json["ok"], shell.json["regions"], shell.json["warnings"]) == (True, 3, [])


def test_warnings_are_told_and_are_no_failure(shell: Shell, home: Path) -> None:
    shell("config init")
    home.write_text(example_text().replace("timeout: 5s", "timeout: 12s"))
    assert shell("config check") == 0
    assert "warning: " in shell.err
    assert "poll.timeout: is longer than poll.health" in shell.err
    assert shell("config check --json") == 0
    assert [each["key"] for each in shell.json["warnings"]] == ["poll.timeout"]


def test_show(shell: Shell, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shell("config init")
    monkeypatch.setenv("CF_API_TOKEN", SECRET)
    monkeypatch.setenv("LATENCY_THRESHOLD_MS", "300")
    assert shell("config show") == 0
    assert "thresholds.p95_warn: 300ms\n" in shell.out
    assert "cloudflare.token: *** (env CF_API_TOKEN)\n" in shell.out
    assert shell("config show --origin") == 0
    assert "thresholds.p95_warn: 300ms  # $LATENCY_THRESHOLD_MS\n" in shell.out
    assert f"environment.name: neuropilot  # {home}:" in shell.out
    assert "services[0].regions[1].health_path: /health  # default\n" in shell.out
    assert SECRET not in shell.out + shell.err


def test_show_as_json(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    shell("config init")
    monkeypatch.setenv("CF_API_TOKEN", SECRET)
    assert shell("config show --json") == 0
    assert shell.json["config"]["cloudflare"]["token"] == {"secret": "***", "from": "env CF_API_TOKEN"}
    assert "origins" not in shell.json
    assert shell("config show --json --origin") == 0
    assert shell.json["origins"]["cloudflare.token"] == "$CF_API_TOKEN"
    assert shell.json["origins"]["neon.token"] == "default"
    assert SECRET not in shell.out


def test_show_of_a_broken_file(shell: Shell, tmp_path: Path) -> None:
    assert shell(f"--config {broken(tmp_path)} config show") == 2
    assert "poll.helth" in shell.err
    assert shell.out == ""
    assert shell(f"--config {broken(tmp_path)} config show --json") == 2
    assert shell.json["exit"] == 2


def test_path_as_json(shell: Shell, home: Path) -> None:
    assert shell("config path --json") == 0
    assert shell.json == {"schema": "npconsole.config/1", "path": str(home), "exists": False}


def test_schema(shell: Shell) -> None:
    assert shell("config schema") == 0
    assert shell.json["required"] == ["services"]


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_completion(shell: Shell, name: str) -> None:
    assert shell(f"completion {name}") == 0
    assert "_NPCONSOLE_COMPLETE" in shell.out


def test_completion_of_an_unknown_shell(shell: Shell) -> None:
    assert shell("completion tcsh") == 2
    assert "bash" in shell.err
