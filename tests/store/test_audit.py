"""The chain: whole by itself, and broken where somebody touched it."""

import json
import socket
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import DBAPIError

from npconsole.errors import StoreError
from npconsole.store.anchor import HeadFile, SystemLog
from npconsole.store.chain import ORIGIN, Head, digest_of
from npconsole.store.journal import StoredJournal
from npconsole.store.plain import canonical, packed, plain, unpacked
from tests.store.bench import Bench

HOSTILE = {
    "nan": float("nan"),
    "huge": 10**5000,
    "surrogate": "\ud83d",
    "nul": "a\0b",
    "escape": "\x1b]52;c;aGk=\x07",
    "newline": 'x\n{"forged": 1}',
    "deep": [[[[[[[[[[[["down"]]]]]]]]]]]],
    "object": object,
    1: "a number as a key",
}


@pytest.fixture
def chained(journal: StoredJournal) -> StoredJournal:
    """A chain of 10 lines; the first is its genesis."""
    for number in range(9):
        journal.audit("note", actor="alice", target="us-east", data={"number": number})
    assert journal.audit_problem() == ""
    return journal


def test_a_chain_begins_with_its_genesis_and_has_no_gaps(chained: StoredJournal) -> None:
    lines = chained.audit_lines()
    assert [line.sequence for line in lines] == list(range(1, 11))
    assert (lines[0].kind, lines[0].previous) == ("genesis", ORIGIN)
    assert [line.previous for line in lines[1:]] == [line.digest for line in lines[:-1]]
    assert [line.sequence for line in chained.audit_lines(after=7, limit=2)] == [8, 9]


def test_anybody_can_compute_a_digest_from_an_exported_line(chained: StoredJournal) -> None:
    line = chained.audit_lines()[4]
    data = json.dumps(line.data, sort_keys=True, separators=(",", ":"))
    assert line.digest == digest_of(
        line.previous, "prod", line.sequence, line.wall, line.kind, line.actor, line.target, data
    )


def test_hostile_values_make_one_clean_line(chained: StoredJournal) -> None:
    line = chained.audit("note\x1b[2J", actor="a\nb\ud800\0", target="\u202eevil", data=HOSTILE)  # type: ignore[arg-type]  # what must not happen
    assert (line.kind, line.actor, line.target) == ("note␛[2J", "a ⏎ b\ufffd␀", "evil")
    assert line.data["nan"] is None
    assert line.data["1"] == "a number as a key"
    assert chained.audit_lines(after=10) == [line]
    assert chained.audit_problem() == ""


def test_the_database_itself_refuses_changes(chained: StoredJournal, bench: Bench) -> None:
    statements = ["UPDATE audit SET actor = 'bob'", "DELETE FROM audit WHERE sequence = 10"]
    statements += ["TRUNCATE audit"] if bench.is_server else []
    for statement in statements:
        with pytest.raises(DBAPIError, match="can only be added to"):
            bench.edit(statement)
    assert chained.audit_problem() == ""


@pytest.mark.parametrize(
    ("statements", "problem"),
    [
        (["UPDATE audit SET actor = 'bob' WHERE sequence = 4"], "line 4 was changed"),
        (["UPDATE audit SET data = '{}' WHERE sequence = 10"], "line 10 was changed"),
        (["UPDATE audit SET wall = wall + 1 WHERE sequence = 1"], "line 1 was changed"),
        (["DELETE FROM audit WHERE sequence = 4"], "line 4 is missing: the next one is 5"),
        (["DELETE FROM audit WHERE sequence = 1"], "line 1 is missing"),
        (["DELETE FROM audit WHERE sequence > 7"], "line 8 is missing: the chain had 10 lines"),
        (["DELETE FROM audit"], "line 1 is missing"),
        (["UPDATE audit SET sequence = 99 WHERE sequence = 4"], "line 4 is missing"),
        (
            [
                "UPDATE audit SET sequence = 99 WHERE sequence = 4",
                "UPDATE audit SET sequence = 4 WHERE sequence = 5",
                "UPDATE audit SET sequence = 5 WHERE sequence = 99",
            ],
            "line 4 does not follow",
        ),
        (
            [
                """
                INSERT INTO audit SELECT environment, 11, wall, kind, actor, target, data, digest, digest
                FROM audit WHERE sequence = 10
                """
            ],
            "line 11 was changed",
        ),
    ],
)
def test_every_change_is_found_and_named(
    chained: StoredJournal, bench: Bench, statements: list[str], problem: str
) -> None:
    bench.unguard_audit()
    bench.edit(*statements)
    assert chained.audit_problem().startswith(problem)


