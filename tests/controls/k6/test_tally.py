from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from npconsole.controls.k6.tally import MOST_KINDS, MOST_NAMES, OTHER, Tally
from npconsole.model.load import Threshold
from tests.controls.k6.lines import BEGUN, declared, point, request


def fed(*pieces: bytes, thresholds: tuple[Threshold, ...] = (), cut: bool = False) -> Tally:
    tally = Tally(thresholds)
    for piece in pieces:
        tally.feed(piece)
    tally.finish(cut=cut)
    return tally


def test_requests_names_and_the_whole() -> None:
    tally = fed(
        *(request(ms, at_s=ms / 10) for ms in (10, 20, 30)),
        request(500, at_s=4, name="items", error_code="1503", status="503"),
    )
    figures = tally.figures()
    assert (figures.requests, figures.failed, figures.error_ratio) == (4, 1, 0.25)
    assert figures.errors == (("status 503", 1),)
    assert figures.elapsed_s == 3.0
    assert figures.request_rate == pytest.approx(4 / 3)
    assert figures.p50_ms == pytest.approx(25, rel=0.01)
    assert tally.first_wall == BEGUN + 1
    names = dict(tally.names())
    assert list(names) == ["health", "items"]
    assert (names["health"].count, names["health"].failed) == (3, 0)
    assert (names["items"].count, names["items"].failed, names["items"].max_ms) == (1, 1, 500)
    assert tally.complaint == ""


@pytest.mark.parametrize(
    ("tags", "kind"),
    [
        ({"error_code": "1212", "status": "0", "error": "dial: connection refused"}, "connection refused"),
        ({"error_code": "1050", "status": "0"}, "timeout"),
        ({"error_code": "1101", "status": "0"}, "no such host"),
        ({"error_code": "1404", "status": "404"}, "status 404"),
        ({"error_code": "1305", "status": "0"}, "TLS error"),
        ({"error_code": "1000", "status": "0", "error": "odd \x1b[2J"}, "odd ␛[2J"),
        ({"error_code": "1999", "status": "0"}, "error 1999"),
    ],
)
def test_why_requests_failed(tags: dict[str, str], kind: str) -> None:
    assert fed(request(0, at_s=0, name="x", **tags)).figures().errors == ((kind, 1),)


def test_the_rest_of_what_k6_counts() -> None:
    tally = fed(
        point("vus", 5),
        point("iteration_duration", 1000, at_s=1),
        point("iterations", 1, at_s=1),
        point("dropped_iterations", 7, at_s=1),
        point("data_sent", 100, at_s=1),
        point("data_sent", 50, at_s=1),
        point("data_received", 2000, at_s=1),
        point("checks", 1),
        point("checks", 0),
        point("vus", 2, at_s=2),
    )
    figures = tally.figures()
    assert (figures.users, tally.most_users, figures.iterations, figures.dropped) == (2, 5, 1, 7)
    assert (figures.bytes_sent, figures.bytes_received) == (150, 2000)
    assert (figures.checks, figures.checks_failed) == (2, 1)
    assert figures.elapsed_s == 2
    assert (figures.requests, figures.p95_ms, figures.error_ratio) == (0, None, None)


STREAM = (
    declared("http_req_duration", "trend", ["p(95)<25", {"threshold": "max<100", "abortOnFail": True}])
    + declared("http_req_failed", "rate")
    + declared("http_reqs", "counter")
    + declared("mine", "trend")
    + b"".join(request(ms, at_s=ms / 10, name=name) for ms, name in ((10, "a"), (20, "b"), (40, "a")))
    + b"".join(point("http_reqs", 1, at_s=at_s) for at_s in (1, 2, 4))
    + point("mine", 5, tags={"kind": "x"})
    + point("mine", 50, tags={"kind": "y"})
)


def test_thresholds_given_and_declared() -> None:
    given_ones = tuple(
        Threshold(metric, expression)
        for metric, expression in (
            ("http_req_duration", "avg<20"),
            ("http_req_duration{name:b}", "max<25"),
            ("http_req_failed", "rate<0.01"),
            ("http_reqs", "rate>=0.5"),
            ("http_reqs{name:none}", "count<1"),
            ("mine{kind:y}", "max<10"),
            ("mine", "count<10"),
            ("dropped_iterations", "count<1"),
            ("absent", "max<1"),
            ("absent", "nonsense"),
        )
    )
    states = fed(STREAM, thresholds=given_ones).figures(elapsed_s=3.0).thresholds
    assert [(str(each.threshold), each.crossed) for each in states] == [
        ("http_req_duration avg<20", True),
        ("http_req_duration{name:b} max<25", False),
        ("http_req_failed rate<0.01", False),
        ("http_reqs rate>=0.5", False),
        ("http_reqs{name:none} count<1", False),
        ("mine{kind:y} max<10", True),
        ("mine count<10", None),
        ("dropped_iterations count<1", False),
        ("absent max<1", None),
        ("absent nonsense", None),
        ("http_req_duration p(95)<25", True),
        ("http_req_duration max<100", False),
    ]
    assert states[1].value == 20


