"""A pool's health in the shape of the API's published example: by place, with origins by address.

A pool that is off, or was not checked since it is on, has no health at all.
"""

from typing import Any

from npconsole.sim.cloudflare.pool import Pool
from npconsole.sim.steering import Pool as Checked

PLACES = ("Ashburn, VA, United States", "San Jose, CA, United States", "Amsterdam, Netherlands")
REASONS = {
    "refuses connections": ("TCP connection failed", 0),
    "does not answer in time": ("HTTP timeout occurred", 0),
}


def health_document(pool: Pool, checked: Checked) -> dict[str, Any]:
    """What the edge's checks of the pool say."""
    places = PLACES if pool.settings["enabled"] and checked.enabled and checked.checked else ()
    reason, code = _reason(checked)
    origins = [
        {
            origin["address"]: {
                "healthy": checked.healthy,
                "failure_reason": reason,
                "response_code": code,
                "rtt": "12.1ms",
            }
        }
        for origin in pool.settings["origins"]
        if origin["enabled"]
    ]
    return {"pool_id": pool.id, "pop_health": {p: {"healthy": checked.healthy, "origins": origins} for p in places}}


def _reason(checked: Checked) -> tuple[str, int]:
    if checked.healthy:
        return "No failures", 200
    code = checked.reason.rpartition(" ")[2]
    if code.isdecimal():
        return "Response code mismatch error", int(code)
    return REASONS.get(checked.reason, (checked.reason, 0))
