import os
from pathlib import Path

import pytest

from npconsole.errors import UsageError
from npconsole.sim.directory import Directory
from npconsole.sim.rendezvous import Rendezvous

NO_SUCH_PID = 2**22 + 1


def simulator(path: Path, control: str) -> Path:
    Directory(path).write_state({"control": control}, {})
    return path


def rendezvous(tmp_path: Path, **environ: str) -> Rendezvous:
    return Rendezvous({"XDG_RUNTIME_DIR": str(tmp_path)} | environ)


def test_the_newest_that_runs_is_found_and_the_dead_are_forgotten(tmp_path: Path) -> None:
    meeting = rendezvous(tmp_path)
    meeting.register(os.getpid(), simulator(tmp_path / "alive", "http://alive"))
    meeting.register(NO_SUCH_PID, simulator(tmp_path / "dead", "http://dead"))
    assert meeting.control(None) == "http://alive"
    assert [file.stem for file in meeting.path.iterdir()] == [str(os.getpid())]
    meeting.remove(os.getpid())
    with pytest.raises(UsageError, match="no simulator is running"):
        meeting.control(None)


def test_a_folder_or_the_variable_goes_first(tmp_path: Path) -> None:
    one, two = simulator(tmp_path / "one", "http://one"), simulator(tmp_path / "two", "http://two")
    assert rendezvous(tmp_path, NPCONSOLE_SIM=str(two)).control(one) == "http://one"
    assert rendezvous(tmp_path, NPCONSOLE_SIM=str(two)).control(None) == "http://two"
    assert rendezvous(tmp_path, NPCONSOLE_SIM="http://127.0.0.1:9/").control(None) == "http://127.0.0.1:9"


def test_a_folder_without_a_simulator_is_named_and_not_made(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="no simulator has run in"):
        rendezvous(tmp_path).control(tmp_path / "empty")
    with pytest.raises(UsageError, match="there is no folder"):
        rendezvous(tmp_path).control(tmp_path / "missing")
    assert not (tmp_path / "missing").exists()


def test_a_link_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "npconsole-sim").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match="belongs to somebody else"):
        rendezvous(tmp_path)
