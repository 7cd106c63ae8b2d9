"""Placeholders in texts of the configuration: `{name}` stands for a value, `{{` and `}}` for a brace."""

import re
from collections.abc import Callable, Mapping

_PART = re.compile(r"\{\{|\}\}|\{([a-z][a-z0-9_-]*)\}|[{}]")


def placeholders(text: str) -> tuple[str, ...]:
    """The names in a text, in order. Raises ValueError for a brace that belongs to none."""
    names = []
    for part in _PART.finditer(text):
        if part[0] in "{}":
            raise ValueError("has a brace that belongs to no {name}; write {{ or }} for a brace")
        if part[1]:
            names.append(part[1])
    return tuple(names)


def filled(text: str, values: Mapping[str, str], *, quote: Callable[[str], str] = str) -> str:
    """The text with its placeholders replaced by quoted values. Nothing in a value is looked at again."""
    return _PART.sub(lambda part: quote(values[part[1]]) if part[1] else part[0][0], text)
