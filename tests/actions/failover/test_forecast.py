"""What is reckoned of a failover."""

from dataclasses import replace

import pytest

from npconsole.actions.failover.forecast import Forecast, forecast
from npconsole.model.controls import LoadBalancer, Pool
from npconsole.model.reading import Reading
from npconsole.model.snapshot import Snapshot
from npconsole.model.vitals import Vitals
from tests.actions.virtual import play
from tests.actions.world import Platform

NAMES = ("us-east", "us-west", "eu-west")
POOLS = {name: Pool(f"pool-{name}", name, enabled=True, revision="r") for name in NAMES}


def balancer(steering: str = "off", *pools: str, **more: object) -> LoadBalancer:
    made = LoadBalancer("lb", "api", True, pools or tuple(f"pool-{name}" for name in NAMES), "pool-eu-west", steering)
    return replace(made, **more)  # type: ignore[arg-type]  # the test names fields of LoadBalancer


def reckoned(
    *balancers: LoadBalancer,
    rates: tuple[float | None, ...] = (60.0, 20.0, 20.0),
    pools: dict[str, Pool] | None = None,
    capacity: dict[str, float] | None = None,
    snapshot: bool = True,
) -> Forecast:
    platform = Platform()
    seen = play(platform.clock, platform.look())
    states = tuple(
        replace(state, vitals=Reading(Vitals(request_rate=rate)))
        for state, rate in zip(seen.regions, rates, strict=True)
    )
    found: Snapshot | None = replace(seen, regions=states) if snapshot else None
    return forecast(
        "us-east",
        NAMES,
        found,
        pool_ids={name: f"pool-{name}" for name in NAMES},
        pools=POOLS if pools is None else pools,
        balancers=balancers or (balancer(),),
        capacity=dict.fromkeys(NAMES, 100.0) if capacity is None else capacity,
    )


@pytest.mark.parametrize(
    ("steering", "loads"),
    [
        ("off", {"us-west": 0.8, "eu-west": 0.2}),
        ("", {"us-west": 0.8, "eu-west": 0.2}),
        ("random", {"us-west": 0.5, "eu-west": 0.5}),
        ("least_connections", {"us-west": 0.5, "eu-west": 0.5}),
        ("dynamic_latency", {"us-west": 0.8, "eu-west": 0.8}),
        ("geo", {"us-west": 0.8, "eu-west": 0.8}),
        ("a word of tomorrow", {"us-west": 0.8, "eu-west": 0.8}),
    ],
)
def test_the_traffic_goes_where_the_steering_may_send_it_at_worst(steering: str, loads: dict[str, float]) -> None:
    found = reckoned(balancer(steering))
    assert {each.region: each.load for each in found.survivors} == pytest.approx(loads)
    assert found.share == pytest.approx(0.6)


def test_several_load_balancers_are_taken_at_their_worst() -> None:
    other = balancer("off", "pool-us-east", "pool-eu-west")
    assert {each.region: each.load for each in reckoned(balancer(), other).survivors} == pytest.approx(
        {"us-west": 0.8, "eu-west": 0.8}
    )


def test_a_pool_that_is_off_or_gone_is_no_survivor() -> None:
    found = reckoned(pools={**POOLS, "us-west": replace(POOLS["us-west"], enabled=False)})
    assert [each.region for each in found.survivors] == ["eu-west"]
    assert found.routes == (("api", ("eu-west",)),)
    assert reckoned(pools={"us-east": POOLS["us-east"]}).routes == (("api", ()),)


def test_pools_for_some_places_and_the_fallback_do_not_carry_the_rest() -> None:
    found = reckoned(balancer("geo", "pool-us-east", placed=("pool-us-west",)))
    assert found.routes == (("api", ()),)


def test_pools_of_nobody_here_are_said_and_not_counted() -> None:
    found = reckoned(balancer("off", "pool-us-east", "pool-strange"))
    assert found.routes == (("api", ()),)
    assert "1 of its pools belong to no region here" in found.touched[0].words


def test_a_load_balancer_that_does_not_use_the_pool_is_not_touched() -> None:
    assert reckoned(balancer("off", "pool-us-west")).touched == ()


def test_dns_is_slow_and_that_is_said() -> None:
    assert "follow DNS" in reckoned(balancer(proxied=False)).touched[0].words


@pytest.mark.parametrize(
    ("capacity", "rates", "words"),
    [
        ({}, (60.0, 20.0, 20.0), "its capacity was never measured"),
        ({"us-west": 100.0, "eu-west": 100.0}, (None, 20.0, 20.0), "its traffic is not measured"),
        ({"us-west": 100.0, "eu-west": 100.0}, (60.0, None, 20.0), "its traffic is not measured"),
    ],
)
def test_what_is_not_known_is_no_head_room(
    capacity: dict[str, float], rates: tuple[float | None, ...], words: str
) -> None:
    found = reckoned(capacity=capacity, rates=rates)
    assert any(words in phrase for phrase in found.crowded(0.8))


def test_crowded_are_those_over_the_limit() -> None:
    found = reckoned(rates=(61.0, 20.0, 20.0))
    assert [phrase.partition(":")[0] for phrase in found.crowded(0.8)] == ["us-west"]
    assert found.crowded(0.82) == ()


def test_without_figures_the_share_is_not_known() -> None:
    assert reckoned(rates=(60.0, None, 20.0)).share is None
    assert reckoned(snapshot=False).share is None
    assert "is not known" in reckoned(snapshot=False).words[0]
