"""The file and what may befall it: each a StoreError that says what happened, where, and what to do."""

import os
import resource
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from io import FileIO
from pathlib import Path

import pytest

from npconsole.errors import BusyError, StoreError, UsageError
from npconsole.model.clock import SystemClock
from npconsole.model.run import RunState, StepState
from npconsole.store.failure import DamagedError
from npconsole.store.filesystem import is_network, kind_of
from npconsole.store.holder import described, holder_of
from npconsole.store.journal import StoredJournal
from npconsole.store.opening import open_journal
from npconsole.store.place import default_path
from npconsole.store.sqlite import SqliteDatabase
from npconsole.store.version import SCHEMA_VERSION
from tests.store.bench import Bench, begun, wanted

IS_ROOT = os.geteuid() == 0


@pytest.fixture
def path(file_bench: Bench) -> Path:
    """A memory with a run in it."""
    begun(file_bench.open())
    return Path(file_bench.location)


def test_the_default_place_follows_the_standard() -> None:
    assert default_path({"XDG_STATE_HOME": "/var/s"}) == Path("/var/s/npconsole/npconsole.db")
    assert default_path({"HOME": "/h"}) == Path("/h/.local/state/npconsole/npconsole.db")
    assert default_path({"XDG_STATE_HOME": "relative", "HOME": "/h"}).parts[1] == "h"


def test_file_and_folder_are_ours_alone_whatever_the_umask(file_bench: Bench) -> None:
    before = os.umask(0)
    try:
        file_bench.open().request(wanted())
    finally:
        os.umask(before)
    folder = Path(file_bench.location).parent
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}
    assert {file.name for file in folder.iterdir()} == {
        "npconsole.db",
        "npconsole.db-journal",
        "npconsole.db.head-prod",
        "npconsole.db.reserve",
    }


def test_every_connection_is_set_up_for_durability(path: Path) -> None:
    database = SqliteDatabase(path)
    settings = ("journal_mode", "synchronous", "foreign_keys", "trusted_schema", "application_id", "user_version")
    found = database.read(lambda connection: [connection.exec_driver_sql(f"PRAGMA {s}").scalar() for s in settings])
    assert found == ["truncate", 2, 1, 0, 0x6E70636E, SCHEMA_VERSION]


def test_a_file_in_wal_mode_is_taken_out_of_it(file_bench: Bench, path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA journal_mode=WAL").fetchone() == ("wal",)
    assert path.read_bytes()[18:20] == b"\x02\x02", "the header says: WAL"
    assert len(file_bench.opened[0].runs()) == 1
    assert path.read_bytes()[18:20] == b"\x01\x01"


def spoil_page(path: Path) -> None:
    """Overwrite a page in the middle."""
    with path.open("r+b") as file:
        file.seek(4096 * (path.stat().st_size // 8192))
        file.write(b"\xff" * 4096)


def spoil_header(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(b"not a database at all")


def other_program(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE theirs (n)")
        connection.commit()
    path.chmod(0o600)


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version=99")


def link(path: Path) -> None:
    path.rename(path.with_suffix(".moved"))
    path.symlink_to(path.with_suffix(".moved"))


@pytest.mark.parametrize(
    ("harm", "words", "remedy"),
    [
        (spoil_page, "is damaged", "start-anew"),
        (spoil_header, "is damaged", "start-anew"),
        (lambda path: os.truncate(path, 0), "is empty", "start-anew"),
        (lambda path: os.truncate(path, 5000), "is damaged", "start-anew"),
        (other_program, "of something else", "start-anew"),
        (Path.unlink, "is gone", "start-anew"),
        (newer, "newer npconsole", "upgrade npconsole"),
        (lambda path: path.chmod(0o604), "open to everybody", "chmod o="),
        (lambda path: path.parent.chmod(0o707), "everybody may replace files", "chmod o-w"),
        (link, "not a regular file", "another place"),
    ],
)
def test_a_harmed_file_is_not_opened(
    file_bench: Bench, path: Path, harm: Callable[[Path], None], words: str, remedy: str
) -> None:
    harm(path)
    with pytest.raises(StoreError, match=words) as raised:
        file_bench.open(thorough=True)
    assert str(path.parent) in raised.value.message
    assert remedy in raised.value.hint
    assert raised.value.exit_code == 6


@pytest.mark.skipif(not IS_ROOT, reason="only root may give files away")
def test_a_file_of_somebody_else_is_not_opened(file_bench: Bench, path: Path) -> None:
    os.chown(path, 65534, 65534)
    with pytest.raises(StoreError, match="belongs to nobody") as raised:
        file_bench.open()
    assert "run as nobody" in raised.value.hint
    path.chmod(0o660)
    os.chown(path, 65534, 0)
    file_bench.open()


def test_a_deleted_file_is_noticed_by_those_who_use_it(file_bench: Bench, path: Path) -> None:
    journal = file_bench.opened[0]
    path.unlink()
    for use in (journal.runs, lambda: journal.request(wanted())):
        with pytest.raises(DamagedError, match="was deleted while in use"):
            use()
    assert not path.exists(), "nothing may be made in its place"


def test_a_file_deleted_during_a_write_does_not_count(path: Path) -> None:
    database = SqliteDatabase(path)
    database.open(thorough=False)
    with pytest.raises(DamagedError, match="was deleted while in use"):
        database.write("prod", lambda _: path.unlink(), outcome=False)


def test_a_replaced_file_is_noticed(file_bench: Bench, path: Path) -> None:
    journal = file_bench.opened[0]
    path.with_suffix(".copy").write_bytes(path.read_bytes())
    path.with_suffix(".copy").rename(path)
    with pytest.raises(DamagedError, match="was replaced while in use"):
        journal.runs()


@contextmanager
def mounted(point: Path, options: str) -> Iterator[None]:
    """A tmpfs, where root may mount one."""
    point.mkdir(parents=True, exist_ok=True)
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(point)], capture_output=True, timeout=10)
    if made.returncode:
        pytest.skip("a tmpfs can only be mounted by root")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(point)], check=True, timeout=10)


def test_a_read_only_file_system_can_be_read(file_bench: Bench) -> None:
    folder = Path(file_bench.location).parent
    with mounted(folder, "size=4m,mode=0700"):
        run, _ = begun(file_bench.open())
        subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True, timeout=10)
        journal = file_bench.open(thorough=True)
        assert journal.run(run.id) is not None
        assert journal.audit_problem() == ""
        assert journal.consult("", lambda ledger: ledger.lease_on("us-east")) is not None
        for write in (lambda: journal.request(wanted()), lambda: journal.ask_abort(run.id, actor="a", reason="")):
            with pytest.raises(StoreError, match="can only be read here"):
                write()


