"""A run: who asked for what, what it would do, how far it came, and how it ended."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from npconsole.model.action import AccessRole, Danger, Effect

HELD_UNTIL = "held_until"
"""The key in a run's result under which the epoch seconds stand until which a change is held on purpose."""


class RunState(StrEnum):
    """The life of a run. No call goes out before INTENT is on disk; no outcome is claimed before it is measured."""

    REQUESTED = "requested"
    REFUSED = "refused"
    PLANNED = "planned"
    CONFIRMED = "confirmed"
    INTENT = "intent"
    SENT = "sent"
    APPLIED = "applied"
    UNKNOWN = "unknown"
    FAILED = "failed"
    VERIFYING = "verifying"
    SUCCEEDED = "succeeded"
    DEGRADED = "degraded"
    HOLDING = "holding"
    REVERTING = "reverting"
    SETTLING = "settling"
    REVERTED = "reverted"
    REVERT_FAILED = "revert_failed"
    CONFLICT = "conflict"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        """Whether nothing more will happen by itself. A failed revert is tried again for as long as it takes."""
        return self in _FINAL


_FINAL = frozenset(
    {
        RunState.REFUSED,
        RunState.FAILED,
        RunState.SUCCEEDED,
        RunState.DEGRADED,
        RunState.REVERTED,
        RunState.CONFLICT,
        RunState.CANCELLED,
    }
)


class Verdict(StrEnum):
    """What a run did to the estate, as measured."""

    HELPED = "helped"
    NO_EFFECT = "no effect"
    WORSE = "worse"
    UNKNOWN = "unknown"


class StepState(StrEnum):
    """How far one call came."""

    INTENT = "intent"
    SENT = "sent"
    APPLIED = "applied"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks, as far as this host can tell. `via` is console, cli, heal or cron; `facts` are hints for the audit."""

    name: str
    role: AccessRole
    via: str
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What is asked for. The same `idempotency_key` never makes a second run; `plan_digest` is what was confirmed."""

    action: str
    target: str
    actor: Actor
    parameters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    reason: str = ""
    overrides: tuple[str, ...] = ()
    confirmed: bool = False
    typed: str = ""
    idempotency_key: str = ""
    plan_digest: str = ""


@dataclass(frozen=True, slots=True)
class GuardAnswer:
    """What a guard says of a plan. `reason` is a whole phrase either way; `overridable` tells whether a person may
    insist.
    """

    guard: str
    passed: bool
    reason: str
    overridable: bool = False
    overridden: bool = False

    @property
    def stops(self) -> bool:
        return not self.passed and not self.overridden


@dataclass(frozen=True, slots=True)
class PlannedCall:
    """One call a run would make. `writes` is False for calls that only read; `undo` says how it is taken back."""

    vendor: str
    call: str
    summary: str
    writes: bool
    undo: str = ""


@dataclass(frozen=True, slots=True)
class BlastRadius:
    """What a run touches. Shares 0 to 1; None is not measured.

    `survivors` are (region, utilisation afterwards or None).
    """

    traffic_share: float | None = None
    survivors: tuple[tuple[str, float | None], ...] = ()
    objects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LastRun:
    """How the same action on the same target ended before. Times are epoch seconds."""

    run_id: str
    ended_wall: float
    state: RunState
    verdict: Verdict | None
    outcome: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What one run would do. Making it changes nothing.

    `digest` covers what a person confirms: target, calls, parameters. `simulated`: it is only reckoned, and cannot be
    run.
    """

    action: str
    target: str
    danger: Danger
    calls: tuple[PlannedCall, ...]
    guards: tuple[GuardAnswer, ...]
    blast: BlastRadius
    undo: str
    effect: Effect | None
    digest: str
    typed: str = ""
    notes: tuple[str, ...] = ()
    last: LastRun | None = None
    simulated: bool = False

    @property
    def refusals(self) -> tuple[GuardAnswer, ...]:
        """The guards that stop it."""
        return tuple(answer for answer in self.guards if answer.stops)


@dataclass(frozen=True, slots=True)
class Step:
    """One call that changes the world, in the journal.

    `undo` is what takes it back, as JSON text; `remote` what it touched.
    """

    number: int
    call: str
    state: StepState
    undo: str = ""
    remote: str = ""
    sent_at: float | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """One execution. Times are epoch seconds; `fence` grows with each owner; `steps` in the order they were sent.

    `deadline_wall` is for people. `remaining_s` is what decides: seconds to the deadline by the store's clock when this
    was read; 0 when it has passed or the host has restarted since.
    """

    id: str
    request: RunRequest
    state: RunState
    created_wall: float
    changed_wall: float
    fence: int = 0
    steps: tuple[Step, ...] = ()
    deadline_wall: float | None = None
    remaining_s: float | None = None
    verdict: Verdict | None = None
    outcome: str = ""
    result: Mapping[str, object] = field(default_factory=dict)
    abort: str = ""


@dataclass(frozen=True, slots=True)
class RunEvent:
    """One line of a run's life, for those who watch. `sequence` grows within the run; `data` is plain JSON."""

    run_id: str
    sequence: int
    wall: float
    state: RunState
    text: str
    data: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to act on targets of an environment, until `expires_at` of the store's clock. `fence` is its number."""

    targets: tuple[str, ...]
    owner: str
    run_id: str
    fence: int
    expires_at: float
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Presence:
    """A console or daemon that is there. `doing` says what it is at, such as `restart us-east`."""

    id: str
    actor: str
    host: str
    pid: int
    via: str
    seen_wall: float
    doing: str = ""


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One line of the hash chain: `digest` covers the line and the digest before it."""

    sequence: int
    wall: float
    kind: str
    actor: str
    target: str
    data: Mapping[str, object]
    previous: str
    digest: str
