"""Who is at this command line, as far as the host can tell."""

import os
import pwd
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from npconsole import __version__
from npconsole.cli.context import Context
from npconsole.config.schema import Config
from npconsole.model.action import AccessRole
from npconsole.model.run import Actor
from npconsole.net.text import clean
from npconsole.wiring.memory import host_name

_NOBODY = 2**32 - 1
_HINTS = {"SUDO_USER": "sudo_user", "SSH_CONNECTION": "ssh", "SSH_TTY": "ssh_tty"}


def actor_of(context: Context, config: Config, environ: Mapping[str, str], *, via: str) -> Actor:
    """The actor, with the lowest of the roles that configuration, flag and forced command allow.

    The name is that of the forced command, else of the login that the kernel remembers through `sudo`, else of the
    user. Everything in `facts` is for the audit; what comes from the environment is only a hint.
    """
    role = _lowest(AccessRole(config.actions.role), context.role)
    facts = {
        "host": host_name(),
        "pid": str(os.getpid()),
        "uid": str(os.geteuid()),
        "version": __version__,
        "tty": _terminal(),
        "entry": context.entry,
        "key": _key(environ),
        **{name: clean(environ.get(variable, ""), limit=200) for variable, name in _HINTS.items()},
    }
    name = clean(context.actor or _login(), limit=64)
    return Actor(name, role, via, {key: value for key, value in facts.items() if value})


def _lowest(role: AccessRole, other: AccessRole | None) -> AccessRole:
    return role if other is None or other.allows(role) else other


def _login() -> str:
    """The kernel's login id survives `su` and `sudo`; services have none."""
    with suppress(OSError, ValueError, KeyError):
        login = int(Path("/proc/self/loginuid").read_text("ascii"))
        if login != _NOBODY:
            return pwd.getpwuid(login).pw_name
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid {os.getuid()}"


def _terminal() -> str:
    with suppress(OSError, ValueError):
        return os.ttyname(sys.stdin.fileno())
    return ""


def _key(environ: Mapping[str, str]) -> str:
    """How sshd was convinced, when it says so (`ExposeAuthInfo yes`): method and public key."""
    with suppress(OSError, KeyError):
        return clean(Path(environ["SSH_USER_AUTH"]).read_text("utf-8", "replace").strip(), limit=300)
    return ""
