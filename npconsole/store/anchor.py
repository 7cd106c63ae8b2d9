"""The head of the audit chain, kept outside the database: without it, lines cut off at the end leave no trace.

A kept head only moves forward along the chain that it is part of. When the chain no longer contains it, it stays as it
is: it is the evidence.
"""

import contextlib
import fcntl
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

from npconsole.errors import StoreError
from npconsole.store.chain import Head

_LINE_BYTES = 128
_NOTICE = 10 << 3 | 5  # authpriv.notice, RFC 5424 section 6.2.1


class Anchor(Protocol):
    """A place for heads that whoever edits the database may not think of, or may not reach."""

    def prepare(self) -> None:
        """Make room for the first head of a new chain. Raises StoreError when there is none, or an older chain's."""
        ...

    def keep(self, head: Head, before: Head, contains: Callable[[Head], bool]) -> None:
        """Keep `head`, which follows `before`; `contains` tells whether the chain contains a head. Never raises."""
        ...

    def problem(self, last: Head, contains: Callable[[Head], bool]) -> str:
        """What is wrong with the chain that ends with `last`, as far as this place knows, or empty."""
        ...


class HeadFile:
    """A file of one line, `sequence digest`, overwritten in place: it needs no room on a full disk.

    `required`: it has been there since the chain began, so its absence is a problem. A shared database has one head
    file on each host, with the last head that this host wrote.
    """

    def __init__(self, path: Path, *, required: bool) -> None:
        self._path = path
        self._required = required

    def prepare(self) -> None:
        try:
            with self._open(os.O_RDWR | os.O_CREAT) as file:
                kept = _parse(os.pread(file, _LINE_BYTES, 0))
                if kept is None and os.fstat(file).st_size == 0:
                    os.pwrite(file, _line(Head()), 0)
                    return
        except BlockingIOError:
            return  # another process has it in hand, so it is there
        except OSError as error:
            raise StoreError(
                f"the head of the audit cannot be kept at {self._path}: {error.strerror}", hint="look at owner and disk"
            ) from error
        if kept is None or kept.sequence:
            raise StoreError(
                f"the audit has lost its lines: {self._path} keeps the head of one that is not in the database",
                hint="restore the database, or move that file aside to begin a new audit",
            )

    def keep(self, head: Head, before: Head, contains: Callable[[Head], bool]) -> None:
        with contextlib.suppress(OSError), self._open(os.O_RDWR) as file:
            kept = _parse(os.pread(file, _LINE_BYTES, 0))
            if kept is not None and kept.sequence < head.sequence and (kept == before or contains(kept)):
                os.pwrite(file, _line(head), 0)

    def kept(self) -> Head | None:
        """The head kept here; None when there is no file. Raises StoreError when it cannot be read."""
        try:
            head = _parse(self._path.read_bytes())
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreError(f"{self._path} cannot be read: {error.strerror}", hint="look at its owner") from error
        if head is None:
            raise StoreError(f"{self._path} is not a head of an audit chain", hint="somebody has changed it")
        return head

    def problem(self, last: Head, contains: Callable[[Head], bool]) -> str:
        try:
            head = self.kept()
        except StoreError as error:
            return error.message
        if head is None:
            is_needed = self._required and last.sequence > 0
            return f"{self._path} is gone: lines cut off at the end would not be seen" if is_needed else ""
        if contains(head):
            return ""
        return f"line {head.sequence} is missing or another: {self._path} keeps its digest {head.digest[:12]}…"

    @contextlib.contextmanager
    def _open(self, flags: int) -> Iterator[int]:
        file = os.open(self._path, flags | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield file
        finally:
            os.close(file)


class SystemLog:
    """Every head as a line of syslog or the systemd journal, for whoever investigates. Never waits for it."""

    def __init__(self, environment: str, *, path: str = "/dev/log") -> None:
        self._environment = environment
        self._path = path

    def prepare(self) -> None:
        return

    def keep(self, head: Head, before: Head, contains: Callable[[Head], bool]) -> None:
        line = f"<{_NOTICE}>npconsole: audit {self._environment} {head.sequence} {head.digest}"
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as log:
            log.setblocking(False)
            log.connect(self._path)
            log.send(line.encode("ascii", "replace"))

    def problem(self, last: Head, contains: Callable[[Head], bool]) -> str:
        return ""


def _line(head: Head) -> bytes:
    return f"{head.sequence} {head.digest}".ljust(_LINE_BYTES - 1).encode("ascii") + b"\n"


def _parse(content: bytes) -> Head | None:
    number, _, digest = content.decode("ascii", "replace").strip().partition(" ")
    return Head(int(number), digest) if number.isdecimal() and len(number) < 19 and len(digest) == 64 else None
