"""What a drill has measured, as it is kept with the run, and the sentence that it comes to. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from npconsole.actions.drill import DrillRules
from npconsole.actions.failover.shift import Shift
from npconsole.model import quantity

KEY = "drill"
"""Under which it is kept in a run's result."""


@dataclass(frozen=True, slots=True)
class Targets:
    """What the drill has to prove, in seconds."""

    rto_target_s: float
    rto_limit_s: float
    rpo_s: float

    @classmethod
    def of(cls, rules: DrillRules) -> "Targets":
        return cls(rules.rto_target_s, rules.rto_limit_s, rules.rpo_target_s)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Durations in seconds, None where something was not measured; `share` of the answers before, 0 to 1.

    `shift` counts from the moment the drain was sent, `steady_s` too; `restore_s` from the moment the region was
    switched on again.
    """

    region: str
    targets: Targets
    steps: tuple[float, ...]
    share: float | None = None
    shift: Shift = field(default_factory=Shift)
    steady_s: float | None = None
    restore_s: float | None = None
    rpo_s: float | None = None
    notes: tuple[str, ...] = ()

    @property
    def recovery_s(self) -> float | None:
        """How long users were without good answers of another region, at the most."""
        return self.shift.moved_s

    @property
    def proven(self) -> bool:
        """Whether the failover is shown to work within its limits."""
        in_time = self.recovery_s is not None and self.recovery_s <= self.targets.rto_limit_s
        return in_time and (self.rpo_s is None or self.rpo_s <= self.targets.rpo_s)

    def data(self) -> dict[str, object]:
        """Plain JSON, with the derived figures."""
        return {**asdict(self), "to": self.shift.to, "recovery_s": self.recovery_s, "proven": self.proven}

    @property
    def words(self) -> str:
        """The sentence, numbers and all."""
        way = f"failover {self.region}" + (f" -> {self.shift.to}" if self.shift.to else "")
        return "; ".join((f"{way} {self._recovery()}", *self._details(), *self.notes))

    def _recovery(self) -> str:
        targets = self.targets
        if self.recovery_s is None:
            return "is not proven: the shift was not seen"
        aims = f"target {quantity.duration(targets.rto_target_s)}, limit {quantity.duration(targets.rto_limit_s)}"
        took = f"took {precise(self.recovery_s)} ({aims})"
        return took if self.recovery_s <= targets.rto_limit_s else f"{took}: too long"

    def _details(self) -> tuple[str, ...]:
        shift = self.shift
        return (
            f"noticed after {precise(shift.noticed_s)}",
            f"first answer of another region after {precise(shift.first_s)}",
            f"last answer of {self.region} after {precise(shift.last_s)}",
            f"{shift.failed} of {shift.asked} requests failed",
            f"steady after {precise(self.steady_s)}",
            f"back {precise(self.restore_s)} after being switched on",
            "RPO not measured" if self.rpo_s is None else self._rpo(self.rpo_s),
        )

    def _rpo(self, rpo_s: float) -> str:
        over = "" if rpo_s <= self.targets.rpo_s else ": too much"
        return f"RPO {precise(rpo_s)} (target {quantity.duration(self.targets.rpo_s)}){over}"


def to_outcome(data: Mapping[str, Any]) -> Outcome:
    """From a run's result. Raises ValueError, TypeError or KeyError for what was not written here."""
    return Outcome(
        region=str(data["region"]),
        targets=Targets(**data["targets"]),
        steps=tuple(data["steps"]),
        share=data["share"],
        shift=Shift(**data["shift"]),
        steady_s=data["steady_s"],
        restore_s=data["restore_s"],
        rpo_s=data["rpo_s"],
        notes=tuple(data["notes"]),
    )


def precise(seconds: float | None) -> str:
    """A measured time: to a tenth below a minute and a half."""
    if seconds is None:
        return "a time not measured"
    return f"{seconds:.1f} s" if seconds < 90 else quantity.duration(seconds)
