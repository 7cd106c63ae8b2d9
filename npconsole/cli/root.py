"""The root command. Subcommands are imported only when they are called, so that `--help` stays fast."""

from importlib import import_module

import click

from npconsole import __version__

COMMANDS: dict[str, tuple[str, str]] = {
    "wallboard": ("npconsole.cli.wallboard", "Read-only screen for a wall."),
    "demo": ("npconsole.cli.demo", "Any face on a simulated platform: start here."),
    "status": ("npconsole.cli.status", "The estate's state, once or as a stream."),
    "sim": ("npconsole.cli.sim", "The simulated platform."),
    "config": ("npconsole.cli.config", "Write, check and show the configuration."),
    "completion": ("npconsole.cli.completion", "Shell completion script."),
}


class LazyGroup(click.Group):
    """Lists its commands without importing them. Each module has one `command`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = import_module(COMMANDS[cmd_name][0]).command
        assert isinstance(command, click.Command)  # noqa: S101
        return command
