"""What can be broken, where, and for how long. Every fault is begun and ended here and nowhere else."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from npconsole.errors import UsageError


class Kind(StrEnum):
    """How a target misbehaves."""

    SLOW = "slow"
    SLUGGISH = "sluggish"
    ERRORS = "errors"
    UNHEALTHY = "unhealthy"
    DOWN = "down"
    HANG = "hang"
    FLAP = "flap"
    BAD_DEPLOY = "bad-deploy"
    REPLICA_LAG = "replica-lag"
    MEMORY_LEAK = "memory-leak"
    SENTRY_FLOOD = "sentry-flood"
    HOSTILE_TEXT = "hostile-text"
    VENDOR_429 = "vendor-429"
    VENDOR_429_DATE = "vendor-429-date"
    VENDOR_429_BARE = "vendor-429-bare"
    VENDOR_429_NEGATIVE = "vendor-429-negative"
    VENDOR_429_HUGE = "vendor-429-huge"
    OK_WITH_ERRORS = "ok-with-errors"
    ERROR_BEFORE = "error-before"
    ERROR_AFTER = "error-after"
    LATE = "late"
    CONCURRENT_CHANGE = "concurrent-change"
    REVOKED = "revoked"
    ARCHIVED = "archived"


SENTENCES = {
    Kind.SLOW: "answers take many times longer",
    Kind.SLUGGISH: "answers take 30 % longer: what a benchmark has to notice and nobody else does",
    Kind.ERRORS: "some requests fail with 5xx; at railway and cloudflare all of them, without an effect",
    Kind.UNHEALTHY: "the health check is answered 500",
    Kind.DOWN: "connections are refused",
    Kind.HANG: "connections are taken and nothing is answered",
    Kind.FLAP: "down for 12 s, up for 12 s, and so on",
    Kind.BAD_DEPLOY: "a new release that fails and is slow; a rollback ends it",
    Kind.REPLICA_LAG: "the replica falls behind",
    Kind.MEMORY_LEAK: "memory grows until the process is killed",
    Kind.SENTRY_FLOOD: "one error over and over",
    Kind.HOSTILE_TEXT: "texts carry markup and escape sequences",
    Kind.VENDOR_429: "429; railway and cloudflare say Retry-After: 7, sentry says when in its own headers",
    Kind.VENDOR_429_DATE: "429, Retry-After is a date 7 s ahead",
    Kind.VENDOR_429_BARE: "429 without Retry-After",
    Kind.VENDOR_429_NEGATIVE: "429, Retry-After: -1",
    Kind.VENDOR_429_HUGE: "429, Retry-After: 1000000000",
    Kind.OK_WITH_ERRORS: "200 with errors inside and no effect",
    Kind.ERROR_BEFORE: "what changes something is answered 503 and has no effect; reading works",
    Kind.ERROR_AFTER: "what changes something has its effect and is answered 503; reading works",
    Kind.LATE: "what changes something is never answered and has its effect 20 s later; reading works",
    Kind.CONCURRENT_CHANGE: "somebody else changes a pool 5 s after anybody has",
    Kind.REVOKED: "the token, webhook or routing key is not taken any more",
    Kind.ARCHIVED: "the channel is archived",
}
"""What each kind does, for people."""

CURED_BY_RESTART = (
    Kind.SLOW,
    Kind.SLUGGISH,
    Kind.ERRORS,
    Kind.UNHEALTHY,
    Kind.HANG,
    Kind.MEMORY_LEAK,
    Kind.SENTRY_FLOOD,
)
"""What is wrong with a process and not with its release or its place: a new process is without it."""


class Reach(StrEnum):
    """What a client meets at a port: an answer, a refused connection, or silence after connecting."""

    OPEN = "open"
    REFUSED = "refused"
    SILENT = "silent"


SENTRY = "sentry"
EDGE = "edge"
RAILWAY = "railway"
CLOUDFLARE = "cloudflare"
SLACK = "slack"
PAGERDUTY = "pagerduty"
HOST = "host"

_REACH = (Kind.DOWN, Kind.HANG, Kind.FLAP)
_ANY_SERVER = (Kind.SLOW, Kind.ERRORS, *_REACH)
_REGION = (
    *_ANY_SERVER,
    Kind.SLUGGISH,
    Kind.UNHEALTHY,
    Kind.BAD_DEPLOY,
    Kind.MEMORY_LEAK,
    Kind.SENTRY_FLOOD,
    Kind.HOSTILE_TEXT,
)
_LIMITS = (
    Kind.VENDOR_429,
    Kind.VENDOR_429_DATE,
    Kind.VENDOR_429_BARE,
    Kind.VENDOR_429_NEGATIVE,
    Kind.VENDOR_429_HUGE,
)
_VENDOR = (*_ANY_SERVER, *_LIMITS, Kind.OK_WITH_ERRORS, Kind.ERROR_BEFORE, Kind.ERROR_AFTER, Kind.LATE)
_KINDS = {
    EDGE: _ANY_SERVER,
    SENTRY: (*_ANY_SERVER, Kind.VENDOR_429, Kind.SENTRY_FLOOD, Kind.HOSTILE_TEXT),
    RAILWAY: _VENDOR,
    CLOUDFLARE: (*_VENDOR, Kind.CONCURRENT_CHANGE),
    SLACK: (*_VENDOR, Kind.REVOKED, Kind.ARCHIVED),
    PAGERDUTY: (*_VENDOR, Kind.REVOKED),
    HOST: _REACH,
}
FLAP_HALF_S = 12.0


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault at work. Times are sim-time; `until_s` is None when it lasts until it is ended."""

    target: str
    kind: Kind
    since_s: float
    until_s: float | None


