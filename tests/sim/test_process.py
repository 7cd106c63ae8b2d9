"""The simulator as a process, over real HTTP."""

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
import yaml

from npconsole.config.schema import convert
from npconsole.sim.scenario import SCENARIOS
from tests.sim.process import Running, environment, npconsole

LIMIT_S = 10.0
GONE = "000"


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False, timeout=0.5) as made:
        yield made


def answer(client: httpx.Client, url: str) -> str:
    try:
        return str(client.get(url).status_code)
    except httpx.TransportError:
        return GONE


def until(reached: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LIMIT_S
    while not reached():
        assert time.monotonic() < deadline, "not reached in time"
        time.sleep(0.02)


def test_all_addresses_answer_and_the_files_are_right(tmp_path: Path, client: httpx.Client) -> None:
    with Running(tmp_path, "--dir", str(tmp_path / "sim"), "--seed", "3") as sim:
        said = sim.said
        assert (said["schema"], said["seed"], said["dir"]) == ("npconsole.sim/1", 3, str(tmp_path / "sim"))
        urls = [*said["regions"].values(), said["edge"]]
        assert {answer(client, f"{url}/health") for url in urls} == {"200"}
        assert answer(client, said["connectivity"]) == "204"
        assert [client.get(said["asset"]).headers["cf-cache-status"] for _ in range(2)] == ["MISS", "HIT"]
        config = convert(yaml.safe_load(Path(said["config"]).read_text()))
        assert [region.name for region in config.services[0].regions] == list(said["regions"])
        token = Path(said["sentry"]["token_file"]).read_text().strip()
        issues = f"{said['sentry']['url']}/api/0/organizations/{said['sentry']['organization']}/issues/"
        until(lambda: len(client.get(issues, headers={"authorization": f"Bearer {token}"}).json()) >= 2)
        client.post(f"{said['control']}/faults", json={"target": "edge", "kind": "slow"})
        unanswered = socket.create_connection(("127.0.0.1", httpx.URL(said["edge"]).port or 0))
        unanswered.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
        client.get(f"{said['control']}/state")
        before = time.monotonic()
        assert sim.end(signal.SIGTERM) == 0
        assert time.monotonic() - before < 1.0
    unanswered.close()
    assert sim.narration.splitlines()[1:] == []


def test_a_killed_simulator_comes_back_on_the_same_addresses(tmp_path: Path, client: httpx.Client) -> None:
    folder = ("--dir", str(tmp_path / "sim"))
    with Running(tmp_path, *folder) as first:
        assert answer(client, f"{first.said['edge']}/health") == "200"
        again = npconsole(tmp_path, "sim", "up", *folder)
        assert again.returncode == 2
        assert f"already runs in {tmp_path / 'sim'} (pid {first.said['pid']})" in again.stderr
        first.end(signal.SIGKILL)
    with Running(tmp_path, *folder) as second:
        for key in ("regions", "edge", "sentry", "railway", "cloudflare", "control", "connectivity"):
            assert second.said[key] == first.said[key]
        until(lambda: answer(client, f"{second.said['edge']}/health") == "200")
        assert second.end(signal.SIGINT) == 0


def test_a_region_goes_down_the_edge_fails_over_and_back(tmp_path: Path, client: httpx.Client) -> None:
    with Running(tmp_path, "--speed", "40") as sim:
        region, edge = f"{sim.said['regions']['us-east']}/health", f"{sim.said['edge']}/health"

        def served() -> str:
            return str(client.get(edge).json()["region"]) if answer(client, edge) == "200" else ""

        assert (answer(client, region), served()) == ("200", "us-east")
        begun = npconsole(tmp_path, "sim", "fault", "us-east", "down")
        assert (begun.returncode, begun.stdout) == (0, "us-east: down begun\n")
        until(lambda: answer(client, region) == GONE)
        until(lambda: served() == "us-west")
        ended = npconsole(tmp_path, "sim", "fault", "us-east", "--end")
        assert ended.stdout == "us-east: down ended\n"
        until(lambda: answer(client, region) == "200")
        until(lambda: served() == "us-east")
        entries = client.get(f"{sim.said['control']}/record").json()["entries"]
        assert [entry["kind"] for entry in entries] == [
            "fault begun",
            "process stopped",
            "pool down",
            "fail-over",
            "fault ended",
            "process started",
            "process ready",
            "pool up",
            "fail-over",
        ]
        down, found = entries[0], entries[2]
        assert 0 < found["at_s"] - down["at_s"] < 30
        assert 0 < found["wall"] - down["wall"] < 1


def test_a_scenario_cuts_the_host_off_and_lets_it_return(tmp_path: Path, client: httpx.Client) -> None:
    with Running(tmp_path, "--scenario", "host-offline", "--speed", "40") as sim:
        urls = [sim.said["connectivity"], f"{sim.said['edge']}/health"]
        until(lambda: [answer(client, url) for url in urls] == [GONE, GONE])
        state = client.get(f"{sim.said['control']}/state").json()
        assert [fault["target"] for fault in state["faults"]] == ["host"]
        until(lambda: [answer(client, url) for url in urls] == ["204", "200"])
        kinds = [entry["kind"] for entry in client.get(f"{sim.said['control']}/record").json()["entries"]]
        assert kinds == ["fault begun", "fault ended"]


def test_faults_over_the_control_port(tmp_path: Path, client: httpx.Client) -> None:
    with Running(tmp_path) as sim:
        control, region = f"{sim.said['control']}/faults", f"{sim.said['regions']['eu-west']}/health"
        client.post(control, json={"target": "eu-west", "kind": "hang", "for_s": 60})
        until(lambda: answer(client, region) == GONE)
        assert client.delete(control).json()["ended"][0]["kind"] == "hang"
        until(lambda: answer(client, region) == "200")
        refused = [
            client.post(control, json={"target": "eu-west", "kind": "slo"}),
            client.post(control, json={"target": "eu-west", "kind": "slow", "for_s": -1}),
            client.post(control, json=[]),
            client.post(control, content=b"no"),
            client.delete(control, params={"target": "mars"}),
        ]
        assert {each.status_code for each in refused} == {422}
        assert refused[0].json() == {"error": "no fault 'slo'", "hint": "did you mean slow?"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("up", "--scenario", "region-dwn"), "did you mean region-down?"),
        (("up", "--prometheus", "localhost"), "--prometheus: "),
        (("fault", "us-east"), "which fault?"),
        (("fault", "us-east", "slow", "--dir", "/nonexistent"), "there is no folder /nonexistent"),
        (("fault", "us-east", "slow"), "no simulator is running"),
    ],
)
def test_what_makes_no_sense_exits_2_and_says_why(tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    run = npconsole(tmp_path, "sim", *arguments)
    assert run.returncode == 2
    assert message in run.stderr
    assert "Traceback" not in run.stderr


def test_without_the_extra_one_line_says_what_to_install(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['starlette'] = None; from npconsole.cli.root import run; sys.exit(run(['sim', 'up']))"
    )
    command = [sys.executable, "-c", code]
    ended = subprocess.run(command, env=environment(tmp_path), capture_output=True, text=True, timeout=LIMIT_S)
    assert ended.returncode == 2
    assert ended.stderr == "npconsole: the simulator needs the extra `demo`: pip install 'npconsole[demo]'\n"


def test_unknown_words_exit_2_with_the_nearest(tmp_path: Path) -> None:
    with Running(tmp_path):
        for arguments, message in (
            (("us-eas", "down"), "did you mean us-east?"),
            (("us-east", "donw"), "did you mean down?"),
            (("us-east", "slow", "--for", "60"), "--for: "),
        ):
            run = npconsole(tmp_path, "sim", "fault", *arguments)
            assert (run.returncode, message in run.stderr) == (2, True)


def test_a_simulator_that_has_ended_is_unreachable(tmp_path: Path) -> None:
    folder = ("--dir", str(tmp_path / "sim"))
    with Running(tmp_path, *folder) as sim:
        sim.end(signal.SIGTERM)
    run = npconsole(tmp_path, "sim", "fault", "us-east", "slow", *folder)
    assert run.returncode == 8
    assert "does not answer" in run.stderr


def test_the_scenarios_are_listed_with_their_sentences(tmp_path: Path) -> None:
    listed = json.loads(npconsole(tmp_path, "sim", "scenarios", "--json").stdout)
    assert {each["name"]: each["sentence"] for each in listed["scenarios"]} == {
        each.name: each.sentence for each in SCENARIOS.values()
    }
    assert "region-down" in npconsole(tmp_path, "sim", "scenarios").stdout
