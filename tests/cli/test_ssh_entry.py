"""The allow-list of what may come over ssh; a real sshd is in tests/real."""

import pytest

from npconsole.cli.ssh_entry import ALLOWED, parse
from npconsole.errors import UsageError


@pytest.mark.parametrize(
    ("original", "words"),
    [
        ("", []),
        ("   ", []),
        ("npconsole", []),
        ("status --json", ["status", "--json"]),
        ("npconsole status", ["status"]),
        ("run restart us-east --reason 'p95 is high'", ["run", "restart", "us-east", "--reason", "p95 is high"]),
        ("run restart $(id)", ["run", "restart", "$(id)"]),
    ],
)
def test_what_is_allowed_is_split_and_never_expanded(original: str, words: list[str]) -> None:
    assert parse(original) == words


@pytest.mark.parametrize(
    "original",
    [
        "id",
        "npconsole npconsole status",
        "--config x status",
        "--role admin status",
        "config show",
        "ssh-entry --actor a --role admin",
        "runner x",
        "recover --after 5",
        "recover --pid=5",
        "recover --until-ended",
        "demo",
        "wallboard --web",
        "statusx",
        "'status",
        "status" + " " * 3000,
    ],
)
def test_everything_else_is_refused_with_what_there_is(original: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(original)
    assert all(" ".join(start) in caught.value.hint for start in ALLOWED)
