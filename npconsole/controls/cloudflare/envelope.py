"""Cloudflare's envelope. `success` decides, never a code: 10000 in `messages` is good news, in `errors` bad."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from msgspec import Struct

from npconsole.controls.shape import shaped
from npconsole.controls.status import accepted, is_refusal
from npconsole.errors import BadAnswerError, DeclinedError, UnauthorisedError
from npconsole.net.http import Answer, decode_json
from npconsole.net.text import clean, number

AUTHENTICATION = frozenset({6003, 6103, 6111, 9109, 10000})
"""Codes of errors about the credential, which come with 400 as well as with 401 and 403."""

MOST_ERRORS = 3
DEEPEST_CHAIN = 3


class ResultInfo(Struct, frozen=True):
    """How long a list is, all pages together."""

    total_count: float | None = None
    per_page: float | None = None


class Envelope(Struct, frozen=True):
    """A successful answer."""

    result: Any = None
    result_info: ResultInfo | None = None


def open_envelope(
    answer: Answer, *, what: str, setting: str, hint: str, wall: float, reset_s: float | None = None
) -> Envelope:
    """The contents of a successful answer; raises SourceError for all others, in the words of the envelope's errors."""
    judge = partial(accepted, answer, what=what, setting=setting, wall=wall, hint=hint, reset_s=reset_s)
    is_ok = 200 <= answer.status < 300
    if answer.status == 429 or not (is_ok or is_refusal(answer.status)):
        judge()
    try:
        document = decode_json(answer, what=what)
    except BadAnswerError:
        judge()
        raise
    success = document.get("success") if isinstance(document, dict) else None
    if success is False:
        raise _refusal(document, what=what, setting=setting, hint=hint, is_forbidden=answer.status in (401, 403))
    if success is not True:
        judge()
    if success is not True or not is_ok:
        raise BadAnswerError(f"{what}: the answer is not one of Cloudflare's API", hint="is cloudflare.url right?")
    return shaped(document, Envelope, what=what)


def _refusal(
    document: Any, *, what: str, setting: str, hint: str, is_forbidden: bool
) -> BadAnswerError | UnauthorisedError:
    faults = list(_faults(document.get("errors"), 0))
    said = "; ".join(f"{code:.0f} {text}" if code is not None else text for code, text in faults if text)
    message = f"{what}: {clean(said, limit=300) or 'no success, and no reason'}"
    if is_forbidden or AUTHENTICATION & {code for code, _ in faults}:
        lacks = f"look at {setting}: it is wrong, expired, or lacks a permission"
        return UnauthorisedError(f"{message} (setting {setting})", hint=f"{lacks}; {hint}" if hint else lacks)
    return DeclinedError(message, hint=hint)


def _faults(errors: object, depth: int) -> Iterator[tuple[float | None, str]]:
    """Code and text of the first errors, each followed by those that it was caused by."""
    for error in errors[:MOST_ERRORS] if isinstance(errors, list) else ():
        if isinstance(error, dict):
            yield number(error.get("code")), clean(error.get("message"), limit=200)
            if depth < DEEPEST_CHAIN:
                yield from _faults(error.get("error_chain"), depth + 1)
