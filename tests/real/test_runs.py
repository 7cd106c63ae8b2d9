"""`npconsole run` as operators use it, against a real platform: what it asks, what it changes, what it measures."""

import json
import signal
import sqlite3
from collections.abc import Iterator

import pytest

from npconsole.actions.registry import ACTIONS
from npconsole.model.action import TargetKind
from tests.benchmarks.restart_race import race
from tests.real.operations import Operations, operations
from tests.real.program import until

TARGETS = {
    TargetKind.REGION: "us-east",
    TargetKind.EDGE: "edge",
    TargetKind.ENDPOINT: "us-east",
    TargetKind.ISSUE: "API-12",
    TargetKind.SERVICE: "neuropilot",
    TargetKind.ESTATE: "neuropilot-sim",
    TargetKind.RUN: "4f1a09c2b3d4",
}
INPUTS = {"failover": ("--execute",), "assign": ("--to", "a@example.com"), "purge": ("--everything",)}
NOTHING = {"railway": 0, "cloudflare": 0, "sentry": 0}


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Operations]:
    with operations(tmp_path_factory.mktemp("bench"), options=("--speed", "2")) as bench:
        yield bench


def test_a_dry_run_shows_everything_and_changes_nothing(bench: Operations) -> None:
    done = bench.run("run", "restart", "us-east", "--dry-run", "--json")
    assert done.code == 0, done.out + done.err
    plan = json.loads(done.out)
    assert plan["schema"] == "npconsole.plan/1"
    assert [call["vendor"] for call in plan["calls"] if call["writes"]] == ["railway"]
    assert {answer["guard"] for answer in plan["guards"]} >= {"role", "lease", "last-healthy-region"}
    assert (plan["undo"], plan["confirm"]) == ("a restart cannot be undone", "--yes")
    assert bench.record()["writes"] == NOTHING
    assert bench.runs() == []


@pytest.mark.parametrize(
    ("words", "flag"),
    [(("restart", "us-east"), "--yes"), (("failover", "us-east", "--execute"), "--confirm us-east")],
)
def test_without_a_terminal_it_says_which_flag_to_add(bench: Operations, words: tuple[str, ...], flag: str) -> None:
    done = bench.run("run", *words)
    assert (done.code, done.out) == (6, "")
    assert f"add {flag}" in done.err
    assert bench.record()["writes"] == NOTHING


@pytest.mark.parametrize(
    ("words", "near"),
    [
        (("restrat", "us-east"), "restart"),
        (("restart", "us-esat"), "us-east"),
        (("failover", "us-east", "--param", "hodl=3s"), "hold"),
        (("failover", "us-east", "--hold", "3"), "3s"),
        (("restart", "us-east", "--override", "cooldown", "--reason", "x"), "cool-down"),
        (("restart", "us-east", "--override", "role", "--reason", "x"), "cool-down"),
        (("restart", "us-east", "--override", "cool-down"), "--reason"),
        (("restart",), "Missing argument"),
        (("restart", "us-east", "--timeout", "5"), "5s"),
        (("restart", "us-east", "--param", "hold"), "NAME=VALUE"),
    ],
)
def test_what_makes_no_sense_ends_with_the_nearest_word(bench: Operations, words: tuple[str, ...], near: str) -> None:
    done = bench.run("run", *words, "--yes")
    assert (done.code, done.out) == (2, ""), done.err
    assert near in done.err


@pytest.mark.parametrize("how", [("--read-only",), ("--role", "viewer")])
def test_no_action_gets_past_read_only_or_a_viewer(bench: Operations, how: tuple[str, ...]) -> None:
    """Every registered action; a new one is in here by itself."""
    before = len(bench.runs())
    for action in ACTIONS:
        target = TARGETS[action.spec.target]
        words = ("run", action.spec.id, target, *INPUTS.get(action.spec.id, ()), "--yes", "--confirm", target, "--json")
        done = bench.run(*how, *words)
        assert done.code == 6, (action.spec.id, done.out, done.err)
        assert done.final["state"] == "refused"
    assert len(bench.runs()) == before + len(ACTIONS)
    with bench.journal() as journal:
        refused = [line for line in journal.audit_lines() if line.kind == "run.refused"]
    assert {str(line.data["action"]) for line in refused} == {action.spec.id for action in ACTIONS}
    assert bench.record()["writes"] == NOTHING


def test_a_viewer_without_a_yes_is_refused_in_the_audit_too(bench: Operations) -> None:
    done = bench.run("--role", "viewer", "run", "restart", "us-east")
    assert done.code == 6
    assert "needs the role operator" in done.err
    with bench.journal() as journal:
        assert [line.kind for line in journal.audit_lines()][-1] == "run.refused"


def test_a_restart_happens_once_and_is_measured(bench: Operations) -> None:
    since = bench.mark()
    done = bench.run("run", "restart", "us-east", "--yes", "--reason", "test", "--json")
    assert done.code in (0, 7), done.out + done.err
    assert {line["schema"] for line in done.lines} == {"npconsole.run/1"}
    assert [line["final"] for line in done.lines] == [False] * (len(done.lines) - 1) + [True]
    states = list(dict.fromkeys(line["state"] for line in done.lines))
    assert states[:6] == ["requested", "planned", "confirmed", "intent", "sent", "applied"]
    assert done.final["verdict"] in ("helped", "no effect", "worse", "unknown")
    assert done.final["exit"] == done.code
    assert len(bench.entries("restart requested", since)) == 1


