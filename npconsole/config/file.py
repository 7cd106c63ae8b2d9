"""Reading the configuration file without trusting what lies at its path.

All checks are made on the open file, so that nothing can be swapped in between. A symbolic link is followed; what
it leads to must pass. The folder is not checked: a file that somebody else puts there has the wrong owner.
"""

import os
import stat
from pathlib import Path

from yaml.reader import Reader

from npconsole.errors import ConfigError, Problem

MAX_BYTES = 1_000_000


def read(path: Path) -> str:
    """The text of the file. Raises FileNotFoundError, or ConfigError saying what is wrong with it and the cure."""
    data = _bytes(path)
    if not data.strip():
        raise _broken(path, "is empty", hint="write an example with `npconsole config init --force`")
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise _broken(path, "starts with a byte order mark; save it as UTF-8 without one", line=1)
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _broken(path, "is not UTF-8 text from here on", line=line) from None
    found = Reader.NON_PRINTABLE.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        raise _broken(path, f"holds a control character (U+{ord(found[0]):04X})", line=line)
    return text


def _bytes(path: Path) -> bytes:
    try:
        # Without O_NONBLOCK the open of a pipe would wait for a writer for ever.
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY)
    except FileNotFoundError:
        raise
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a path"
        raise _broken(path, f"cannot be opened: {reason}") from None
    try:
        _check(path, os.fstat(descriptor))
        with os.fdopen(descriptor, "rb", closefd=False) as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise _broken(path, f"cannot be read: {error.strerror}") from None
    finally:
        os.close(descriptor)
    if len(data) > MAX_BYTES:
        raise _broken(path, f"is larger than {MAX_BYTES // 1000} kB")
    return data


def _check(path: Path, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        kind = "a folder" if stat.S_ISDIR(status.st_mode) else "not a regular file"
        raise _broken(path, f"is {kind}")
    if status.st_uid not in (os.geteuid(), 0):
        raise _broken(path, f"belongs to another user (uid {status.st_uid})", hint=f"chown $(id -u) {_quoted(path)}")
    if status.st_mode & 0o022:
        raise _broken(path, "can be written by other users", hint=f"chmod go-w {_quoted(path)}")
    if status.st_size > MAX_BYTES:
        raise _broken(path, f"is larger than {MAX_BYTES // 1000} kB")


def _quoted(path: Path) -> str:
    from shlex import quote  # only a refusal needs it

    return quote(str(path))


def _broken(path: Path, message: str, *, line: int = 0, hint: str = "") -> ConfigError:
    return ConfigError((Problem(str(path), line, "", message),), hint=hint)
