"""What alerting remembers from step to step, as a value and as text."""

from dataclasses import dataclass

import msgspec

from npconsole.alerting.condition import Condition
from npconsole.alerting.incident import Incident
from npconsole.alerting.work import Settling, Work
from npconsole.net.text import clean

FORM = 1
"""Of the text. One of another form is not guessed at."""


@dataclass(frozen=True, slots=True)
class AlertState:
    """`wall` is the last step's time in epoch seconds, None before the first; `audit_after` the last line read."""

    wall: float | None = None
    audit_after: int = 0
    conditions: tuple[Condition, ...] = ()
    incidents: tuple[Incident, ...] = ()
    works: tuple[Work, ...] = ()
    settling: tuple[Settling, ...] = ()
    form: int = FORM


def encode(state: AlertState) -> str:
    """The state as JSON text."""
    return msgspec.json.encode(state).decode()


def decode(text: str) -> tuple[AlertState, str]:
    """The state of a text, a fresh one for an empty text; and why the text could not be used, empty when it could."""
    if not text:
        return AlertState(), ""
    try:
        state = msgspec.json.decode(text, type=AlertState)
    except (msgspec.DecodeError, UnicodeError) as error:
        return AlertState(), f"what alerts remembered cannot be read, they begin anew: {clean(error, limit=200)}"
    if state.form != FORM:
        return AlertState(), f"what alerts remembered is of form {state.form}, not {FORM}: they begin anew"
    return state, ""
