import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npconsole.model.issue import Event, Frame, IssueLevel, Substatus
from npconsole.net.text import clean
from npconsole.sources.sentry.event import MOST_FRAMES, parse_event
from npconsole.sources.sentry.issue import parse_issue
from npconsole.sources.sentry.link import next_cursor
from tests.sources.sentry.vendor import event, issue, link_header


@pytest.mark.parametrize(
    ("fields", "name", "expected"),
    [
        ({}, "count", 150),
        ({"count": "1e999"}, "count", 0),
        ({"count": None}, "count", 0),
        ({"userCount": -3}, "users", 0),
        ({"substatus": "escalating"}, "substatus", Substatus.ESCALATING),
        ({"substatus": "archived_forever"}, "substatus", Substatus.UNKNOWN),
        ({"substatus": ["new"]}, "substatus", Substatus.UNKNOWN),
        ({"level": "fatal"}, "level", IssueLevel.FATAL),
        ({"level": "sample"}, "level", IssueLevel.UNKNOWN),
        ({"culprit": None}, "culprit", ""),
        ({}, "first_seen", 1_795_168_800.0),
        ({"firstSeen": "2026-11-20T10:00:00"}, "first_seen", 1_795_168_800.0),
        ({"firstSeen": "2026-11-20T11:00:00+01:00"}, "first_seen", 1_795_168_800.0),
        ({"firstSeen": None}, "first_seen", None),
        ({"lastSeen": "yesterday"}, "last_seen", None),
        ({"assignedTo": {"type": "user", "name": "Ada", "email": "a@b.c"}}, "assigned_to", "Ada"),
        ({"assignedTo": {"type": "user", "email": "a@b.c"}}, "assigned_to", "a@b.c"),
        ({"lastRelease": {"version": "2"}, "firstRelease": {"version": "1"}}, "release", "2"),
        ({"firstRelease": "1.0"}, "release", "1.0"),
        ({"isUnhandled": True}, "unhandled", True),
        ({"permalink": "javascript:alert(1)"}, "permalink", ""),
        ({"permalink": "https://x/" + "y" * 2000}, "permalink", ""),
        ({"shortId": None}, "short_id", "1"),
        ({"project": None}, "project", ""),
        ({"title": "[@click=app.quit]x[/] \x1b]52;c;aGk=\x07"}, "title", "[@click=app.quit]x[/] ␛]52;c;aGk=␇"),
    ],
)
def test_fields_of_an_issue(fields: dict[str, Any], name: str, expected: object) -> None:
    parsed = parse_issue(issue(1, **fields), region_tag="region")
    assert getattr(parsed, name) == expected


def test_an_issue_without_an_id_is_none() -> None:
    assert parse_issue(issue(1, id=None), region_tag="region") is None


FRAMES = [
    {"function": "main", "filename": "app/main.py", "lineNo": 3, "inApp": True, "context": [[2, "x"], [3, "\tcall()"]]},
    {"function": None, "absPath": "/lib/x.py", "lineNo": None, "inApp": False, "context": []},
]
STACK = (Frame("main", "app/main.py", 3, True, "call()"), Frame("?", "/lib/x.py", None, False))


def exception(*values: dict[str, Any]) -> dict[str, Any]:
    """The entry that holds a chain of exceptions."""
    return {"type": "exception", "data": {"values": list(values)}}


@pytest.mark.parametrize(
    ("entry", "headline", "frames"),
    [
        (exception({"type": "KeyError", "value": "'sku'", "stacktrace": {"frames": FRAMES}}), "KeyError: 'sku'", STACK),
        (
            exception(
                {"type": "KeyError", "value": "'sku'", "stacktrace": {"frames": FRAMES}},
                {"type": "StockError", "value": None, "stacktrace": {"frames": FRAMES[:1]}},
            ),
            "StockError",
            STACK[:1],
        ),
        (exception({"type": "E", "value": "v", "stacktrace": None}), "E: v", ()),
        ({"type": "stacktrace", "data": {"frames": FRAMES}}, "", STACK),
        (
            {
                "type": "threads",
                "data": {
                    "values": [
                        {"crashed": True, "stacktrace": {"frames": FRAMES}},
                        {"stacktrace": {"frames": FRAMES[:1]}},
                    ]
                },
            },
            "",
            STACK,
        ),
    ],
)
def test_stack_traces(entry: dict[str, Any], headline: str, frames: tuple[Frame, ...]) -> None:
    parsed = parse_event(event(entries=[entry]))
    assert (parsed.exception, parsed.frames) == (headline, frames)


def test_the_other_fields_of_an_event() -> None:
    message = {"type": "message", "data": {"formatted": "replica lag\nis high"}}
    parsed = parse_event(event(entries=[message]))
    assert parsed == Event(
        id="9999aaaa",
        title="ValueError: no stock",
        message="replica lag\nis high",
        at=1_795_428_000.0,
        release="20.1.0",
        environment="production",
        tags=(("region", "us-east"), ("environment", "production")),
        exception="",
        frames=(),
    )


def test_a_release_may_be_a_tag_only_and_deep_stacks_keep_their_innermost_frames() -> None:
    frames = [{"function": f"f{depth}"} for depth in range(500)]
    tags = [{"key": "release", "value": "9"}]
    parsed = parse_event(
        event(
            release=None, tags=tags, entries=[exception({"type": "RecursionError", "stacktrace": {"frames": frames}})]
        )
    )
    assert parsed.release == "9"
    assert [parsed.frames[0].function, parsed.frames[-1].function] == [f"f{500 - MOST_FRAMES}", "f499"]


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6) | st.just("\x1b[31m"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["type", "data", "values", "stacktrace", "frames", "key", "value", "version", "name", "lineNo"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from([*issue(), *event(), "lastRelease"]), anything))
def test_whatever_comes_is_parsed_into_clean_text(document: dict[str, Any]) -> None:
    parsed_issue = parse_issue(document | {"id": "1"}, region_tag="region")
    parsed_event = parse_event(document)
    assert parsed_issue is not None
    for text in (parsed_issue.title, parsed_issue.culprit, parsed_issue.release, parsed_event.exception):
        assert text == clean(text)
    json.dumps([parsed_issue.count, parsed_issue.users, parsed_issue.first_seen, parsed_event.at], allow_nan=False)


@pytest.mark.parametrize(
    ("header", "cursor"),
    [
        (link_header("0:100:0"), "0:100:0"),
        (link_header(""), ""),
        ("", None),
        ('<https://x>; rel="previous"; results="true"; cursor="0:0:1"', None),
        ('<https://x>; rel="next"; results="perhaps"; cursor="1"', None),
        (link_header("0:100:0")[:-40] + "…", None),
    ],
)
def test_the_next_page(header: str, cursor: str | None) -> None:
    assert next_cursor(header) == cursor