def test_two_at_once_make_one_restart_and_one_refusal_that_names_the_holder(bench: Operations) -> None:
    until(lambda: bench.serving("us-east"), what="us-east back", within_s=30)
    assert race(bench, "us-west") == ""


def test_the_same_key_never_makes_a_second_run(bench: Operations) -> None:
    until(lambda: bench.serving("us-west"), what="us-west back", within_s=30)
    since, words = bench.mark(), ("run", "restart", "eu-west", "--yes", "--idempotency-key", "build-7", "--json")
    first, second = bench.run(*words), bench.run(*words)
    assert first.final["run"] == second.final["run"]
    assert first.code == second.code
    assert len(bench.entries("restart requested", since)) == 1


def test_a_failover_is_only_reckoned_by_default(bench: Operations) -> None:
    writes = bench.record()["writes"]
    done = bench.run("run", "failover", "us-east", "--json")
    assert done.code == 0, done.out + done.err
    assert json.loads(done.out)["simulated"] is True
    assert bench.record()["writes"] == writes


def test_a_drill_agrees_with_the_platforms_own_record(bench: Operations) -> None:
    for region in TARGETS_OF_DRILL:
        until(lambda region=region: bench.serving(region), what=f"{region} back", within_s=30)  # type: ignore[misc]
    since = bench.mark()
    words = ("run", "failover", "us-east", "--execute", "--confirm", "us-east", "--hold", "1s", "--json")
    done = bench.run(*words, "--override", "open-incident", "--override", "fresh-data", "--reason", "test")
    assert done.code in (0, 7), done.out + done.err
    assert done.final["state"] == "reverted"
    asked, moved = (bench.entries(kind, since, subject="us-east")[0] for kind in ("pool changed", "drained"))
    truth_s = (moved["monotonic_ms"] - asked["monotonic_ms"]) / 1000
    assert done.final["result"]["drill"]["recovery_s"] == pytest.approx(truth_s, abs=0.2)
    assert all(bench.pools().values())


TARGETS_OF_DRILL = ("us-east", "us-west", "eu-west")


def test_no_wait_and_then_watching(bench: Operations) -> None:
    until(lambda: bench.serving("us-west"), what="us-west back", within_s=30)
    asked = bench.run("run", "restart", "us-west", "--yes", "--no-wait")
    assert asked.code == 0, asked.err
    watched = bench.run("runs", "watch", asked.out.strip(), "--json")
    assert watched.final["run"] == asked.out.strip()
    shown = json.loads(bench.run("runs", "show", asked.out.strip(), "--json").out)
    assert shown["state"] == watched.final["state"]
    assert shown["events"]


def test_waiting_no_longer_than_asked_leaves_the_run_alone(bench: Operations) -> None:
    until(lambda: bench.serving("us-west"), what="us-west back", within_s=30)
    done = bench.run("run", "restart", "us-west", "--yes", "--timeout", "200ms", "--json")
    last = done.lines[-1]
    assert (done.code, last["final"]) == (8, False)
    assert bench.run("runs", "watch", last["run"]).code in (0, 7)


def test_the_first_ctrl_c_takes_a_drill_back(bench: Operations) -> None:
    for region in TARGETS_OF_DRILL:
        until(lambda region=region: bench.serving(region), what=f"{region} back", within_s=30)  # type: ignore[misc]
    words = ("run", "failover", "us-east", "--execute", "--confirm", "us-east", "--hold", "60s", "--json")
    process = bench.start(*words, "--override", "open-incident", "--override", "fresh-data", "--reason", "test")
    until(bench.is_holding, what="the hold", within_s=30)
    process.send_signal(signal.SIGINT)
    done = bench.finish(process)
    assert done.code == 5, done.out + done.err
    assert done.final["state"] == "reverted"
    assert "Ctrl-C once more" in done.err
    assert all(bench.pools().values())


def test_the_second_ctrl_c_says_what_to_do_by_hand_and_leaves(bench: Operations) -> None:
    words = ("run", "failover", "us-east", "--execute", "--confirm", "us-east", "--hold", "60s")
    process = bench.start(*words, "--override", "open-incident", "--override", "fresh-data", "--reason", "test")
    until(bench.is_holding, what="the hold", within_s=30)
    run_id = bench.runs()[0].id
    process.send_signal(signal.SIGINT)
    until(lambda: bool(bench.state_of(run_id).abort), what="the abort", within_s=10)
    process.send_signal(signal.SIGINT)
    done = bench.finish(process)
    assert done.code == 130, done.err
    assert f"npconsole recover --run {run_id}" in done.err
    assert "enabled=true" in done.err
    until(lambda: bench.state_of(run_id).state.is_final, what="the end", within_s=30)
    assert all(bench.pools().values())


def test_the_audit_is_whole_until_somebody_edits_it(bench: Operations) -> None:
    assert bench.run("audit", "verify").code == 0
    exported = bench.run("audit", "export").lines
    assert [line["sequence"] for line in exported] == list(range(1, len(exported) + 1))
    listed = bench.run("audit", "list", "--limit", "3", "--json").lines
    assert listed == exported[-3:]
    path = bench.folder / "here/state/npconsole/npconsole.db"
    with sqlite3.connect(path) as database:
        triggers = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            database.execute(f'DROP TRIGGER "{name}"')
        database.execute("UPDATE audit SET actor = 'nobody' WHERE sequence = 2")
    database.close()
    done = bench.run("audit", "verify")
    assert done.code == 1
    assert "line 2" in done.out
