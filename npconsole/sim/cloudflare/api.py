"""The part of Cloudflare's API (version 4) that changes and watches traffic and cache.

https://developers.cloudflare.com/api/; a 200 means accepted: the edge follows a little later.
"""

from typing import Any

from starlette.applications import Starlette
from starlette.routing import Route as Path

from npconsole.sim.cloudflare.account import PLAN, ZONE, Account
from npconsole.sim.cloudflare.caller import Caller
from npconsole.sim.cloudflare.envelope import ApiError, Result, page_of
from npconsole.sim.cloudflare.gate import FORBIDDEN, Call, Gate, Handler
from npconsole.sim.cloudflare.health import health_document

BASE = "/client/v4"
ACTIVE = {"code": 10000, "message": "This API Token is valid and active", "type": None}
INVALID_TOKEN = (401, 1000, "Invalid API Token")


class CloudflareApi:
    """Cloudflare's app."""

    def __init__(self, account: Account, gate: Gate) -> None:
        self._account = account
        self._gate = gate
        verify = gate.check(self._verify_user, INVALID_TOKEN)
        verify_account = gate.check(self._verify_account, INVALID_TOKEN)
        self.app = Starlette(
            routes=[
                Path(f"{BASE}/user/tokens/verify", verify),
                Path(f"{BASE}/accounts/{{account}}/tokens/verify", verify_account),
                *self._zone_routes(),
                *self._account_routes(),
                Path("/{path:path}", gate.unrouted, methods=["GET", "POST", "PUT", "PATCH", "DELETE"]),
            ]
        )

    def _zone_routes(self) -> list[Path]:
        zone = f"{BASE}/zones/{{zone}}"
        balancer = f"{zone}/load_balancers/{{balancer}}"
        return [
            self._path(f"{BASE}/zones", self._zones),
            self._path(zone, self._zone),
            self._path(f"{zone}/purge_cache", self._purge, "POST"),
            self._path(f"{zone}/load_balancers", self._balancers),
            self._path(balancer, self._balancer),
            self._path(balancer, self._change_balancer, "PATCH"),
        ]

    def _account_routes(self) -> list[Path]:
        balancing = f"{BASE}/accounts/{{account}}/load_balancers"
        pool = f"{balancing}/pools/{{pool}}"
        return [
            self._path(f"{balancing}/pools", self._pools),
            self._path(pool, self._pool),
            self._path(pool, self._change_pool, "PATCH"),
            self._path(pool, self._replace_pool, "PUT"),
            self._path(f"{pool}/health", self._health),
            self._path(f"{balancing}/monitors", self._monitors),
            self._path(f"{balancing}/monitors/{{monitor}}", self._monitor),
        ]

    def _path(self, path: str, handler: Handler, method: str = "GET") -> Path:
        """A route to the zone or the account of this place; others are out of reach of the tokens."""
        known = {"zone": self._account.ids.zone, "account": self._account.ids.account}

        def handle(call: Call) -> Result:
            if any(name in known and value != known[name] for name, value in call.path.items()):
                raise ApiError(*FORBIDDEN)
            return handler(call)

        return Path(path, self._gate.check(handle), methods=[method])

    def _verify_user(self, call: Call) -> Result:
        return self._verified(call.caller, is_users=True)

    def _verify_account(self, call: Call) -> Result:
        """A token that the account owns is verified here and nowhere else."""
        if call.path["account"] != self._account.ids.account:
            raise ApiError(*FORBIDDEN)
        return self._verified(call.caller, is_users=False)

    def _verified(self, caller: Caller, *, is_users: bool) -> Result:
        if caller.is_users is not is_users:
            raise ApiError(*INVALID_TOKEN)
        return Result({"id": caller.id, "status": "active"}, [ACTIVE])

    def _zones(self, call: Call) -> Result:
        asked = call.query
        chosen = asked.get("name", ZONE) == ZONE and asked.get("status", "active") == "active"
        return page_of([self._zone_document] if chosen else [], asked)

    def _zone(self, _: Call) -> Result:
        return Result(self._zone_document)

    @property
    def _zone_document(self) -> dict[str, Any]:
        return {
            "id": self._account.ids.zone,
            "name": ZONE,
            "status": "active",
            "paused": False,
            "type": "full",
            "account": {"id": self._account.ids.account, "name": "NeuroPilot"},
            "plan": {"id": PLAN.value, "legacy_id": PLAN.value, "name": f"{PLAN.title()} Website"},
        }

    def _purge(self, call: Call) -> Result:
        self._account.purge(self._account.purge_limit.read(call.body), call.caller.name)
        return Result({"id": self._account.ids.zone})

    def _balancers(self, call: Call) -> Result:
        return page_of([self._account.balancer.document], call.query)

    def _balancer(self, call: Call) -> Result:
        if call.path["balancer"] != self._account.ids.balancer:
            raise ApiError(404, 1001, "load balancer not found")
        return Result(self._account.balancer.document)

    def _change_balancer(self, call: Call) -> Result:
        self._balancer(call)
        self._account.change_balancer(call.body, call.caller.name)
        return Result(self._account.balancer.document)

    def _pools(self, call: Call) -> Result:
        monitor = call.query.get("monitor")
        pools = [pool.document for pool in self._account.pools.values()]
        return page_of([pool for pool in pools if monitor in (None, pool["monitor"])], call.query)

    def _pool(self, call: Call) -> Result:
        self._account.region_of(call.path["pool"])
        return Result(self._account.pools[call.path["pool"]].document)

    def _change_pool(self, call: Call) -> Result:
        """A field that is named is replaced as a whole, the list of origins too."""
        return Result(self._account.change_pool(call.path["pool"], call.body, call.caller.name).document)

    def _replace_pool(self, call: Call) -> Result:
        pool = self._account.change_pool(call.path["pool"], call.body, call.caller.name, replace=True)
        return Result(pool.document)

    def _health(self, call: Call) -> Result:
        region = self._account.region_of(call.path["pool"])
        pool = self._account.pools[call.path["pool"]]
        return Result(health_document(pool, self._account.steering.pools[region]))

    def _monitors(self, call: Call) -> Result:
        return page_of([self._account.monitor], call.query)

    def _monitor(self, call: Call) -> Result:
        if call.path["monitor"] != self._account.ids.monitor:
            raise ApiError(404, 1001, "monitor not found")
        return Result(self._account.monitor)
