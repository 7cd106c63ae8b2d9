"""The report card of a rule: what came of what it did, with the doubt that small numbers leave."""

import math
from dataclasses import dataclass, replace

from npconsole.model import quantity
from npconsole.model.heal import ReportCard
from npconsole.model.run import Verdict

_Z = 1.959964
"""95 % of a normal distribution, both sides."""

_TRIAL = 20
_FAILING = 0.5
_HARMING = 0.25
"""A rule suspends itself when, of its last 20 verdicts since a person last looked, it is 97.5 % certain (the lower end
of the 95 % interval) that more than half did not help, or that more than a quarter made it worse. That takes at least
4 useless heals in a row, or 2 harmful ones; one failure proves nothing.
"""


@dataclass(frozen=True, slots=True)
class Card:
    """Counts since ever. `trial` are the last verdicts since a person last looked, the latest at the end."""

    acted: int = 0
    helped: int = 0
    no_effect: int = 0
    worse: int = 0
    unknown: int = 0
    would_have_acted: int = 0
    recovered_alone: int = 0
    held: int = 0
    trial: tuple[Verdict, ...] = ()
    suspended: str = ""


def judged(card: Card, verdict: Verdict) -> Card:
    """With one more verdict, and suspended when it is one too many."""
    card = replace(card, acted=card.acted + 1)
    match verdict:
        case Verdict.HELPED:
            card = replace(card, helped=card.helped + 1)
        case Verdict.NO_EFFECT:
            card = replace(card, no_effect=card.no_effect + 1)
        case Verdict.WORSE:
            card = replace(card, worse=card.worse + 1)
        case Verdict.UNKNOWN:
            return replace(card, unknown=card.unknown + 1)
    trial = (*card.trial, verdict)[-_TRIAL:]
    return replace(card, trial=trial, suspended=card.suspended or harm(trial))


def harm(trial: tuple[Verdict, ...]) -> str:
    """Why a rule with these verdicts must not go on; empty when it may."""
    worse = sum(each is Verdict.WORSE for each in trial)
    useless = sum(each is not Verdict.HELPED for each in trial)
    for count, bound, what in ((worse, _HARMING, "made it worse"), (useless, _FAILING, "did not help")):
        low, _ = wilson(count, len(trial))
        if low > bound:
            share = f"at least {quantity.percent(low)} at 95 % confidence, bound {quantity.percent(bound)}"
            return f"{count} of its last {len(trial)} heals {what} ({share})"
    return ""


def wilson(count: int, total: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson's score interval, 1927), good for small numbers; (0, 1) of nothing."""
    if not total:
        return 0.0, 1.0
    share, square = count / total, _Z * _Z
    centre = share + square / (2 * total)
    spread = _Z * math.sqrt(share * (1 - share) / total + square / (4 * total * total))
    scale = 1 + square / total
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)


def reported(rule: str, card: Card) -> ReportCard:
    """As people see it."""
    total = card.helped + card.no_effect + card.worse
    low, high = wilson(card.helped, total) if total else (None, None)
    return ReportCard(
        rule=rule,
        acted=card.acted,
        helped=card.helped,
        no_effect=card.no_effect,
        worse=card.worse,
        unknown=card.unknown,
        would_have_acted=card.would_have_acted,
        recovered_alone=card.recovered_alone,
        held=card.held,
        helped_low=low,
        helped_high=high,
        suspended=card.suspended,
    )
