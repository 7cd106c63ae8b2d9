"""Pools and load balancers. A pool is changed by naming one property; its origins are never sent, for they would be
replaced as a whole.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from npconsole.controls.cloudflare.api import CloudflareApi
from npconsole.controls.cloudflare.balancer import BalancerData, to_balancer
from npconsole.controls.cloudflare.health import read_health
from npconsole.controls.cloudflare.pool import PoolData, Shedding, shedding_body, to_pool
from npconsole.controls.identifier import identifier
from npconsole.controls.shape import shaped
from npconsole.controls.writing import before_writing, writing
from npconsole.errors import BadAnswerError, SourceError, UsageError
from npconsole.model.controls import Allowance, LoadBalancer, Pool

POOL = "Cloudflare pool"
HINT = "look at cloudflare.account_id and at pool_id of the region"
AT_ONCE = 8
"""Health checks asked for at the same time."""


class CloudflareTraffic:
    """A TrafficControl: the pools of an account, the load balancers of a zone."""

    def __init__(self, api: CloudflareApi, *, account_id: str, zone_id: str) -> None:
        self._api = api
        self._account_id = account_id
        self._zone_id = zone_id
        self._slots = asyncio.Semaphore(AT_ONCE)

    @property
    def allowance(self) -> Allowance:
        return self._api.allowance

    async def pool(self, pool_id: str) -> Pool:
        return await self._with_health(await self._read(pool_id))

    async def pools(self, ids: Collection[str] | None = None) -> Sequence[Pool]:
        what = "Cloudflare pools"
        found = await self._api.list_all(*self._pools_path, what=what, hint="look at cloudflare.account_id")
        pools = [shaped(each, PoolData, what=what) for each in found]
        wanted = [each for each in pools if ids is None or each.id in ids]
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._with_health(each)) for each in wanted]
        return [task.result() for task in tasks]

    async def balancers(self) -> Sequence[LoadBalancer]:
        zone = identifier(self._zone_id, setting="cloudflare.zone_id")
        what = "Cloudflare load balancers"
        found = await self._api.list_all("zones", zone, "load_balancers", what=what, hint="look at cloudflare.zone_id")
        return [to_balancer(shaped(each, BalancerData, what=what)) for each in found]

    async def set_enabled(self, pool_id: str, *, enabled: bool) -> Pool:
        what = f"{POOL} switched {'on' if enabled else 'off'}"
        return await self._patch(pool_id, {"enabled": enabled}, lambda data: data.enabled is enabled, what=what)

    async def set_shedding(self, pool_id: str, *, percent: float, session_percent: float) -> Pool:
        if not (0 <= percent <= 100 and 0 <= session_percent <= 100):
            raise UsageError(f"a share to shed is 0 to 100 per cent, not {percent:g} and {session_percent:g}")
        with before_writing():
            now = (await self._read(pool_id)).load_shedding
        body = shedding_body(percent, session_percent, now.default_policy if now else None)

        def is_confirmed(data: PoolData) -> bool:
            shedding = data.load_shedding or Shedding()
            return (shedding.default_percent or 0, shedding.session_percent or 0) == (percent, session_percent)

        return await self._patch(pool_id, {"load_shedding": body}, is_confirmed, what=f"{POOL} shedding")

    async def _read(self, pool_id: str) -> PoolData:
        wanted = identifier(pool_id, setting="pool_id of the region")
        result = (await self._api.get(*self._pools_path, wanted, what=POOL, hint=HINT)).result
        return _this(shaped(result, PoolData, what=POOL), wanted)

    async def _patch(
        self, pool_id: str, body: Mapping[str, Any], is_confirmed: Callable[[PoolData], bool], *, what: str
    ) -> Pool:
        """Change one property. Only the pool as it is afterwards tells that it was changed."""
        wanted = identifier(pool_id, setting="pool_id of the region")
        path = self._pools_path
        with writing():
            result = await self._api.send("PATCH", *path, wanted, body=body, what=what, hint=HINT)
            data = _this(shaped(result, PoolData, what=what), wanted)
            if not is_confirmed(data):
                raise BadAnswerError(f"{what}: Cloudflare's answer does not show the change")
        return to_pool(data)

    async def _with_health(self, data: PoolData) -> Pool:
        """The pool with what the checks say. That they cannot be read is not the pool's fault, nor in its favour."""
        if not data.is_checked:
            return to_pool(data)
        try:
            async with self._slots:
                envelope = await self._api.get(*self._pools_path, data.id, "health", what=f"{POOL} health", hint=HINT)
        except SourceError:
            return to_pool(data)
        return to_pool(data, healthy=read_health(envelope.result))

    @property
    def _pools_path(self) -> tuple[str, ...]:
        account = identifier(self._account_id, setting="cloudflare.account_id")
        return "accounts", account, "load_balancers", "pools"


def _this(pool: PoolData, wanted: str) -> PoolData:
    if pool.id != wanted:
        raise BadAnswerError(f"{POOL}: the answer is of another pool", hint=HINT)
    return pool
