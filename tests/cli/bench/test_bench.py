"""`npconsole bench`: what is listed, named, compared, exported and read again, and what is refused."""

import io
import json
import os
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from npconsole.model.benchmark import BenchmarkArchive
from tests.cli.bench.conftest import Npconsole

SUMMARY = {
    "metrics": {
        "http_reqs": {"count": 200, "rate": 20.0},
        "http_req_duration": {
            "avg": 50.0,
            "min": 1.0,
            "med": 40.0,
            "max": 300.0,
            "p(90)": 90.0,
            "p(95)": 120.0,
            "thresholds": {"p(95)<400": False, "avg<10": True},
        },
        "http_req_failed": {"passes": 0, "fails": 200, "value": 0},
        "iterations": {"count": 200, "rate": 20.0},
    },
    "root_group": {"name": "", "path": "", "groups": {}, "checks": {}},
}
"""What `--summary-export` writes: of a threshold, false is kept and true is crossed."""


def test_the_list_has_the_latest_first(npconsole: Npconsole) -> None:
    done = npconsole("bench", "list")
    assert done.code == 0
    ids = [line.split()[0] for line in done.out.splitlines()[1:]]
    assert ids == ["cccc4444", "bbbb3333", "aaab2222", "aaaa1111"]
    assert "p95" in done.out.splitlines()[0]
    assert "up to 20 users for 60 s" in done.out


def test_the_list_as_json(npconsole: Npconsole) -> None:
    npconsole("bench", "baseline", "calm", "aaaa")
    found = json.loads(npconsole("bench", "list", "--json", "--target", "us-east", "--limit", "4").out)
    assert found["schema"] == "npconsole.benchmarks/1"
    assert [each["status"] for each in found["benchmarks"]] == ["passed", "failed", "passed", "passed"]
    assert [each["baselines"] for each in found["benchmarks"]] == [[], [], [], ["calm"]]
    assert found["benchmarks"][1]["p95_ms"] == 900.0
    assert json.loads(npconsole("bench", "list", "--json", "--target", "edge").out)["benchmarks"] == []


@pytest.mark.parametrize("given", ["bbbb", "bbbb3333", "last", "slow one"])
def test_one_is_shown_by_id_beginning_name_or_last(npconsole: Npconsole, given: str) -> None:
    npconsole("bench", "baseline", "slow one", "bbbb")
    done = npconsole("bench", "show", given)
    assert done.code == 0, done.err
    assert ("cccc4444" if given == "last" else "bbbb3333") in done.out
    assert json.loads(npconsole("bench", "show", given, "--json").out)["schema"] == "npconsole.benchmark/1"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("show", "zzzz"), "there is no benchmark 'zzzz'"),
        (("show", "aaa"), "2 benchmarks begin with 'aaa'"),
        (("show", "cal"), "did you mean `calm`?"),
        (("compare", "aaaa"), "say two benchmarks"),
        (("compare", "aaaa", "aaab", "--baseline", "calm"), "say two benchmarks"),
        (("baseline", "other"), "say which benchmark"),
        (("baseline", "other", "zzzz"), "there is no benchmark 'zzzz'"),
        (("baseline", "other", "--forget"), "there is no baseline 'other'"),
        (("baseline", "last", "aaaa"), "cannot be the name of a baseline"),
        (("baseline", "a\x1b[1m", "aaaa"), "cannot be the name of a baseline"),
        (("export", "aaaa", "--format", "pdf"), "pdf"),
        (("analyze", "/nonexistent/file"), "cannot be read"),
        (("compair", "aaaa"), "did you mean `compare`?"),
    ],
)
def test_what_makes_no_sense_is_said(npconsole: Npconsole, words: tuple[str, ...], said: str) -> None:
    npconsole("bench", "baseline", "calm", "aaaa")
    done = npconsole("bench", *words)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


