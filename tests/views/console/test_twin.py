"""The command line beside a key."""

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npconsole.model.action import Danger
from npconsole.model.run import RunRequest
from npconsole.views.console.twin import twin
from tests.views.console.desk import FakeDesk

ACTOR = FakeDesk().actor


@pytest.mark.parametrize(
    ("request_", "danger", "line"),
    [
        (RunRequest("restart", "us-east", ACTOR), Danger.CONFIRM, "npconsole run restart us-east --yes"),
        (RunRequest("note", "us-east", ACTOR), Danger.SAFE, "npconsole run note us-east"),
        (
            RunRequest("failover", "us-east", ACTOR, {"hold": ("30 s",)}),
            Danger.TYPED,
            "npconsole run failover us-east --param 'hold=30 s' --confirm us-east",
        ),
        (
            RunRequest("purge", "edge", ACTOR, typed="purge everything", overrides=("limit",), reason="it's stale"),
            Danger.TYPED,
            "npconsole run purge edge --confirm 'purge everything' --override limit --reason 'it'\"'\"'s stale'",
        ),
        (
            RunRequest("purge", "edge", ACTOR, {"url": tuple(f"u{place}" for place in range(9))}),
            Danger.CONFIRM,
            "npconsole run purge edge --param url=u0 --param url=u1 --param url=u2 --param 'url=… 6 more' --yes",
        ),
    ],
)
def test_twins(request_: RunRequest, danger: Danger, line: str) -> None:
    assert twin(request_, danger) == line


@given(st.text(min_size=1, max_size=50))
def test_a_shell_reads_back_what_was_meant(reason: str) -> None:
    words = shlex.split(twin(RunRequest("restart", "us-east", ACTOR, reason=reason), Danger.CONFIRM))
    assert words[-2:] == ["--reason", reason]
