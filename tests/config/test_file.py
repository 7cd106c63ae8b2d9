"""Which files are read at all."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from npconsole.config.file import MAX_BYTES, read
from npconsole.errors import ConfigError, Problem


def problem(path: Path) -> Problem:
    with pytest.raises(ConfigError) as caught:
        read(path)
    [found] = caught.value.problems
    assert found.file == str(path)
    return found


def test_text_is_read(written: Callable[[str | bytes], Path]) -> None:
    assert read(written("name: é\n")) == "name: é\n"


def test_a_link_to_a_good_file_is_read(written: Callable[[str | bytes], Path], tmp_path: Path) -> None:
    link = tmp_path / "link.yaml"
    link.symlink_to(written("a: 1\n"))
    assert read(link) == "a: 1\n"


def test_missing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (b"", 0, "is empty"),
        (b" \n\n", 0, "is empty"),
        (b"\xef\xbb\xbfa: 1\n", 1, "byte order mark"),
        ("a: 1\n".encode("utf-16"), 1, "byte order mark"),
        (b"a: 1\nb: \xff\n", 2, "is not UTF-8 text"),
        (b"a: 1\n\nb: \x00\n", 3, "holds a control character (U+0000)"),
        (b"a: 1\nb: \x1b]52;c;aGk=\x07\n", 2, "holds a control character (U+001B)"),
        ("a: \x9b1\n".encode(), 1, "holds a control character (U+009B)"),
        (b"a" * (MAX_BYTES + 1), 0, "is larger than 1000 kB"),
    ],
)
def test_bad_content(written: Callable[[str | bytes], Path], content: bytes, line: int, words: str) -> None:
    found = problem(written(content))
    assert found.line == line
    assert words in found.message


@pytest.mark.parametrize(("mode", "refused"), [(0o600, False), (0o644, False), (0o664, True), (0o646, True)])
def test_who_may_write(written: Callable[[str | bytes], Path], mode: int, refused: bool) -> None:
    path = written("a: 1\n")
    path.chmod(mode)
    if not refused:
        assert read(path)
        return
    with pytest.raises(ConfigError) as caught:
        read(path)
    assert caught.value.problems[0].message == "can be written by other users"
    assert caught.value.hint == f"chmod go-w {path}"


def test_a_link_does_not_hide_a_bad_mode(written: Callable[[str | bytes], Path], tmp_path: Path) -> None:
    path = written("a: 1\n")
    path.chmod(0o666)
    link = tmp_path / "link.yaml"
    link.symlink_to(path)
    assert problem(link).message == "can be written by other users"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_somebody_elses_file(written: Callable[[str | bytes], Path]) -> None:
    path = written("a: 1\n")
    os.chown(path, 12345, -1)
    assert problem(path).message == "belongs to another user (uid 12345)"


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_unreadable(written: Callable[[str | bytes], Path]) -> None:
    path = written("a: 1\n")
    path.chmod(0)
    assert problem(path).message == "cannot be opened: Permission denied"


def test_a_folder(tmp_path: Path) -> None:
    assert problem(tmp_path).message == "is a folder"


def test_a_pipe_is_refused_and_never_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe, 0o600)
    assert problem(pipe).message == "is not a regular file"


@pytest.mark.parametrize("path", [Path("/dev/zero"), Path("/dev/null")])
def test_devices(path: Path) -> None:
    assert problem(path).message == "is not a regular file"


def test_links_in_a_circle(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(link)
    assert problem(link).message.startswith("cannot be opened: ")


def test_impossible_paths() -> None:
    assert problem(Path("a\0b")).message == "cannot be opened: not a path"
    assert problem(Path("x" * 5000)).message == "cannot be opened: File name too long"
