"""What a failed call means when it was to change something. Every write is made inside `writing()`.

Nothing is called done, or not done, that is not certain; no cause is kept, for it could hold what was sent.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from npconsole.errors import (
    DeclinedError,
    LimitedError,
    NotAppliedError,
    NpconsoleError,
    SecretError,
    SourceError,
    UnauthorisedError,
    UnknownOutcomeError,
    UnreachableError,
    UsageError,
)


@contextmanager
def writing() -> Iterator[None]:
    """Inside, the one call that writes: its failure becomes NotAppliedError, LimitedError or UnknownOutcomeError."""
    try:
        yield
    except (SourceError, SecretError, UsageError) as error:
        if isinstance(error, LimitedError):
            raise
        raise (_not_applied(error) if _is_certain(error) else _unknown(error)) from None


@contextmanager
def before_writing() -> Iterator[None]:
    """Inside, what is read for the sake of a write that has not been sent: no failure here had an effect."""
    try:
        yield
    except (SourceError, SecretError, UsageError) as error:
        if isinstance(error, LimitedError):
            raise
        raise _not_applied(error) from None


def _is_certain(error: NpconsoleError) -> bool:
    """Whether the call certainly had no effect."""
    if isinstance(error, UnreachableError):
        return not error.sent
    return isinstance(error, DeclinedError | UnauthorisedError | SecretError | UsageError)


def _not_applied(error: NpconsoleError) -> NotAppliedError:
    return NotAppliedError(f"{error.message}; nothing was changed", hint=error.hint, exit_code=error.exit_code)


def _unknown(error: NpconsoleError) -> UnknownOutcomeError:
    hint = error.hint or "look at what it is now before doing it again"
    return UnknownOutcomeError(f"{error.message}; it may have taken effect all the same", hint=hint)
