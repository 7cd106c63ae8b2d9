import stat
from pathlib import Path

import pytest

from npconsole.sim.directory import Directory


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_all_of_it_is_the_users_alone(tmp_path: Path) -> None:
    directory = Directory(tmp_path / "a" / "sim")
    directory.write_secrets({"sentry_token": "secret"})
    token = directory.secrets / "sentry_token"
    directory.write_config({"b": 1, "a": 2})
    directory.write_state({"control": "http://x"}, {"edge": 4000})
    assert {mode(path) for path in (directory.config, token, directory.state)} == {0o600}
    assert {mode(path) for path in (directory.path, directory.secrets)} == {0o700}
    assert token.read_text() == "secret\n"
    assert directory.config.read_text().endswith("b: 1\na: 2\n")
    assert directory.ports() == {"edge": 4000}


def test_an_old_file_with_open_mode_is_replaced(tmp_path: Path) -> None:
    directory = Directory(tmp_path)
    directory.state.write_text("{}")
    directory.state.chmod(0o644)
    directory.write_state({}, {})
    assert mode(directory.state) == 0o600


@pytest.mark.parametrize("text", ["", "no", "[]", '{"ports": 3}', '{"ports": {"edge": "x", "control": 99999999}}'])
def test_a_state_that_cannot_be_read_has_no_ports(tmp_path: Path, text: str) -> None:
    directory = Directory(tmp_path)
    directory.state.write_text(text)
    assert directory.ports() == {}
