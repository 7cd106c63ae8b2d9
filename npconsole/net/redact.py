"""Redaction by value: whatever a secret is embedded in, its text and its usual encodings are replaced by `***`.

Names and patterns miss too much; a value that was registered is found wherever it turns up. Values of less than eight
characters are not registered: they would blot out ordinary text.
"""

import base64
import json
import logging
import re
import traceback
import urllib.parse

from npconsole.model.secret import Secret

SHORTEST = 8
MASK = "***"


class Redactor:
    """Knows the secrets of this process. Safe to use from any thread: a new pattern replaces the old in one step."""

    def __init__(self) -> None:
        self._forms: frozenset[str] = frozenset()
        self._pattern: re.Pattern[str] | None = None

    def register(self, secret: Secret) -> None:
        """Have the secret's value and its encoded forms replaced from now on."""
        value = secret.reveal()
        if len(value) < SHORTEST:
            return
        self._forms |= _forms(value)
        longest_first = sorted(self._forms, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first)))

    def redact(self, text: str) -> str:
        """The text with every registered value replaced."""
        return text if self._pattern is None else self._pattern.sub(MASK, text)


def _forms(value: str) -> frozenset[str]:
    """The value as it appears in text, URLs, JSON and base64, the last also inside a longer text (basic auth)."""
    raw = value.encode("utf-8", "surrogatepass")
    forms = {value, urllib.parse.quote(raw, safe=""), urllib.parse.quote(raw), urllib.parse.quote_plus(raw)}
    forms |= {json.dumps(value)[1:-1], raw.hex()}
    for before in range(3):
        encoded = base64.b64encode(bytes(before) + raw).decode()
        first = (0, 2, 3)[before]
        last = len(encoded) if (before + len(raw)) % 3 == 0 else len(encoded.rstrip("=")) - 1
        core = encoded[first:last]
        forms |= {core, core.translate(str.maketrans("+/", "-_"))}
    return frozenset(form for form in forms if len(form) >= SHORTEST)


class RedactingFilter(logging.Filter):
    """Redacts a log record: message with arguments, exception and stack. Put it on every handler."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__()
        self._redactor = redactor

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = self._redactor.redact(record.getMessage())
        record.args = None
        if record.exc_info and record.exc_info[1] is not None:
            record.exc_text = "".join(traceback.format_exception(record.exc_info[1])).rstrip()
            record.exc_info = None
        if record.exc_text:
            record.exc_text = self._redactor.redact(record.exc_text)
        if record.stack_info:
            record.stack_info = self._redactor.redact(record.stack_info)
        return True