def test_a_tail_cut_off_with_its_counter_is_known_by_the_head_file(chained: StoredJournal, bench: Bench) -> None:
    bench.unguard_audit()
    bench.edit(
        "DELETE FROM audit WHERE sequence > 7",
        "UPDATE environments SET audit_sequence = 7, audit_digest = (SELECT digest FROM audit WHERE sequence = 7)",
    )
    assert chained.audit_problem().startswith("line 10 is missing or another")
    for _ in range(6):
        chained.audit("note", actor="mallory", target="us-east", data={})
    assert chained.audit_problem().startswith("line 10 is missing or another"), "new lines must not bury the evidence"


def test_a_second_host_keeps_a_head_of_its_own(chained: StoredJournal, bench: Bench, tmp_path: Path) -> None:
    other = Bench(bench.location, tmp_path / "other", clock=bench.clock, numbers=bench.numbers)
    try:
        there = other.open()
        there.audit("note", actor="bob", target="edge", data={})
        chained.audit("note", actor="alice", target="edge", data={})
        there.audit("note", actor="bob", target="edge", data={})
        assert there.audit_problem() == "" == chained.audit_problem()
    finally:
        other.close()


def test_a_missing_head_file_is_a_problem(file_bench: Bench) -> None:
    journal = file_bench.open()
    journal.audit("note", actor="alice", target="t", data={})
    head = Path(f"{file_bench.location}.head-prod")
    content = head.read_bytes()
    head.unlink()
    assert "is gone" in journal.audit_problem()
    head.write_bytes(b"\xff nonsense")
    assert "is not a head" in journal.audit_problem()
    head.write_bytes(content)
    assert journal.audit_problem() == ""


def test_an_environment_that_vanished_is_not_begun_anew_in_silence(file_bench: Bench) -> None:
    file_bench.open().audit("note", actor="alice", target="t", data={})
    file_bench.unguard_audit()
    file_bench.edit("DELETE FROM audit", "DELETE FROM environments")
    with pytest.raises(StoreError, match="has lost its lines"):
        file_bench.open().audit("note", actor="alice", target="t", data={})


def test_a_head_moves_only_along_its_chain(tmp_path: Path) -> None:
    file = HeadFile(tmp_path / "head", required=True)
    first, second, forged = Head(1, "a" * 64), Head(2, "b" * 64), Head(9, "f" * 64)
    file.prepare()
    file.keep(first, Head(), lambda _: False)
    assert file.kept() == first
    file.keep(forged, Head(8, "e" * 64), lambda _: False)
    assert file.kept() == first, "the chain does not contain what was kept"
    file.keep(second, Head(8, "e" * 64), lambda _: True)
    file.keep(first, Head(), lambda _: True)
    assert file.kept() == second, "a slower process must not turn it back"
    assert (tmp_path / "head").stat().st_mode & 0o777 == 0o600


def test_every_head_goes_to_the_system_log(tmp_path: Path) -> None:
    log = SystemLog("prod", path=str(tmp_path / "log"))
    log.keep(Head(7, "a" * 64), Head(), lambda _: True)  # nobody listens
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.settimeout(5)
        listener.bind(str(tmp_path / "log"))
        log.keep(Head(7, "a" * 64), Head(), lambda _: True)
        assert listener.recv(500) == b"<85>npconsole: audit prod 7 " + b"a" * 64
    assert log.problem(Head(), lambda _: False) == ""


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()) | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters()), inner),
    max_leaves=40,
)


@settings(max_examples=60)
@given(value=_VALUES)
def test_whatever_is_made_plain_stays_the_same(value: object) -> None:
    once = plain(value)
    assert plain(once) == once
    assert json.loads(canonical(once)) == once


@settings(max_examples=20)
@given(data=st.dictionaries(st.text(st.characters()), _VALUES, max_size=5))
def test_what_is_packed_can_be_unpacked(data: dict[str, object]) -> None:
    text = packed(data, limit=300)
    assert text.isascii()
    assert "\\u0000" not in text
    assert "damaged" not in unpacked(text) or "damaged" in data


def test_long_data_says_that_it_was_cut() -> None:
    kept = unpacked(packed({"many": ["x" * 1000] * 150}))
    assert set(kept) == {"cut", "start"}
    assert plain(list(range(250)))[-1] == "… 50 more"  # type: ignore[index]  # a list comes back as a list
    assert unpacked("[") == {"damaged": "["}
