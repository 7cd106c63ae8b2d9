import base64
import io
import json
import logging
import urllib.parse

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npconsole.model.secret import Secret
from npconsole.net.redact import MASK, RedactingFilter, Redactor

VALUE = 's3cr/t+tok=n &"é'


def redactor(*values: str) -> Redactor:
    made = Redactor()
    for value in values:
        made.register(Secret(value))
    return made


@pytest.mark.parametrize(
    "form",
    [
        VALUE,
        urllib.parse.quote(VALUE),
        urllib.parse.quote(VALUE, safe=""),
        urllib.parse.quote_plus(VALUE),
        json.dumps(VALUE),
        base64.b64encode(VALUE.encode()).decode(),
        base64.urlsafe_b64encode(VALUE.encode()).decode(),
    ],
)
def test_every_usual_form_is_found(form: str) -> None:
    shown = redactor(VALUE).redact(f"before {form} after")
    assert MASK in shown
    assert "tok" not in shown
    assert shown.startswith("before ")
    assert shown.endswith(" after")


@given(
    st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=12, max_size=40),
    st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=7),
    st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=7),
)
def test_basic_auth_does_not_hide_a_secret(value: str, before: str, after: str) -> None:
    encoded = base64.b64encode(f"{before}{value}{after}".encode()).decode()
    assert MASK in redactor(value).redact(f"Authorization: Basic {encoded}")


def test_short_values_are_left_alone_and_long_ones_win() -> None:
    assert redactor("short").redact("a short text") == "a short text"
    assert redactor("longsecret", "longsecret-and-more").redact("longsecret-and-more!") == "***!"
    assert Redactor().redact("nothing known") == "nothing known"


def test_logs_are_redacted_with_arguments_and_exceptions() -> None:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.addFilter(RedactingFilter(redactor("hunter2hunter2")))
    logger = logging.Logger("test")
    logger.addHandler(handler)
    try:
        raise ValueError("bad hunter2hunter2")
    except ValueError:
        logger.exception("calling %s", "https://x/?t=hunter2hunter2", stack_info=True)
    shown = out.getvalue()
    assert "calling https://x/?t=***" in shown
    assert "ValueError: bad ***" in shown
    assert "Stack (most recent call last)" in shown
    assert "hunter2hunter2" not in shown.replace('"https://x/?t=hunter2hunter2"', "").replace(
        '"bad hunter2hunter2"', ""
    )