@pytest.mark.parametrize(
    ("words", "code", "verdict"),
    [
        (("aaaa", "aaab"), 0, "equal"),
        (("aaaa", "bbbb"), 7, "worse"),
        (("bbbb", "aaaa"), 0, "better"),
        (("bbbb", "--baseline", "calm"), 7, "worse"),
    ],
)
def test_two_alike_are_compared(npconsole: Npconsole, words: tuple[str, ...], code: int, verdict: str) -> None:
    npconsole("bench", "baseline", "calm", "aaaa")
    done = npconsole("bench", "compare", *words, "--json")
    found = json.loads(done.out)
    assert (done.code, found["verdict"], found["schema"]) == (code, verdict, "npconsole.comparison/1")
    text = npconsole("bench", "compare", *words)
    assert text.out.startswith(verdict)
    assert "p95" in text.out


def test_two_that_are_not_alike_are_refused_with_the_reason(npconsole: Npconsole) -> None:
    done = npconsole("bench", "compare", "aaaa", "cccc")
    assert (done.code, done.out) == (6, "")
    assert "the load differs: closed 20 users 1m and closed 10 users 1m" in done.err
    error = json.loads(npconsole("bench", "compare", "aaaa", "cccc", "--json").out)
    assert (error["schema"], error["exit"]) == ("npconsole.error/1", 6)


def test_baselines_are_named_moved_and_forgotten(npconsole: Npconsole, archive: BenchmarkArchive) -> None:
    assert npconsole("bench", "baseline").err.startswith("no baselines yet")
    assert npconsole("bench", "baseline", "calm", "aaaa").out == "calm  aaaa1111\n"
    assert npconsole("bench", "baseline", "calm", "last").out == "calm  cccc4444\n"
    listed = json.loads(npconsole("bench", "baseline", "--json").out)
    assert listed == {"schema": "npconsole.baselines/1", "baselines": [{"name": "calm", "benchmark": "cccc4444"}]}
    assert npconsole("bench", "baseline", "calm", "--forget").code == 0
    assert not archive.baselines()


@pytest.mark.parametrize("before", [("--read-only",), ("--role", "viewer")])
def test_naming_takes_an_operator(npconsole: Npconsole, archive: BenchmarkArchive, before: tuple[str, ...]) -> None:
    done = npconsole("bench", "baseline", "calm", "aaaa", before=before)
    assert done.code == 6
    assert "may not name baselines" in done.err
    assert not archive.baselines()
    assert npconsole("bench", "baseline", before=before).code == 0


def test_every_form_of_export_is_what_it_says(npconsole: Npconsole, tmp_path: Path) -> None:
    assert json.loads(npconsole("bench", "export", "bbbb").out)["id"] == "bbbb3333"
    assert npconsole("bench", "export", "bbbb", "--format", "md").out.startswith("## ")
    header, *rows = npconsole("bench", "export", "bbbb", "--format", "csv").out.splitlines()
    assert "p95_ms" in header
    assert rows
    suites = ET.fromstring(npconsole("bench", "export", "bbbb", "--format", "junit").out)  # noqa: S314 - our own
    assert suites.findall(".//failure")
    path = tmp_path / "out" / "b.xml"
    path.parent.mkdir()
    done = npconsole("bench", "export", "bbbb", "--format", "junit", "--output", str(path))
    assert (done.code, done.out, done.err) == (0, "", f"wrote {path}\n")
    assert ET.parse(path).getroot().tag == suites.tag  # noqa: S314 - our own
    assert [each.name for each in path.parent.iterdir()] == ["b.xml"]


def test_a_file_that_cannot_be_written_is_said(npconsole: Npconsole, tmp_path: Path) -> None:
    done = npconsole("bench", "export", "bbbb", "--output", str(tmp_path / "no" / "b.json"))
    assert (done.code, done.out) == (1, "")
    assert "cannot be written: No such file or directory" in done.err


def test_a_step_summary_is_appended_where_there_is_one(
    npconsole: Npconsole, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "no step summary" in npconsole("bench", "show", "bbbb", "--step-summary").err
    path = tmp_path / "summary.md"
    path.write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(path))
    npconsole("bench", "show", "bbbb", "--step-summary")
    npconsole("bench", "compare", "aaaa", "bbbb", "--step-summary")
    text = path.read_text()
    assert text.startswith("before\n## ")
    assert "\n### " in text
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path))
    done = npconsole("bench", "export", "bbbb", "--step-summary")
    assert done.code == 0
    assert "cannot be written" in done.err


