"""The load balancer: which pools the edge offers to whom, in which order, and the last resort.

https://developers.cloudflare.com/api/resources/load_balancers/
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from npconsole.sim.cloudflare.envelope import ApiError
from npconsole.sim.cloudflare.revision import Revisions
from npconsole.sim.steering import Arrangement

Document = dict[str, Any]

REGION_OF = {"america": ("WNAM", "ENAM"), "europe": ("WEU", "EEU")}
"""Cloudflare's regions of each area of users; the first of them steers it."""


class Balancer:
    """One load balancer. `pools` are the ids that exist, by the region they are of."""

    def __init__(self, identity: str, settings: Mapping[str, Any], pools: Mapping[str, str], wall: float) -> None:
        self.id = identity
        self._pools = dict(pools)
        self.settings: Document = {"description": "", "enabled": True, "proxied": True, "ttl": 30, **settings}
        self._revisions = Revisions(wall)

    def change(self, body: Any, wall: float) -> list[str]:
        """Take over settings, each as a whole. What was named. Raises ApiError, and then nothing is changed."""
        if not isinstance(body, dict):
            raise ApiError(400, 1002, "the body is not an object")
        wanted = {name: value for name, value in body.items() if name in _CHECKS}
        for name, value in wanted.items():
            if not _CHECKS[name](value, self._pools.values()):
                raise ApiError(400, 1002, f"{name}: validation failed")
        self.settings = self.settings | wanted
        self._revisions.add(wall)
        return sorted(wanted)

    @property
    def document(self) -> Document:
        """The load balancer as it is answered."""
        return {
            "id": self.id,
            **self.settings,
            "created_on": self._revisions.first,
            "modified_on": self._revisions.last,
        }

    @property
    def arrangement(self) -> Arrangement:
        """What the edge makes of it, in the names of the regions."""
        regions = {pool: region for region, pool in self._pools.items()}
        settings = self.settings
        places = settings["region_pools"] if settings["steering_policy"] in ("geo", "") else {}
        orders = {
            area: [regions[pool] for pool in places.get(codes[0]) or settings["default_pools"]]
            for area, codes in REGION_OF.items()
        }
        return Arrangement(orders, regions[settings["fallback_pool"]], settings["enabled"])


def _pool_list(value: Any, pools: Collection[str]) -> bool:
    return isinstance(value, list) and bool(value) and all(each in pools for each in value)


def _placement(value: Any, pools: Collection[str]) -> bool:
    return isinstance(value, dict) and all(_pool_list(each, pools) for each in value.values())


_CHECKS: dict[str, Callable[[Any, Collection[str]], bool]] = {
    "description": lambda value, _: isinstance(value, str),
    "enabled": lambda value, _: isinstance(value, bool),
    "proxied": lambda value, _: value is True,
    "default_pools": _pool_list,
    "fallback_pool": lambda value, pools: value in pools,
    "region_pools": _placement,
    "steering_policy": lambda value, _: value in ("", "off", "geo"),
}
"""Which values are accepted: of the steering policies, those that the simulated edge has."""
