"""The account at Cloudflare: a zone with its cache, pools, a load balancer and a monitor.

What is changed here the edge follows after a short while, change by change and in their order.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Any

from npconsole.sim.agenda import Agenda
from npconsole.sim.clock import Clock
from npconsole.sim.cloudflare.balancer import REGION_OF, Balancer
from npconsole.sim.cloudflare.envelope import ApiError
from npconsole.sim.cloudflare.pool import Pool
from npconsole.sim.cloudflare.purge import Plan, Purge, PurgeLimit
from npconsole.sim.edgecache import EdgeCache
from npconsole.sim.estate import FALLBACK, STEERING
from npconsole.sim.fault import Fault, Kind
from npconsole.sim.listener import LOOPBACK
from npconsole.sim.monitor import INTERVAL_S, TIMEOUT_S
from npconsole.sim.record import Record
from npconsole.sim.steering import Steering
from npconsole.sim.world import CHECK_RETRIES

ZONE = "neuropilot.ai"
PLAN = Plan.PRO
SPREAD_S = 2.0
PURGE_S = 0.5
SOMEBODY_S = 5.0
SOMEBODY = "somebody else"


@dataclass(frozen=True, slots=True)
class Ids:
    """Drawn from the seed; the pools' by the name of their region."""

    account: str
    zone: str
    balancer: str
    monitor: str
    pools: Mapping[str, str]


def ids(rng: Random, regions: Mapping[str, object]) -> Ids:
    """The same seed gives the same ids, in the form of Cloudflare's."""
    account, zone, balancer, monitor = (f"{rng.getrandbits(128):032x}" for _ in range(4))
    return Ids(account, zone, balancer, monitor, {name: f"{rng.getrandbits(128):032x}" for name in regions})


class Account:
    """`ports` are those of the regions' origins, all on loopback; `faults` those at work on Cloudflare now."""

    def __init__(
        self,
        ids: Ids,
        ports: Mapping[str, int],
        steering: Steering,
        cache: EdgeCache,
        agenda: Agenda,
        clock: Clock,
        record: Record,
        faults: Callable[[], Mapping[Kind, Fault]],
    ) -> None:
        self.ids = ids
        self.steering = steering
        self.purge_limit = PurgeLimit(PLAN)
        self._ports = ports
        self._cache = cache
        self._agenda = agenda
        self._clock = clock
        self._record = record
        self._faults = faults
        wall = clock.wall()
        self.pools = {
            ids.pools[name]: Pool(ids.pools[name], _pool_settings(name, port, ids.monitor), wall)
            for name, port in ports.items()
        }
        self.balancer = Balancer(ids.balancer, _balancer_settings(ids.pools), ids.pools, wall)

    def region_of(self, pool_id: str) -> str:
        """The region of a pool. Raises ApiError when there is no such pool."""
        for region, identity in self.ids.pools.items():
            if identity == pool_id:
                return region
        raise ApiError(404, 1001, "pool not found")

    def change_pool(self, pool_id: str, body: Any, actor: str, *, replace: bool = False) -> Pool:
        """Change a pool now, and what the edge does a little later. Raises ApiError."""
        region = self.region_of(pool_id)
        pool = self.pools[pool_id]
        named = pool.change(body, self._clock.wall(), replace=replace)
        enabled, shed_ratio = pool.settings["enabled"], pool.shed_ratio
        text = f"{actor} changes {', '.join(named) or 'nothing'} of the pool of {region}"
        self._record.add(
            "pool changed",
            region,
            text,
            actor=actor,
            pool=pool_id,
            fields=",".join(named),
            enabled=enabled,
            revision=pool.revised,
        )
        serves = enabled and pool.reaches(LOOPBACK, self._ports[region])
        follow = partial(self.steering.place, region, enabled=serves, shed_ratio=shed_ratio, actor=actor)
        self._agenda.after(SPREAD_S, follow)
        if Kind.CONCURRENT_CHANGE in self._faults() and actor != SOMEBODY:
            body = {"description": f"held by hand since {pool.revised}"}
            self._agenda.after(SOMEBODY_S, lambda: _forget(self.change_pool(pool_id, body, SOMEBODY)))
        return pool

    def change_balancer(self, body: Any, actor: str) -> None:
        """Change the load balancer now, and what the edge does a little later. Raises ApiError."""
        named = self.balancer.change(body, self._clock.wall())
        text = f"{actor} changes {', '.join(named) or 'nothing'} of the load balancer"
        self._record.add("load balancer changed", ZONE, text, actor=actor, fields=",".join(named))
        arrangement = self.balancer.arrangement
        self._agenda.after(SPREAD_S, lambda: self.steering.arrange(arrangement, actor))

    def purge(self, purge: Purge, actor: str) -> None:
        """Accept a purge; the cache is emptied a little later. Raises ApiError when the limit is reached."""
        self.purge_limit.spend(purge, self._clock.monotonic_s())
        number = len(purge.values)
        text = f"{actor} purges {f'{number} {purge.kind}' if number else 'everything'}"
        self._record.add("purge accepted", ZONE, text, actor=actor, purge=purge.kind, values=number)
        self._agenda.after(PURGE_S, partial(self._empty, purge, actor))

    def _empty(self, purge: Purge, actor: str) -> None:
        removed = self._cache.purge(purge.chooses)
        self._record.add("purged", ZONE, f"the edge forgets {removed} answers", actor=actor, removed=removed)

    @property
    def monitor(self) -> dict[str, Any]:
        """The checks that the simulated edge makes."""
        return {
            "id": self.ids.monitor,
            "type": "http",
            "description": "health of a region",
            "method": "GET",
            "path": "/health",
            "expected_codes": "200",
            "interval": int(INTERVAL_S),
            "retries": CHECK_RETRIES,
            "timeout": int(TIMEOUT_S),
            "follow_redirects": False,
            "allow_insecure": False,
        }


def _pool_settings(region: str, port: int, monitor: str) -> dict[str, Any]:
    origin = {"name": region, "address": LOOPBACK, "port": port}
    return {"name": region, "origins": [origin], "monitor": monitor, "check_regions": ["WNAM", "ENAM", "WEU"]}


def _balancer_settings(pools: Mapping[str, str]) -> dict[str, Any]:
    places = {code: [pools[name] for name in STEERING[area]] for area, codes in REGION_OF.items() for code in codes}
    return {
        "name": f"api.{ZONE}",
        "default_pools": list(pools.values()),
        "fallback_pool": pools[FALLBACK],
        "region_pools": places,
        "country_pools": {},
        "pop_pools": {},
        "steering_policy": "geo",
        "session_affinity": "none",
    }


def _forget(_: Pool) -> None:
    """Nobody asked for it."""
