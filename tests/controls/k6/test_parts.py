"""The small parts: k6's log, its processor time, its exit codes, and the course of the built-in load."""

from pathlib import Path

import pytest

from npconsole.controls.k6.cpu import CpuMeter
from npconsole.controls.k6.ending import end_of, meaning_of
from npconsole.controls.k6.inspection import read_inspection, seconds
from npconsole.controls.k6.log import MOST_ERRORS, Log
from npconsole.controls.k6.ramp import MEAN_SHARE, phase_at, phases, scenario
from npconsole.model.load import Load, LoadEnd, LoadModel, Threshold


def heard(*pieces: bytes) -> Log:
    log = Log()
    for piece in pieces:
        log.feed(piece)
    log.finish()
    return log


def test_the_first_error_of_k6_is_the_complaint() -> None:
    log = heard(
        b'{"level":"warning","msg":"Request Failed","error":"x"}\n{"level":"info","msg":"hi","source":"console"}\n',
        b'{"level":"error","msg":"from a script","source":"console"}\n{"level":"err',
        b'or","msg":"boom\\n at x","hint":"y"}\n',
        b'{"level":"error","msg":"thresholds on metrics \'a\' have been crossed"}',
    )
    assert log.complaint == "boom ⏎  at x"
    assert log.errors == ("boom ⏎  at x", "thresholds on metrics 'a' have been crossed")


def test_last_words_that_are_no_log_lines() -> None:
    assert heard(b"panic: \x1b[31mrun\n\ngoroutine 1\n").complaint == "panic: ␛[31mrun"
    assert heard(b'{"level":"error","msg":"mine","source":"console"}\n').complaint == "mine"
    assert heard().complaint == ""


def test_a_flood_is_bounded() -> None:
    log = heard(*[b'{"level":"error","msg":"e%d"}\n' % number for number in range(1000)], b"x" * 1_000_000)
    assert len(log.errors) == MOST_ERRORS
    assert len(log.complaint) < 400


def stat(root: Path, pid: int, group: int, used_ticks: int) -> None:
    (root / str(pid)).mkdir(exist_ok=True)
    fields = ["S", "1", str(group), *["0"] * 8, str(used_ticks), "0"]
    (root / str(pid) / "stat").write_text(f"{pid} (k6) run) {' '.join(fields)}\n")


def test_processor_time_of_the_group_in_its_busiest_five_seconds(tmp_path: Path) -> None:
    meter = CpuMeter(100, cores=2, root=tmp_path)
    (tmp_path / "self").mkdir()
    stat(tmp_path, 7, 1, 10_000)
    used = 0
    for second in range(21):
        used += 200 if 10 <= second < 15 else 20
        stat(tmp_path, 100, 100, 5)
        stat(tmp_path, 101, 100, used)
        meter.sample(float(second))
    assert meter.ratio == pytest.approx(1.0, abs=0.01)


def test_processor_time_of_a_short_or_vanished_group(tmp_path: Path) -> None:
    meter = CpuMeter(100, cores=1, root=tmp_path)
    meter.sample(0.0)
    assert meter.ratio is None
    stat(tmp_path, 100, 100, 0)
    meter.sample(0.5)
    stat(tmp_path, 100, 100, 30)
    meter.sample(1.5)
    assert meter.ratio == pytest.approx(0.2, abs=0.05)
    (tmp_path / "100" / "stat").unlink()
    meter.sample(2.5)
    assert meter.ratio == pytest.approx(0.2, abs=0.05)


@pytest.mark.parametrize(
    ("code", "stopped", "prematurely", "end"),
    [
        (0, False, False, LoadEnd.COMPLETE),
        (99, False, False, LoadEnd.COMPLETE),
        (99, False, True, LoadEnd.ABORTED),
        (110, False, False, LoadEnd.COMPLETE),
        (108, False, False, LoadEnd.ABORTED),
        (105, True, False, LoadEnd.STOPPED),
        (105, False, False, LoadEnd.STOPPED),
        (103, False, False, LoadEnd.STOPPED),
        (0, True, False, LoadEnd.STOPPED),
        (137, True, False, LoadEnd.STOPPED),
        (137, False, False, LoadEnd.BROKEN),
        (100, False, False, LoadEnd.BROKEN),
        (107, False, False, LoadEnd.BROKEN),
        (255, True, False, LoadEnd.BROKEN),
    ],
)
def test_how_a_load_ended(code: int, stopped: bool, prematurely: bool, end: LoadEnd) -> None:
    assert end_of(code, stopped=stopped, prematurely=prematurely) is end