def fill(folder: Path) -> None:
    """Use up the last byte."""
    with FileIO(folder / "filler", "w") as filler, pytest.raises(OSError, match="No space left"):
        write_on(filler)


def write_on(filler: FileIO) -> None:
    """Until it fails."""
    while filler.write(b"x" * 4096):
        pass


def ask_for_many(journal: StoredJournal) -> None:
    """Until the free pages within the file are used up."""
    for number in range(200):
        journal.request(wanted(target=f"region-{number}"))


def test_a_full_disk_starts_nothing_and_loses_nothing(file_bench: Bench) -> None:
    folder = Path(file_bench.location).parent
    with mounted(folder, "size=600k,mode=0700"):
        journal = file_bench.open()
        run, lease = begun(journal)
        journal.intend(lease, call="restart", undo="{}", remote="d1")
        fill(folder)
        with pytest.raises(StoreError, match="no room left") as raised:
            ask_for_many(journal)
        assert raised.value.exit_code == 6
        journal.set_switch("actions.frozen", "disk full", actor="alice")
        journal.mark(lease, 1, StepState.APPLIED)
        ended = journal.advance(run.id, RunState.SUCCEEDED, "restarted", lease=lease, outcome="p95 110 ms")
        journal.release(lease)
        assert not (folder / "npconsole.db.reserve").exists()
        assert (ended.state, ended.steps[0].state) == (RunState.SUCCEEDED, StepState.APPLIED)
        with pytest.raises(StoreError, match="no room left"):
            journal.request(wanted())
        assert journal.audit_problem() == ""
        (folder / "filler").unlink()
        begun(journal, "eu-west")
        assert (folder / "npconsole.db.reserve").stat().st_size == 128 * 1024


def test_a_limit_on_file_sizes_is_no_room_either(file_bench: Bench, path: Path) -> None:
    journal, (soft, hard) = file_bench.opened[0], resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size // 2, hard))
    try:
        with pytest.raises(StoreError, match="no room left"):
            ask_for_many(journal)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    begun(journal, "eu-west")
    assert journal.audit_problem() == ""


_HOLDER = """
import os, signal, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
os.kill(os.getpid(), signal.SIGSTOP)
"""