def reach_of(faults: Iterable[Fault], now_s: float) -> Reach:
    """What a client meets at a target with these faults. A flap is refused for its first 12 s, then open for 12 s,
    and so on."""
    reach = Reach.OPEN
    for fault in faults:
        if fault.kind is Kind.DOWN:
            return Reach.REFUSED
        if fault.kind is Kind.FLAP and int((now_s - fault.since_s) / FLAP_HALF_S) % 2 == 0:
            return Reach.REFUSED
        if fault.kind is Kind.HANG:
            reach = Reach.SILENT
    return reach


class FaultBoard:
    """The faults at work: at most one of each kind on a target. `changed` hears of each, with `fault begun` or `fault
    ended`."""

    def __init__(self, regions: Iterable[str], replicas: Iterable[str], changed: Callable[[str, Fault], None]) -> None:
        replicated = frozenset(replicas)
        self._allowed = {
            name: (*_REGION, Kind.REPLICA_LAG) if name in replicated else _REGION for name in regions
        } | _KINDS
        self._changed = changed
        self._active: dict[tuple[str, Kind], Fault] = {}

    def begin(self, target: str, kind: str, now_s: float, for_s: float | None = None) -> Fault:
        """Begin a fault, or begin it anew. Raises UsageError for a target or kind that does not exist or does not go
        together."""
        known = self._checked(target, kind)
        self.end(target, known)
        fault = Fault(target, known, now_s, None if for_s is None else now_s + for_s)
        self._active[target, known] = fault
        self._changed("fault begun", fault)
        return fault

    def end(self, target: str = "", kind: str = "") -> list[Fault]:
        """End the faults of a target and kind, all of them where one is left empty. Raises UsageError for unknown
        words."""
        if target:
            self._checked(target, kind or self._allowed.get(target, (Kind.DOWN,))[0])
        ended = [
            fault
            for fault in self._active.values()
            if (not target or fault.target == target) and (not kind or fault.kind == kind)
        ]
        for fault in ended:
            del self._active[fault.target, fault.kind]
            self._changed("fault ended", fault)
        return ended

    def expire(self, now_s: float) -> None:
        """End what has lasted its time."""
        for fault in list(self._active.values()):
            if fault.until_s is not None and fault.until_s <= now_s:
                self.end(fault.target, fault.kind)

    def of(self, target: str) -> dict[Kind, Fault]:
        """The faults of a target by kind."""
        return {fault.kind: fault for fault in self._active.values() if fault.target == target}

    @property
    def active(self) -> tuple[Fault, ...]:
        return tuple(self._active.values())

    def _checked(self, target: str, kind: str) -> Kind:
        if target not in self._allowed:
            raise UsageError(f"no target {target!r}", hint=_suggestion(target, self._allowed))
        if kind not in list(Kind):
            raise UsageError(f"no fault {kind!r}", hint=_suggestion(kind, Kind))
        if kind not in self._allowed[target]:
            places = [name for name, kinds in self._allowed.items() if kind in kinds]
            raise UsageError(f"{target} cannot have the fault {kind}", hint=f"it goes with: {', '.join(places)}")
        return Kind(kind)


def _suggestion(word: str, known: Iterable[str]) -> str:
    choices = [str(choice) for choice in known]
    nearest = get_close_matches(word, choices, n=1, cutoff=0.5)
    return f"did you mean {nearest[0]}?" if nearest else f"one of: {', '.join(choices)}"
