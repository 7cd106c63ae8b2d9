"""An HTTP answer, whole and bounded, and what its status means."""

import email.utils
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from npconsole.errors import BadAnswerError, LimitedError, ServerError, UnauthorisedError
from npconsole.model.vitals import Timings
from npconsole.net.text import clean, number

DEEPEST = 64
LONGEST_INTEGER = 20
SHORTEST_WAIT_S, LONGEST_WAIT_S = 1.0, 900.0
_MESSAGE_FIELDS = ("detail", "message", "error_description", "error", "reason", "title", "errors")


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. Header names are lower case, header values cleaned and bounded, the body is decompressed."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    timings: Timings


def phrase(status: int) -> str:
    """`503 Service Unavailable`; the number alone when it is not a standard one."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def accept(answer: Answer, *, what: str, setting: str = "", wall: float) -> Answer:
    """Pass a 2xx answer; raise what any other means.

    `what` begins the message ("Sentry issues"), `setting` is the configuration key of the credential, `wall` is epoch
    seconds, for a Retry-After that is a date.
    """
    status = answer.status
    if 200 <= status < 300:
        return answer
    said = excerpt(answer)
    message = f"{what}: {phrase(status)}" + (f": {said}" if said else "")
    if status in (401, 403):
        hint = f"look at {setting}: it is wrong, expired, or lacks a permission" if setting else ""
        raise UnauthorisedError(f"{message} (setting {setting})" if setting else message, hint=hint)
    if status == 429:
        raise LimitedError(message, retry_after_s(answer, wall=wall))
    if status >= 500:
        raise ServerError(message, status, retry_after_s=retry_after_s(answer, wall=wall))
    location = answer.headers.get("location", "")
    hint = f"it redirects to {location.partition('?')[0]}" if 300 <= status < 400 and location else ""
    raise BadAnswerError(message, hint=hint)


def retry_after_s(answer: Answer, *, wall: float) -> float | None:
    """When to come back, in seconds, clamped to 1 s to 15 min; None when the answer does not say.

    Retry-After holds seconds or an HTTP date (RFC 9110 section 10.2.3). Sentry sends epoch seconds in
    X-Sentry-Rate-Limit-Reset instead.
    """
    said = answer.headers.get("retry-after", "")
    wait_s = number(said)
    if wait_s is None and said:
        wait_s = _until(said, wall)
    if wait_s is None:
        reset = number(answer.headers.get("x-sentry-rate-limit-reset"))
        wait_s = None if reset is None else reset - wall
    return None if wait_s is None else min(max(wait_s, SHORTEST_WAIT_S), LONGEST_WAIT_S)


def _until(date: str, wall: float) -> float | None:
    try:
        return email.utils.parsedate_to_datetime(date).timestamp() - wall
    except (ValueError, OverflowError):
        return None


def decode_json(answer: Answer, *, what: str) -> object:
    """The JSON document of a body, as dicts, lists, strings, ints, floats, booleans and None.

    NaN, Infinity, numbers beyond a float and integers of more than 20 digits become None, the mark of a missing figure,
    so that one absurd number does not cost the rest. Raises BadAnswerError for what is not JSON, saying what it looks
    like, and for documents nested deeper than 64 levels.
    """
    try:
        document: object = json.loads(answer.body, parse_constant=_nothing, parse_float=_float, parse_int=_integer)
    except (ValueError, RecursionError):
        raise BadAnswerError(f"{what}: the answer is not JSON but {looks_like(answer.body)}") from None
    _check_depth(document, what)
    return document


def _nothing(_: str) -> None:
    return None


def _float(digits: str) -> float | None:
    figure = float(digits)
    return figure if abs(figure) != float("inf") else None


def _integer(digits: str) -> int | None:
    return int(digits) if len(digits) <= LONGEST_INTEGER else None


def _check_depth(document: object, what: str) -> None:
    nodes = [document]
    for _ in range(DEEPEST + 1):
        nodes = [child for node in nodes for child in _children(node) if isinstance(child, dict | list)]
        if not nodes:
            return
    raise BadAnswerError(f"{what}: the answer is nested deeper than {DEEPEST} levels")


def _children(node: object) -> Iterator[object]:
    if isinstance(node, dict):
        yield from node.values()
    elif isinstance(node, list):
        yield from node


def looks_like(body: bytes) -> str:
    """What a body looks like, with its article: "JSON", "an HTML page", "empty", "truncated JSON", "text"."""
    start = body[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not start:
        return "empty"
    if start.startswith((b"<!doctype html", b"<html")):
        return "an HTML page"
    if start.startswith(b"<"):
        return "XML"
    try:
        json.loads(body)
    except RecursionError:
        return "JSON nested too deep"
    except ValueError as error:
        if not start.startswith((b"{", b"[")):
            return "text"
        return "truncated JSON" if _is_truncated(body, error) else "damaged JSON"
    return "JSON"


def _is_truncated(body: bytes, error: ValueError) -> bool:
    """Whether the parser wanted more when the body ended."""
    if not isinstance(error, json.JSONDecodeError):
        return False
    return error.msg.startswith("Unterminated string") or error.pos >= len(body.decode("utf-8", "replace").rstrip())


def excerpt(answer: Answer) -> str:
    """What an error answer says for itself in one short cleaned line, empty when it says nothing for people."""
    kind = looks_like(answer.body)
    if kind == "empty":
        return ""
    if kind in ("an HTML page", "XML"):
        return kind
    try:
        said = _message(json.loads(answer.body[:100_000]), 0)
    except (ValueError, RecursionError):
        said = re.sub(rb"\s+", b" ", answer.body[:400]).strip().decode("utf-8", "replace")
    return clean(said, limit=200)


def _message(document: object, depth: int) -> str:
    """The first text in a field that vendors use for messages."""
    if isinstance(document, str):
        return document
    if depth > 4:
        return ""
    if isinstance(document, list):
        return _message(document[0], depth + 1) if document else ""
    if isinstance(document, dict):
        for field in _MESSAGE_FIELDS:
            if field in document and (said := _message(document[field], depth + 1)):
                return said
    return ""
