"""How a watchdog waits: for a time, or for the end of a process."""

import subprocess
import sys
import time

from npconsole.cli.recover import _sleep


def test_it_wakes_when_the_process_ends() -> None:
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    process.communicate(b"\n", timeout=20)
    began = time.monotonic()
    _sleep(60.0, process.pid)
    assert time.monotonic() - began < 10


def test_it_wakes_in_time_although_the_process_lives() -> None:
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    began = time.monotonic()
    _sleep(0.2, process.pid)
    assert 0.2 <= time.monotonic() - began < 10
    assert process.poll() is None
    process.communicate(b"\n", timeout=20)
