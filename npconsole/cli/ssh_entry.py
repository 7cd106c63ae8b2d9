"""`npconsole ssh-entry`: what an ssh key may do, as a forced command in authorized_keys. There is no shell behind it.

Actor and role come from authorized_keys and cannot be said by the client. Of the environment only a few variables are
kept, and Python is started in isolated mode before anything reads the rest.
"""

import os
import pwd
import shlex
import sys

import click

from npconsole.cli.context import Context
from npconsole.errors import UsageError
from npconsole.model.action import AccessRole

_TERMINAL = ("LANG", "TZ", "TERM", "COLORTERM", "NO_COLOR", "COLUMNS", "LINES")
_CONNECTION = ("SSH_ORIGINAL_COMMAND", "SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY", "SSH_USER_AUTH")
_PLACES = ("HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS")
_KEPT = frozenset((*_TERMINAL, *_CONNECTION, *_PLACES))
_PATH = "/usr/local/bin:/usr/bin:/bin"
_MOST = 2000

ALLOWED: tuple[tuple[str, ...], ...] = (
    ("status",),
    ("actions",),
    ("run",),
    ("runs",),
    ("bench", "list"),
    ("bench", "show"),
    ("bench", "compare"),
    ("bench", "baseline"),
    ("recover",),
    ("audit",),
)
"""The beginnings of command lines that may come over ssh. What a role may do with them is the guards' to say."""

_HIDDEN = ("--after", "--pid", "--until-ended")
_OFFER = f"one of: {', '.join(' '.join(start) for start in ALLOWED)}"


@click.command(
    "ssh-entry",
    help="""\b
Example, a line of authorized_keys:
  restrict,pty,command="/usr/bin/npconsole ssh-entry --actor alice --role operator" ssh-ed25519 AAAA…

Without a command and with a terminal the console opens, with this role. A command is one of npconsole's own, such as
`ssh host status --json`; anything else is refused. Secrets must be kept in files or be printed by commands.
""",
)
@click.option("--actor", required=True, help="Who the key belongs to.")
@click.option("--role", required=True, type=click.Choice([each.value for each in AccessRole]), help="What they may do.")
@click.pass_context
def command(ctx: click.Context, actor: str, role: str) -> int:
    outer = ctx.find_object(Context) or Context()
    _isolate()
    original = os.environ.pop("SSH_ORIGINAL_COMMAND", "")
    context = Context(
        config_path=outer.config_path,
        read_only=outer.read_only,
        role=AccessRole(role),
        actor=actor,
        entry="ssh-entry",
    )
    from npconsole.cli.root import run

    words = parse(original)
    if not words and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("say what to do, or ask for a terminal with ssh -t", hint=_OFFER)
    return run(words, context=context)


def parse(original: str) -> list[str]:
    """The words of an allowed command, none for the console. Raises UsageError for everything else."""
    if len(original) > _MOST:
        raise UsageError(f"a command over ssh has at most {_MOST} characters", hint=_OFFER)
    try:
        words = shlex.split(original)
    except ValueError:
        raise UsageError("the quotes of the command do not match", hint=_OFFER) from None
    if words[:1] == ["npconsole"]:
        words = words[1:]
    is_allowed = not words or any(tuple(words[: len(start)]) == start for start in ALLOWED)
    if not is_allowed or any(word.startswith(_HIDDEN) for word in words):
        raise UsageError("this key may not do that", hint=_OFFER)
    return words


def _isolate() -> None:
    """Start over in isolated mode with what is kept of the environment, unless that is so already."""
    kept = {name: value for name, value in os.environ.items() if name in _KEPT or name.startswith("LC_")}
    user = pwd.getpwuid(os.getuid())
    kept |= {"PATH": _PATH, "USER": user.pw_name, "LOGNAME": user.pw_name}
    kept.setdefault("HOME", user.pw_dir)
    if sys.flags.isolated and set(os.environ) <= set(kept):
        return
    arguments = sys.argv[1:]
    os.execve(sys.executable, [sys.executable, "-I", "-m", "npconsole", *arguments], kept)  # noqa: S606 - no shell wanted
