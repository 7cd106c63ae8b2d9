import contextlib
import json
from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npconsole.errors import BadAnswerError, LimitedError, ServerError, UnauthorisedError
from npconsole.model.vitals import Timings
from npconsole.net.answer import Answer, accept, decode_json, excerpt, looks_like

WALL = 1_700_000_000.0


def answer(status: int = 200, body: bytes = b"", **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, named, body, Timings())


def test_success_passes() -> None:
    given_answer = answer(204)
    assert accept(given_answer, what="x", wall=WALL) is given_answer


@pytest.mark.parametrize("status", [401, 403])
def test_the_setting_is_named(status: int) -> None:
    refused = answer(status, b'{"detail": "Invalid token"}')
    with pytest.raises(UnauthorisedError, match=r"Sentry issues: 40\d .*: Invalid token") as caught:
        accept(refused, what="Sentry issues", setting="sentry.token", wall=WALL)
    assert "(setting sentry.token)" in caught.value.message
    assert "sentry.token" in caught.value.hint


@pytest.mark.parametrize(
    ("headers", "wait_s"),
    [
        ({"retry_after": "30"}, 30.0),
        ({"retry_after": "-1"}, 1.0),
        ({"retry_after": "1e9"}, 900.0),
        ({"retry_after": formatdate(WALL + 90, usegmt=True)}, 90.0),
        ({"retry_after": formatdate(WALL - 90, usegmt=True)}, 1.0),
        ({"retry_after": "Fri, 99 Foo 2099 99:99:99 GMT"}, None),
        ({"retry_after": "soon"}, None),
        ({"retry_after": "nan"}, None),
        ({"x_sentry_rate_limit_reset": str(WALL + 12)}, 12.0),
        ({"retry_after": "5", "x_sentry_rate_limit_reset": str(WALL + 12)}, 5.0),
        ({}, None),
    ],
)
def test_when_to_come_back(headers: dict[str, str], wait_s: float | None) -> None:
    with pytest.raises(LimitedError) as limited:
        accept(answer(429, b"", **headers), what="x", wall=WALL)
    assert limited.value.retry_after_s == wait_s
    with pytest.raises(ServerError) as unavailable:
        accept(answer(503, b"", **headers), what="x", wall=WALL)
    assert unavailable.value.retry_after_s == wait_s
    assert unavailable.value.status == 503


def test_a_redirect_says_where_to_without_its_query() -> None:
    with pytest.raises(BadAnswerError, match="302 Found") as caught:
        accept(answer(302, location="https://login.example.com/?token=abc"), what="x", wall=WALL)
    assert caught.value.hint == "it redirects to https://login.example.com/"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"detail": "bad\\u001b[31m"}', "bad␛[31m"),
        (b'{"errors": [{"message": "no such pool"}], "success": false}', "no such pool"),
        (b'{"error": {"code": 1, "message": "inner"}}', "inner"),
        (b'{"code": 7}', ""),
        (b"plain   text\nof two lines", "plain text of two lines"),
        (b"<!DOCTYPE html><html>", "an HTML page"),
        (b"", ""),
        (b'{"a":' * 50_000, '{"a":' * 39 + '{"a"…'),
        (b"x" * 10_000, "x" * 199 + "…"),
    ],
)
def test_what_an_error_says_for_itself(body: bytes, said: str) -> None:
    assert excerpt(answer(500, body)) == said


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "empty"),
        (b" \r\n", "empty"),
        (b"\xef\xbb\xbf <!doctype HTML>", "an HTML page"),
        (b"<?xml version='1.0'?>", "XML"),
        (b'{"a": [1, 2', "truncated JSON"),
        (b'{"a": "x', "truncated JSON"),
        (b"{'a': 1}", "damaged JSON"),
        (b"upstream error", "text"),
        (b"\xff\xfe\x00", "text"),
        (b"[" * 100_000, "JSON nested too deep"),
    ],
)
def test_what_is_not_json_is_named(body: bytes, kind: str) -> None:
    assert looks_like(body) == kind
    with pytest.raises(BadAnswerError, match=f"x: the answer is not JSON but {kind}"):
        decode_json(answer(body=body), what="x")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("NaN", None),
        ("-Infinity", None),
        ("1e999", None),
        ("1" * 21, None),
        ("1" * 5000, None),
        ("12345678901234567890", 12345678901234567890),
        ("1.5", 1.5),
        ('"\\ud83d"', "\ud83d"),
    ],
)
def test_absurd_numbers_are_missing_figures(text: str, value: object) -> None:
    assert decode_json(answer(body=f"[{text}]".encode()), what="x") == [value]


@pytest.mark.parametrize(("depth", "fits"), [(64, True), (66, False), (900, False)])
def test_depth_is_bounded(depth: int, fits: bool) -> None:
    body = b"[" * depth + b"]" * depth
    if fits:
        decode_json(answer(body=body), what="x")
    else:
        with pytest.raises(BadAnswerError, match="nested deeper than 64"):
            decode_json(answer(body=body), what="x")


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**15), 10**15)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=15,
)


@given(JSON)
def test_ordinary_json_is_read_as_it_is(document: object) -> None:
    assert decode_json(answer(body=json.dumps(document).encode()), what="x") == document


@given(st.binary(max_size=200))
def test_garbage_is_a_bad_answer_and_nothing_else(body: bytes) -> None:
    with contextlib.suppress(BadAnswerError):
        decode_json(answer(body=body), what="x")
    excerpt(answer(500, body))
