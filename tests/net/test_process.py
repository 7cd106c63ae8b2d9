import os
import signal
import sys
import time
from pathlib import Path

import pytest

from npconsole.errors import ProcessError
from npconsole.net.process import child_environ, run, start

ENV = child_environ(os.environ)


def python(program: str) -> list[str]:
    return [sys.executable, "-I", "-c", program]


def test_a_program_runs_to_its_end() -> None:
    done = run(python("import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)"), timeout_s=20, env=ENV)
    assert (done.code, done.stdout, done.stderr) == (3, b"out\n", b"err\n")


def test_it_has_no_input_no_terminal_and_a_session_of_its_own() -> None:
    program = "import os, sys; print(sys.stdin.read() == '', os.getsid(0) == os.getpid())"
    assert run(python(program), timeout_s=20, env=ENV).stdout == b"True True\n"


def test_it_sees_only_the_variables_it_is_given() -> None:
    environ = child_environ({"PATH": "/bin", "LC_ALL": "C", "CF_API_TOKEN": "x", "LD_PRELOAD": "y"}, {"MORE": "z"})
    assert environ == {"PATH": "/bin", "LC_ALL": "C", "MORE": "z"}
    shown = run(python("import os; print(sorted(os.environ))"), timeout_s=20, env={"ONLY": "1"}).stdout.decode()
    assert "ONLY" in shown
    assert "HOME" not in shown


def test_a_program_that_hangs_is_killed_with_its_children(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    with pytest.raises(ProcessError, match="sh did not end within 1 s and was killed"):
        run(["sh", "-c", 'sleep 60 & echo $! > "$0"; wait', str(pid_file)], timeout_s=1, env=ENV)
    assert wait_until_gone(int(pid_file.read_text()))


def test_a_program_that_closes_its_output_and_hangs_is_killed() -> None:
    program = "import os, time; os.close(1); os.close(2); time.sleep(60)"
    with pytest.raises(ProcessError, match="did not end within 1 s"):
        run(python(program), timeout_s=1, env=ENV)


@pytest.mark.parametrize("descriptor", [1, 2])
def test_a_program_that_floods_is_killed(descriptor: int) -> None:
    program = f"import os\nwhile True: os.write({descriptor}, b'x' * 65536)"
    with pytest.raises(ProcessError, match="wrote more than 4096 bytes"):
        run(python(program), timeout_s=20, env=ENV, most_bytes=4096)


def test_why_a_program_cannot_be_started(tmp_path: Path) -> None:
    with pytest.raises(ProcessError, match="no-such-program is not installed") as missing:
        run(["no-such-program", "s3cret"], timeout_s=1, env=ENV)
    assert "PATH" in missing.value.hint
    assert "s3cret" not in str(missing.value)
    plain = tmp_path / "plain"
    plain.write_text("")
    with pytest.raises(ProcessError, match="cannot be started: Permission denied"):
        run([str(plain)], timeout_s=1, env=ENV)
    with pytest.raises(ProcessError, match="an argument cannot be passed on"):
        run(["echo", "a\x00b"], timeout_s=1, env=ENV)


def test_a_long_running_program_says_that_it_is_ready_and_is_stopped(tmp_path: Path) -> None:
    log = tmp_path / "log"
    program = "import sys, time; print('note', file=sys.stderr, flush=True); print('ready', flush=True); time.sleep(60)"
    with start(python(program), env=ENV, log=log) as running:
        assert running.read_line(timeout_s=20) == "ready"
        assert running.code() is None
    assert running.code() == -signal.SIGTERM
    assert log.read_text() == "note\n"
    assert log.stat().st_mode & 0o777 == 0o600


def test_a_program_that_ignores_the_request_to_end_is_killed() -> None:
    program = "import signal, time; signal.signal(15, signal.SIG_IGN); print('ready', flush=True); time.sleep(60)"
    running = start(python(program), env=ENV)
    running.read_line(timeout_s=20)
    assert running.stop(grace_s=0.2) == -signal.SIGKILL


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("import time; time.sleep(60)", "said nothing within 0.5 s"),
        ("print('half', end='')", "ended before it said"),
        ("print('x' * 70000)", "a line of more than 65536 bytes"),
    ],
)
def test_a_program_that_does_not_get_ready(program: str, reason: str) -> None:
    timeout_s = 0.5 if "within" in reason else 20
    with start(python(program), env=ENV) as running, pytest.raises(ProcessError, match=reason):
        running.read_line(timeout_s=timeout_s)


def wait_until_gone(pid: int) -> bool:
    """Whether the process ends (or is a zombie that only its parent can remove) within ten seconds."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        os.sched_yield()
    return False
