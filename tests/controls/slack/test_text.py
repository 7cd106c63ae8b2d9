import re

import hypothesis.strategies as st
from hypothesis import given

from npconsole.controls.slack.text import escaped, plain


@given(st.text(max_size=400), st.integers(5, 200))
def test_nothing_escaped_can_be_markup_or_too_long(text: str, limit: int) -> None:
    said = escaped(text, limit)
    assert len(said) <= limit
    assert "<" not in said
    assert ">" not in said
    assert re.fullmatch(r"([^&]|&amp;|&lt;|&gt;)*", said, re.DOTALL)


def test_what_fits_is_whole_and_what_does_not_ends_in_an_ellipsis() -> None:
    assert escaped("a & b < c > d", 100) == "a &amp; b &lt; c &gt; d"
    assert escaped("x" * 150, 150) == "x" * 150
    assert escaped("x" * 151, 150) == "x" * 149 + "…"
    assert escaped("&" * 10, 12) == "&amp;&amp;…"


def test_an_empty_text_is_not_sent_empty() -> None:
    assert plain("", 10) == {"type": "plain_text", "text": "-", "emoji": False}
