"""The npconsole configuration that watches a simulator, as plain data. Polls fast, because it is a demonstration."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from npconsole.sim.estate import MEMORY_LIMIT_MB, REGIONS, RegionPlan
from npconsole.sim.fault import EDGE, SENTRY
from npconsole.sim.simulator import ASSET, CONNECTIVITY, ORGANIZATION

LAG_QUERY = "max(neon_replication_delay_seconds)"


def configuration(urls: Mapping[str, str], token_file: Path, prometheus: str = "") -> dict[str, Any]:
    """The configuration file's content. `urls` by name; without `prometheus` there is nothing to ask for the
    replication lag."""
    config: dict[str, Any] = {
        "environment": {"name": "neuropilot-sim", "tier": "staging"},
        "services": [
            {
                "name": "neuropilot",
                "regions": [_region(plan, urls[plan.name], lag=bool(prometheus)) for plan in REGIONS],
                "edge": {"url": urls[EDGE], "region_field": "region", "asset_url": f"{urls[EDGE]}/app.js"},
            }
        ],
        "connectivity": {"urls": [f"{urls[CONNECTIVITY]}/generate_204", f"{urls[ASSET]}/app.js"]},
        "poll": {
            "health": "2s",
            "metrics": "2s",
            "lag": "5s",
            "issues": "5s",
            "connectivity": "2s",
            "timeout": "1500ms",
            "vendor_timeout": "3s",
        },
        "thresholds": {"memory_limit_mb": MEMORY_LIMIT_MB},
        "metrics": {"source": "page", "window": "30s"},
        "sentry": {
            "url": urls[SENTRY],
            "organization": ORGANIZATION,
            "projects": ["backend", "frontend"],
            "token": {"file": str(token_file)},
        },
    }
    if prometheus:
        config["prometheus"] = {"url": prometheus}
    return config


def _region(plan: RegionPlan, url: str, *, lag: bool) -> dict[str, Any]:
    region: dict[str, Any] = {"name": plan.name, "origin": url, "role": plan.role}
    if lag and plan.has_replica:
        region["lag"] = {"promql": LAG_QUERY}
    return region