def test_a_code_in_words() -> None:
    assert meaning_of(137) == "k6 was killed"
    assert meaning_of(42) == "k6 ended with exit code 42"


def load(**changes: object) -> Load:
    return Load(**{"target": "us-east", "address": "http://x", "users": 100, "duration_s": 60.0, **changes})  # type: ignore[arg-type]  # a table of changes


def test_the_default_course() -> None:
    assert list(phases(load())) == [
        ("ramp to 20 users", 10),
        ("ramp to 50 users", 20),
        ("ramp to 100 users", 20),
        ("ramp down", 10),
    ]
    stages = scenario(load(), grace_s=10)["stages"]
    assert stages == [
        {"duration": "10000ms", "target": 20},
        {"duration": "20000ms", "target": 50},
        {"duration": "20000ms", "target": 100},
        {"duration": "10000ms", "target": 0},
    ]


def test_the_course_of_a_small_load_and_of_a_rate() -> None:
    assert [name for name, _ in phases(load(users=1))] == ["ramp to 1 users"] * 3 + ["ramp down"]
    opened = scenario(load(rate=0.5, users=7), grace_s=1)
    assert opened["executor"] == "ramping-arrival-rate"
    assert [stage["target"] for stage in opened["stages"]] == [6, 15, 30, 0]
    assert (opened["timeUnit"], opened["preAllocatedVUs"], opened["maxVUs"]) == ("1m", 1, 7)
    assert phases(load(rate=10.0))[0] == ("ramp to 2/s", 10)


def test_the_mean_of_the_course() -> None:
    stages, before, area = scenario(load(users=1000), grace_s=1)["stages"], 0.0, 0.0
    for stage in stages:
        area += float(stage["duration"].removesuffix("ms")) / 1000 * (before + stage["target"]) / 2
        before = stage["target"]
    assert area / 60 / 1000 == pytest.approx(MEAN_SHARE)


def test_which_stretch_is_under_way() -> None:
    course = phases(load())
    assert [phase_at(course, at_s) for at_s in (0, 9.9, 10, 49, 51, 99)] == [
        "ramp to 20 users",
        "ramp to 20 users",
        "ramp to 50 users",
        "ramp to 100 users",
        "ramp down",
        "ramp down",
    ]
    assert phase_at((), 1) == ""


@pytest.mark.parametrize(
    ("text", "length_s"),
    [
        ("1m30s", 90),
        ("500ms", 0.5),
        ("10m30s", 630),
        ("1h", 3600),
        ("1.5s", 1.5),
        (2500, 2.5),
        ("", None),
        ("5", None),
        ("5 s", None),
        (None, None),
    ],
)
def test_durations_of_k6(text: object, length_s: float | None) -> None:
    assert seconds(text) == (pytest.approx(length_s) if length_s is not None else None)


def test_what_k6_says_of_a_script() -> None:
    inspection = read_inspection(
        b'{"scenarios":{"a":{"executor":"ramping-arrival-rate","startTime":"5s","stages":[{"duration":"3s","target":1},'
        b'{"duration":"2s","target":0}]},"b":{"executor":"constant-arrival-rate","duration":"6s"}},"totalDuration":"40s",'
        b'"maxVUs":30,"setupTimeout":"2m","thresholds":{"a":["max<1",{"threshold":"min>0","abortOnFail":true}]}}'
    )
    assert (inspection.planned_s, inspection.most_s, inspection.most_users) == (10, 40 + 120 + 60, 30)
    assert inspection.model is LoadModel.OPEN
    assert inspection.thresholds == (Threshold("a", "max<1"), Threshold("a", "min>0"))


def test_iterations_instead_of_time_have_no_planned_end() -> None:
    inspection = read_inspection(b'{"scenarios":{"a":{"executor":"per-vu-iterations"}},"totalDuration":"10m30s"}')
    assert (inspection.planned_s, inspection.model) == (None, LoadModel.CLOSED)


@pytest.mark.parametrize("output", [b"", b"[]", b"{}", b'{"totalDuration":"soon"}'])
def test_what_no_k6_says(output: bytes) -> None:
    with pytest.raises(ValueError, match="k6 inspect"):
        read_inspection(output)
