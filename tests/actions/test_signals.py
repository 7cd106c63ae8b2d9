"""Real runner processes: a signal means stop and take back; a killed one is finished by the next."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from npconsole.actions import registry
from npconsole.actions.request import ask
from npconsole.errors import ExitCode
from npconsole.model.clock import SystemClock
from npconsole.model.run import RunState
from npconsole.store.journal import StoredJournal
from npconsole.store.opening import open_journal
from tests.actions.desk import ALICE, OWN
from tests.actions.memory import NAME, new_folder
from tests.actions.world import Platform


@pytest.fixture
def journal() -> Iterator[StoredJournal]:
    folder = new_folder()
    (folder / NAME).unlink()
    made = open_journal(folder / NAME, clock=SystemClock(), environment="test", host="here", syslog=False)
    yield made
    made.close()
    shutil.rmtree(folder)


def asked(journal: StoredJournal, action_id: str, **parameters: str) -> str:
    action = OWN.get(action_id) or registry.find(action_id)
    given = {name: [value] for name, value in parameters.items()}
    request = ask(action, "us-east", given, actor=ALICE, estate=Platform().estate, reason="test")
    return journal.request(replace(request, confirmed=True, typed="us-east")).id


def process(journal: StoredJournal, run_id: str, failpoint: str = "") -> subprocess.CompletedProcess[str]:
    folder = Path(journal.place).parent
    return subprocess.run(
        [sys.executable, "-m", "tests.actions.process", str(folder), run_id],
        env={**os.environ, "NPCONSOLE_FAILPOINT": failpoint},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=30,
    )


def test_sigterm_in_the_hold_takes_the_drill_back(journal: StoredJournal) -> None:
    run_id = asked(journal, "drain", hold="5m")
    ended = process(journal, run_id, "holding:term")
    assert (ended.returncode, ended.stdout, ended.stderr) == (
        ExitCode.CANCELLED,
        "disable pool-us-east\nenable pool-us-east\n",
        "",
    )
    run = journal.run(run_id)
    assert run is not None
    assert (run.state, run.outcome) == (RunState.REVERTED, "its runner got SIGTERM")


def test_sigkill_after_the_intent_sends_nothing_and_the_next_start_says_so(journal: StoredJournal) -> None:
    run_id = asked(journal, "restart")
    killed = process(journal, run_id, "intended:kill")
    assert (killed.returncode, killed.stdout) == (-signal.SIGKILL, "")
    run = journal.run(run_id)
    assert run is not None
    assert run.state is RunState.INTENT
    journal.steal("us-east", actor="test", reason="instead of waiting for the lease to expire")
    recovered = process(journal, "")
    assert (recovered.returncode, recovered.stdout) == (1, "")
    run = journal.run(run_id)
    assert run is not None
    assert (run.state, run.outcome) == (RunState.FAILED, "nothing was sent: its runner died before")
