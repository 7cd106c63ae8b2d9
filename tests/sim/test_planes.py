"""The vendors' control planes over real HTTP, and what they do to the platform, in a process of its own."""

import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.sim.process import Running, npconsole

LIMIT_S = 10.0
TIMEOUT_S = 0.5
SPEED = 16
STEP_S = 0.02


class Platform:
    """A running simulator and a client with its tokens. What happened before it was made does not count."""

    def __init__(self, said: dict[str, Any], client: httpx.Client) -> None:
        self.said = said
        self._client = client
        self._cloudflare = Path(said["cloudflare"]["token_file"]).read_text().strip()
        self._railway = Path(said["railway"]["token_file"]).read_text().strip()
        before = self._record()
        self._seen, self._written = len(before["entries"]), before["writes"]

    def cloudflare(self, method: str, path: str, body: Any = None) -> httpx.Response:
        headers = {"authorization": f"Bearer {self._cloudflare}"}
        return self._client.request(method, self.said["cloudflare"]["url"] + path, json=body, headers=headers)

    def change(self, region: str, body: Any) -> httpx.Response:
        ids = self.said["cloudflare"]
        path = f"/accounts/{ids['account_id']}/load_balancers/pools/{ids['pools'][region]}"
        return self.cloudflare("PATCH", path, body)

    def railway(self, query: str, **variables: Any) -> httpx.Response:
        headers = {"project-access-token": self._railway}
        body = {"query": query, "variables": variables}
        return self._client.post(self.said["railway"]["url"], json=body, headers=headers)

    def fault(self, target: str, kind: str) -> None:
        body = {"target": target, "kind": kind}
        assert self._client.post(f"{self.said['control']}/faults", json=body).status_code == 200

    def state(self) -> Any:
        return self._client.get(f"{self.said['control']}/state").json()

    def entries(self) -> Any:
        return self._record()["entries"][self._seen :]

    def writes(self) -> dict[str, int]:
        return {vendor: number - self._written[vendor] for vendor, number in self._record()["writes"].items()}

    def moments(self, kind: str) -> list[int]:
        return [entry["wall_ms"] for entry in self.entries() if entry["kind"] == kind]

    def calm(self) -> None:
        """End all faults and put the pool back."""
        self._client.delete(f"{self.said['control']}/faults")
        until(lambda: not is_silent(lambda: self.change("us-east", {"enabled": True})))
        until(lambda: self.served() == "us-east")

    def _record(self) -> Any:
        return self._client.get(f"{self.said['control']}/record").json()

    def served(self) -> str:
        """The region that answers a user's probe, by header and body alike; empty when none does."""
        try:
            answer = self._client.get(f"{self.said['edge']}/health")
        except httpx.TransportError:
            return ""
        if answer.status_code != 200:
            return ""
        assert answer.headers["x-region"] == answer.json()["region"]
        return str(answer.headers["x-region"])

    def cached(self) -> str:
        return str(self._client.get(self.said["asset"]).headers["cf-cache-status"])


@pytest.fixture(scope="module")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("runtime")


@pytest.fixture(scope="module")
def running(runtime: Path) -> Iterator[dict[str, Any]]:
    with Running(runtime, "--dir", str(runtime / "sim"), "--seed", "7", "--speed", str(SPEED)) as sim:
        yield sim.said
        assert sim.end(signal.SIGTERM) == 0


@pytest.fixture
def platform(running: dict[str, Any]) -> Iterator[Platform]:
    with httpx.Client(trust_env=False, timeout=TIMEOUT_S) as client:
        made = Platform(running, client)
        yield made
        made.calm()


def until(reached: Callable[[], bool]) -> tuple[float, float]:
    """Look every 20 ms. When the last look began that was too early, and when it was so, in epoch milliseconds."""
    deadline = time.monotonic() + LIMIT_S
    before_ms = began_ms = time.time() * 1000
    while not reached():
        assert time.monotonic() < deadline, "not reached in time"
        time.sleep(STEP_S)
        before_ms, began_ms = began_ms, time.time() * 1000
    return before_ms, time.time() * 1000


def is_silent(ask: Callable[[], httpx.Response]) -> bool:
    """Whether a request is taken and not answered."""
    try:
        ask()
    except httpx.ReadTimeout:
        return True
    except httpx.TransportError:
        return False
    return False


