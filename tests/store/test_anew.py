"""Beginning anew: only when told to, and nothing is lost in silence."""

from pathlib import Path

import pytest

from npconsole.errors import StoreError, UsageError
from npconsole.store.anew import Fresh, start_anew
from npconsole.store.journal import StoredJournal
from tests.store.bench import Bench, begun


def anew(bench: Bench) -> Fresh:
    """By bob, at the bench's time."""
    return start_anew(bench.location, clock=bench.clock, environment="prod", host="h", actor="bob", reason="disk died")


@pytest.fixture
def old(file_bench: Bench) -> StoredJournal:
    """A memory of two environments."""
    file_bench.open(environment="staging").audit("note", actor="alice", target="t", data={})
    journal = file_bench.open()
    begun(journal)
    return journal


@pytest.mark.parametrize("harm", ["spoiled", "emptied", "deleted", "none"])
def test_the_old_file_is_kept_and_its_heads_are_named(file_bench: Bench, old: StoredJournal, harm: str) -> None:
    path = Path(file_bench.location)
    heads = {"prod": old.audit_lines()[-1].digest}
    content = b"" if harm == "emptied" else b"spoiled" if harm == "spoiled" else path.read_bytes()
    path.unlink() if harm == "deleted" else path.write_bytes(content)
    fresh = anew(file_bench)

    begun_anew = file_bench.open(thorough=True)
    genesis = begun_anew.audit_lines()[0]
    assert genesis.kind == "genesis"
    assert genesis.data["old_digest"] == heads["prod"]
    assert genesis.data["old_sequence"] == len([*old_kinds()])
    assert (genesis.data["actor"], genesis.data["reason"]) == ("bob", "disk died")
    assert begun_anew.runs() == []
    assert begun_anew.audit_problem() == ""
    assert file_bench.open(environment="staging").audit_lines()[0].data["old_sequence"] == 2
    if harm == "deleted":
        assert fresh.kept_aside is None
    else:
        assert fresh.kept_aside is not None
        assert fresh.kept_aside.name == "npconsole.db.corrupt-20270115T081640Z"
        assert fresh.kept_aside.read_bytes() == content
    assert [name for name, _ in fresh.heads] == ["prod", "staging"]
    begun(begun_anew)
    assert begun_anew.audit_problem() == ""


def old_kinds() -> tuple[str, ...]:
    """The lines of the old production chain."""
    return ("genesis", "run.requested", "run.intent")


def test_whoever_uses_the_old_file_acts_no_more(file_bench: Bench, old: StoredJournal) -> None:
    anew(file_bench)
    with pytest.raises(StoreError, match="was replaced while in use"):
        old.runs()


@pytest.mark.usefixtures("old")
def test_twice_at_the_same_second_keeps_both(file_bench: Bench) -> None:
    first, second = anew(file_bench), anew(file_bench)
    assert first.kept_aside != second.kept_aside
    assert file_bench.open().audit_lines()[0].data["old_sequence"] == 1


def test_where_nothing_is_nothing_is_begun(file_bench: Bench) -> None:
    with pytest.raises(UsageError, match="there is no memory"):
        anew(file_bench)


def test_a_server_is_not_begun_anew(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not begun anew"):
        anew(Bench("postgresql://h/d", tmp_path))
