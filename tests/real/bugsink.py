"""A Bugsink (it speaks Sentry's ingest protocol) with one project, from a virtual environment of its own."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.real.program import free_port, running, until

HERE = Path(__file__).parents[2]


def environment() -> Path:
    """Where Bugsink is installed: `$NPCONSOLE_BUGSINK_VENV`, or `.venv-bugsink` beside the sources."""
    return Path(os.environ.get("NPCONSOLE_BUGSINK_VENV") or HERE / ".venv-bugsink")


@dataclass(frozen=True, slots=True)
class Bugsink:
    """A running server. Its reading interface is its own, not Sentry's."""

    url: str
    token: str
    dsn: str

    def ask(self, path: str, **parameters: str) -> Any:
        """An answer of its reading interface."""
        return _call("GET", f"{self.url}/api/canonical/0/{path}", self.token, params=parameters)


@contextmanager
def bugsink(home: Path) -> Iterator[Bugsink]:
    """A server with an empty project, on databases in `home`."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    _run(home, "bugsink-create-conf", "--template", "local", "--host", "127.0.0.1", "--port", str(port))
    with (home / "bugsink_conf.py").open("a") as settings:
        settings.write('\nBUGSINK["PHONEHOME"] = False\n')
    _run(home, "bugsink-manage", "migrate")
    _run(home, "bugsink-manage", "migrate", "snappea", "--database=snappea")
    token = _run(home, "bugsink-manage", "create_auth_token").split()[-1]
    server = [str(environment() / "bin" / "bugsink-manage"), "runserver", "--noreload", f"127.0.0.1:{port}"]
    with running(server, log=home / "log") as process:
        projects = f"{url}/api/canonical/0/projects/"
        until(lambda: "results" in _call("GET", projects, token), what="an answer of Bugsink", within_s=20, by=process)
        team = _call("POST", f"{url}/api/canonical/0/teams/", token, json={"name": "on call"})
        _call("POST", projects, token, json={"name": "neuropilot", "team": team["id"]})
        yield Bugsink(url, token, str(_call("GET", projects, token)["results"][0]["dsn"]))


def _run(home: Path, program: str, *arguments: str) -> str:
    argv = [str(environment() / "bin" / program), *arguments]
    done = subprocess.run(argv, cwd=home, check=True, timeout=60, capture_output=True, text=True)
    return done.stdout


def _call(method: str, url: str, token: str, **options: Any) -> Any:
    headers = {"Authorization": f"Bearer {token}"}
    answer = httpx.request(method, url, headers=headers, trust_env=False, timeout=10, **options)
    answer.raise_for_status()
    return answer.json()
