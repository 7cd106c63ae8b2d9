"""How figures are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npconsole.model import quantity
from npconsole.model.level import Level, worst
from npconsole.model.secret import Secret

FINITE = st.floats(0, 1e12, allow_nan=False)


@pytest.mark.parametrize(
    ("ms", "said"),
    [(None, "–"), (0, "0.0 ms"), (3.21, "3.2 ms"), (9.96, "10 ms"), (412.4, "412 ms"), (999.6, "1 s"), (1250, "1.25 s"),
     (12_345, "12 s")],
)  # fmt: skip
def test_latency(ms: float | None, said: str) -> None:
    assert quantity.latency(ms) == said


@pytest.mark.parametrize(
    ("ratio", "said"),
    [
        (None, "–"),
        (0, "0 %"),
        (0.00001, "<0.01 %"),
        (0.0042, "0.42 %"),
        (0.05, "5 %"),
        (0.051, "5.1 %"),
        (0.37, "37 %"),
    ],
)
def test_percent(ratio: float | None, said: str) -> None:
    assert quantity.percent(ratio) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(None, "–"), (0.4, "0.4 s"), (-3, "0.0 s"), (12, "12 s"), (300, "5 min"), (12_000, "3 h 20 min"), (7200, "2 h"),
     (40 * 3600, "40 h"), (12 * 86400, "12 d")],
)  # fmt: skip
def test_duration(seconds: float | None, said: str) -> None:
    assert quantity.duration(seconds) == said


@pytest.mark.parametrize(
    ("number", "said"),
    [(None, "–"), (0, "0"), (7, "7"), (842, "842"), (1234, "1.2k"), (3_400_000, "3.4M"), (12_000, "12k")],
)
def test_count(number: float | None, said: str) -> None:
    assert quantity.count(number) == said


@pytest.mark.parametrize(
    ("size", "said"), [(None, "–"), (512, "512 B"), (83e6, "83 MB"), (1.2e9, "1.2 GB"), (4e12, "4.0 TB")]
)
def test_size(size: float | None, said: str) -> None:
    assert quantity.size(size) == said


def test_times_say_their_zone_and_their_day() -> None:
    assert quantity.clock(1_750_000_000, utc=True) == "15:06:40Z"
    assert quantity.moment(1_750_000_000, 1_750_000_100, utc=True) == "15:06Z"
    assert quantity.moment(1_750_000_000, 1_750_200_000, utc=True) == "15 Jun 15:06Z"


@given(FINITE)
def test_every_figure_has_a_unit_and_fits_its_column(value: float) -> None:
    assert quantity.latency(min(value, 9e6)).endswith(("ms", " s"))
    assert len(quantity.latency(min(value, 9e6))) <= 7
    assert quantity.rate(value).endswith("/s")
    assert len(quantity.rate(value)) <= 7
    assert len(quantity.count(value)) <= 7


@given(st.lists(st.sampled_from(Level)))
def test_unknown_is_never_ok(levels: list[Level]) -> None:
    found = worst(levels)
    if Level.UNKNOWN in levels or not levels:
        assert found not in (Level.OK, Level.MUTED)


def test_a_secret_shows_nothing() -> None:
    secret = Secret("hunter2-hunter2")
    assert f"{secret} {secret!r} {secret:>10}" == "*** *** ***"
    assert secret.reveal() == "hunter2-hunter2"
    assert not Secret("two words").is_token
