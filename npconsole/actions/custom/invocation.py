"""One call of an operator's own action with its placeholders filled: a program's arguments, or a request.

Values never become options, paths or parts of an address that the template did not have.
"""

import json
import shlex
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import quote

from npconsole.actions.world import World
from npconsole.config.blocks.acting import CustomCall
from npconsole.config.placeholder import filled
from npconsole.errors import BadAnswerError, UsageError
from npconsole.net.text import clean

RUN = "run"
_DOTS = frozenset({".", ".."})


@dataclass(frozen=True, slots=True)
class Invocation:
    """Either `argv`, or `method`, `url` and `body`. `sender` is the key of its requests in `World.requests`."""

    argv: tuple[str, ...] = ()
    method: str = ""
    url: str = ""
    body: Mapping[str, str] = field(default_factory=dict)
    sender: str = ""

    @property
    def words(self) -> str:
        """The exact call, as a person would write it."""
        if self.argv:
            return clean(shlex.join(self.argv))
        return clean(f"{self.method} {self.url}" + (f" {json.dumps(dict(self.body))}" if self.body else ""))

    @property
    def vendor(self) -> str:
        return "program" if self.argv else "request"

    async def send(self, world: World, deadline_s: float) -> str:
        """Make the call through its port; what came back, in a phrase. Raises UsageError when there is no such port."""
        if self.argv:
            if world.programs is None:
                raise UsageError("this face runs no programs", hint="use `npconsole run` on this host")
            return await world.programs.run(self.argv, deadline_s=deadline_s)
        control = world.requests.get(self.sender)
        if control is None:
            raise UsageError(f"nothing is there to send requests of {self.sender} with")
        return await control.send(self.method, self.url, self.body, deadline_s=deadline_s)

    def text(self) -> str:
        """For the journal: a later process takes back what was configured when it was done."""
        return json.dumps(asdict(self))


def invocation(call: CustomCall, values: Mapping[str, str], *, sender: str) -> Invocation:
    """The call with values in it. Raises UsageError for a value that would change what the call is."""
    if call.argv is not None:
        return Invocation(argv=tuple(_argument(template, values) for template in call.argv))
    return Invocation(
        method=call.method,
        url=filled(call.url or "", values, quote=_part),
        body={name: filled(template, values) for name, template in call.body.items()},
        sender=sender,
    )


def to_invocation(text: str) -> Invocation:
    """From the journal. Raises BadAnswerError for a text that was not written here."""
    try:
        data: Any = json.loads(text)
        return Invocation(**{**data, "argv": tuple(data["argv"])})
    except (ValueError, TypeError, KeyError):
        raise BadAnswerError("the journal does not say how to take it back", hint="take it back by hand") from None


def _argument(template: str, values: Mapping[str, str]) -> str:
    argument = filled(template, values)
    if argument.startswith("-") and not template.startswith("-"):
        raise UsageError(f"{clean(argument, limit=60)!r} would be taken for an option", hint="give another value")
    return argument


def _part(value: str) -> str:
    """A value as one part of an address."""
    if value in _DOTS:
        raise UsageError(f"{value!r} cannot be part of an address", hint="give another value")
    return quote(value, safe="")
