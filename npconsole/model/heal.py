"""Healing: what a rule decided and why, how good it has been, and the memory that one leader among daemons keeps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from npconsole.model.mute import Mute
from npconsole.model.notice import Notice
from npconsole.model.run import Verdict


class HealMode(StrEnum):
    """What a rule may do: nothing, say what it would do, or do it."""

    OFF = "off"
    SHADOW = "shadow"
    ENFORCE = "enforce"


class Choice(StrEnum):
    """What was decided for a target on which a rule's condition holds, or that got well without help."""

    ACT = "act"
    WOULD_ACT = "would act"
    HELD = "held"
    RECOVERED = "recovered alone"
    LATCHED = "latched"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One cause or brake that was looked at: `stops` says that it spoke against acting, `words` what was found.

    `name` is `own-network`, `common-cause`, `fresh-deploy`, `overload`, `benchmark-lease`, `cool-down`, `budget`, ...
    """

    name: str
    stops: bool
    words: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What a rule decided at `wall` (epoch seconds). `id` is also the idempotency key of the run that it asks for.

    `action` is the step of the rule's escalation. `verdict` and `outcome` come later, when the run has ended.
    """

    id: str
    wall: float
    rule: str
    target: str
    choice: Choice
    words: str
    action: str = ""
    evidence: tuple[Evidence, ...] = ()
    run_id: str = ""
    verdict: Verdict | None = None
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class ReportCard:
    """How good a rule has been. `helped_low` and `helped_high` are the 95 % interval of the share that helped, 0 to 1;
    None before the first verdict. `suspended` says why it may not act any more, empty while it may.
    """

    rule: str
    acted: int = 0
    helped: int = 0
    no_effect: int = 0
    worse: int = 0
    unknown: int = 0
    would_have_acted: int = 0
    recovered_alone: int = 0
    held: int = 0
    helped_low: float | None = None
    helped_high: float | None = None
    suspended: str = ""


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule as people see it: `condition` in words, `standing` what it is at now, such as `us-east 2 of 5 checks`."""

    name: str
    mode: HealMode
    condition: str
    escalation: tuple[str, ...]
    standing: str = ""
    card: ReportCard = ReportCard("")


@dataclass(frozen=True, slots=True)
class BrakeView:
    """A brake as people see it: (`restarts of us-east`, `1 of 2 an hour`); `closed` says that it stops heals now.

    `left` is what a budget still allows, None for brakes that count nothing.
    """

    name: str
    words: str
    closed: bool = False
    left: int | None = None


@dataclass(frozen=True, slots=True)
class HealView:
    """What the leading daemon knows. `checked_wall` is its last check; older than three intervals it is dead.

    `off` is why healing is switched off, `latched` why it waits for a person; both empty when they are not.
    `undelivered` says which channels do not get through, in words.
    """

    checked_wall: float
    interval_s: float
    mode: HealMode
    leader: str
    off: str = ""
    latched: str = ""
    rules: tuple[RuleView, ...] = ()
    brakes: tuple[BrakeView, ...] = ()
    decisions: tuple[Decision, ...] = ()
    mutes: tuple[Mute, ...] = ()
    undelivered: tuple[str, ...] = ()
    problem: str = ""


HEAL_OFF = "heal.off"
HEAL_ACK = "heal.ack"
"""Switches of the journal. Off: the reason why nothing heals, asked again in the transaction of each intent. Ack: what
a person said who looked at what latched the healer; its leader takes the latch off at the next check, and clears this.
"""


class HealMemory(Protocol):
    """What survives of the healer. Every method is one short transaction and blocks; all raise StoreError."""

    def lead(self, *, owner: str, ttl_s: float) -> int | None:
        """Become or stay the leader for `ttl_s` from now; the fence, None while somebody else leads.

        `owner` names one process: whoever asks by the same name is taken for the same leader.
        """
        ...

    def resign(self, fence: int) -> None:
        """Let another lead at once; no error for an old fence."""
        ...

    def leader(self) -> str:
        """Who leads now; empty for nobody."""
        ...

    def state(self, name: str) -> str:
        """A kept text by its name (`heal`, `alerts`, `view`), empty before the first."""
        ...

    def commit(
        self,
        fence: int,
        *,
        states: Mapping[str, str],
        decisions: Sequence[Decision] = (),
        notices: Sequence[Notice] = (),
    ) -> None:
        """States, decisions (by their id: a later one replaces) and notices in one transaction.

        Raises FencedError when this fence does not lead any more.
        """
        ...

    def decisions(self, *, rule: str = "", target: str = "", limit: int = 50) -> Sequence[Decision]:
        """Latest first."""
        ...
