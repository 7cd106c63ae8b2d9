"""Shares of live traffic, and how loaded those are who stay."""

from dataclasses import replace

import pytest

from npconsole.actions.blast import blast_radius
from npconsole.model.run import BlastRadius
from npconsole.model.snapshot import Snapshot
from tests.actions.guards.known import NAMES, reading, snapshot, state


def serving(rates: dict[str, float | None]) -> Snapshot:
    def with_rate(name: str) -> object:
        made = state(name)
        assert made.vitals.value is not None
        return replace(made, vitals=reading(replace(made.vitals.value, request_rate=rates[name]), 99.0))

    return snapshot(*(with_rate(name) for name in NAMES))  # type: ignore[arg-type]  # each is a RegionState


def blast(rates: dict[str, float | None], takes_out: tuple[str, ...] = ("us-east",)) -> BlastRadius:
    return blast_radius(
        serving(rates),
        rotation=NAMES,
        takes_out=takes_out,
        serving=NAMES,
        capacity={"us-west": 100.0},
        objects=("pool a",),
    )


def test_the_displaced_traffic_goes_where_traffic_goes_now() -> None:
    found = blast({"us-east": 60.0, "us-west": 30.0, "eu-west": 10.0})
    assert found.traffic_share == pytest.approx(0.6)
    assert dict(found.survivors) == {"us-west": pytest.approx(0.75), "eu-west": None}
    assert found.objects == ("pool a",)


def test_a_standby_without_traffic_gets_its_even_share() -> None:
    found = blast({"us-east": 60.0, "us-west": 0.0, "eu-west": 0.0})
    assert dict(found.survivors)["us-west"] == pytest.approx(0.3)


def test_what_is_not_measured_is_not_zero() -> None:
    found = blast({"us-east": 60.0, "us-west": 30.0, "eu-west": None})
    assert found.traffic_share is None
    assert found.survivors == (("us-west", None), ("eu-west", None))
    assert blast({"us-east": 0.0, "us-west": 0.0, "eu-west": 0.0}).traffic_share is None


def test_nothing_leaves_nothing_shifts() -> None:
    assert blast({"us-east": 1.0, "us-west": 1.0, "eu-west": 1.0}, takes_out=()).survivors == ()


def test_without_a_snapshot_nothing_is_known() -> None:
    found = blast_radius(None, rotation=NAMES, takes_out=NAMES[:1], serving=NAMES, capacity={}, objects=())
    assert found == BlastRadius(None, (("us-west", None), ("eu-west", None)))
