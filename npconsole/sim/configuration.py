"""The npconsole configuration that watches a simulator, as plain data. Polls fast, because it is a demonstration."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from npconsole.sim.cloudflare.account import PLAN, Ids
from npconsole.sim.cloudflare.api import BASE
from npconsole.sim.estate import MEMORY_LIMIT_MB, REGIONS, RegionPlan
from npconsole.sim.fault import CLOUDFLARE, EDGE, PAGERDUTY, RAILWAY, SENTRY, SLACK
from npconsole.sim.railway.api import PATH
from npconsole.sim.railway.hosting import Hosting
from npconsole.sim.simulator import ASSET, CONNECTIVITY, ORGANIZATION
from npconsole.sim.slack.api import PATH as SLACK_PATH
from npconsole.sim.slack.workspace import CHANNEL

POLL = {
    "health": "2s",
    "metrics": "2s",
    "lag": "5s",
    "issues": "5s",
    "connectivity": "2s",
    "timeout": "1500ms",
    "vendor_timeout": "3s",
}
LAG_QUERY = "max(neon_replication_delay_seconds)"


def configuration(
    urls: Mapping[str, str], secrets: Path, hosting: Hosting, cloudflare: Ids, prometheus: str = ""
) -> dict[str, Any]:
    """The configuration file's content. `urls` by name, `secrets` the folder with their files; without `prometheus`
    there is nothing to ask for the replication lag."""
    regions = [
        _region(plan, urls[plan.name], lag=bool(prometheus))
        | {"railway": _service_at(hosting, plan.name), "pool_id": cloudflare.pools[plan.name]}
        for plan in REGIONS
    ]
    config: dict[str, Any] = {
        "environment": {"name": "neuropilot-sim", "tier": "staging"},
        "services": [{"name": "neuropilot", "regions": regions, "edge": _edge(urls[EDGE])}],
        "connectivity": {"urls": [f"{urls[CONNECTIVITY]}/generate_204", f"{urls[ASSET]}/app.js"]},
        "poll": POLL,
        "thresholds": {"memory_limit_mb": MEMORY_LIMIT_MB},
        "metrics": {"source": "page", "window": "30s"},
        "sentry": _sentry(urls[SENTRY], secrets),
        "cloudflare": _cloudflare(urls[CLOUDFLARE], secrets, cloudflare),
        "railway": _railway(urls[RAILWAY], secrets, hosting),
        "slack": {
            "url": urls[SLACK] + SLACK_PATH,
            "token": {"file": str(secrets / "slack_token")},
            "channel": CHANNEL,
        },
        "pagerduty": {"url": urls[PAGERDUTY], "routing_key": {"file": str(secrets / "pagerduty_routing_key")}},
        "actions": {"reread": "500ms"},
        "benchmark": {name: {"file": str(secrets / f"benchmark_{name}")} for name in ("email", "password")},
    }
    if prometheus:
        config["prometheus"] = {"url": prometheus}
    return config


def _edge(url: str) -> dict[str, Any]:
    return {"url": url, "region_field": "region", "region_header": "x-region", "asset_url": f"{url}/app.js"}


def _sentry(url: str, secrets: Path) -> dict[str, Any]:
    return {
        "url": url,
        "organization": ORGANIZATION,
        "projects": ["backend", "frontend"],
        "token": {"file": str(secrets / "sentry_token")},
    }


def _cloudflare(url: str, secrets: Path, ids: Ids) -> dict[str, Any]:
    return {
        "url": url + BASE,
        "zone_id": ids.zone,
        "account_id": ids.account,
        "token": {"file": str(secrets / "cloudflare_token")},
        "token_owner": "user",
        "plan": PLAN.value,
    }


def _railway(url: str, secrets: Path, hosting: Hosting) -> dict[str, Any]:
    return {
        "url": url + PATH,
        "project_id": hosting.project_id,
        "token": {"file": str(secrets / "railway_token")},
        "token_kind": "project",
    }


def _region(plan: RegionPlan, url: str, *, lag: bool) -> dict[str, Any]:
    region: dict[str, Any] = {"name": plan.name, "origin": url, "role": plan.role, "capacity": plan.capacity_rps}
    if lag and plan.has_replica:
        region["lag"] = {"promql": LAG_QUERY}
    return region


def _service_at(hosting: Hosting, region: str) -> dict[str, str]:
    service = hosting.services[region]
    return {
        "service_id": service.service_id,
        "environment_id": hosting.environment_id,
        "region": service.railway_region,
    }
