"""Where a value of the configuration came from. Every setting has exactly one origin; the default is one."""

from enum import StrEnum

from msgspec import Struct

from npconsole.errors import Problem


class OriginKind(StrEnum):
    """Kinds of origin, weakest first: each overrides those before it."""

    DEFAULT = "default"
    FILE = "file"
    ENVIRONMENT = "environment"
    FLAG = "flag"


class Origin(Struct, frozen=True):
    """`file` and `line` (first is 1) for a value of the file; `variable` for one that an environment variable
    gave, also by way of `${VAR}` in the file."""

    kind: OriginKind = OriginKind.DEFAULT
    file: str = ""
    line: int = 0
    variable: str = ""

    def __str__(self) -> str:
        match self.kind:
            case OriginKind.FILE:
                return f"{self.file}:{self.line}" + (f" (${self.variable})" if self.variable else "")
            case OriginKind.ENVIRONMENT:
                return f"${self.variable}"
            case _:
                return str(self.kind)

    def problem(self, key: str, message: str) -> Problem:
        """A problem at this place."""
        match self.kind:
            case OriginKind.FILE:
                told = f"{message} (from the environment variable {self.variable})" if self.variable else message
                return Problem(self.file, self.line, key, told)
            case OriginKind.ENVIRONMENT:
                return Problem(f"${self.variable}", 0, key, message)
            case OriginKind.FLAG:
                return Problem("command line", 0, key, message)
            case OriginKind.DEFAULT:
                return Problem("default", 0, key, message)


def at(origins: dict[str, Origin], key: str) -> Origin:
    """The origin of a key, or of the nearest block around it that was written down."""
    while key:
        if key in origins:
            return origins[key]
        key = key[: max(key.rfind("."), key.rfind("["), 0)]
    return origins.get("", Origin())
