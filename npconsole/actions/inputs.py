"""The parameters of an action: what people type, checked against the spec, and read with their type.

Checked values are normal texts, so that a plan's digest, the journal and a later process see the same.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from npconsole.config.nearest import suggestion
from npconsole.config.units import Ratio, Seconds
from npconsole.errors import UsageError
from npconsole.model.action import ActionSpec, Parameter
from npconsole.net.text import clean

LONGEST_VALUE = 2000
MOST_VALUES = 100_000
_FLAGS = {"true": "yes", "yes": "yes", "1": "yes", "": "yes", "false": "no", "no": "no", "0": "no"}
_WHOLE = re.compile(r"-?\d{1,12}")


@dataclass(frozen=True, slots=True)
class Inputs:
    """Checked values by parameter name; every parameter of the spec is there, with its default or with nothing."""

    values: Mapping[str, tuple[str, ...]]

    def many(self, name: str) -> tuple[str, ...]:
        return self.values[name]

    def text(self, name: str) -> str:
        """The value, empty when there is none."""
        values = self.values[name]
        return values[0] if values else ""

    def integer(self, name: str) -> int:
        return int(self.text(name))

    def seconds(self, name: str) -> float:
        return float(Seconds.parse(self.text(name)))

    def ratio(self, name: str) -> float:
        """A percentage as a share from 0 to 1."""
        return float(Ratio.parse(self.text(name)))

    def flag(self, name: str) -> bool:
        return self.text(name) == "yes"


def check_inputs(spec: ActionSpec, given: Mapping[str, Sequence[str]]) -> Inputs:
    """The inputs of a run. Raises UsageError naming the parameter, and the nearest one for a name unknown."""
    known = {parameter.name: parameter for parameter in spec.parameters}
    for name in given:
        if name not in known:
            choice = ", ".join(known) or "none"
            near = suggestion(name, known)
            raise UsageError(
                f"{spec.id} has no parameter {clean(name, limit=60)!r}{near}", hint=f"parameters of {spec.id}: {choice}"
            )
    return Inputs({name: _values(parameter, given.get(name, ())) for name, parameter in known.items()})


def _values(parameter: Parameter, given: Sequence[str]) -> tuple[str, ...]:
    if not given:
        if parameter.required:
            raise UsageError(f"parameter {parameter.name} is needed: {parameter.help}")
        return (_value(parameter, parameter.default),) if parameter.default else ()
    if len(given) > 1 and not parameter.many:
        raise UsageError(f"parameter {parameter.name} takes one value, not {len(given)}")
    if len(given) > MOST_VALUES:
        raise UsageError(f"parameter {parameter.name} takes at most {MOST_VALUES} values")
    return tuple(_value(parameter, text) for text in given)


def _value(parameter: Parameter, given: str) -> str:
    text = clean(given, limit=LONGEST_VALUE)
    if text != given:
        raise UsageError(f"parameter {parameter.name} holds characters that cannot be used, or is too long")
    try:
        return _normal(parameter, text.strip())
    except ValueError as error:
        raise UsageError(f"parameter {parameter.name} {error}") from None


def _normal(parameter: Parameter, text: str) -> str:
    match parameter.kind:
        case "flag":
            if text.lower() not in _FLAGS:
                raise ValueError("must be yes or no")
            return _FLAGS[text.lower()]
        case "integer":
            if not _WHOLE.fullmatch(text):
                raise ValueError("must be a whole number")
            return str(int(text))
        case "seconds":
            return str(Seconds.parse(text))
        case "percent":
            return str(Ratio.parse(text))
        case "choice" if text not in parameter.choices:
            near = suggestion(text, parameter.choices)
            raise ValueError(f"must be one of {', '.join(parameter.choices)}{near}")
    if not text:
        raise ValueError("must not be empty")
    return str(Path(text).expanduser().absolute()) if parameter.kind == "path" else text
