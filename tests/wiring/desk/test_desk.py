"""The desk over a real journal in a file: what needs no platform. Runs are in `tests/real/test_desk.py`."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event

import msgspec
import pytest

from npconsole.config.loading import Loaded, load
from npconsole.errors import RefusedError, UsageError
from npconsole.model.action import AccessRole
from npconsole.model.clock import SystemClock
from npconsole.model.desk import DeskState
from npconsole.model.heal import HEAL_ACK, HEAL_OFF, HealMode
from npconsole.model.mute import Mute
from npconsole.model.run import Actor
from npconsole.wiring.desk import LiveDesk, Seat
from npconsole.wiring.desk.view import VIEW, heal_view
from npconsole.wiring.memory import Stores, open_stores
from tests.views.console.heal import view
from tests.views.console.loads import past

ALICE = Actor("alice", AccessRole.OPERATOR, "console")
WITHIN_S = 10.0
CONFIG = """\
services:
  - name: api
    regions:
      - {name: us-east, origin: "http://127.0.0.1:9", role: primary}
"""


@pytest.fixture
def loaded(tmp_path: Path) -> Loaded:
    path = tmp_path / "config.yaml"
    path.write_text(CONFIG)
    return load(path, environ={})


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"XDG_STATE_HOME": str(tmp_path / "state"), "HOME": str(tmp_path)}


@contextmanager
def desk(
    loaded: Loaded, environ: dict[str, str], *, actor: Actor = ALICE, read_only: bool = False
) -> Iterator[LiveDesk]:
    made = LiveDesk(Seat(loaded, environ, SystemClock(), actor, read_only))
    made.start()
    try:
        yield made
    finally:
        made.stop(WITHIN_S)


@contextmanager
def stores(loaded: Loaded, environ: dict[str, str]) -> Iterator[Stores]:
    """The same memory, as another process has it."""
    opened = open_stores(loaded.config, environ=environ, clock=SystemClock())
    try:
        yield opened
    finally:
        opened.close()


def hears(made: LiveDesk, true: Callable[[DeskState], bool]) -> DeskState:
    """The state as soon as it is so."""
    came = Event()

    def listen(state: DeskState) -> None:
        if true(state):
            came.set()

    end = made.subscribe(listen)
    listen(made.state)
    try:
        assert came.wait(WITHIN_S), made.state
    finally:
        end()
    return made.state


def test_a_mute_is_seen_at_once_and_ended_early(loaded: Loaded, environ: dict[str, str]) -> None:
    with desk(loaded, environ) as made:
        muted = made.mute("us-east", 1800, "planned work").result(WITHIN_S)
        assert isinstance(muted, Mute)
        assert muted.until_wall - muted.begun_wall == pytest.approx(1800)
        assert hears(made, lambda state: bool(state.mutes)).mutes == (muted,)
        assert muted.actor == "alice"
        made.unmute("us-east").result(WITHIN_S)
        hears(made, lambda state: not state.mutes)
    with stores(loaded, environ) as kept:
        assert [line.kind for line in kept.journal.audit_lines() if "mute" in line.kind] == ["mute.set", "mute.cleared"]


def test_a_mute_without_a_reason_or_an_end_is_none(loaded: Loaded, environ: dict[str, str]) -> None:
    with desk(loaded, environ) as made:
        for for_s, reason in ((1800.0, " "), (0.0, "x"), (float("inf"), "x")):
            with pytest.raises(UsageError):
                made.mute("us-east", for_s, reason).result(WITHIN_S)


def test_healing_is_switched_off_and_on_with_the_reason(loaded: Loaded, environ: dict[str, str]) -> None:
    with stores(loaded, environ) as kept:
        lead(kept)
        with desk(loaded, environ) as made:
            hears(made, lambda state: state.heal is not None and not state.heal.off)
            made.switch_heal("deploy at 14:00").result(WITHIN_S)
            hears(made, lambda state: state.heal is not None and state.heal.off == "deploy at 14:00")
            assert kept.journal.consult("", lambda ledger: ledger.switch(HEAL_OFF)) == "deploy at 14:00"
            made.switch_heal("").result(WITHIN_S)
            hears(made, lambda state: state.heal is not None and not state.heal.off)
            made.acknowledge("the disk was full").result(WITHIN_S)
            assert kept.journal.consult("", lambda ledger: ledger.switch(HEAL_ACK)) == "the disk was full"
            with pytest.raises(UsageError):
                made.acknowledge("  ").result(WITHIN_S)
        assert [line.actor for line in kept.journal.audit_lines() if line.kind.startswith("switch.")] == ["alice"] * 3


@pytest.mark.parametrize(("role", "read_only"), [(AccessRole.VIEWER, False), (AccessRole.ADMIN, True)])
def test_who_may_not_act_changes_nothing(
    loaded: Loaded,
    environ: dict[str, str],
    role: AccessRole,
    read_only: bool,
) -> None:
    with desk(loaded, environ, actor=replace(ALICE, role=role), read_only=read_only) as made:
        asked: list[Callable[[], Future[Mute] | Future[None]]] = [
            lambda: made.mute("us-east", 60, "x"),
            lambda: made.unmute("us-east"),
            lambda: made.switch_heal("x"),
            lambda: made.acknowledge("x"),
        ]
        for ask in asked:
            with pytest.raises(RefusedError):
                ask().result(WITHIN_S)
        assert list(made.benchmarks("", 10).result(WITHIN_S)) == [], "looking is free"
    with stores(loaded, environ) as kept:
        assert not kept.mutes.mutes()
        assert [line.kind for line in kept.journal.audit_lines() if line.kind != "genesis"] == []


def test_past_benchmarks_come_latest_first_with_the_names_of_baselines(loaded: Loaded, environ: dict[str, str]) -> None:
    with stores(loaded, environ) as kept:
        for number in (3, 2, 1):
            kept.benchmarks.add(past(number))
        kept.benchmarks.name_baseline("release-7", "b2", actor="alice")
    with desk(loaded, environ) as made:
        assert [each.id for each in made.benchmarks("us-east", 2).result(WITHIN_S)] == ["b1", "b2"]
        assert list(made.baselines().result(WITHIN_S)) == [("release-7", "b2")]


def test_a_view_of_another_version_claims_nothing() -> None:
    assert heal_view("") is None
    seen = heal_view('{"mode": "turbo"}')
    assert seen is not None
    assert seen.mode is HealMode.OFF
    assert "another version" in seen.problem
    assert heal_view(msgspec.json.encode(view()).decode()) == view()


def lead(kept: Stores) -> None:
    """Leave a view as the leading daemon does."""
    fence = kept.heal.lead(owner="bastion pid 1", ttl_s=60)
    assert fence is not None
    kept.heal.commit(fence, states={VIEW: msgspec.json.encode(view()).decode()})
