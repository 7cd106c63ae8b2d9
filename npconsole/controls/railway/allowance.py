"""Railway's request limit, by hour and second. https://docs.railway.com/integrations/api#rate-limits"""

from collections.abc import Mapping
from datetime import UTC, datetime

from npconsole.model.controls import Allowance
from npconsole.net.text import number

EPOCH_S = 1e9
"""A number above this is a time, one below it a duration: the documentation does not say which it is."""


def read_allowance(headers: Mapping[str, str], *, wall: float) -> Allowance:
    """What `X-RateLimit-Limit`, `-Remaining` and `-Reset` say. `wall` is epoch seconds."""
    return Allowance(
        limit=number(headers.get("x-ratelimit-limit")),
        remaining=number(headers.get("x-ratelimit-remaining")),
        reset_s=_reset_s(headers.get("x-ratelimit-reset", ""), wall),
    )


def _reset_s(text: str, wall: float) -> float | None:
    """Seconds until a reset that is given as seconds, epoch seconds, epoch ms or an ISO 8601 date."""
    figure = number(text)
    if figure is None:
        figure = _epoch_s(text)
    if figure is None:
        return None
    if figure >= EPOCH_S * 1000:
        figure /= 1000
    return max(0.0, figure - wall if figure >= EPOCH_S else figure)


def _epoch_s(date: str) -> float | None:
    try:
        moment = datetime.fromisoformat(date)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None
