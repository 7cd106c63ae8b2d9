"""What the healer remembers from one check to the next: an immutable value, and its text in the shared memory.

A text that cannot be read never stops the healer, and never lets it act as if nothing had been: it begins anew,
latched, and a person is called.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec

from npconsole.healer.card import Card
from npconsole.healer.course import Course
from npconsole.healer.habit import Habit
from npconsole.healer.spending import Spent
from npconsole.model.heal import Decision
from npconsole.model.run import RunState, Verdict

FORM = 1


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended, as it says itself."""

    state: RunState
    verdict: Verdict | None
    outcome: str


@dataclass(frozen=True, slots=True)
class Pending:
    """The one action that is asked for, until its verdict. `target` is what it acts on: the region, or its edge.

    `regions` are those that settle with it. `settling_from` is the first check after its run had ended. Times are of
    the healer's clock.
    """

    decision: Decision
    target: str
    regions: tuple[str, ...]
    parameters: tuple[tuple[str, tuple[str, ...]], ...]
    step: int
    asked_at: float
    ended: Ended | None = None
    settling_from: float | None = None


@dataclass(frozen=True, slots=True)
class Latch:
    """Why nothing heals until a person has looked. `told`: the decision that calls one is made."""

    reason: str
    told: bool = False


@dataclass(frozen=True, slots=True)
class HealState:
    """All of it. Keys are `rule target` for courses, `action target` for what was spent, ids for the others.

    `at` is the healer's clock: seconds that never go back, over all leaders and restarts. `checked` are the host's and
    the wall clock at the last check, `looked_at` is when the estate was last looked at. `heals` are when it acted
    within the last hour. `hands` are open runs of others, with their regions, as last seen; `settling` says
    until when regions settle after those. `blind` is why it could not look. `acknowledged_at` is when a person last
    took a latch off.
    """

    form: int = FORM
    at: float = 0.0
    checked: tuple[float, float] | None = None
    looked_at: float | None = None
    sequence: int = 0
    courses: Mapping[str, Course] = field(default_factory=dict)
    habits: Mapping[str, Habit] = field(default_factory=dict)
    cards: Mapping[str, Card] = field(default_factory=dict)
    spent: Mapping[str, Spent] = field(default_factory=dict)
    heals: tuple[float, ...] = ()
    pending: Pending | None = None
    latch: Latch | None = None
    acknowledged_at: float | None = None
    hands: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    settling: Mapping[str, float] = field(default_factory=dict)
    blind: str = ""


def key(first: str, second: str) -> str:
    """The key of a rule, or an action, and a target. Neither holds a space."""
    return f"{first} {second}"


def to_text(state: HealState) -> str:
    """JSON, for `HealMemory.commit`."""
    return msgspec.json.encode(state).decode()


def of_text(text: str) -> HealState:
    """The state of a kept text, empty for none. Never raises: what cannot be read is a latch."""
    if not text:
        return HealState()
    try:
        state = msgspec.json.decode(text, type=HealState)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        return _anew(f"cannot be read ({_where(error)})")
    return state if state.form == FORM else _anew(f"is of form {state.form}, and this version writes form {FORM}")


def _anew(why: str) -> HealState:
    return HealState(latch=Latch(f"the healer's memory {why}: what it did before is forgotten, its budgets too"))


def _where(error: Exception) -> str:
    """The decoder's own words name a type and a place, never a value; cut all the same."""
    return str(error)[:120]
