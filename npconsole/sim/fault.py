"""What can be broken, where, and for how long. Every fault is begun and ended here and nowhere else."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from npconsole.errors import UsageError


class Kind(StrEnum):
    """How a target misbehaves."""

    SLOW = "slow"
    ERRORS = "errors"
    DOWN = "down"
    HANG = "hang"
    FLAP = "flap"
    BAD_DEPLOY = "bad-deploy"
    REPLICA_LAG = "replica-lag"
    MEMORY_LEAK = "memory-leak"
    SENTRY_FLOOD = "sentry-flood"
    VENDOR_429 = "vendor-429"
    HOSTILE_TEXT = "hostile-text"


class Reach(StrEnum):
    """What a client meets at a port: an answer, a refused connection, or silence after connecting."""

    OPEN = "open"
    REFUSED = "refused"
    SILENT = "silent"


SENTRY = "sentry"
EDGE = "edge"
HOST = "host"

_REACH = (Kind.DOWN, Kind.HANG, Kind.FLAP)
_ANY_SERVER = (Kind.SLOW, Kind.ERRORS, *_REACH)
_REGION = (*_ANY_SERVER, Kind.BAD_DEPLOY, Kind.MEMORY_LEAK, Kind.SENTRY_FLOOD, Kind.HOSTILE_TEXT)
_KINDS = {
    EDGE: _ANY_SERVER,
    SENTRY: (*_ANY_SERVER, Kind.VENDOR_429, Kind.SENTRY_FLOOD, Kind.HOSTILE_TEXT),
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
