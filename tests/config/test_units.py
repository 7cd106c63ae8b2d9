"""Durations, percentages and addresses: what is read, what is refused and with which words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npconsole.config.units import Ratio, Seconds, Url


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("250ms", 0.25),
        ("290ms", 0.29),
        ("30s", 30),
        ("1m30s", 90),
        ("1m 30s", 90),
        ("1.5h", 5400),
        ("14d", 14 * 86400),
        ("0s", 0),
    ],
)
def test_duration(text: str, seconds: float) -> None:
    assert Seconds.parse(text) == seconds


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("400", "has no unit; write a duration such as 400s or 400ms"),
        (400, "has no unit; write a duration such as 400s or 400ms"),
        (0.5, "has no unit; write a duration such as 0.5s or 0.5ms"),
        ("1234567890", "must be a duration"),
        ("5 minutes", "must be a duration"),
        ("s", "must be a duration"),
        ("", "must be a duration"),
        ("-5s", "must be a duration"),
        ("1e3s", "must be a duration"),
        ("nan", "must be a duration"),
        (".inf", "must be a duration"),
        (float("nan"), "must be a duration"),
        (float("inf"), "must be a duration"),
        (True, "must be a duration"),
        (None, "must be a duration"),
        ("1:30", "must be a duration"),
        ("4000d", "ten years"),
        ("9" * 400 + "d", "ten years"),
        ("9" * 308 + "d" + "9" * 308 + "d", "ten years"),
    ],
)
def test_not_a_duration(value: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Seconds.parse(value)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.4, "400ms"),
        (0.0001, "0.1ms"),
        (1.5, "1.5s"),
        (90, "90s"),
        (60, "1m"),
        (3600, "1h"),
        (86400, "1d"),
        (0, "0ms"),
    ],
)
def test_duration_as_text(seconds: float, text: str) -> None:
    assert str(Seconds(seconds)) == text


@given(st.floats(0, 10 * 365 * 86400))
def test_duration_round_trip(seconds: float) -> None:
    assert Seconds.parse(str(Seconds(seconds))) == seconds


@pytest.mark.parametrize(("text", "ratio"), [("5%", 0.05), ("99.95 %", 0.9995), ("0%", 0), ("100%", 1)])
def test_percentage(text: str, ratio: float) -> None:
    assert Ratio.parse(text) == ratio


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("0.05", "has no unit; write a percentage such as 0.05%"),
        (0.05, "has no unit; write a percentage such as 0.05%"),
        ("101%", "must not be more than 100%"),
        ("9" * 400 + "%", "must not be more than 100%"),
        ("-1%", "must be a percentage"),
        ("five", "must be a percentage"),
        ("nan%", "must be a percentage"),
        (None, "must be a percentage"),
    ],
)
def test_not_a_percentage(value: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Ratio.parse(value)


@given(st.floats(0, 1))
def test_percentage_round_trip(ratio: float) -> None:
    assert Ratio.parse(str(Ratio(ratio))) == ratio


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://api.example.com", "https://api.example.com"),
        ("https://api.example.com/", "https://api.example.com"),
        ("http://127.0.0.1:8080/api/prom", "http://127.0.0.1:8080/api/prom"),
        ("http://[::1]:9090", "http://[::1]:9090"),
        ("https://x.example/app.js?v=3", "https://x.example/app.js?v=3"),
    ],
)
def test_address(text: str, url: str) -> None:
    assert Url.parse(text) == url


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("api.example.com", "must be an address"),
        ("ftp://api.example.com", "must be an address"),
        ("https://", "must be an address"),
        ("https:///path", "must be an address"),
        ("https://a b", "must be an address"),
        ("https://a/\\b", "must be an address"),
        ("https://a/\x1b]0;x", "must be an address"),
        ("https://a:99999", "must be an address"),
        ("https://a:0", "must be an address"),
        ("https://a:b", "must be an address"),
        ("https://bücher.example", "must be an address"),
        (7, "must be an address"),
        ("https://user:hunter2@a.example", "must not hold a user name or password"),
        ("https://hunter2@a.example/x", "must not hold a user name or password"),
        ("https://user:hun/ter2@a.example", "must be an address"),
        ("https://a.example/?token=hunter2", "must not hold a credential"),
        ("https://a.example/x?v=1&api_key=hunter2", "must not hold a credential"),
    ],
)
def test_not_an_address(value: object, words: str) -> None:
    with pytest.raises(ValueError, match=words) as caught:
        Url.parse(value)
    assert "hunter2" not in str(caught.value)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    for kind in (Seconds, Ratio, Url):
        try:
            value = kind.parse(text)
        except ValueError:
            continue
        assert kind.parse(str(value)) == value
