"""What the status of an answer means, where a refusal has to be told from an accident."""

from npconsole.errors import BadAnswerError, DeclinedError, LimitedError
from npconsole.net.answer import LONGEST_WAIT_S, SHORTEST_WAIT_S, Answer, accept

UNDECIDED = frozenset({408, 499})
"""Something on the way gave up waiting: of the 4xx these alone do not say that nothing was done."""


def accepted(
    answer: Answer, *, what: str, setting: str, wall: float, hint: str = "", reset_s: float | None = None
) -> Answer:
    """Pass a 2xx answer; raise what any other means, as `accept` does, but DeclinedError for a refusal.

    `reset_s` is when to come back, in seconds, for a 429 that does not say so itself.
    """
    try:
        return accept(answer, what=what, setting=setting, wall=wall)
    except BadAnswerError as error:
        if not is_refusal(answer.status):
            raise
        raise DeclinedError(error.message, hint=hint or error.hint) from None
    except LimitedError as error:
        if error.retry_after_s is not None or reset_s is None:
            raise
        wait_s = min(max(reset_s, SHORTEST_WAIT_S), LONGEST_WAIT_S)
        raise LimitedError(error.message, wait_s, hint=error.hint) from None


def is_refusal(status: int) -> bool:
    """Whether a status says that the request was understood, or not even that, and nothing was done."""
    return 400 <= status < 500 and status not in UNDECIDED
