"""The adapters as wiring would make them, each as the port that it fulfils, and pieces of what their vendors answer."""

from typing import Any

from npconsole.controls.cloudflare import (
    CloudflareAccess,
    CloudflareApi,
    CloudflareCache,
    CloudflareTraffic,
    Plan,
)
from npconsole.controls.railway import RailwayAccess, RailwayApi, RailwayService
from npconsole.controls.sentry import SentryAccess, SentryApi, SentryIssueControl
from npconsole.model.controls import CacheControl, IssueControl, ServiceControl, TrafficControl
from npconsole.net.http import Http
from tests.controls.script import Clock, token

DEADLINE_S = 5.0
GRAPHQL = "/graphql/v2"
POOLS = "/client/v4/accounts/acc1/load_balancers/pools"
ORGANIZATION = "/api/0/organizations/np"


def railway_api(http: Http, *, is_project_token: bool = True, deadline_s: float = DEADLINE_S) -> RailwayApi:
    access = RailwayAccess("https://railway.test/graphql/v2", token, is_project_token=is_project_token)
    return RailwayApi(http, access, deadline_s=deadline_s, clock=Clock())


def railway(http: Http, *, region: str = "", deadline_s: float = DEADLINE_S) -> ServiceControl:
    api = railway_api(http, deadline_s=deadline_s)
    return RailwayService(api, environment_id="env1", service_id="svc1", project_id="prj1", region=region)


def cloudflare_api(http: Http, *, deadline_s: float = DEADLINE_S) -> CloudflareApi:
    access = CloudflareAccess("https://cloudflare.test/client/v4", token)
    return CloudflareApi(http, access, deadline_s=deadline_s, clock=Clock())


def traffic(http: Http, *, deadline_s: float = DEADLINE_S) -> TrafficControl:
    return CloudflareTraffic(cloudflare_api(http, deadline_s=deadline_s), account_id="acc1", zone_id="zone1")


def cache(http: Http, *, plan: Plan = Plan.PRO, deadline_s: float = DEADLINE_S) -> CacheControl:
    api = cloudflare_api(http, deadline_s=deadline_s)
    return CloudflareCache(api, http, zone_id="zone1", plan=plan, deadline_s=DEADLINE_S, clock=Clock())


def sentry_api(http: Http, *, deadline_s: float = DEADLINE_S) -> SentryApi:
    access = SentryAccess("https://sentry.test", "np", token)
    return SentryApi(http, access, deadline_s=deadline_s, clock=Clock())


def sentry(http: Http, *, deadline_s: float = DEADLINE_S) -> IssueControl:
    return SentryIssueControl(sentry_api(http, deadline_s=deadline_s))


def deployment(deployment_id: str = "dep1", status: str = "SUCCESS", **more: Any) -> dict[str, Any]:
    """A deployment as Railway has it."""
    return {
        "id": deployment_id,
        "status": status,
        "createdAt": "2026-11-20T10:00:00.000Z",
        "statusUpdatedAt": "2026-11-23T14:00:00.000Z",
        "deploymentStopped": False,
        "canRedeploy": True,
        "canRollback": False,
        "meta": {"commitHash": "0a1b2c3d", "serviceManifest": {"deploy": {"region": "us-east4-eqdc4a"}}},
        "instances": [{"id": "ins1", "status": "RUNNING"}],
        **more,
    }


def success(result: Any, **more: Any) -> dict[str, Any]:
    """Cloudflare's envelope around a result."""
    return {"success": True, "errors": [], "messages": [], "result": result, **more}


def failure(code: int, message: str, **more: Any) -> dict[str, Any]:
    """Cloudflare's envelope around an error."""
    errors = [{"code": code, "message": message, **more}]
    return {"success": False, "errors": errors, "messages": [], "result": None}


def pool(pool_id: str = "pool1", **more: Any) -> dict[str, Any]:
    """A pool as Cloudflare has it."""
    return {
        "id": pool_id,
        "name": "us-east",
        "enabled": True,
        "modified_on": "2026-11-23T10:00:00.123456Z",
        "origins": [{"name": "o1", "address": "us-east.example.com", "enabled": True, "weight": 1}],
        **more,
    }


def issue(status: str = "resolved", **more: Any) -> dict[str, Any]:
    """An issue as Sentry has it."""
    return {"id": "77", "shortId": "API-12", "status": status, "substatus": None, "assignedTo": None, **more}
