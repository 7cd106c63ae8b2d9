"""`${VAR}`, `${VAR:-default}` and `$$` in a value of the file.

What is put in stays text: it is not looked at again for variables, nor for YAML. A `$` alone means itself.
"""

import re
from collections.abc import Mapping

from msgspec import Struct

_VARIABLE = re.compile(r"\$(?:\$|\{(?:([A-Za-z_][A-Za-z0-9_]*)(:-[^{}]*)?\})?)")


class Substituted(Struct, frozen=True):
    """`variable` is the last variable whose value went in, empty when none did."""

    text: str
    variable: str = ""


def substitute(text: str, environ: Mapping[str, str]) -> Substituted:
    """Put the variables in. The default counts when the variable is unset or empty, as in a shell.

    Raises ValueError naming the variable that is not set, or saying how to write one.
    """
    if "$" not in text:
        return Substituted(text)
    used = ""

    def value(match: re.Match[str]) -> str:
        nonlocal used
        name, default = match[1], match[2]
        if match[0] == "$$":
            return "$"
        if name is None:
            raise ValueError("write a variable as ${NAME} or ${NAME:-default}, and a plain ${ as $${")
        if environ.get(name) or (name in environ and default is None):
            used = name
            return environ[name]
        if default is None:
            raise ValueError(f"the environment variable {name} is not set; set it or write ${{{name}:-default}}")
        return default[2:]

    return Substituted(_VARIABLE.sub(value, text), used)
