"""A page from a runner: only for what could not be undone, only where no daemon does it, and only once."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from npconsole.errors import ProcessError
from npconsole.model.notice import NoticeKind, Severity
from npconsole.model.run import RunState
from npconsole.wiring.paging import Pager
from tests.wiring.daemon.bench import ROUTES, Bench, bench
from tests.wiring.daemon.runs import run

FAILED = run("r1", RunState.REVERT_FAILED, action="failover")


@dataclass
class Launcher:
    """Remembers how often somebody was to deliver."""

    delivered: int = 0
    broken: bool = False
    started: list[str] = field(default_factory=list)

    def deliver(self) -> None:
        if self.broken:
            raise ProcessError("no more processes")
        self.delivered += 1


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Bench]:
    with bench(tmp_path) as made:
        yield made


def pager(place: Bench, launcher: Launcher) -> Pager:
    stores = place.stores
    return Pager("neuropilot", ROUTES, stores.outbox, stores.heal, launcher, place.clock)  # type: ignore[arg-type]  # fake


def test_what_cannot_be_undone_is_put_once_and_delivered_each_time(
    place: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    launcher = Launcher()
    for _ in range(3):
        pager(place, launcher)(FAILED, "pool us-east is still off")
    [notice] = place.notices()
    assert (notice.kind, notice.severity, notice.key) == (
        NoticeKind.TRIGGER,
        Severity.CRITICAL,
        "neuropilot/us-east/undo",
    )
    assert notice.summary == "failover us-east could not be undone: pool us-east is still off"
    assert launcher.delivered == 3
    assert capsys.readouterr().err.count("attention: failover us-east (run r1)") == 3


def test_where_a_daemon_leads_it_follows_the_audit_and_tells(place: Bench) -> None:
    launcher = Launcher()
    place.leads()
    pager(place, launcher)(FAILED, "words")
    assert (place.notices(), launcher.delivered) == ([], 0)


@pytest.mark.parametrize("state", [RunState.DEGRADED, RunState.FAILED, RunState.REVERTED])
def test_other_ends_are_for_who_watches(place: Bench, state: RunState) -> None:
    launcher = Launcher()
    pager(place, launcher)(run("r1", state), "words")
    assert (place.notices(), launcher.delivered) == ([], 0)


def test_what_cannot_be_told_is_in_the_runners_log(place: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    pager(place, Launcher(broken=True))(FAILED, "words")
    assert "nobody could be told: no more processes" in capsys.readouterr().err
