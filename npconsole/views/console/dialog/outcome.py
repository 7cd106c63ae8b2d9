"""How an answer from the desk came out, in words where it failed."""

from concurrent.futures import CancelledError, Future
from typing import TypeVar

from npconsole.errors import NpconsoleError

T = TypeVar("T")


def outcome(future: Future[T]) -> tuple[T | None, str]:
    """The value of a future that is done, or None and why there is none."""
    try:
        return future.result(), ""
    except NpconsoleError as error:
        return None, f"{error.message} ({error.hint})" if error.hint else error.message
    except CancelledError:
        return None, "the console is closing"
    except Exception as error:  # noqa: BLE001 - whatever the desk failed with, a person gets a sentence
        return None, f"{type(error).__name__}: {error}"
