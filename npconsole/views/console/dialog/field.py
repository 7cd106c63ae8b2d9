"""A line of a dialog that a person fills in."""

from dataclasses import dataclass

NO = "no"
"""Where the focus is when no line has the keys."""
TYPED = "typed"
REASON = "reason"


@dataclass(frozen=True, slots=True)
class Field:
    """`choices` are gone through with space; `pastes` tells whether pasted text is taken."""

    name: str
    label: str
    text: str
    hint: str = ""
    choices: tuple[str, ...] = ()
    pastes: bool = True
