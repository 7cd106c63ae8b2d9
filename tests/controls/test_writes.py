import json
from copy import deepcopy
from email.utils import formatdate
from typing import Any

import httpx
import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from npconsole.errors import ExitCode, LimitedError, NotAppliedError, NpconsoleError, UnknownOutcomeError
from tests.controls.script import (
    CLOSED,
    CUT_TLS,
    NO_CONNECTION,
    NO_HANDSHAKE,
    NO_NAME,
    NOT_HTTP,
    REFUSED,
    RESET,
    SENT,
    TOKEN,
    WALL,
    Answer,
    Break,
    Call,
    Hang,
    played,
)
from tests.controls.writes import WRITES, Write

HTML = b"<!doctype html><title>captive portal</title>"
every_write = pytest.mark.parametrize("write", WRITES, ids=lambda write: str(write.name))


async def outcome(write: Write, then: Answer | Break | Hang, *, deadline_s: float = 5.0) -> NpconsoleError | None:
    """What a write ends in: None when it is confirmed. The script lets it be sent once and no more."""
    async with played(*write.reads, Call(write.method, write.path, then)) as (http, script):
        try:
            await write.act(http, deadline_s)
        except NpconsoleError as error:
            return error
        finally:
            assert script.fresh[-1], "a write needs a connection of its own"
    return None


@every_write
async def test_the_vendors_confirmation_is_success(write: Write) -> None:
    assert write.confirms(write.good)
    assert await outcome(write, Answer(write.good)) is None


@every_write
@pytest.mark.parametrize("then", [REFUSED, NO_NAME, NO_CONNECTION, NO_HANDSHAKE])
async def test_what_was_not_sent_had_no_effect(write: Write, then: Break) -> None:
    error = await outcome(write, then)
    assert isinstance(error, NotAppliedError)
    assert error.exit_code is ExitCode.UNREACHABLE
    assert error.message.endswith("nothing was changed")


BROKEN = {
    "read time-out": Break(httpx.ReadTimeout("x")),
    "reset": RESET,
    "closed": CLOSED,
    "not HTTP": NOT_HTTP,
    "TLS broken after sending": CUT_TLS,
    "empty": Answer(b""),
    "HTML": Answer(HTML),
    "truncated": Answer(b'{"data": {"deplo'),
    "null": Answer(b"null"),
    "list": Answer([]),
    "object": Answer({}),
    "nested too deep": Answer(b"[" * 100_000),
    "302": Answer(b"", 302, {"location": "https://elsewhere.test/"}),
    "408": Answer({}, 408),
    "499": Answer({}, 499),
    "500": Answer({}, 500),
    "502 HTML": Answer(HTML, 502),
    "503": Answer({"success": False, "errors": [{"code": 1, "message": "busy"}]}, 503, {"retry-after": "7"}),
    "520": Answer(b"error code: 520", 520),
    "500 that says success": Answer({"success": True, "data": {}, "result": {}}, 500),
}


@every_write
@pytest.mark.parametrize("then", BROKEN.values(), ids=BROKEN.keys())
async def test_an_accident_after_sending_leaves_the_outcome_unknown(write: Write, then: Answer | Break) -> None:
    error = await outcome(write, then)
    assert isinstance(error, UnknownOutcomeError)
    assert error.exit_code is ExitCode.UNVERIFIED
    assert error.message.endswith("it may have taken effect all the same")
    assert error.hint


@every_write
async def test_a_deadline_leaves_the_outcome_unknown(write: Write) -> None:
    error = await outcome(write, Hang(), deadline_s=0.05)
    assert isinstance(error, UnknownOutcomeError)
    assert "no answer within 0.05 s" in error.message


@every_write
@pytest.mark.parametrize("status", [400, 404, 409, 422])
async def test_a_refusal_had_no_effect(write: Write, status: int) -> None:
    error = await outcome(write, Answer({"detail": "no such thing"}, status))
    assert isinstance(error, NotAppliedError)
    assert error.exit_code is ExitCode.FAILED
    assert error.hint


@every_write
@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize("body", [{}, HTML], ids=["JSON", "HTML"])
async def test_a_refused_token_names_its_setting_and_exits_3(write: Write, status: int, body: Any) -> None:
    error = await outcome(write, Answer(body, status))
    assert isinstance(error, NotAppliedError)
    assert error.exit_code is ExitCode.UNAUTHORISED
    assert write.setting in error.message
    assert write.setting in error.hint