def test_a_threshold_on_failures_of_one_name() -> None:
    tally = fed(
        declared("http_req_failed", "rate"),
        request(1, name="a", error_code="1500", status="500"),
        request(1, name="b"),
        thresholds=(Threshold("http_req_failed{name:a}", "rate<0.1"), Threshold("http_req_failed{name:b}", "rate<0.1")),
    )
    assert [(each.value, each.crossed) for each in tally.figures(elapsed_s=1.0).thresholds] == [
        (1.0, True),
        (0.0, False),
    ]


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(min_value=1, max_value=len(STREAM)), max_size=8))
def test_pieces_of_any_size_come_to_the_same(cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), len(STREAM)]
    tally = fed(*(STREAM[low:high] for low, high in pairwise(edges)))
    assert tally.figures() == fed(STREAM).figures()
    assert tally.complaint == ""


def test_names_and_kinds_are_bounded() -> None:
    many = b"".join(
        request(1, name=f"https://host/{number}", error_code="1000", error=f"e{number}", status="0")
        for number in range(200)
    )
    tally = fed(many)
    assert len(tally.names()) == MOST_NAMES + 1
    assert dict(tally.names())[OTHER].count == 200 - MOST_NAMES
    errors = dict(tally.figures().errors)
    assert len(errors) == MOST_KINDS + 1
    assert sum(errors.values()) == 200


def test_the_older_order_of_a_line_is_read_too() -> None:
    older = point("http_req_duration", 12, tags={"name": "x"}, name_last=True) + point("vus", 2, name_last=True)
    assert fed(older).figures().requests == 1
    spaced = (
        b'{ "data": {"value": 12, "time": "2026-11-23T09:00:00Z"}, "type": "Point", "metric": "http_req_duration" }\n'
    )
    assert fed(spaced).figures().requests == 1
    named_first = b'{"metric":"http_req_duration","type":"Metric","data":{"name":"http_req_duration","type":"trend"}}\n'
    assert fed(named_first, older).complaint == ""


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"level=error nonsense\n", "line 3 of k6's output cannot be read (JSON is malformed"),
        (b'{"metric":"http_req_duration","type":"Point","data":{}}\n', "missing required field"),
        (b'{"metric":"http_req_duration","type":"Point","data":{"time":"x","value":1}}\n', "Invalid RFC3339"),
        (
            b'{"metric":"vus","type":"Point","data":{"time":"2026-11-23T09:00:00Z","value":1e300}}\n',
            "Expected `float` <=",
        ),
        (b"[1,2]\n", "Expected `object`, got `array`"),
        (b"\xff\xfe\n", "JSON is malformed"),
        (b"\x1b[2J{}\n", "␛[2J"),
        (b'{"metric":"vus"', "it ends in the middle of a line"),
        (b"x" * 1_000_001, "a line of more than 1000000 bytes"),
    ],
)
def test_garbage_is_named_with_its_line(line: bytes, reason: str) -> None:
    tally = fed(request(1), line)
    assert tally.complaint.startswith("line 3 of k6's output cannot be read")
    assert reason in tally.complaint
    assert len(tally.complaint) < 300


def test_a_k6_that_was_cut_off_may_end_in_the_middle_of_a_line() -> None:
    tally = fed(request(1), b'{"metric":"vus"', cut=True)
    assert (tally.complaint, tally.figures().requests) == ("", 1)


def test_an_empty_stream() -> None:
    tally = fed()
    assert (tally.has_samples, tally.complaint, tally.corrected(), tally.names()) == (False, "", None, ())
    assert tally.figures().request_rate is None


def test_the_closed_model_is_corrected_by_the_pace_of_a_user() -> None:
    iterations = b"".join(point("iteration_duration", 1000, at_s=at_s) for at_s in range(10))
    requests = b"".join(request(10, at_s=at_s) for at_s in range(9)) + request(10_000, at_s=10)
    tally = fed(iterations, requests)
    corrected = tally.corrected()
    assert corrected is not None
    assert corrected.count == pytest.approx(10 + 9, abs=1)
    assert (tally.latency().p50_ms or 0) < 11
    assert (corrected.p50_ms or 0) > 900
