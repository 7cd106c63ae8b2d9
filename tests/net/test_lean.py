import subprocess
import sys

PROGRAM = """
import sys
import npconsole.net.http
assert not {"rich", "click", "pygments", "httpx._main"} & set(sys.modules), "the command line of httpx was imported"
import httpx
assert callable(httpx.main)
import httpx._main
"""


def test_httpx_comes_without_its_command_line_and_stays_whole() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