def test_results_of_others_are_reported_with_their_true_thresholds(npconsole: Npconsole, tmp_path: Path) -> None:
    path = tmp_path / "summary.json"
    path.write_text(json.dumps(SUMMARY))
    done = npconsole("bench", "analyze", str(path))
    assert done.code == 99, done.err
    assert "summary.json" in done.out
    found: dict[str, Any] = json.loads(npconsole("bench", "analyze", str(path), "--json").out)
    states = {each["threshold"]["expression"]: each["crossed"] for each in found["result"]["figures"]["thresholds"]}
    assert states == {"p(95)<400": False, "avg<10": True}
    assert (found["status"], found["imported"]) == ("failed", str(path))


def test_several_files_are_read_and_the_gravest_is_the_exit(npconsole: Npconsole, tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text(npconsole("bench", "export", "aaaa").out)
    (tmp_path / "empty.json").write_text("")
    files = [str(tmp_path / name) for name in ("one.json", "empty.json")]
    assert npconsole("bench", "analyze", files[0]).code == 0
    done = npconsole("bench", "analyze", *files)
    assert done.code == 2
    assert "aaaa1111" in done.out
    assert "is empty" in done.err
    lines = [json.loads(line) for line in npconsole("bench", "analyze", *files, "--json").out.splitlines()]
    assert [line["schema"] for line in lines] == ["npconsole.benchmark/1", "npconsole.error/1"]


@pytest.mark.parametrize("text", ['{"schema": "npconsole.benchmark/1", "id"', '{"schema": "npconsole.benchmark/1"}'])
def test_an_export_that_is_damaged_is_said_to_be(npconsole: Npconsole, tmp_path: Path, text: str) -> None:
    path = tmp_path / "b.json"
    path.write_text(text)
    done = npconsole("bench", "analyze", str(path))
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"npconsole: {path}")


def test_a_pipe_is_read_like_a_file(npconsole: Npconsole) -> None:
    """As of `bench analyze <(zcat results.gz)`."""
    output, end = os.pipe()
    os.write(end, json.dumps(SUMMARY).encode())
    os.close(end)
    try:
        done = npconsole("bench", "analyze", f"/dev/fd/{output}")
    finally:
        os.close(output)
    assert done.code == 99, done.err
    assert "p95" in done.out


def test_empty_standard_input_is_called_by_its_name(npconsole: Npconsole, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"")))
    done = npconsole("bench", "analyze", "-", "--json")
    error = json.loads(done.out)
    assert (done.code, error["exit"], error["message"]) == (2, 2, "standard input is empty")


def test_a_calibration_that_cannot_be_planned_is_an_error_and_no_report(npconsole: Npconsole) -> None:
    done = npconsole("bench", "calibrate", "us-east", "--vus", "0", "--json")
    error = json.loads(done.out)
    assert (done.code, error["schema"], error["exit"]) == (2, "npconsole.error/1", 2)
    assert "0 is no number of users" in error["message"]


def test_no_benchmark_of_a_target_is_not_none_at_all(npconsole: Npconsole) -> None:
    done = npconsole("bench", "list", "--target", "edge")
    assert (done.code, done.out) == (0, "")
    assert "no benchmarks of edge yet" in done.err


def test_the_help_says_that_a_light_load_needs_no_yes(npconsole: Npconsole) -> None:
    words = " ".join(npconsole("run", "benchmark", "--help").out.split())
    assert "Needs a yes: --yes; a load that is light for its target needs none outside production." in words


def test_a_load_that_cannot_be_planned_is_said_in_a_line_beside_the_plan(npconsole: Npconsole) -> None:
    done = npconsole("run", "benchmark", "us-east", "--vus", "0")
    assert done.code == 2
    assert "STOP complete" in done.out
    assert "npconsole: benchmark us-east: " in done.err
    assert "0 is no number of users" in done.err
