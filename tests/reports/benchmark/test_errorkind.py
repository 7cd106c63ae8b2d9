"""Whose an error is."""

import pytest

from npconsole.reports.benchmark.errorkind import ErrorGroup, group, grouped, listed


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("status 503", ErrorGroup.SERVER),
        ("status 404", ErrorGroup.CLIENT),
        ("status 429", ErrorGroup.LIMITED),
        ("status 302", ErrorGroup.OTHER),
        ("connection refused", ErrorGroup.UNREACHED),
        ("connection timeout", ErrorGroup.UNREACHED),
        ("name not resolved", ErrorGroup.UNREACHED),
        ("TLS error", ErrorGroup.UNREACHED),
        ("certificate for another host", ErrorGroup.UNREACHED),
        ("timeout", ErrorGroup.TIMEOUT),
        ("connection reset", ErrorGroup.BROKEN_OFF),
        ("something new", ErrorGroup.OTHER),
    ],
)
def test_groups(kind: str, expected: ErrorGroup) -> None:
    assert group(kind) is expected


def test_groups_are_counted() -> None:
    errors = (("status 500", 3), ("timeout", 2), ("status 503", 1), ("status 404", 0))
    assert grouped(errors) == {ErrorGroup.SERVER: 4, ErrorGroup.TIMEOUT: 2}


def test_a_list_says_what_it_leaves_out() -> None:
    assert (
        listed((("timeout", 3), ("status 500", 2), ("x", 1)), at_most=2) == "3 timeout, 2 status 500 and 1 other kinds"
    )
