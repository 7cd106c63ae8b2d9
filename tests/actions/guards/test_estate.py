"""Connectivity, freshness, the last healthy region, incidents. Unknown refuses."""

from dataclasses import replace
from itertools import product

import pytest

from npconsole.actions.facts import Facts
from npconsole.actions.guard import Guard
from npconsole.actions.guards import estate
from npconsole.errors import Failure
from npconsole.model.controls import Pool
from npconsole.model.vitals import Health
from tests.actions.guards.known import GOOD, HEALTHY, NAMES, SICK, facts, snapshot, state

GONE = Health(failure=Failure.TIMEOUT, detail="no answer in time")
ON = {name: Pool(f"p-{name}", name, enabled=True, revision="1") for name in NAMES}
LAST = "us-east is the last healthy region in rotation"
ONE_LEFT = {"us-east": HEALTHY, "us-west": SICK, "eu-west": SICK}


def off(*names: str) -> dict[str, Pool]:
    return {name: replace(pool, enabled=name not in names) for name, pool in ON.items()}


@pytest.mark.parametrize(
    ("guard", "given", "passed", "reason"),
    [
        (estate.CONNECTIVITY, GOOD, True, "this host is online"),
        (estate.CONNECTIVITY, facts(online=False), True, "this host is online: us-east answers"),
        (
            estate.CONNECTIVITY,
            facts(online=False, probes=dict.fromkeys(NAMES, GONE)),
            False,
            "this host seems to be offline: neither the connectivity check nor any region answers",
        ),
        (
            estate.CONNECTIVITY,
            facts(online=None, probes={}),
            False,
            "this host seems to be offline: neither the connectivity check nor any region answers",
        ),
        (
            estate.CONNECTIVITY,
            facts(online=None, probes={}, rotation=()),
            False,
            "it is not known whether this host is online",
        ),
        (estate.NOT_EVERYTHING, GOOD, True, "3 of 3 regions answer"),
        (estate.NOT_EVERYTHING, facts(probes=dict.fromkeys(NAMES, SICK)), True, "3 of 3 regions answer"),
        (
            estate.NOT_EVERYTHING,
            facts(probes=dict.fromkeys(NAMES, GONE)),
            False,
            "none of 3 regions answers this host: suspect this host before the world",
        ),
        (estate.NOT_EVERYTHING, facts(probes={"us-east": GONE}, rotation=("us-east",)), True, "0 of 1 regions answer"),
        (estate.NOT_EVERYTHING, facts(probes={}, rotation=()), True, "no region is concerned"),
        (estate.FRESH, GOOD, True, "what is known is fresh"),
        (
            estate.FRESH,
            facts(snapshot=None, snapshot_problem="time-out"),
            False,
            "the estate could not be read: time-out",
        ),
        (
            estate.FRESH,
            facts(snapshot=snapshot(state("us-east", at=70.0))),
            False,
            "what is known is too old to act on: health of us-east, 30 s old",
        ),
        (
            estate.FRESH,
            facts(snapshot=snapshot(state("us-east", vitals_at=None))),
            False,
            "what is known is too old to act on: vital figures of us-east, never read",
        ),
        (
            estate.FRESH,
            facts(snapshot=snapshot(state("us-east", SICK, vitals_at=None))),
            True,
            "what is known is fresh",
        ),
        (estate.LAST_HEALTHY, GOOD, True, "us-west, eu-west stay healthy in rotation"),
        (
            estate.LAST_HEALTHY,
            facts(probes=ONE_LEFT),
            False,
            f"{LAST}: us-west is not healthy ({SICK.detail}); eu-west is not healthy ({SICK.detail})",
        ),
        (
            estate.LAST_HEALTHY,
            facts(pools=off("us-west"), probes={"us-east": HEALTHY, "us-west": HEALTHY}),
            False,
            f"{LAST}: us-west is switched off at the edge; eu-west could not be probed",
        ),
        (estate.LAST_HEALTHY, facts(pools=off("us-east"), probes=ONE_LEFT), True, "us-east serves nothing healthy now"),
        (
            estate.LAST_HEALTHY,
            facts(probes={"us-east": SICK, "us-west": SICK, "eu-west": SICK}),
            True,
            "us-east serves nothing healthy now",
        ),
        (
            estate.LAST_HEALTHY,
            facts(pools_problem="Cloudflare: 503"),
            False,
            "it is not known which regions are in rotation: Cloudflare: 503",
        ),
        (
            estate.LAST_HEALTHY,
            facts(rotation=("us-east",), probes={"us-east": HEALTHY}),
            False,
            f"{LAST}: there is no other region",
        ),
        (estate.LAST_HEALTHY, facts(draft={"takes_out": ()}), True, "no region leaves the rotation"),
        (
            estate.LAST_HEALTHY,
            facts(draft={"takes_out": NAMES}),
            False,
            "us-east, us-west, eu-west are the last healthy regions in rotation: there is no other region",
        ),
        (estate.NO_INCIDENT, GOOD, True, "no incident is open"),
        (
            estate.NO_INCIDENT,
            facts(snapshot=snapshot(state("us-east"), state("us-west", SICK))),
            False,
            "an incident is open: us-west is down (503 Service Unavailable)",
        ),
        (
            estate.NO_INCIDENT,
            facts(snapshot=None),
            False,
            "it is not known whether an incident is open: the estate could not be read",
        ),
    ],
)
def test_answers(guard: Guard, given: Facts, passed: bool, reason: str) -> None:
    assert guard.ask(given, None) == (passed, reason)


def test_the_last_healthy_region_is_never_taken_in_any_state() -> None:
    """Every mixture of healthy, sick, unreachable and unprobed origins with pools on, off and without one."""
    kinds = [(health, pool) for health in (HEALTHY, SICK, GONE, None) for pool in ("on", "off", "none")]
    for mixture in product(kinds, repeat=3):
        probes = {name: health for name, (health, _) in zip(NAMES, mixture, strict=True) if health is not None}
        pools = {
            name: replace(ON[name], enabled=pool == "on")
            for name, (_, pool) in zip(NAMES, mixture, strict=True)
            if pool != "none"
        }
        serving = [
            name for name, (health, pool) in zip(NAMES, mixture, strict=True) if health is HEALTHY and pool != "off"
        ]
        answer = estate.LAST_HEALTHY.ask(facts(probes=probes, pools=pools), None)
        assert answer.passed == ("us-east" not in serving or len(serving) > 1)


def test_the_last_healthy_region_cannot_be_overridden() -> None:
    assert not estate.LAST_HEALTHY.overridable
