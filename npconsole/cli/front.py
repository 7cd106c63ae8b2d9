"""What `npconsole --help` and `--version` say: told without importing click, which takes longer than all the rest.

The root command is made from the same records.
"""

TYPE_CHECKING = False  # as `typing` has it, whose import costs as much as all of this
if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS: dict[str, tuple[str, str]] = {
    "wallboard": ("npconsole.cli.wallboard", "Read-only screen for a wall."),
    "demo": ("npconsole.cli.demo", "Any face on a simulated platform: start here."),
    "status": ("npconsole.cli.status", "The estate's state, once or as a stream."),
    "run": ("npconsole.cli.run", "Do something: plan, guard, journal, verify."),
    "actions": ("npconsole.cli.actions", "What can be done."),
    "runs": ("npconsole.cli.runs", "What was done, and what is under way."),
    "bench": ("npconsole.cli.bench.group", "Benchmarks: list, compare, calibrate, analyze, export."),
    "recover": ("npconsole.cli.recover", "Finish or undo the runs of dead runners."),
    "heal": ("npconsole.cli.heal.command", "The healer: its daemon, its switches, its report."),
    "mute": ("npconsole.cli.mute", "Pause alerts and heals of a target."),
    "unmute": ("npconsole.cli.unmute", "End a mute early."),
    "notify": ("npconsole.cli.notify", "Alerts: test the channels, list what was told."),
    "audit": ("npconsole.cli.audit", "The audit: list, verify, export."),
    "sim": ("npconsole.cli.sim", "The simulated platform."),
    "config": ("npconsole.cli.config", "Write, check and show the configuration."),
    "completion": ("npconsole.cli.completion", "Shell completion script."),
    "ssh-entry": ("npconsole.cli.ssh_entry", "What an ssh key may do: for authorized_keys."),
}

HIDDEN = {"runner": "npconsole.cli.runner", "deliver": "npconsole.cli.deliver"}
"""Commands that npconsole starts itself."""

EXAMPLES = """\
Examples:
  npconsole demo                       a simulated platform and the console on it
  npconsole config init                write a configuration to start from
  npconsole                            the console
  npconsole status --check             exit 0 when all is well, 9 when not
  npconsole wallboard                  a read-only screen for a wall
"""

SUMMARY = "The on-call console of a multi-region web service. Without a command it opens the console."
ROLES = ("viewer", "operator", "admin")
CONFIG = "Configuration file; default $NPCONSOLE_CONFIG, then $XDG_CONFIG_HOME/npconsole/config.yaml."
THEME = "Theme of the console, such as dark, light or high-contrast."
READ_ONLY = "Refuse everything that changes anything."
ROLE = "Lower what may be done."
EXIT_CODES = (
    "Exit codes: 0 ok, 1 failed, 2 usage or configuration, 3 not authorised, 4 partly done, 5 cancelled, 6 refused, "
    "7 not verified, 8 unreachable, 9 status not ok, 99 benchmark thresholds crossed."
)
_OPTIONS = (
    ("-V, --version", "Show the version and exit."),
    ("--config PATH", CONFIG),
    ("--theme NAME", THEME),
    ("--read-only", READ_ONLY),
    (f"--role [{'|'.join(ROLES)}]", ROLE),
    ("-h, --help", "Show this message and exit."),
)
_WIDEST, _NARROWEST = 100, 40
_INDENT, _LONGEST_TERM = 2, 30


def said(arguments: list[str], columns: int) -> str | None:
    """The whole output for these arguments, when they ask for nothing but the help or the version; None otherwise."""
    if arguments in (["-V"], ["--version"]):
        from npconsole import __version__

        return f"npconsole {__version__}\n"
    return help_text(columns) if arguments in (["-h"], ["--help"]) else None


def help_text(columns: int) -> str:
    """The help of the root command for a terminal of that width."""
    width = max(_NARROWEST, min(columns, _WIDEST) - 2)
    commands = [(name, text) for name, (_, text) in COMMANDS.items()]
    parts = (
        "Usage: npconsole [OPTIONS] [COMMAND] [ARGS]...",
        "\n".join(f"  {line}" for line in EXAMPLES.splitlines()),
        "\n".join(_wrapped(SUMMARY, width, _INDENT)),
        "Options:\n" + "\n".join(_listed(_OPTIONS, width)),
        "Commands:\n" + "\n".join(_listed(commands, width)),
        "\n".join(_wrapped(EXIT_CODES, width, _INDENT)),
    )
    return "\n\n".join(parts) + "\n"


def _listed(rows: "Sequence[tuple[str, str]]", width: int) -> list[str]:
    """Terms in a column, and what they mean in another beside it."""
    column = _INDENT + min(_LONGEST_TERM, max(len(term) for term, _ in rows)) + 2
    lines: list[str] = []
    for term, text in rows:
        first, *rest = _wrapped(text, width, column)
        lines += [f"{'':{_INDENT}}{term:<{column - _INDENT}}{first.lstrip()}", *rest]
    return lines


def _wrapped(text: str, width: int, indent: int) -> list[str]:
    """Words in lines of at most `width`; a line has one word at least."""
    lines, line = [], ""
    for word in text.split():
        if line and indent + len(line) + 1 + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return [" " * indent + each for each in (*lines, line)]
