import math
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npconsole.net.text import LARGEST, clean, number

ANYTHING = st.text(st.characters(exclude_categories=()), max_size=300)
COMBINING = st.text(
    st.sampled_from("e\u0301\u0323\u0338\u20dd\u0f71\u0f72각가\u1160\ufe0f\u034f\u09be\u200d"), max_size=60
)
BANNED = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@given(ANYTHING | COMBINING, st.integers(0, 80), st.booleans())
def test_cleaned_text_is_harmless_bounded_and_stable(text: str, limit: int, lines: bool) -> None:
    cleaned = clean(text, limit=limit, lines=lines)
    assert len(cleaned) <= limit
    assert {unicodedata.category(c) for c in (cleaned.replace("\n", "") if lines else cleaned)}.isdisjoint(BANNED)
    assert not set(cleaned) & set("\u115f\u1160\u3164\uffa0\ufe0f\u034f")
    assert cleaned.encode("utf-8").decode("utf-8") == cleaned
    assert clean(cleaned, limit=limit, lines=lines) == cleaned


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=60))
def test_printable_ascii_is_left_alone(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    ("hostile", "harmless"),
    [
        ("\x1b]52;c;aGk=\x07", "␛]52;c;aGk=␇"),
        ("[@click=app.quit]x[/]", "[@click=app.quit]x[/]"),
        ("\x9b31m", "\ufffd31m"),
        ("a\u202eb\u2066c\u200bd\ufeff", "abcd"),
        ("tag\U000e0041", "tag"),
        ("\ud83d", "\ufffd"),
        ("\ue000\U000fffff", "\ufffd\ufffd"),
        ("tab\tnbsp\u00a0", "tab nbsp "),
        ("one\r\ntwo\u2028three\u2029\n", "one ⏎ two ⏎ three"),
        ("bare\rreturn\x7f", "bare␍return␡"),
        ("e\u0301", "é"),
        ("x" + "\u0336" * 20_000, "x\u0336\u0336\u0336"),
        (b"\xff\x1b[0m", "\ufffd␛[0m"),
        (None, ""),
        (ValueError("no\x00"), "no␀"),
        pytest.param(10**5000, "<int>", id="huge"),
        (1.5, "1.5"),
    ],
)
def test_what_hostile_text_becomes(hostile: object, harmless: str) -> None:
    assert clean(hostile) == harmless


def test_line_breaks_stay_when_asked_for() -> None:
    assert clean("one\r\ntwo\x1b\n", lines=True) == "one\ntwo␛"


def test_long_text_ends_in_an_ellipsis() -> None:
    assert clean("a" * 10_000_000, limit=8) == "aaaaaaa…"


def test_a_value_that_cannot_be_printed_has_its_class_name() -> None:
    class Broken:
        def __str__(self) -> str:
            raise RuntimeError

    assert clean(Broken()) == "<Broken>"


@pytest.mark.parametrize(
    ("value", "figure"),
    [
        (3, 3.0),
        ("0.25", 0.25),
        (" 7 ", 7.0),
        ("-1e-3", -0.001),
        (True, None),
        (None, None),
        ("", None),
        ("1_000", None),
        ("NaN", None),
        ("+Inf", None),
        (math.nan, None),
        ("1e999", None),
        pytest.param(10**400, None, id="huge"),
        (2e15, None),
        ([1], None),
        ("9" * 100, None),
    ],
)
def test_numbers(value: object, figure: float | None) -> None:
    assert number(value) == figure


@given(st.one_of(st.floats(), st.integers(), st.text(max_size=80), st.booleans(), st.none(), st.binary()))
def test_a_number_is_finite_or_none(value: object) -> None:
    figure = number(value)
    assert figure is None or (math.isfinite(figure) and abs(figure) <= LARGEST)
