"""A load balancer in Cloudflare's JSON and in our words."""

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from npconsole.controls.identifier import Identifier
from npconsole.model.controls import LoadBalancer
from npconsole.net.text import clean

Placement = dict[str, list[str]]


class Overrides(Struct, frozen=True):
    """What a rule, or the load balancer itself, says of pools."""

    default_pools: list[str] | None = None
    fallback_pool: Any = None
    region_pools: Placement | None = None
    country_pools: Placement | None = None
    pop_pools: Placement | None = None


class Rule(Struct, frozen=True):
    """A rule that chooses other pools for some requests."""

    overrides: Overrides | None = None
    disabled: bool | None = None


class BalancerData(Struct, frozen=True):
    """A load balancer, as far as it is read."""

    id: Identifier
    name: str | None = None
    enabled: bool | None = None
    proxied: bool | None = None
    default_pools: list[str] | None = None
    fallback_pool: str | None = None
    steering_policy: str | None = None
    region_pools: Placement | None = None
    country_pools: Placement | None = None
    pop_pools: Placement | None = None
    rules: list[Rule] | None = None


def to_balancer(data: BalancerData) -> LoadBalancer:
    """The load balancer. An empty steering policy means `off` (in order), or `geo` with pools by region."""
    pools = tuple(clean(each, limit=128) for each in data.default_pools or ())
    placed = dict.fromkeys(clean(each, limit=128) for each in _placed(data))
    return LoadBalancer(
        id=data.id,
        name=clean(data.name, limit=255),
        enabled=data.enabled is not False,
        pools=pools,
        fallback=clean(data.fallback_pool, limit=128),
        steering=clean(data.steering_policy, limit=60) or ("geo" if data.region_pools else "off"),
        placed=tuple(each for each in placed if each not in pools),
        proxied=data.proxied is True,
    )


def _placed(data: BalancerData) -> Iterator[str]:
    """The pools of places and rules, with repetitions."""
    yield from _of_places(data)
    for rule in data.rules or ():
        if rule.overrides is not None and not rule.disabled:
            yield from rule.overrides.default_pools or ()
            yield from _of_places(rule.overrides)
            if isinstance(rule.overrides.fallback_pool, str):
                yield rule.overrides.fallback_pool


def _of_places(data: BalancerData | Overrides) -> Iterator[str]:
    for placement in (data.region_pools, data.country_pools, data.pop_pools):
        for pools in (placement or {}).values():
            yield from pools
