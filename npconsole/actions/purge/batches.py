"""A selection cut into requests, and the pace at which the vendor takes them."""

from collections.abc import Iterable
from dataclasses import dataclass

from npconsole.actions.purge.selection import Selection
from npconsole.model.controls import PurgeKind, PurgeLimits
from npconsole.model.run import Step, StepState


@dataclass(frozen=True, slots=True)
class Batch:
    """One request, `number` of `total` from 1."""

    kind: PurgeKind
    values: tuple[str, ...]
    number: int
    total: int

    @property
    def words(self) -> str:
        """Which of how many, and what is in it."""
        part = f" ({self.number} of {self.total})" if self.total > 1 else ""
        if self.kind is PurgeKind.EVERYTHING:
            return "purge everything"
        what = self.values[0] if len(self.values) == 1 else f"{len(self.values)} {self.kind.value}"
        return f"purge {what}{part}"

    @property
    def remote(self) -> str:
        """Its name in the journal."""
        return f"batch {self.number}"


def to_batches(selection: Selection, limits: PurgeLimits) -> tuple[Batch, ...]:
    """Requests of at most `limits.per_request` values, in the order given."""
    if selection.kind is PurgeKind.EVERYTHING:
        return (Batch(selection.kind, (), 1, 1),)
    size, values = limits.per_request, selection.values
    parts = [values[start : start + size] for start in range(0, len(values), size)]
    return tuple(Batch(selection.kind, part, number, len(parts)) for number, part in enumerate(parts, 1))


def left_over(batches: Iterable[Batch], steps: Iterable[Step]) -> list[Batch]:
    """The batches that no step of the run has done: a purge names a state, so what is not certain is asked again."""
    done = {step.remote for step in steps if step.state is StepState.APPLIED}
    return [batch for batch in batches if batch.remote not in done]


@dataclass(slots=True)
class Bucket:
    """A token bucket: `burst` requests at once, `per_second` more come back. Instants are `Clock.now()` seconds."""

    limits: PurgeLimits
    tokens: float
    at: float

    @classmethod
    def full(cls, limits: PurgeLimits, now: float) -> "Bucket":
        return cls(limits, float(limits.burst), now)

    def wait_s(self, now: float) -> float:
        """How long to wait for the next request."""
        self.tokens = min(float(self.limits.burst), self.tokens + max(0.0, now - self.at) * self.limits.per_second)
        self.at = now
        return 0.0 if self.tokens >= 1 else (1 - self.tokens) / self.limits.per_second

    def take(self) -> None:
        """A request goes out."""
        self.tokens -= 1

    def empty(self, now: float) -> None:
        """The vendor says that it is: others use the same limit."""
        self.tokens, self.at = 0.0, now
