"""The course of a drill: in which steps the region is drained, and how long it stays so."""

import re
from dataclasses import dataclass
from itertools import pairwise

from npconsole.actions.drill import DrillRules
from npconsole.actions.inputs import Inputs
from npconsole.errors import UsageError
from npconsole.model import quantity

WHOLE = 100.0
MOST_STEPS = 10
_STEP = re.compile(r"(\d{1,3}(?:\.\d{1,2})?)%?")


@dataclass(frozen=True, slots=True)
class Course:
    """`steps` are shares of the region's traffic in per cent, growing, the last one 100."""

    steps: tuple[float, ...]
    hold_s: float

    def longest_s(self, rules: DrillRules) -> float:
        """How long all of it may take until the region must come back. A step reads, probes and sends."""
        calls_s = 3 * len(self.steps) * rules.call_s + rules.baseline_s
        return calls_s + (len(self.steps) - 1) * rules.step_pause_s + rules.shift_within_s + self.hold_s


def read_course(inputs: Inputs, rules: DrillRules) -> Course:
    """The course that was asked for. Raises UsageError for one that makes no sense."""
    hold_s = inputs.seconds("hold") if inputs.text("hold") else rules.hold_s
    if hold_s > rules.longest_hold_s:
        longest = quantity.duration(rules.longest_hold_s)
        raise UsageError(
            f"a hold of {quantity.duration(hold_s)} is too long: a drill holds for {longest} at most",
            hint="see drill.longest_hold",
        )
    return Course(_steps(inputs.text("steps")), hold_s)


def _steps(text: str) -> tuple[float, ...]:
    matches = [_STEP.fullmatch(part.strip()) for part in text.split(",")]
    steps = tuple(float(match[1]) for match in matches if match)
    growing = all(low < high for low, high in pairwise((0.0, *steps)))
    if len(steps) != len(matches) or not growing or steps[-1] != WHOLE or len(steps) > MOST_STEPS:
        raise UsageError(
            f"steps must be growing shares that end with 100, at most {MOST_STEPS}",
            hint="write --param steps=25,50,100",
        )
    return steps
