"""What a database's errors mean, as StoreError: what happened, where, and the next thing to do."""

import errno
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import exc

from npconsole.errors import BusyError, StoreError
from npconsole.net.text import clean

ANEW = "`npconsole recover --start-anew` keeps it aside and begins a new one that names the old one's last audit line"


class FullError(StoreError):
    """There is no room left where the memory is."""


class DamagedError(StoreError):
    """The memory's file is not, or no longer, what npconsole wrote."""


@contextmanager
def explained(place: str, holder: Callable[[], str]) -> Iterator[None]:
    """Turn errors of SQLAlchemy and its drivers into StoreError; `holder` names who holds the lock, in words."""
    try:
        yield
    except exc.DBAPIError as error:
        raise _meaning(error.orig or error, place, holder) from error
    except (exc.SQLAlchemyError, sqlite3.Error, OSError) as error:
        raise _meaning(error, place, holder) from error


def _meaning(error: BaseException, place: str, holder: Callable[[], str]) -> StoreError:
    if isinstance(error, sqlite3.Error):
        return _of_sqlite(error, place, holder)
    if (state := getattr(error, "sqlstate", None)) is not None:
        return _of_postgresql(str(state), error, place, holder)
    if isinstance(error, OSError) and error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return _read_only(place)
    words = clean(error, limit=200)
    if type(error).__module__.startswith("psycopg"):
        return StoreError(
            f"the memory at {place} cannot be reached: {words}", hint="check the server and the state URL"
        )
    return StoreError(f"the memory at {place} failed: {words}")


def _of_sqlite(error: sqlite3.Error, place: str, holder: Callable[[], str]) -> StoreError:
    name = str(getattr(error, "sqlite_errorname", "")).removeprefix("SQLITE_")
    match name.partition("_")[0]:
        case "BUSY" | "LOCKED":
            return _busy(place, holder)
        case "FULL":
            return _full(place)
        case "READONLY" if name == "READONLY_ROLLBACK":
            return StoreError(
                f"the memory at {place} was left in the middle of a write and may only be read here",
                hint="run any npconsole command once as its owner, on a file system that can be written",
            )
        case "READONLY":
            return _read_only(place)
        case "CORRUPT" | "NOTADB":
            return DamagedError(f"the memory at {place} is damaged: {clean(error, limit=200)}", hint=ANEW)
        case "CANTOPEN" | "PERM" | "AUTH":
            return StoreError(f"the memory at {place} cannot be opened", hint=f"check owner and mode: ls -la {place}*")
        case "IOERR" if "WRITE" in name or "FSYNC" in name or "TRUNCATE" in name:
            return _full(place)
        case "IOERR":
            return StoreError(f"the disk under the memory at {place} fails: {name}", hint="look at `dmesg`")
    return StoreError(f"the memory at {place} failed: {clean(error, limit=200)}")


def _of_postgresql(state: str, error: BaseException, place: str, holder: Callable[[], str]) -> StoreError:
    match state:
        case "55P03" | "57014" | "40P01" | "40001":
            return _busy(place, holder)
        case "53100":
            return _full(place)
        case "25006":
            return _read_only(place)
        case "42501":
            return StoreError(
                f"the memory at {place} does not let this user in: {clean(error, limit=200)}",
                hint="grant the user of the state URL usage and all tables of schema npconsole",
            )
        case "XX001" | "XX002":
            return DamagedError(f"the memory at {place} is damaged: {clean(error, limit=200)}", hint="restore a backup")
    return StoreError(f"the memory at {place} failed: {clean(error, limit=200)}")


def _busy(place: str, holder: Callable[[], str]) -> BusyError:
    return BusyError(
        f"the memory at {place} is held by {holder()}", hint="it is let go when that process goes on or ends; try again"
    )


def _full(place: str) -> FullError:
    return FullError(
        f"there is no room left to write the memory at {place}",
        hint="free some disk space; until then nothing new is started",
    )


def _read_only(place: str) -> StoreError:
    return StoreError(
        f"the memory at {place} can only be read here", hint="nothing can be started; look at owner, mode and mount"
    )
