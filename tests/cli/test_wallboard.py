import os
import subprocess
import sys
from pathlib import Path

import pytest


def run(*arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "npconsole", *arguments],
        env={"PATH": os.environ["PATH"], "HOME": str(home), "TERM": "xterm"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=30,
    )


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["wallboard"], "needs a terminal"),
        (["wallboard", "--port", "8080"], "--port is of no use without --web"),
        (["wallboard", "--web", "--port", "0"], "0 is not in the range"),
        (["--config", "/nonexistent.yaml", "wallboard", "--web"], "/nonexistent.yaml"),
        (["--config", "/nonexistent.yaml", "wallboard", "--served"], "/nonexistent.yaml"),
    ],
)
def test_what_cannot_be_shown_is_told_in_a_line_and_exits_2(arguments: list[str], told: str, tmp_path: Path) -> None:
    ended = run(*arguments, home=tmp_path)
    assert ended.returncode == 2
    assert told in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "\x1b" not in ended.stderr + ended.stdout


def test_help_begins_with_examples(tmp_path: Path) -> None:
    ended = run("wallboard", "--help", home=tmp_path)
    assert ended.returncode == 0
    assert ended.stdout.index("Examples:") < ended.stdout.index("Options:")
    assert "--served" not in ended.stdout
