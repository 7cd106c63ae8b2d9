"""When a single check may judge."""

import time
from dataclasses import replace

import pytest

from npconsole.model.snapshot import Snapshot
from npconsole.model.vitals import Vitals
from npconsole.wiring.daemon.known import is_known, until_known
from tests.engine.estates import FINE, REFUSED, World


def seen(vitals: Vitals | str = FINE) -> Snapshot:
    world = World(vitals={"us-east": vitals})
    return world.round()


@pytest.mark.parametrize(
    ("vitals", "known"),
    [
        (replace(FINE, window_s=60.0, requests=900), True),
        (replace(FINE, window_s=2.0, requests=5), False),
        (replace(FINE, window_s=2.0, requests=25), True),
        (replace(FINE, window_s=60.0, requests=0), True),
        (replace(FINE, window_s=None), False),
        ("connection refused", True),
    ],
)
def test_known(vitals: Vitals | str, known: bool) -> None:
    world = World(vitals=dict.fromkeys(("us-east", "us-west", "eu-west"), vitals))
    assert is_known(world.round(), enough=20, window_s=60) is known


def test_what_was_never_asked_is_not_known() -> None:
    assert not is_known(World().look(), enough=20, window_s=60)


def test_what_does_not_answer_is_known() -> None:
    world = World(vitals=dict.fromkeys(("us-east", "us-west", "eu-west"), "refused"))
    world.all_health(REFUSED)
    assert is_known(world.round(), enough=20, window_s=60)


async def test_waiting_has_an_end() -> None:
    began = time.monotonic()
    await until_known(World().look, enough=20, window_s=60, within_s=0.1)
    assert time.monotonic() - began < 5
