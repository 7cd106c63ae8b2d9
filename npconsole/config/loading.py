"""Reading the configuration: find the file, read it, put environment and flags over it, judge all of it at once.

Gives a whole configuration or a ConfigError with every problem; never half of one, and never a secret's value.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

from msgspec import Struct, inspect

from npconsole.config import document, file
from npconsole.config.decoder import MAX_PROBLEMS, Decoder
from npconsole.config.finding import Finding
from npconsole.config.origin import Origin, at
from npconsole.config.overrides import overridden
from npconsole.config.rules import findings
from npconsole.config.schema import Config
from npconsole.errors import ConfigError, Problem

_HINT = "write a configuration with `npconsole config init`, or look around with `npconsole demo`"


class Loaded(Struct, frozen=True):
    """A whole configuration. `origins` holds what was given, by dotted key; what is not in it is a default."""

    config: Config
    path: Path
    origins: Mapping[str, Origin]
    warnings: tuple[Problem, ...]

    def origin(self, key: str) -> Origin:
        """Where the value of a dotted key comes from."""
        return self.origins.get(key, Origin())


def load(path: Path | None, *, environ: Mapping[str, str], flags: Mapping[str, str] = MappingProxyType({})) -> Loaded:
    """Load `path`, or the file at the usual path. `flags` maps dotted keys to text and wins over all.

    Raises ConfigError with every problem of file, environment and flags.
    """
    found = path or usual_path(environ)
    try:
        text = file.read(found)
    except FileNotFoundError:
        raise ConfigError((_missing(found, path, environ),), hint=_HINT) from None
    root, problems = document.compose(text, str(found))
    decoder = Decoder(str(found), environ, problems)
    written: Config = decoder.decode(root, inspect.type_info(Config), "")
    config, origins, wrong = overridden(written, environ, flags)
    problems.extend(wrong)
    origins = decoder.origins | origins
    errors, warnings = _judged(findings(config), origins, {problem.key for problem in problems})
    problems.extend(errors)
    if problems:
        raise ConfigError(_ordered(problems, str(found)))
    return Loaded(config, found, MappingProxyType(origins), tuple(warnings))


def usual_path(environ: Mapping[str, str]) -> Path:
    """Where the file is looked for when no `--config` is given; it need not exist.

    The XDG Base Directory Specification says that a relative $XDG_CONFIG_HOME is to be ignored.
    """
    if named := environ.get("NPCONSOLE_CONFIG"):
        return Path(named)
    base = environ.get("XDG_CONFIG_HOME", "")
    folder = Path(base) if base.startswith("/") else Path(environ.get("HOME") or "/") / ".config"
    return folder / "npconsole" / "config.yaml"


def _missing(found: Path, asked: Path | None, environ: Mapping[str, str]) -> Problem:
    message = "there is no such file"
    if asked is None:
        named = environ.get("NPCONSOLE_CONFIG")
        message = f"{message}, but NPCONSOLE_CONFIG names it" if named else "there is no configuration yet"
    return Problem(str(found), 0, "", message)


def _judged(found: Iterable[Finding], origins: dict[str, Origin], bad: set[str]) -> tuple[list[Problem], list[Problem]]:
    """Problems and warnings of the rules, without those about keys that are already known to be bad."""
    errors: list[Problem] = []
    warnings: list[Problem] = []
    for finding in found:
        if any(_covered(key, bad) for key in finding.keys):
            continue
        written = [key for key in finding.keys if key in origins]
        key = finding.keys[0]
        # A rule about a default is told at the key that was written: that is the line to change.
        origin = origins[written[0]] if written else at(origins, key)
        (warnings if finding.warning else errors).append(origin.problem(key, finding.message))
    return errors, warnings


def _ordered(problems: list[Problem], path: str) -> tuple[Problem, ...]:
    """In the order of the file, then the others; no more than a person reads."""
    ordered = sorted(problems, key=lambda problem: (problem.file != path, problem.line))
    if len(ordered) > MAX_PROBLEMS:
        ordered[MAX_PROBLEMS:] = [Problem(path, 0, "", f"has {len(ordered) - MAX_PROBLEMS} more problems")]
    return tuple(ordered)


def _covered(key: str, bad: set[str]) -> bool:
    """Whether a key, a block around it, or a part of it has a problem already."""
    return any(
        key == each or key.startswith((f"{each}.", f"{each}[")) or each.startswith((f"{key}.", f"{key}["))
        for each in bad
    )
