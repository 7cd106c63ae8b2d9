"""Reads a theme file. All problems come at once, each with file, line, role and the nearest role."""

import re
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from npconsole.config.nearest import suggestion
from npconsole.errors import ConfigError, Problem
from npconsole.net.text import clean
from npconsole.views.theme import ROLES, Palette

LIMIT_BYTES = 65_536
_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_PLAIN = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
ANSI_COLOURS = frozenset({"default", *_PLAIN, *(f"bright_{name}" for name in _PLAIN)})
_KEYS = ("name", "dark", "roles")


def read_theme(path: Path) -> Palette:
    """The palette in a theme file. Raises ConfigError with every problem in it."""
    return _Reader(clean(str(path))).palette(_document(path))


def _document(path: Path) -> yaml.Node | None:
    try:
        with path.open("rb") as stream:
            data = stream.read(LIMIT_BYTES + 1)
    except OSError as error:
        raise _refusal(path, 0, f"cannot be read: {error.strerror or type(error).__name__}") from None
    if len(data) > LIMIT_BYTES:
        raise _refusal(path, 0, f"larger than {LIMIT_BYTES} bytes: not a theme")
    try:
        return yaml.compose(data, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or "not text in UTF-8"
        raise _refusal(path, mark.line + 1 if mark else 0, f"not YAML: {clean(reason)}") from None


def _refusal(path: Path, line: int, message: str) -> ConfigError:
    return ConfigError((Problem(clean(str(path)), line, "", message),))


@dataclass(slots=True)
class _Reader:
    """Collects the problems of one file while it is read."""

    file: str
    problems: list[Problem] = field(default_factory=list)

    def palette(self, document: yaml.Node | None) -> Palette:
        top = self.mapping(document, "", _KEYS)
        roles = self.mapping(top.get("roles"), "roles.", ROLES)
        name = self.scalar(top.get("name"))
        dark = self.scalar(top.get("dark"))
        if "dark" in top and dark not in ("true", "false"):
            self.report(top["dark"], "dark", "neither true nor false")
        colours = {role: self.colour(role, node) for role, node in roles.items()}
        if self.problems:
            raise ConfigError(tuple(self.problems), hint=f"roles are {', '.join(ROLES)}")
        return Palette(name=clean(name, limit=40), dark=dark == "true", **colours)

    def mapping(self, node: yaml.Node | None, prefix: str, keys: tuple[str, ...]) -> dict[str, yaml.Node]:
        if not isinstance(node, yaml.MappingNode):
            self.report(node, prefix.rstrip("."), f"not a mapping of {', '.join(keys[:3])}, ...")
            return {}
        found: dict[str, yaml.Node] = {}
        for key, value in node.value:
            word = clean(self.scalar(key), limit=60)
            if word not in keys:
                self.report(key, prefix + word, f"not known here{suggestion(word, keys)}")
            elif word in found:
                self.report(key, prefix + word, "given twice")
            found[word] = value
        for key in keys:
            if key not in found:
                self.report(node, prefix + key, "missing")
        return found

    def colour(self, role: str, node: yaml.Node) -> str:
        value = self.scalar(node)
        if _HEX.fullmatch(value):
            return value.lower()
        if value not in ANSI_COLOURS:
            told = "a colour is '#rrggbb' in quotes, default, or an ANSI name such as red or bright_blue"
            self.report(node, f"roles.{role}", f"{clean(value, limit=40)!r} is not a colour; {told}")
        return value

    def scalar(self, node: yaml.Node | None) -> str:
        return node.value if isinstance(node, yaml.ScalarNode) else ""

    def report(self, node: yaml.Node | None, key: str, message: str) -> None:
        self.problems.append(Problem(self.file, node.start_mark.line + 1 if node else 1, key, message))
