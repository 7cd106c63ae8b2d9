"""The log: a JSON object a line, through rotation, full disks and hostile texts."""

import json
import logging
from pathlib import Path

import pytest

from npconsole.errors import UsageError
from npconsole.wiring.daemon.log import Log, LogHandler, open_log
from tests.engine.estates import FakeClock


def log_at(path: Path) -> Log:
    return open_log(str(path), clock=FakeClock(), redact=lambda text: text.replace("hunter2", "***"))


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text("ascii").splitlines()]


def test_a_line_says_when_what_and_how_grave(tmp_path: Path) -> None:
    path = tmp_path / "logs" / "autoheal.log"
    log_at(path).write("check", levels={"ok": 3}, took_ms=1.5, online=None)
    assert lines(path) == [
        {
            "ts": "2025-06-15T15:06:40.000Z",
            "level": "info",
            "event": "check",
            "levels": {"ok": 3},
            "took_ms": 1.5,
            "online": None,
        }
    ]
    assert path.stat().st_mode & 0o077 == 0o040


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ('x\n{"event":"forged"}', 'x {"event":"forged"}'),
        ("\x1b[2Jgone", "gone"),
        ("token hunter2", "token ***"),
        (float("nan"), None),
        (["hunter2", 1], ["***", 1]),
        (Path("/a"), "/a"),
    ],
)
def test_whatever_is_written_is_one_harmless_line(tmp_path: Path, given: object, written: object) -> None:
    log_at(tmp_path / "log").write("x", value=given)
    [line] = lines(tmp_path / "log")
    found = line["value"]
    if isinstance(written, str) and isinstance(found, str):
        assert "\x1b" not in found
        assert "\n" not in found
        assert "hunter2" not in found
    else:
        assert found == written


def test_after_a_rotation_it_goes_on_in_the_new_file(tmp_path: Path) -> None:
    path, log = tmp_path / "log", log_at(tmp_path / "log")
    log.write("before")
    path.rename(tmp_path / "log.1")
    log.write("after")
    assert [line["event"] for line in lines(tmp_path / "log.1")] == ["before"]
    assert [line["event"] for line in lines(path)] == ["after"]


def test_lines_that_cannot_be_written_are_counted_and_stop_nothing() -> None:
    log = Log(Path("/dev/full"), clock=FakeClock(), redact=str)
    log.write("one")
    log.write("two")
    assert log.lost == 2


def test_a_log_that_cannot_be_opened_is_said_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="cannot be written") as raised:
        log_at(tmp_path / "file" / "log")
    assert "--log -" in raised.value.hint


def test_stdout(capfd: pytest.CaptureFixture[str]) -> None:
    open_log("-", clock=FakeClock(), redact=str).write("here")
    assert json.loads(capfd.readouterr().out)["event"] == "here"


def test_what_other_parts_log_comes_in(tmp_path: Path) -> None:
    handler = LogHandler(log_at(tmp_path / "log"))
    logger = logging.getLogger("npconsole.test_log")
    logger.addHandler(handler)
    try:
        try:
            Path("/nowhere/at/all").stat()
        except OSError:
            logger.exception("a listener %s", "failed")
    finally:
        logger.removeHandler(handler)
    [line] = lines(tmp_path / "log")
    assert (line["event"], line["level"], line["text"]) == ("log", "error", "a listener failed")
    assert "FileNotFoundError" in str(line["error"])
