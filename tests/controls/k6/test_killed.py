"""Whatever ends the process that sends a load, k6 ends with it."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from tests.controls.k6.loading import K6, TIMEOUT_S, until, website
from tests.net.loopback import serving

ROOT = Path(__file__).parents[3]
pytestmark = pytest.mark.skipif(not K6.exists(), reason="the extra k6 is not installed")


def loads_of(folder: Path) -> list[int]:
    """The processes, k6 and its keeper, whose command line names this folder."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            words = (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if str(folder).encode() in words and b"summary-export" in words:
            found.append(int(entry.name))
    return found


async def test_a_killed_runner_leaves_no_k6_behind(tmp_path: Path) -> None:
    requests = list[bytes]()
    async with serving(website(requests)) as address, asyncio.timeout(TIMEOUT_S):
        runner = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.controls.k6.runner", str(tmp_path), address),
            stdout=asyncio.subprocess.PIPE,
            cwd=ROOT,
        )
        assert runner.stdout is not None
        assert await runner.stdout.readline() == b"running\n"
        assert len(loads_of(tmp_path)) == 2
        runner.kill()
        assert await runner.wait() == -signal.SIGKILL
        await until(lambda: not loads_of(tmp_path))
        sent = len(requests)
        await asyncio.sleep(0.3)
    assert len(requests) == sent > 0
