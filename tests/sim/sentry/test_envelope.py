import gzip
import json
import zlib

import brotli  # type: ignore[import-untyped]  # ships none
import pytest
from hypothesis import given
from hypothesis import strategies as st

from npconsole.sim.sentry.envelope import TOTAL_BYTES, EnvelopeError, TooLargeError, events, unpack

PLAIN = b'{"event_id":"1"}\n{"type":"event","length":9}\n{"a": [1]}\n'
BOMB = b"0" * (TOTAL_BYTES + 1)


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("", PLAIN),
        ("identity", PLAIN),
        ("gzip", gzip.compress(PLAIN)),
        ("deflate", zlib.compress(PLAIN)),
        ("br", brotli.compress(PLAIN)),
    ],
)
def test_every_encoding_is_undone(encoding: str, body: bytes) -> None:
    assert unpack(body, encoding) == PLAIN


@pytest.mark.parametrize(
    ("encoding", "body"),
    [("", BOMB), ("gzip", gzip.compress(BOMB)), ("deflate", zlib.compress(BOMB)), ("br", brotli.compress(BOMB))],
)
def test_a_bomb_is_too_large(encoding: str, body: bytes) -> None:
    with pytest.raises(TooLargeError):
        unpack(body, encoding)


@pytest.mark.parametrize(
    ("encoding", "body"), [("zstd", PLAIN), ("gzip", PLAIN), ("br", PLAIN), ("br", brotli.compress(PLAIN)[:-3])]
)
def test_what_is_not_so_encoded_is_refused(encoding: str, body: bytes) -> None:
    with pytest.raises(EnvelopeError):
        unpack(body, encoding)


@given(
    st.lists(st.tuples(st.sampled_from(["event", "session", "client_report"]), st.dictionaries(st.text(), st.text())))
)
def test_exactly_the_events_are_found_with_and_without_lengths(items: list[tuple[str, dict[str, str]]]) -> None:
    envelope = b"{}\n"
    for number, (kind, body) in enumerate(items):
        text = json.dumps(body).encode()
        head = {"type": kind} | ({"length": len(text)} if number % 2 else {})
        envelope += json.dumps(head).encode() + b"\n" + text + b"\n"
    assert events(envelope) == [body for kind, body in items if kind == "event"]


@pytest.mark.parametrize(
    "body",
    [
        b"{}\nno\n",
        b'{}\n{"type":"event"}\n[1]\n',
        b'{}\n{"type":"event"}\n{"a":NaN}\n',
        b"{}\n" + b'{"type":"x"}\n{}\n' * 101,
    ],
)
def test_nonsense_is_refused(body: bytes) -> None:
    with pytest.raises(EnvelopeError):
        events(body)


@given(st.binary(max_size=200))
def test_no_bytes_do_more_than_be_refused(body: bytes) -> None:
    for encoding in ("gzip", "br", ""):
        try:
            events(unpack(body, encoding))
        except EnvelopeError:
            continue