def test_a_stopped_writer_is_named_within_the_timeout(file_bench: Bench, path: Path) -> None:
    holder = subprocess.Popen([sys.executable, "-c", _HOLDER, str(path)], stdout=subprocess.PIPE)
    assert holder.stdout is not None
    journal = file_bench.opened[0]
    try:
        assert holder.stdout.readline() == b"held\n"
        os.waitid(os.P_PID, holder.pid, os.WSTOPPED)
        with pytest.raises(BusyError, match=rf"held by process {holder.pid} \(python.*, stopped\)"):
            journal.request(wanted())
        assert len(journal.runs()) == 1, "readers go on"
    finally:
        holder.kill()
        holder.communicate(timeout=5)
    journal.request(wanted())


def test_half_a_write_without_its_file_is_not_played_into_a_new_one(file_bench: Bench, path: Path) -> None:
    for file in path.parent.iterdir():
        file.unlink()
    path.with_name("npconsole.db-journal").write_bytes(b"half a write")
    with pytest.raises(DamagedError, match=r"npconsole\.db-journal is still there"):
        file_bench.open()


def test_threads_share_a_journal(file_bench: Bench) -> None:
    journal = file_bench.open(busy_timeout_s=20)
    failures: list[BaseException] = []

    def write() -> None:
        try:
            for _ in range(10):
                journal.audit("note", actor="a", target="t", data={})
        except BaseException as error:  # noqa: BLE001 - whatever a thread raises fails the test
            failures.append(error)

    threads = [threading.Thread(target=write) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert failures == []
    assert len(journal.audit_lines()) == 31
    assert journal.audit_problem() == ""


_LOOK = """
import sys
from npconsole.model.clock import SystemClock
from npconsole.store.opening import open_journal
journal = open_journal(sys.argv[1], clock=SystemClock(), environment="prod", host="h", syslog=False)
assert len(journal.runs()) == 1
print([name for name in ("alembic", "psycopg", "mako", "textual", "httpx") if name in sys.modules])
"""


def test_looking_at_an_up_to_date_memory_imports_no_alembic(path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", _LOOK, str(path)], capture_output=True, text=True, timeout=30)
    assert done.stdout.strip() == "[]", done.stderr


@pytest.mark.parametrize("location", ["mysql://h/d", "postgresql://user:hunter2@h:port/d", "http://x"])
def test_other_urls_are_refused_without_their_password(location: str) -> None:
    with pytest.raises(UsageError) as raised:
        open_journal(location, clock=SystemClock(), environment="prod", host="h")
    assert "hunter2" not in str(raised.value)


@pytest.mark.parametrize("environment", ["", "../../etc", "a b", "x" * 65, "a\n"])
def test_an_environment_is_a_name(tmp_path: Path, environment: str) -> None:
    with pytest.raises(UsageError, match="environment"):
        open_journal(tmp_path / "n.db", clock=SystemClock(), environment=environment, host="h")


_MOUNTS = r"""22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
30 22 0:40 / /home rw - nfs4 server:/home rw
31 30 0:41 / /home/al\040ice/local rw - ext4 /dev/vdb rw
32 22 0:42 / /mnt/ssh rw - fuse.sshfs me@host: rw
broken line
"""


@pytest.mark.parametrize(
    ("folder", "kind", "network"),
    [
        ("/var/lib", "ext4", False),
        ("/home/bob", "nfs4", True),
        ("/homely", "ext4", False),
        ("/home/al ice/local/state", "ext4", False),
        ("/mnt/ssh/x", "fuse.sshfs", True),
    ],
)
def test_a_network_file_system_is_known_by_its_mount(folder: str, kind: str, network: bool) -> None:
    assert kind_of(Path(folder), _MOUNTS) == kind
    assert is_network(kind) is network


def test_a_holder_that_cannot_be_seen_is_another_process(tmp_path: Path) -> None:
    (tmp_path / "db").touch()
    assert holder_of(tmp_path / "none", proc=tmp_path) == "another process"
    assert described(1, proc=tmp_path) == "process 1"
    status = (tmp_path / "db").stat()
    device = f"{os.major(status.st_dev):02x}:{os.minor(status.st_dev):02x}"
    (tmp_path / "locks").write_text(f"1: POSIX  ADVISORY  WRITE {os.getpid()} {device}:{status.st_ino} 0 EOF\n")
    assert holder_of(tmp_path / "db", proc=tmp_path) == "another thread of this process"
    (tmp_path / "1").mkdir()
    (tmp_path / "1/stat").write_text("1 (a) (\x1b[2J) D 0 0")
    assert described(1, proc=tmp_path) == "process 1 (a) (␛[2J, waiting for its disk)"
