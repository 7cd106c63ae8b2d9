"""`:restart us-east hold=30s`: the words of a command line, and the action, target and inputs they name."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from npconsole.actions.targets import resolve_target
from npconsole.config.nearest import suggestion
from npconsole.errors import UsageError
from npconsole.model.action import ActionSpec
from npconsole.model.estate import Estate
from npconsole.net.text import clean


@dataclass(frozen=True, slots=True)
class Command:
    """What was typed. `target` is empty when it is that of the cursor."""

    spec: ActionSpec
    target: str
    inputs: Mapping[str, str]


def parse(typed: str, specs: Sequence[ActionSpec], estate: Estate) -> Command:
    """The command in a line such as `restart us-east` or `purge tag=news`.

    Raises UsageError with the nearest word for an action, target or parameter that there is not.
    """
    try:
        words = shlex.split(typed)
    except ValueError as error:
        raise UsageError(f"cannot be read: {error}".lower()) from None
    if not words:
        raise UsageError("type an action and its target, such as restart us-east")
    spec = _spec(words[0], specs)
    plain = [word for word in words[1:] if "=" not in word]
    if len(plain) > 1:
        raise UsageError(f"{spec.id} takes one target, not {len(plain)}: {clean(' '.join(plain), limit=60)}")
    target = resolve_target(spec.target, plain[0], estate) if plain else ""
    return Command(spec, target, _inputs(spec, [word for word in words[1:] if "=" in word]))


def _spec(word: str, specs: Sequence[ActionSpec]) -> ActionSpec:
    known = {spec.id: spec for spec in specs}
    if word not in known:
        near = suggestion(word, known) or f"; there are {', '.join(known)}"
        raise UsageError(f"no action {clean(word, limit=40)!r}{near}")
    return known[word]


def _inputs(spec: ActionSpec, words: Sequence[str]) -> dict[str, str]:
    """The value of each parameter; several of one are joined as its line in the dialog joins them."""
    known = [parameter.name for parameter in spec.parameters]
    found: dict[str, str] = {}
    for word in words:
        name, _, value = word.partition("=")
        if name not in known:
            near = suggestion(name, known) or f"; it takes {', '.join(known) or 'none'}"
            raise UsageError(f"{spec.id} has no parameter {clean(name, limit=40)!r}{near}")
        found[name] = f"{found[name]} {value}" if name in found else value
    return found