def test_a_drain_moves_users_and_the_record_knows_the_moments(platform: Platform) -> None:
    assert platform.served() == "us-east"
    assert platform.change("us-east", {"enabled": False}).json()["result"]["enabled"] is False
    began_ms, ended_ms = until(lambda: platform.served() == "us-west")
    (drained,) = platform.moments("drained")
    assert began_ms - 1 <= drained <= ended_ms + 1
    assert platform.state()["edge"]["shares"]["us-east"] == 0
    assert platform.change("us-east", {"enabled": True}).status_code == 200
    began_ms, ended_ms = until(lambda: platform.served() == "us-east")
    (restored,) = platform.moments("restored")
    assert began_ms - 1 <= restored <= ended_ms + 1
    changed = platform.moments("pool changed")
    assert drained - changed[0] >= 2000 / SPEED - 1
    shifted = [entry for entry in platform.entries() if entry["kind"] == "fail-over"]
    assert [(entry["before"], entry["after"]) for entry in shifted] == [("us-east", "us-west"), ("us-west", "us-east")]
    assert shifted[0]["monotonic_ms"] < time.monotonic() * 1000
    assert platform.writes() == {"railway": 0, "cloudflare": 2, "sentry": 0}


def test_a_restart_takes_the_region_down_and_cures_it(platform: Platform) -> None:
    ids = platform.said["railway"]
    query = "query($i: DeploymentListInput!) { deployments(input: $i, first: 1) { edges { node { id } } } }"
    wanted = {"serviceId": ids["services"]["us-east"], "environmentId": ids["environment_id"]}
    page = platform.railway(query, i=wanted).json()["data"]["deployments"]
    deployment_id = page["edges"][0]["node"]["id"]
    platform.fault("us-east", "slow")
    answer = platform.railway("mutation($id: String!) { deploymentRestart(id: $id) }", id=deployment_id)
    assert answer.json() == {"data": {"deploymentRestart": True}}
    until(lambda: platform.state()["regions"]["us-east"]["reach"] == "refused")
    until(lambda: platform.moments("process ready") != [])
    state = platform.state()
    assert (state["faults"], state["railway"]["us-east"]["deployment"]) == ([], deployment_id)
    assert state["railway"]["us-east"]["instance"] == "RUNNING"
    (requested,), (down,) = platform.moments("restart requested"), platform.moments("process stopped")
    (started,), (ready,) = platform.moments("process started"), platform.moments("process ready")
    assert requested <= down < started < ready
    assert ready - requested >= 5000 / SPEED - 1
    assert platform.writes()["railway"] == 1


def test_a_purge_empties_the_edges_cache(platform: Platform) -> None:
    zone = platform.said["cloudflare"]["zone_id"]
    assert [platform.cached(), platform.cached()] == ["MISS", "HIT"]
    answer = platform.cloudflare("POST", f"/zones/{zone}/purge_cache", {"files": [platform.said["asset"]]})
    assert answer.json()["result"] == {"id": zone}
    until(lambda: platform.moments("purged") != [])
    assert [platform.cached(), platform.cached()] == ["MISS", "HIT"]


def test_a_late_effect_lands_though_nobody_was_answered(platform: Platform) -> None:
    platform.fault("cloudflare", "late")
    assert is_silent(lambda: platform.change("us-east", {"enabled": False}))
    assert platform.state()["edge"]["pools"]["us-east"]["enabled"]
    until(lambda: platform.moments("drained") != [])
    (written,), (drained,) = platform.moments("write"), platform.moments("drained")
    assert drained - written >= 22_000 / SPEED - 1
    assert platform.served() == "us-west"


def test_the_faults_of_the_vendors_are_known_to_the_command(platform: Platform, runtime: Path) -> None:
    begun = npconsole(runtime, "sim", "fault", "railway", "vendor-429-huge")
    assert (begun.returncode, begun.stdout) == (0, "railway: vendor-429-huge begun\n")
    limited = platform.railway("{ projectToken { id } }")
    assert (limited.status_code, limited.headers["retry-after"]) == (429, "1000000000")
    nonsense = npconsole(runtime, "sim", "fault", "railway", "concurrent-change")
    assert (nonsense.returncode, "it goes with: cloudflare" in nonsense.stderr) == (2, True)
    shown = npconsole(runtime, "sim", "fault", "--help").stdout
    assert "vendor-429-negative" in shown
    assert "has its effect 20 s later" in " ".join(shown.split())
    platform.fault("cloudflare", "down")
    with pytest.raises((httpx.ConnectError, httpx.ReadError)):  # a connection that was accepted before is reset
        until(lambda: platform.cloudflare("GET", "/zones").status_code != 200)


def test_a_hang_answers_nothing_and_does_nothing(platform: Platform) -> None:
    platform.fault("cloudflare", "hang")
    until(lambda: is_silent(lambda: platform.cloudflare("GET", "/zones")))
    assert is_silent(lambda: platform.change("us-east", {"enabled": False}))
    assert platform.writes() == {"railway": 0, "cloudflare": 0, "sentry": 0}
    assert platform.moments("pool changed") == []
