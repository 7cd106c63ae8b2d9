"""What a shell offers as the target of an action."""

from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from npconsole.cli.root import root
from npconsole.config.example import write_example


def offered(*words: str, begun: str = "") -> list[str]:
    found = ShellComplete(root, {}, "npconsole", "_NPCONSOLE_COMPLETE").get_completions(list(words), begun)
    return [each.value for each in found]


@pytest.mark.parametrize(
    ("words", "begun", "targets"),
    [
        (("run", "benchmark"), "", ["us-east", "us-west", "eu-west", "edge"]),
        (("run", "benchmark"), "e", ["eu-west", "edge"]),
        (("run", "restart"), "us", ["us-east", "us-west"]),
        (("run", "purge"), "", ["edge"]),
        (("run", "resolve"), "", []),
        (("bench",), "ca", ["calibrate"]),
    ],
)
def test_targets_are_those_of_the_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], begun: str, targets: list[str]
) -> None:
    write_example(tmp_path / "config.yaml", force=False)
    monkeypatch.setenv("NPCONSOLE_CONFIG", str(tmp_path / "config.yaml"))
    assert offered(*words, begun=begun) == targets


def test_without_a_configuration_nothing_is_offered() -> None:
    assert offered("run", "benchmark") == []
