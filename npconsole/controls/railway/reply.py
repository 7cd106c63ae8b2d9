"""A GraphQL answer: data, errors, or some of both, with any HTTP status.

Railway does not document the status of an error, so the body is read first, except where the status is certain.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from npconsole.controls.shape import shaped
from npconsole.controls.status import accepted, is_refusal
from npconsole.errors import BadAnswerError, DeclinedError, SourceError, UnauthorisedError
from npconsole.net.answer import phrase
from npconsole.net.http import Answer, decode_json
from npconsole.net.text import clean

T = TypeVar("T")

UNEXPLAINED = ("problem processing request", "internal server error")
"""Messages that say only that something broke, perhaps after the effect."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What was answered to `what`. `setting` is that of the token, `hint` what to look at when something is not found.

    `errors` are those of the answer, as they came.
    """

    data: Mapping[str, Any]
    errors: Sequence[object]
    what: str
    setting: str
    hint: str

    def get(self, field: str, kind: type[T]) -> T:
        """A field that was asked for, as a wire type. Errors beside it are those of other parts, and do not count.

        Raises the error that explains why it is missing, or BadAnswerError.
        """
        value = self.data.get(field)
        if value is None:
            raise self.fault() if self.errors else BadAnswerError(f"{self.what}: the answer has no {field}")
        return shaped(value, kind, what=self.what)

    def confirmation(self, field: str, kind: type[T]) -> T:
        """The result of a mutation, which counts only when no error is beside it."""
        result = self.get(field, kind)
        if self.errors:
            raise BadAnswerError(f"{self.fault().message}, and yet a result")
        return result

    def fault(self) -> SourceError:
        """What the first error means. The texts are those that Railway's own command line goes by."""
        first = self.errors[0] if isinstance(self.errors[0], dict) else {}
        said = clean(first.get("message"), limit=200) or "an error without a message"
        message, word = f"{self.what}: {said}", said.casefold()
        if word == "two factor authentication required":
            return UnauthorisedError(f"{message} (setting {self.setting})", hint=_two_factor(first, self.setting))
        if "project token not found" in word:
            hint = f"{self.setting} is no project token of railway.url: is railway.token_kind right?"
            return UnauthorisedError(f"{message} (setting {self.setting})", hint=hint)
        if "not authorized" in word:
            hint = f"{self.setting} is wrong, expired, of another railway.token_kind, or may not reach this environment"
            return UnauthorisedError(f"{message} (setting {self.setting})", hint=hint)
        if _is_unexplained(first, word):
            return BadAnswerError(message, hint=self.hint)
        return DeclinedError(message, hint=self.hint)


def read_reply(
    answer: Answer, *, what: str, setting: str, hint: str, wall: float, reset_s: float | None = None
) -> Reply:
    """The reply in an answer. Raises SourceError for an answer that is none, LimitedError and ServerError by status."""
    status, is_ok = answer.status, 200 <= answer.status < 300
    judge = partial(accepted, answer, what=what, setting=setting, wall=wall, hint=hint, reset_s=reset_s)
    if status == 429 or not (is_ok or is_refusal(status)):
        judge()
    body = _body(answer, what)
    data, errors = body.get("data"), body.get("errors")
    if not is_ok and isinstance(data, dict) and any(value is not None for value in data.values()):
        raise BadAnswerError(f"{what}: {phrase(status)}, and yet a result", hint=hint)
    if not isinstance(errors, list) or not errors:
        judge()
        if not isinstance(data, dict):
            raise BadAnswerError(f"{what}: the answer is not one of GraphQL", hint="is railway.url the right address?")
        errors = ()
    reply = Reply(data if isinstance(data, dict) else {}, errors, what, setting, hint)
    if status in (401, 403) and not isinstance(reply.fault(), UnauthorisedError):
        judge()
    return reply


def _body(answer: Answer, what: str) -> Mapping[str, Any]:
    """The JSON object of an answer, or an empty one. What is not JSON is an error only where its status is good."""
    try:
        document = decode_json(answer, what=what)
    except BadAnswerError:
        if 200 <= answer.status < 300:
            raise
        return {}
    return document if isinstance(document, dict) else {}


def _two_factor(error: Mapping[str, Any], setting: str) -> str:
    extensions = error.get("extensions")
    workspace = clean(extensions.get("workspaceName"), limit=60) if isinstance(extensions, dict) else ""
    where = f"workspace {workspace}" if workspace else "its workspace"
    return f"{where} asks for two factors: turn them on for the owner of {setting}, or use a project token"


def _is_unexplained(error: Mapping[str, Any], word: str) -> bool:
    """Whether an error is the server's catch-all. "Not found" is clear, though its code is that of all exceptions."""
    extensions = error.get("extensions")
    code = extensions.get("code") if isinstance(extensions, dict) else None
    return word.startswith(UNEXPLAINED) or (code == "INTERNAL_SERVER_ERROR" and "not found" not in word)
