"""The help and the version: said at once, and the same as the root command says them."""

import subprocess
import sys

import click
import pytest

from npconsole.cli.front import COMMANDS, help_text, said
from npconsole.cli.root import root


def test_the_root_command_says_the_same() -> None:
    with click.Context(root, info_name="npconsole", terminal_width=80) as context:
        assert root.get_help(context) == help_text(80).rstrip()


def test_every_option_and_command_is_in_it() -> None:
    text = help_text(100)
    for parameter in root.params:
        assert parameter.opts[-1] in text
    assert all(f"  {name} " in text for name in COMMANDS)


@pytest.mark.parametrize("columns", [1, 66, 80, 100, 300])
def test_no_line_is_longer_than_the_terminal(columns: int) -> None:
    lines = help_text(columns).partition("Options:")[2].splitlines()
    assert max(len(line) for line in lines if "config.yaml" not in line) <= max(columns, 66), "a word is never cut"


def test_only_the_help_and_the_version_alone_are_said_at_once() -> None:
    assert said(["--version"], 80) == said(["-V"], 80) == "npconsole 0.1.0\n"
    assert said(["-h"], 80) == help_text(80)
    assert said([], 80) is None
    assert said(["--help", "status"], 80) is None
    assert said(["status", "--help"], 80) is None


@pytest.mark.parametrize("argument", ["--help", "--version"])
def test_neither_imports_the_library_of_commands(argument: str) -> None:
    script = (
        f"import sys; sys.argv = ['npconsole', '{argument}']\n"
        "from npconsole.__main__ import main\n"
        "main()\n"
        "print(*{'click', 're', 'enum', 'typing'} & {*sys.modules} - before, file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", "import sys; before = {*sys.modules}; sys.path[:0] = ['.']\n" + script],
        capture_output=True,
        text=True,
        check=True,
        timeout=20,
    )
    assert done.stderr == "\n"
    assert done.stdout
