import pytest

from npconsole.controls.writing import before_writing, writing
from npconsole.errors import (
    BadAnswerError,
    DeclinedError,
    ExitCode,
    Failure,
    LimitedError,
    NotAppliedError,
    NpconsoleError,
    SecretError,
    ServerError,
    UnauthorisedError,
    UnknownOutcomeError,
    UnreachableError,
    UsageError,
)

TABLE: list[tuple[NpconsoleError, type[NpconsoleError], ExitCode]] = [
    (UnreachableError("x", Failure.DNS, sent=False), NotAppliedError, ExitCode.UNREACHABLE),
    (UnreachableError("x", Failure.CONNECT, sent=False), NotAppliedError, ExitCode.UNREACHABLE),
    (UnreachableError("x", Failure.TLS, sent=False), NotAppliedError, ExitCode.UNREACHABLE),
    (UnreachableError("x", Failure.TLS), UnknownOutcomeError, ExitCode.UNVERIFIED),
    (UnreachableError("x", Failure.TIMEOUT, sent=False), NotAppliedError, ExitCode.UNREACHABLE),
    (UnreachableError("x", Failure.TIMEOUT), UnknownOutcomeError, ExitCode.UNVERIFIED),
    (UnreachableError("x", Failure.RESET), UnknownOutcomeError, ExitCode.UNVERIFIED),
    (ServerError("x", 503), UnknownOutcomeError, ExitCode.UNVERIFIED),
    (BadAnswerError("x"), UnknownOutcomeError, ExitCode.UNVERIFIED),
    (DeclinedError("x"), NotAppliedError, ExitCode.FAILED),
    (UnauthorisedError("x"), NotAppliedError, ExitCode.UNAUTHORISED),
    (SecretError("x"), NotAppliedError, ExitCode.UNAUTHORISED),
    (UsageError("x"), NotAppliedError, ExitCode.USAGE),
    (LimitedError("x", 5.0), LimitedError, ExitCode.UNREACHABLE),
]


@pytest.mark.parametrize(("error", "kind", "exit_code"), TABLE)
def test_what_a_failed_write_means(error: NpconsoleError, kind: type[NpconsoleError], exit_code: ExitCode) -> None:
    with pytest.raises(NpconsoleError) as caught, writing():
        raise error
    assert type(caught.value) is kind
    assert caught.value.exit_code is exit_code
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("error", [error for error, _, _ in TABLE])
def test_nothing_that_fails_before_the_write_had_an_effect(error: NpconsoleError) -> None:
    with pytest.raises((NotAppliedError, LimitedError)) as caught, before_writing():
        raise error
    assert isinstance(caught.value, NpconsoleError)
    assert caught.value.exit_code is error.exit_code


def test_the_hint_is_kept_and_other_exceptions_pass() -> None:
    for guard in (writing, before_writing):
        with pytest.raises(NotAppliedError) as caught, guard():
            raise DeclinedError("x", hint="look there")
        assert caught.value.hint == "look there"
        with pytest.raises(KeyError), guard():
            raise KeyError("a mistake of ours")
