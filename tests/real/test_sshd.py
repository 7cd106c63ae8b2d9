"""What an ssh key may do, through a real sshd: npconsole's own commands with its own role, and nothing else."""

import json
from collections.abc import Iterator

import pytest

from tests.real.operations import Operations, operations
from tests.real.sshd import Server, missing, sshd

ENTRIES = {"alice": "--actor alice --role operator", "wall": "--actor wall --role viewer"}


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Operations]:
    if problem := missing():
        pytest.skip(problem)
    with operations(tmp_path_factory.mktemp("bench")) as bench:
        yield bench


@pytest.fixture(scope="module")
def server(bench: Operations, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with sshd(tmp_path_factory.mktemp("sshd"), ENTRIES, bench.config, bench.env()) as server:
        yield server


def test_status(server: Server) -> None:
    done = server.ssh("wall", "status", "--json")
    assert done.returncode == 0, done.stderr
    assert [region["id"] for region in json.loads(done.stdout)["regions"]] == ["us-east", "us-west", "eu-west"]


@pytest.mark.parametrize(
    "words",
    [
        "sh",
        "status; id",
        "$(id)",
        "status\nid",
        "--config /etc/passwd status",
        "--role admin run restart us-east --yes",
        "config show",
        "sim up",
        "ssh-entry --actor root --role admin",
        "runner 1",
        "recover --run x --after 1",
        "python3 -c 1",
        "scp -t /tmp",
        "internal-sftp",
        "'status",
        "x" * 3000,
    ],
)
def test_everything_else_is_refused(server: Server, words: str) -> None:
    done = server.ssh("alice", words)
    assert done.returncode == 2, done.stdout
    assert "uid=" not in done.stdout
    assert "Traceback" not in done.stderr


def test_without_command_and_terminal_it_says_what_can_be_done(server: Server) -> None:
    done = server.ssh("alice")
    assert done.returncode == 2
    assert "status" in done.stderr


def test_actor_and_role_cannot_be_forged(server: Server, bench: Operations) -> None:
    forged = ["-o", "SetEnv=LOGNAME=root USER=root SUDO_USER=root PYTHONINSPECT=1 NPCONSOLE_CONFIG=/etc/passwd"]
    done = server.ssh("wall", "run restart us-east --yes --reason x --json", options=forged)
    assert done.returncode == 6, done.stdout
    assert "role operator" in done.stdout
    run = bench.runs()[0]
    assert (run.request.actor.name, run.request.actor.role) == ("wall", "viewer")
    assert run.request.actor.facts["entry"] == "ssh-entry"
    assert "publickey ssh-ed25519" in run.request.actor.facts["key"]
    assert bench.record()["writes"] == {"railway": 0, "cloudflare": 0, "sentry": 0}


def test_an_operator_is_no_admin(server: Server, bench: Operations) -> None:
    done = server.ssh("alice", "run failover us-east --execute --confirm us-east --json")
    assert done.returncode == 6, done.stdout
    assert "needs the role admin" in done.stdout
    assert bench.record()["writes"]["cloudflare"] == 0
