"""`${VAR}` in values."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npconsole.config.variables import substitute

ENVIRON = {"HOST": "east.example", "EMPTY": "", "NESTED": "${HOST} $$", "YAML": "[a, {b: c}]"}


@pytest.mark.parametrize(
    ("text", "result", "variable"),
    [
        ("plain", "plain", ""),
        ("https://${HOST}/x", "https://east.example/x", "HOST"),
        ("${HOST:-other}", "east.example", "HOST"),
        ("${UNSET:-other}", "other", ""),
        ("${UNSET:-}", "", ""),
        ("${UNSET:-a:-b}", "a:-b", ""),
        ("${EMPTY:-other}", "other", ""),
        ("${EMPTY}", "", "EMPTY"),
        ("${NESTED}", "${HOST} $$", "NESTED"),
        ("${YAML}", "[a, {b: c}]", "YAML"),
        ("$$", "$", ""),
        ("$${HOST}", "${HOST}", ""),
        ("$$$${HOST}", "$${HOST}", ""),
        ("us-.*$", "us-.*$", ""),
        ("$HOST", "$HOST", ""),
    ],
)
def test_substitution(text: str, result: str, variable: str) -> None:
    found = substitute(text, ENVIRON)
    assert (found.text, found.variable) == (result, variable)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("${UNSET}", "the environment variable UNSET is not set; set it or write ${UNSET:-default}"),
        ("${", "write a variable as ${NAME} or ${NAME:-default}, and a plain ${ as $${"),
        ("${HOST", "write a variable as"),
        ("${1HOST}", "write a variable as"),
        ("${HOST-x}", "write a variable as"),
        ("${}", "write a variable as"),
    ],
)
def test_bad_substitution(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        substitute(text, ENVIRON)


@given(st.text())
def test_doubling_dollars_protects_any_text(text: str) -> None:
    assert substitute(text.replace("$", "$$"), {}).text == text
