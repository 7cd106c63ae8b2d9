import pytest
from hypothesis import given
from hypothesis import strategies as st

from npconsole.errors import BadAnswerError
from npconsole.sources.page.exposition import Exposition, mentions

NAMES = ["hits_total", "lat_bucket"]


def read(page: str) -> list[tuple[str, dict[str, str], float]]:
    samples = Exposition().read(page, NAMES)
    return [(series.name, dict(series.labels), value) for series, value in samples.values()]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("hits_total 5", ("hits_total", {}, 5.0)),
        ("hits_total{} 5", ("hits_total", {}, 5.0)),
        ("hits_total 5 1700000000000", ("hits_total", {}, 5.0)),
        ('hits_total{a="b",} 5e3\r', ("hits_total", {"a": "b"}, 5000.0)),
        ('hits_total {a="b"}\t7', ("hits_total", {"a": "b"}, 7.0)),
        (r'hits_total{a="q\"}\\ # {x",b="1"} 2', ("hits_total", {"a": 'q"}\\ # {x', "b": "1"}, 2.0)),
        ('lat_bucket{le="+Inf"} 9 # {trace_id="a}b"} 0.67 1700', ("lat_bucket", {"le": "+Inf"}, 9.0)),
        ('hits_total 5 # {id="x"} 1', ("hits_total", {}, 5.0)),
    ],
)
def test_lines_of_the_format(line: str, expected: tuple[str, dict[str, str], float]) -> None:
    page = f'# HELP x y\n# TYPE hits_total counter\n\n{line}\n\nother{{a="b"}} 1\nhits_total_more 3\n# EOF\n'
    assert read(page) == [expected]


@pytest.mark.parametrize("value", ["NaN", "+Inf", "-Inf", "nan", "1e999", "abc"])
def test_figures_that_are_none_are_left_out(value: str) -> None:
    assert read(f"hits_total {value}\n") == []


def test_a_series_that_occurs_twice_keeps_its_first_value() -> None:
    assert read('hits_total{a="1"} 5\n\nhits_total{a="1"} 6\n') == [("hits_total", {"a": "1"}, 5.0)]


@pytest.mark.parametrize(
    "line",
    [
        'hits_total{a="b"',
        'hits_total{a="b} 5',
        "hits_total{a=b} 5",
        "hits_total ",
        "hits_total 1 2 3",
        "hits_total{,,} 1",
    ],
)
def test_a_line_that_is_not_in_the_format_is_named(line: str) -> None:
    with pytest.raises(BadAnswerError, match="not in the Prometheus format: hits_total"):
        read(f"lat_bucket 1\n{line}\n")


def test_a_flood_of_series_is_refused() -> None:
    with pytest.raises(BadAnswerError, match="more than 50000 series"):
        read("".join(f'hits_total{{a="{i}"}} 1\n' for i in range(50_001)))


def test_known_series_are_read_again() -> None:
    exposition = Exposition()
    first = exposition.read('hits_total{a="1"} 5\nlat_bucket{le="2"} 1\n', NAMES)
    second = exposition.read('lat_bucket{le="2"} 4\nhits_total{a="2"} 1\n', NAMES)
    assert [value for _, value in first.values()] == [5.0, 1.0]
    assert [(series.name, dict(series.labels), value) for series, value in second.values()] == [
        ("lat_bucket", {"le": "2"}, 4.0),
        ("hits_total", {"a": "2"}, 1.0),
    ]


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ("lat_bucket 1", True),
        ('x 1\nlat_bucket{le="1"} 1', True),
        ("# TYPE lat_bucket histogram\n", True),
        ("lat_bucket_more 1\n", False),
        ("see lat_bucket 1", False),
        ("", False),
    ],
)
def test_whether_a_page_mentions_a_name(page: str, found: bool) -> None:
    assert mentions(page, ["lat_bucket"]) is found


LINE = st.text(st.sampled_from('hits_total{a="b\\",} 15e+#Nn\n\r\t'), max_size=40)


@given(st.lists(LINE | LINE.map(lambda line: f"hits_total{line}"), max_size=6))
def test_garbage_raises_a_bad_answer_or_is_read(lines: list[str]) -> None:
    try:
        samples = Exposition().read("\n".join(lines), NAMES)
    except BadAnswerError:
        return
    assert all(series.name in NAMES for series, _ in samples.values())