@every_write
@pytest.mark.parametrize(
    ("headers", "wait_s"),
    [
        ({"retry-after": "30"}, 30),
        ({"retry-after": "-1"}, 1),
        ({"retry-after": "1e9"}, 900),
        ({"retry-after": formatdate(WALL + 40, usegmt=True)}, 40),
        ({"retry-after": formatdate(WALL - 40, usegmt=True)}, 1),
        ({}, None),
    ],
)
async def test_a_limit_says_when_to_come_back(write: Write, headers: dict[str, str], wait_s: float | None) -> None:
    error = await outcome(write, Answer({"errors": [{"message": "slow down"}]}, 429, headers))
    assert isinstance(error, LimitedError)
    assert error.retry_after_s == wait_s


@every_write
async def test_nothing_keeps_a_cause_or_the_token(write: Write) -> None:
    leaking = Break(httpx.ReadError(f"Authorization: Bearer {TOKEN}"), steps=SENT)
    error = await outcome(write, leaking)
    assert error is not None
    assert error.__cause__ is None
    assert error.__suppress_context__
    assert TOKEN not in f"{error.message}{error.hint}"


ESCAPE = "\x1b]52;c;aGk=\x07[@click=app.quit]x[/]\u202e\r\n" + "A" * 5000
HOSTILE = {
    "GraphQL": Answer({"errors": [{"message": ESCAPE, "extensions": {"code": ESCAPE}}], "data": None}),
    "envelope": Answer(
        {"success": False, "errors": [{"code": 1, "message": ESCAPE, "error_chain": [{"message": ESCAPE}]}]}
    ),
    "detail": Answer({"detail": ESCAPE}, 400),
    "text": Answer(ESCAPE.encode(), 400),
}


@every_write
@pytest.mark.parametrize("then", HOSTILE.values(), ids=HOSTILE.keys())
async def test_hostile_text_is_harmless_and_short(write: Write, then: Answer) -> None:
    error = await outcome(write, then)
    assert isinstance(error, NotAppliedError | UnknownOutcomeError)
    assert all(character.isprintable() for character in error.message + error.hint)
    assert len(error.message) < 1000


scalars = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(["\ud800", "true"])
)
words = st.sampled_from(["data", "errors", "success", "result", "id", "status", "message", "\udfff"])
garbage = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3), max_leaves=8
)
statuses = st.sampled_from([200, 200, 200, 201, 204, 301, 400, 401, 403, 404, 408, 418, 429, 500, 503, 599])


@st.composite
def near_misses(draw: st.DrawFn) -> tuple[Write, Any]:
    """A confirmation with one of its parts replaced by something else, or gone, or with errors beside it."""
    write = draw(st.sampled_from(WRITES))
    document = deepcopy(write.good)
    node = document
    while True:
        key = draw(st.sampled_from(sorted(node)))
        if not isinstance(node[key], dict) or not node[key] or draw(st.booleans()):
            break
        node = node[key]
    if draw(st.booleans()):
        del node[key]
    else:
        node[key] = draw(garbage)
    if draw(st.booleans()):
        document["errors"] = draw(garbage)
    return write, document


def check(write: Write, document: Any, status: int, error: NpconsoleError | None) -> None:
    if error is not None:
        assert isinstance(error, NotAppliedError | UnknownOutcomeError | LimitedError)
        error.message.encode()
        return
    assert 200 <= status < 300
    assert write.confirms(document), "a success that nobody confirmed"


@settings(max_examples=150, deadline=None)
@given(pair=near_misses(), status=statuses)
async def test_a_near_miss_is_no_success(pair: tuple[Write, Any], status: int) -> None:
    write, document = pair
    body = json.dumps(document).encode()
    check(write, document, status, await outcome(write, Answer(body, status)))


@settings(max_examples=100, deadline=None)
@given(write=st.sampled_from(WRITES), document=garbage, status=statuses)
async def test_garbage_is_one_of_our_errors(write: Write, document: Any, status: int) -> None:
    body = json.dumps(document).encode()
    check(write, document, status, await outcome(write, Answer(body, status)))


@settings(max_examples=60, deadline=None)
@given(write=st.sampled_from(WRITES), body=st.binary(max_size=60), status=statuses)
async def test_bytes_are_one_of_our_errors(write: Write, body: bytes, status: int) -> None:
    error = await outcome(write, Answer(body, status))
    assert isinstance(error, NotAppliedError | UnknownOutcomeError | LimitedError)
