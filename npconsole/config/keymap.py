"""The keys of the console: one record per action, from which bindings, footer and help are derived.

Every binding here works. A merged map has no key that is given to two actions; Textual would drop one of them in
silence. Knows nothing of Textual, so that a configuration can be checked without it. The keys of what acts come from
the specs of the actions.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from npconsole.config.nearest import suggestion
from npconsole.model.action import ActionSpec


@dataclass(frozen=True, slots=True)
class Binding:
    """What a person can press. `keys` are names such as `ctrl+r`, `pageup`, or single characters.

    `label` stands in the footer (empty: only in the help), `help` is a whole sentence, `group` its heading.
    """

    id: str
    keys: tuple[str, ...]
    label: str
    help: str
    group: str


MOVES = "Move"
LOOKS = "Look"
ACTS = "Act"
SESSION = "Console"

DEFAULTS = (
    Binding("up", ("up", "k"), "", "One line up.", MOVES),
    Binding("down", ("down", "j"), "", "One line down.", MOVES),
    Binding("page_up", ("pageup", "ctrl+b"), "", "One page up.", MOVES),
    Binding("page_down", ("pagedown", "ctrl+f"), "", "One page down.", MOVES),
    Binding("first", ("g", "home"), "", "To the first line.", MOVES),
    Binding("last", ("G", "end"), "", "To the last line; activity then follows what is new.", MOVES),
    Binding("next_pane", ("tab",), "", "To the next pane.", MOVES),
    Binding("previous_pane", ("shift+tab",), "", "To the pane before.", MOVES),
    Binding("regions", ("1",), "", "To the regions.", MOVES),
    Binding("latency", ("2",), "", "To the latency chart.", MOVES),
    Binding("issues", ("3",), "", "To the Sentry issues.", MOVES),
    Binding("activity", ("4",), "", "To the activity.", MOVES),
    Binding(
        "healer", ("5",), "healer", "To the healer: its rules, brakes and last decisions with their evidence.", MOVES
    ),
    Binding("open", ("enter",), "detail", "Show all that is known of the line under the cursor.", LOOKS),
    Binding("back", ("escape",), "", "Close what is open: a detail, the zoom, the filter.", LOOKS),
    Binding("filter", ("/",), "filter", "Show only lines that contain a text.", LOOKS),
    Binding("sort", ("s",), "worst first", "Regions worst first, or in the order of the configuration.", LOOKS),
    Binding("all", ("a",), "all regions", "Chart the worst of all regions, or the region under the cursor.", LOOKS),
    Binding("benchmarks", ("b",), "benchmarks", "Past benchmarks: p95 by run, with status and baseline.", LOOKS),
    Binding("zoom", ("z",), "zoom", "The focused pane alone on the screen, and back.", LOOKS),
    Binding("freeze", ("space",), "freeze", "Hold the picture still while collection goes on, and release it.", LOOKS),
    Binding("refresh", ("ctrl+r",), "refresh", "Read every source now.", LOOKS),
    Binding("copy", ("y",), "copy", "Copy the line under the cursor to your terminal's clipboard.", LOOKS),
    Binding("actions", ("x",), "actions", "Every action for the line under the cursor, and why one is off.", ACTS),
    Binding("undo", ("u",), "undo", "Take back the last run that can be, or end it now; asks first.", ACTS),
    Binding("mute", ("m",), "mute", "Pause alerts and heals of the region under the cursor; asks for how long.", ACTS),
    Binding("heal_switch", ("H",), "heal on/off", "Switch the healer off for a reason, or on again; asks first.", ACTS),
    Binding("acknowledge", ("A",), "acknowledge", "Let the healer go on after what latched it; asks first.", ACTS),
    Binding("command", (":",), "command", "Type an action and its target, such as restart us-east.", ACTS),
    Binding("help", ("?",), "help", "This list.", SESSION),
    Binding("quit", ("q", "ctrl+c"), "quit", "Leave the console; nothing that runs elsewhere is stopped.", SESSION),
)

_NAMED = frozenset(
    {"up", "down", "left", "right", "home", "end", "pageup", "pagedown", "insert", "delete", "backspace"}
    | {"enter", "tab", "escape", "space"}
    | {f"f{number}" for number in range(1, 25)}
)
_SPELLINGS = {
    "esc": "escape",
    "return": "enter",
    "del": "delete",
    "ins": "insert",
    "pgup": "pageup",
    "pgdn": "pagedown",
    "pgdown": "pagedown",
    "comma": ",",
}
_MODIFIERS = ("ctrl", "alt", "shift")
_SHOWN = {
    "escape": "esc",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "home": "Home",
    "end": "End",
}


def bindings(specs: Sequence[ActionSpec]) -> tuple[Binding, ...]:
    """The default bindings with those of the actions before the others that act; an action may have no key."""
    ids = {binding.id for binding in DEFAULTS}
    acting = tuple(
        Binding(spec.id, (spec.key,) if spec.key else (), spec.id, f"{spec.summary} Asks first.", ACTS)
        for spec in specs
        if spec.id not in ids
    )
    place = next(place for place, binding in enumerate(DEFAULTS) if binding.group == ACTS)
    return (*DEFAULTS[:place], *acting, *DEFAULTS[place:])


def acting(keymap: Sequence[Binding]) -> tuple[str, ...]:
    """The ids of the bindings that act, the list of all of them first."""
    ids = [binding.id for binding in keymap if binding.group == ACTS]
    return tuple(sorted(ids, key=lambda each: each != "actions"))


def merge(overrides: Mapping[str, str], specs: Sequence[ActionSpec] = ()) -> tuple[Binding, ...]:
    """The bindings with the keys of `overrides` (action id to keys, separated by commas); those without a key left out.

    Raises ValueError with the first problem of `check`; call that first to have them all.
    """
    for action, problem in check(overrides, specs):
        raise ValueError(f"{action}: {problem}")
    merged = (
        replace(binding, keys=_split(overrides[binding.id])) if binding.id in overrides else binding
        for binding in bindings(specs)
    )
    return tuple(binding for binding in merged if binding.keys)


def provisional(overrides: Mapping[str, str]) -> tuple[Binding, ...]:
    """The keys of what does not act on anything, before the actions are known and the whole map can be checked."""
    known = (replace(each, keys=_split(overrides[each.id])) if each.id in overrides else each for each in DEFAULTS)
    return tuple(binding for binding in known if binding.keys)


def check(
    overrides: Mapping[str, str], specs: Sequence[ActionSpec] = (), *, named: Sequence[str] = ()
) -> list[tuple[str, str]]:
    """Every problem as (action id, message): unknown actions, unknown keys, one key for two actions.

    `named` are ids of actions whose specs, and so their keys, are not at hand.
    """
    problems = []
    table = bindings(specs)
    ids = [*(binding.id for binding in table), *named]
    for action, keys in overrides.items():
        if action not in ids:
            problems.append((action, f"is not an action{suggestion(action, ids)}"))
            continue
        if not _split(keys):
            problems.append((action, "has no key"))
        problems += [(action, problem) for key in _split(keys) if (problem := _problem(key))]
    return problems + _shared(overrides, table)


def shown(key: str) -> str:
    """A key as a person reads it: `esc`, `PgUp`, `^r`, `/`."""
    if key.startswith("ctrl+") and len(key) == 6:
        return f"^{key[5:]}"
    return _SHOWN.get(key, key)


def _split(keys: str) -> tuple[str, ...]:
    parts = [part.strip() for part in keys.split(",")]
    return tuple(dict.fromkeys(_normal(part) for part in parts if part))


def _normal(key: str) -> str:
    """The one spelling of a key: modifiers in lower case and order, names in lower case, letters as typed."""
    *modifiers, name = key.split("+") if len(key) > 1 else [key]
    name = name if len(name) == 1 else _SPELLINGS.get(name.lower(), name.lower())
    held = {modifier.strip().lower() for modifier in modifiers}
    if held == {"shift"} and len(name) == 1 and name.isalpha():
        return name.upper()
    if held and len(name) == 1:
        name = name.lower()
    return "+".join([*(word for word in _MODIFIERS if word in held), *sorted(held - set(_MODIFIERS)), name])


def _problem(key: str) -> str:
    *modifiers, name = key.split("+") if len(key) > 1 else [key]
    unknown = [modifier for modifier in modifiers if modifier not in _MODIFIERS]
    if unknown:
        return f"{key!r} has an unknown modifier{suggestion(unknown[0], list(_MODIFIERS))}"
    if len(name) == 1 and re.fullmatch(r"[!-~]", name):
        return ""
    return "" if name in _NAMED else f"{key!r} is not a key{suggestion(name, sorted(_NAMED))}"


def _shared(overrides: Mapping[str, str], table: Sequence[Binding]) -> list[tuple[str, str]]:
    problems = []
    owners: dict[str, Binding] = {}
    for binding in table:
        for key in _split(overrides[binding.id]) if binding.id in overrides else binding.keys:
            other = owners.setdefault(key, binding)
            if other is not binding:
                changed = binding if binding.id in overrides else other
                rival = other if changed is binding else binding
                problems.append((changed.id, f"the key {key!r} also belongs to {rival.id}"))
    return problems
