"""`npconsole status` against a real simulated platform, as a person or a script runs it."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Finished, Npconsole, Platform, start_platform


@pytest.fixture(autouse=True)
def _calm_afterwards(platform: Platform) -> Iterator[None]:
    yield
    platform.heal()


def region(body: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in body["regions"] if one["id"] == name)


def until(look: Callable[[], Finished], good: Callable[[Finished], bool], within_s: float = 30.0) -> Finished:
    """The first look that is good; a real platform takes its time."""
    end = time.monotonic() + within_s
    while not good(seen := look()):
        assert time.monotonic() < end, seen
    return seen


def test_status_lists_regions_with_figures_levels_ages_and_the_issues(platform: Platform, npconsole: Npconsole) -> None:
    # The simulated services need some errors before there are issues.
    done = until(
        lambda: npconsole("--config", platform.config, "status", "--json"),
        lambda done: bool(done.json["issues"]["issues"]),
    )
    body = done.json
    assert (done.code, done.err, body["schema"], body["level"]) == (0, "", "npconsole.status/1", "ok")
    assert [one["id"] for one in body["regions"]] == ["us-east", "us-west", "eu-west"]
    for one in body["regions"]:
        vitals = one["vitals"]
        assert one["level"] == "ok"
        assert 0 < vitals["p50_ms"] <= vitals["p95_ms"] <= vitals["p99_ms"] < 5000
        assert 0 <= vitals["error_ratio"] < 0.2
        assert 0 <= vitals["age_s"] < 5
        assert 0 <= one["health"]["age_s"] < 5
    assert {one["vitals"]["generation"] for one in body["regions"]} == {"v17.1", "v20.1"}
    issue = body["issues"]["issues"][0]
    assert issue["short_id"]
    assert issue["substatus"] in ("new", "ongoing")


def test_a_second_look_measures_since_the_first(platform: Platform, npconsole: Npconsole) -> None:
    look = partial(npconsole, "--config", platform.config, "status", "--json", "--sample", "0.5")
    assert 0.4 < region(look().json, "us-east")["vitals"]["window_s"] < 1.5
    time.sleep(2)
    assert 2.0 < region(look().json, "us-east")["vitals"]["window_s"] < 20


def test_a_region_that_refuses_is_down_and_the_edge_moves_by_itself(platform: Platform, npconsole: Npconsole) -> None:
    look = partial(npconsole, "--config", platform.config, "status", "--json")
    assert look().json["edges"][0]["answered_by"] == "us-east"
    platform.fault("us-east", "down")
    seen = look()
    state = region(seen.json, "us-east")
    assert (state["level"], state["reason"]) == ("down", "connection refused")
    moved = until(look, lambda done: done.json["edges"][0]["answered_by"] == "us-west")
    assert region(moved.json, "us-east")["level"] == "down"
    platform.heal()
    back = until(look, lambda done: done.json["level"] == "ok" and done.json["edges"][0]["answered_by"] == "us-east")
    assert region(back.json, "us-east")["level"] == "ok"


def test_the_stream_turns_down_within_three_polls_and_is_never_unknown_or_ok_after(platform: Platform) -> None:
    watch = subprocess.Popen(
        [sys.executable, "-m", "npconsole", "--config", platform.config, "status", "--watch", "--json"],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert watch.stdout is not None
        bodies = (json.loads(line) for line in watch.stdout)
        assert any(region(body, "us-east")["level"] == "ok" for body in bodies)
        platform.fault("us-east", "down")
        began = time.monotonic()
        levels: list[str] = []
        for body in bodies:
            levels.append(region(body, "us-east")["level"])
            if levels[-1] == "down" or time.monotonic() - began > 15:
                break
        took = time.monotonic() - began
        after = [region(body, "us-east")["level"] for body, _ in zip(bodies, range(5), strict=False)]
    finally:
        watch.kill()
        watch.wait()
        if watch.stdout is not None:
            watch.stdout.close()
    assert "unknown" not in levels
    assert levels[-1] == "down"
    assert took < 3 * 2.0 + 4.0, "three polls of 2 s, the tick on which it is published, and a loaded machine"
    assert set(after) == {"down"}


def test_check_is_for_scripts(platform: Platform, npconsole: Npconsole) -> None:
    look = partial(npconsole, "--config", platform.config, "status", "--check")
    calm = until(look, lambda done: done.code == 0)
    assert calm.out.startswith("● All is well in 3 regions")
    platform.fault("us-west", "down")
    bad = look()
    assert (bad.code, bad.out.startswith("✖ us-west")) == (9, True)


@pytest.mark.parametrize("kind", ["slow", "errors", "hang"])
def test_check_sees_what_is_not_an_outage_too(platform: Platform, npconsole: Npconsole, kind: str) -> None:
    platform.fault("us-east", kind)
    until(
        lambda: npconsole("--config", platform.config, "status", "--check"),
        lambda done: done.code == 9 and "us-east" in done.out,
    )


def test_textual_is_not_imported(platform: Platform) -> None:
    script = (
        "import sys; from npconsole.cli.root import run; "
        f"code = run(['--config', {platform.config!r}, 'status', '--check', '--sample', '0.2']); "
        "sys.exit(77 if any(name.split('.')[0] == 'textual' for name in sys.modules) else 0)"
    )
    assert subprocess.run([sys.executable, "-c", script], capture_output=True).returncode == 0


def test_nothing_answers(tmp_path: Path, npconsole: Npconsole) -> None:
    gone = start_platform(tmp_path / "gone")
    assert gone.stop() == 0
    done = npconsole("--config", gone.config, "status", "--check")
    assert (done.code, done.out.startswith("? This host is offline")) == (8, True)
    as_json = npconsole("--config", gone.config, "status", "--json")
    assert (as_json.code, {one["level"] for one in as_json.json["regions"]}) == (8, {"unknown"})


def test_a_broken_file_names_line_and_key(tmp_path: Path, npconsole: Npconsole) -> None:
    broken = tmp_path / "config.yaml"
    broken.write_text("services:\n  - name: api\n    regions:\n      - name: us-east\n        orgin: http://x\n")
    broken.chmod(0o600)
    done = npconsole("--config", str(broken), "status")
    assert done.code == 2
    assert f"{broken}:5: services[0].regions[0].orgin" in done.err
    assert "origin" in done.err
    as_json = npconsole("--config", str(broken), "status", "--json")
    assert (as_json.code, as_json.json["schema"], as_json.json["exit"]) == (2, "npconsole.error/1", 2)


def test_a_reader_that_goes_away_is_no_error(platform: Platform) -> None:
    command = f"{sys.executable} -m npconsole --config {platform.config} status --watch --json | head -c 1 >/dev/null"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, timeout=60)
    assert (done.returncode in (1, 141), done.stderr) == (True, "")
