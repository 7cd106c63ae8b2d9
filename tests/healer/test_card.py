"""The report card: intervals, and when a rule suspends itself."""

import math
import random

import pytest

from npconsole.healer.card import Card, harm, judged, reported, wilson
from npconsole.model.run import Verdict

HELPED, USELESS, WORSE, UNKNOWN = Verdict.HELPED, Verdict.NO_EFFECT, Verdict.WORSE, Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [(0, 0, 0.0, 1.0), (1, 1, 0.2065, 1.0), (0, 1, 0.0, 0.7935), (8, 10, 0.4902, 0.9433), (95, 100, 0.8882, 0.9785)],
)
def test_wilson(count: int, total: int, low: float, high: float) -> None:
    """Against published tables of the score interval."""
    assert wilson(count, total) == pytest.approx((low, high), abs=1e-3)


def test_wilson_covers_as_often_as_it_says() -> None:
    chance, share, covered = random.Random(7), 0.7, 0
    for _ in range(2000):
        low, high = wilson(sum(chance.random() < share for _ in range(12)), 12)
        covered += low <= share <= high
    assert covered / 2000 > 0.93


@pytest.mark.parametrize(
    ("trial", "suspends"),
    [
        ((), False),
        ((WORSE,), False),
        ((WORSE, WORSE), True),
        ((WORSE, HELPED, WORSE), False),
        ((WORSE, HELPED, WORSE, WORSE), True),
        ((USELESS,) * 3, False),
        ((USELESS,) * 4, True),
        ((USELESS, USELESS, WORSE, USELESS), True),
        ((HELPED, USELESS) * 10, False),
        ((HELPED, USELESS, USELESS, USELESS) * 5, True),
        ((HELPED,) * 20, False),
    ],
)
def test_a_rule_is_suspended_by_proof_not_by_bad_luck(trial: tuple[Verdict, ...], suspends: bool) -> None:
    assert bool(harm(trial)) is suspends


def test_the_reason_has_the_numbers() -> None:
    assert harm((USELESS,) * 4) == "4 of its last 4 heals did not help (at least 51 % at 95 % confidence, bound 50 %)"


def test_counts_and_interval() -> None:
    card = Card(would_have_acted=3, recovered_alone=2, held=4)
    for verdict in (HELPED, HELPED, USELESS, UNKNOWN):
        card = judged(card, verdict)
    shown = reported("slow", card)
    assert (shown.acted, shown.helped, shown.no_effect, shown.worse, shown.unknown) == (4, 2, 1, 0, 1)
    assert (shown.would_have_acted, shown.recovered_alone, shown.held) == (3, 2, 4)
    assert shown.helped_low is not None
    assert shown.helped_high is not None
    assert math.isclose(shown.helped_low, wilson(2, 3)[0])
    assert card.trial == (HELPED, HELPED, USELESS)


def test_before_the_first_verdict_nothing_is_claimed() -> None:
    shown = reported("slow", judged(Card(), UNKNOWN))
    assert (shown.helped_low, shown.helped_high, shown.suspended) == (None, None, "")


def test_only_the_last_verdicts_are_on_trial() -> None:
    card = Card()
    for _ in range(30):
        card = judged(card, HELPED)
    assert len(card.trial) == 20
