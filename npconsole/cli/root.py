"""The root command. Subcommands are imported only when they are called, so that `--help` stays fast.

Here errors become messages and exit codes, once for all commands: stdout is the result, stderr the narration.
"""

import os
import signal
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING

import click

from npconsole import __version__
from npconsole.cli.front import COMMANDS, CONFIG, HIDDEN, READ_ONLY, ROLE, ROLES, SUMMARY, THEME, help_text
from npconsole.errors import ExitCode, NpconsoleError

if TYPE_CHECKING:
    from npconsole.cli.context import Context


class LazyGroup(click.Group):
    """Lists its commands without importing them. Each module has one `command`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = COMMANDS[cmd_name][0] if cmd_name in COMMANDS else HIDDEN.get(cmd_name)
        if module is None:
            return None
        command: click.Command = import_module(module).command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and args[0] not in HIDDEN:
            from difflib import get_close_matches

            near = get_close_matches(args[0], COMMANDS, 1)
            ctx.fail(f"there is no command {args[0]!r}" + (f"; did you mean {near[0]!r}?" if near else ""))
        return super().resolve_command(ctx, args)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write(help_text(ctx.terminal_width or formatter.width + 2))


@click.group(
    cls=LazyGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help=SUMMARY,
)
@click.version_option(__version__, "-V", "--version", message="npconsole %(version)s")
@click.option(
    "--config",
    "config_path",
    type=click.Path(),
    help=CONFIG,
)
@click.option("--theme", metavar="NAME", help=THEME)
@click.option("--read-only", is_flag=True, help=READ_ONLY)
@click.option("--role", type=click.Choice(ROLES), help=ROLE)
@click.pass_context
def root(ctx: click.Context, config_path: str | None, theme: str | None, read_only: bool, role: str | None) -> int:
    from pathlib import Path

    from npconsole.cli.context import Context
    from npconsole.model.action import AccessRole

    if ctx.obj is None:
        ctx.obj = Context(Path(config_path) if config_path else None, read_only, AccessRole(role) if role else None)
    if ctx.invoked_subcommand is None:
        from npconsole.cli.console import console

        return console(ctx.obj, theme)
    return ExitCode.OK


def run(
    arguments: Sequence[str],
    *,
    before_message: Callable[[], None] = lambda: None,
    context: "Context | None" = None,
) -> int:
    """Parse and run; every error ends here as a message and an exit code, never as a traceback.

    `before_message` is called before an error is told, to give the terminal back. A `context` stands in place of the
    options before the subcommand.
    """
    try:
        return _run(arguments, context)
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except (click.Abort, KeyboardInterrupt):
        before_message()
        return ExitCode.SIGINT
    except click.ClickException as error:
        before_message()
        return _fail(arguments, error.format_message(), hint=_help_of(error), code=ExitCode.USAGE)
    except NpconsoleError as error:
        before_message()
        return _fail(arguments, error.message, hint=error.hint, code=error.exit_code)
    except BrokenPipeError:
        # The reader went away; keep the interpreter's own flush at exit from saying so again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE
    except Exception as error:  # noqa: BLE001 - the last wall: a person gets one line and a file, never a traceback
        before_message()
        return _crashed(arguments, error)


def _crashed(arguments: Sequence[str], error: Exception) -> int:
    from npconsole.model.clock import SystemClock
    from npconsole.views.crash import crash_line, state_directory, write_crash
    from npconsole.wiring import redactor

    wall = SystemClock().wall()
    path = write_crash(error, state_directory(dict(os.environ)), wall=wall, redact=redactor.redact)
    return _fail(arguments, crash_line(error, path, redact=redactor.redact), hint="", code=ExitCode.FAILED)


def _run(arguments: Sequence[str], context: "Context | None") -> int:
    result = root.main(args=list(arguments), prog_name="npconsole", standalone_mode=False, obj=context)
    sys.stdout.flush()
    return result if isinstance(result, int) else ExitCode.OK


def _fail(arguments: Sequence[str], message: str, *, hint: str, code: int) -> int:
    import json

    from npconsole.net.text import clean

    if "--json" in arguments:
        body = {
            "schema": "npconsole.error/1",
            "message": clean(message, limit=20_000, lines=True),
            "hint": clean(hint),
        }
        print(json.dumps({**body, "exit": int(code)}))  # noqa: T201 - the result of a failed command
    else:
        message = message.removeprefix("npconsole: ")
        sys.stderr.write(f"npconsole: {clean(message, limit=20_000, lines=True)}\n")
        if hint:
            sys.stderr.write(f"  try: {clean(hint)}\n")
    return int(code)


def _help_of(error: click.ClickException) -> str:
    ctx = getattr(error, "ctx", None)
    return f"{ctx.command_path} --help" if isinstance(ctx, click.Context) else ""
