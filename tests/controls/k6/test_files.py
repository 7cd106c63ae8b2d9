import gzip
import json
from pathlib import Path

import pytest

from npconsole.controls.k6.files import read_file
from npconsole.errors import UsageError
from tests.controls.k6.lines import BEGUN, declared, request
from tests.controls.k6.test_shapes import EXPORT

POINTS = declared("http_req_duration", "trend", ["p(95)<25"]) + b"".join(
    request(float(number), at_s=number / 10) for number in range(1, 101)
)


@pytest.mark.parametrize("name", ["points.ndjson", "points.json.gz", "points"])
def test_points_packed_or_not(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(POINTS) if name.endswith("gz") else POINTS)
    result = read_file(path)
    assert result.figures.requests == 100
    assert result.figures.p95_ms == pytest.approx(95.05, rel=0.01)
    assert [str(each.threshold) for each in result.figures.thresholds if each.crossed] == ["http_req_duration p(95)<25"]
    assert result.wall == BEGUN + 0.1
    assert sum(block.requests for block in result.blocks) == 100
    assert (result.exit_code, result.crossed, result.complaint) == (None, None, "")


def test_a_summary(tmp_path: Path) -> None:
    path = tmp_path / "summary.json"
    path.write_text(json.dumps(EXPORT, indent=2))
    assert read_file(path).figures.requests == 200


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b" \n\n", "is empty"),
        (POINTS[:-20], "line 201 of k6's output cannot be read (it ends in the middle of a line)"),
        (POINTS + b"\nnot json\n" + POINTS, "line 203 of k6's output cannot be read (JSON is malformed"),
        (declared("vus", "gauge"), "1 lines, but no point in them"),
        (b"metric_name,timestamp,metric_value\n", "line 1: it is no summary"),
        (json.dumps(EXPORT, indent=2).encode()[:-30], "it is no whole JSON document"),
        (b'{"hello": 1}', "it has no `metrics`"),
        (b"\x00" * 5000, "it is no whole JSON document"),
        (gzip.compress(POINTS)[:-40], "is not whole"),
        (b"\x1f\x8bnot gzip at all", "is not whole"),
    ],
)
def test_what_is_not_of_k6_is_an_error_that_says_what_was_expected(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(UsageError) as caught:
        read_file(path)
    assert reason in caught.value.message
    assert caught.value.message.startswith(str(path)[:20])
    assert "--summary-export" in caught.value.hint


def test_the_line_of_a_broken_summary_is_named(tmp_path: Path) -> None:
    path = tmp_path / "summary.json"
    path.write_text('{\n  "metrics": {\n    "a": oops\n  }\n}\n')
    with pytest.raises(UsageError, match="line 3"):
        read_file(path)


def test_a_file_that_is_not_there_or_a_folder(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No such file"):
        read_file(tmp_path / "none")
    with pytest.raises(UsageError, match="Is a directory"):
        read_file(tmp_path)
