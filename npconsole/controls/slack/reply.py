"""What Slack's Web API says: 200 for nearly everything, and in the body whether it was done.

https://docs.slack.dev/reference/methods/chat.postMessage#errors
"""

import msgspec

from npconsole.controls.shape import shaped
from npconsole.controls.status import accepted
from npconsole.errors import DeclinedError, LimitedError, ServerError, UnauthorisedError
from npconsole.net.answer import Answer, decode_json, retry_after_s
from npconsole.net.text import clean

_PASSING = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})
_LIMITED = frozenset({"ratelimited", "rate_limited"})
_CREDENTIAL = frozenset(
    {
        "access_denied",
        "account_inactive",
        "ekm_access_denied",
        "invalid_auth",
        "missing_scope",
        "no_permission",
        "not_allowed_token_type",
        "not_authed",
        "org_login_required",
        "token_expired",
        "token_revoked",
    }
)
_HINTS = {
    "channel_not_found": "look at slack.channel",
    "is_archived": "unarchive it, or choose another slack.channel",
    "not_in_channel": "invite the bot: /invite in the channel",
    "missing_scope": "the token needs chat:write",
}
NO_THREAD = frozenset({"thread_not_found", "invalid_thread_ts", "message_not_found"})
"""What a message's thread is answered with when the message it hangs on is gone."""


class Reply(msgspec.Struct, frozen=True):
    """An answer's body. `ts` is the message's name within `channel`, which is an id whatever was asked for."""

    ok: bool
    error: str = ""
    ts: str = ""
    channel: str = ""


class SlackDeclinedError(DeclinedError):
    """Slack said no with one of its error words, `code`."""

    def __init__(self, message: str, code: str, *, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.code = code


def read_reply(answer: Answer, *, what: str, setting: str, wall: float) -> Reply:
    """The body of an answer that says it was done. Raises SourceError for every other."""
    accepted(answer, what=what, setting=setting, wall=wall)
    reply = shaped(decode_json(answer, what=what), Reply, what=what)
    if reply.ok:
        return reply
    code = clean(reply.error, limit=80) or "no reason given"
    message, hint = f"{what}: {code}", _HINTS.get(code, "")
    if code in _LIMITED:
        raise LimitedError(message, retry_after_s(answer, wall=wall))
    if code in _PASSING:
        raise ServerError(message, answer.status, retry_after_s=retry_after_s(answer, wall=wall))
    if code in _CREDENTIAL:
        raise UnauthorisedError(f"{message} (setting {setting})", hint=hint or f"look at {setting}")
    raise SlackDeclinedError(message, code, hint=hint)
