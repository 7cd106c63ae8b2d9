"""What is remembered of a page between two commands, and what is not believed."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npconsole.sources.page.scrape import Scrape, Scrapes

SCRAPE = Scrape("v17.1", 100.0, 1_750_000_000.0, {'http_requests_total{route="/"}': 42.0})


def test_a_scrape_comes_back_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "cache" / "scrapes.json"
    Scrapes(path, boot="b1").save({"http://a/metrics": SCRAPE})
    assert Scrapes(path, boot="b1").load(now=110.0, youngest_s=1.0, oldest_s=60.0) == {"http://a/metrics": SCRAPE}
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["scrapes.json"]


@pytest.mark.parametrize(
    ("boot", "now"), [("b2", 110.0), ("b1", 100.5), ("b1", 161.0), ("b1", 99.0)], ids=["boot", "young", "old", "future"]
)
def test_another_boot_too_young_and_too_old_do_not_count(tmp_path: Path, boot: str, now: float) -> None:
    path = tmp_path / "scrapes.json"
    Scrapes(path, boot="b1").save({"http://a/metrics": SCRAPE})
    assert Scrapes(path, boot=boot).load(now=now, youngest_s=1.0, oldest_s=60.0) == {}


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


@given(
    st.binary(max_size=50)
    | st.fixed_dictionaries(
        {"boot": st.just("b"), "pages": st.dictionaries(st.text(max_size=3), JSON, max_size=2)}
    ).map(lambda body: json.dumps(body).encode())
)
def test_whatever_the_file_holds_is_no_error(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "garbage.json"
    path.write_bytes(content)
    assert isinstance(Scrapes(path, boot="b").load(now=10.0, youngest_s=0.0, oldest_s=60.0), dict)


def test_a_place_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    Scrapes(tmp_path / "file" / "below" / "scrapes.json", boot="b").save({"u": SCRAPE})
