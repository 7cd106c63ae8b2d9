import os
import signal
import sys

import pytest

from npconsole.errors import ProcessError
from npconsole.net.process import child_environ
from npconsole.net.tied import OUTPUT_PATH, Tied, start_tied
from tests.net.test_process import wait_until_gone

ENV = child_environ(os.environ)


def shell(program: str, **more: bool) -> Tied:
    return start_tied(["/bin/sh", "-c", program], env=ENV, **more)


def read_all(descriptor: int) -> bytes:
    pieces = []
    while piece := os.read(descriptor, 65536):
        pieces.append(piece)
    return b"".join(pieces)


def test_its_output_its_messages_and_its_code() -> None:
    with shell(f"echo dropped; echo out > {OUTPUT_PATH}; echo err >&2; exit 7") as tied:
        assert read_all(tied.output) == b"out\n"
        assert read_all(tied.stderr) == b"err\n"
        assert tied.wait(20) == 7
        assert tied.wait(0) == 7


def test_stdout_may_come_too() -> None:
    with shell("echo out", stdout_too=True) as tied:
        assert read_all(tied.output) == b"out\n"


def test_it_has_a_session_of_its_own_no_input_and_nothing_else_open() -> None:
    program = (
        "import os, sys; print(os.getsid(0) == os.getppid(), sys.stdin.read() == '',"
        " sorted(map(int, os.listdir('/proc/self/fd'))))"
    )
    with start_tied([sys.executable, "-I", "-c", program], env=ENV, stdout_too=True) as tied:
        assert read_all(tied.output) == b"True True [0, 1, 2, 3, 4]\n"


def test_one_interrupt_reaches_it_once_and_not_its_keeper() -> None:
    program = f"trap 'echo got > {OUTPUT_PATH}' INT; echo ready > {OUTPUT_PATH}; sleep 0.5; sleep 0.5; exit 3"
    with shell(program) as tied:
        assert os.read(tied.output, 100) == b"ready\n"
        tied.interrupt()
        assert read_all(tied.output) == b"got\n"
        assert tied.wait(20) == 3


def test_an_end_by_a_signal_is_told_as_a_shell_does() -> None:
    with shell("kill -9 $$") as tied:
        assert tied.wait(20) == 128 + signal.SIGKILL


def test_what_it_leaves_behind_is_killed_with_it() -> None:
    with shell(f"sleep 60 & echo $! > {OUTPUT_PATH}") as tied:
        child = int(os.read(tied.output, 100))
        assert tied.wait(20) == 0
        assert wait_until_gone(child)


def test_it_is_killed_when_nobody_wants_it_any_more() -> None:
    with shell(f"echo $$ > {OUTPUT_PATH}; sleep 60") as tied:
        pid = int(os.read(tied.output, 100))
        assert tied.wait(0.05) is None
    assert wait_until_gone(pid)


@pytest.mark.parametrize("stubborn", [False, True])
def test_it_ends_when_its_starter_is_gone(stubborn: bool) -> None:
    """The starter's end of the pipe is all that is left of it; closing it is what every kind of death does."""
    trap = "trap '' INT; " if stubborn else ""
    with shell(f"{trap}echo $$ > {OUTPUT_PATH}; while :; do sleep 0.1; done") as tied:
        pid = int(os.read(tied.output, 100))
        os.close(tied.__dict__["_rope"])
        tied.__dict__["_rope"] = os.open(os.devnull, os.O_RDONLY)
        assert wait_until_gone(pid)


def test_a_program_that_is_not_there() -> None:
    with start_tied(["/nowhere/k6"], env=ENV) as tied:
        assert read_all(tied.stderr) == b"/nowhere/k6 cannot be started: No such file or directory\n"
        assert tied.wait(20) == 127
    with pytest.raises(ProcessError, match="an argument cannot be passed on"):
        start_tied(["a\x00b"], env=ENV)
