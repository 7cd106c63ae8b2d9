"""`npconsole completion`: the script that makes a shell complete commands, made by click."""

import click
from click.shell_completion import get_completion_class

from npconsole.errors import UsageError

_HOW = """\b
Examples:
  npconsole completion bash > ~/.local/share/bash-completion/completions/npconsole
  npconsole completion zsh > ~/.zfunc/_npconsole     (a folder of your fpath)
  npconsole completion fish > ~/.config/fish/completions/npconsole.fish
"""


@click.command(help=f"{_HOW}\nPrint the completion script of a shell.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """The command; its help text is given above because the examples come first."""
    kind = get_completion_class(shell)
    if kind is None:
        raise UsageError(f"this version of click has no completion for {shell}", hint="choose another shell")
    click.echo(kind(ctx.find_root().command, {}, "npconsole", "_NPCONSOLE_COMPLETE").source())
