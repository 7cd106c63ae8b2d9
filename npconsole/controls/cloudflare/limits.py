"""Limits of purging, by plan. https://developers.cloudflare.com/cache/how-to/purge-cache/#availability-and-limits

Tags, hosts, prefixes and everything share a bucket of requests for the whole account; URLs are counted one by one.
"""

from enum import StrEnum

from npconsole.model.controls import PurgeKind, PurgeLimits


class Plan(StrEnum):
    """What the zone is subscribed to."""

    FREE = "free"
    PRO = "pro"
    BUSINESS = "business"
    ENTERPRISE = "enterprise"


_REQUESTS = {Plan.FREE: (25, 5 / 60), Plan.PRO: (25, 5.0), Plan.BUSINESS: (50, 10.0), Plan.ENTERPRISE: (500, 50.0)}
"""Requests in the bucket, and how many come back per second."""

_URLS = {Plan.FREE: (100, 800), Plan.PRO: (100, 1500), Plan.BUSINESS: (100, 1500), Plan.ENTERPRISE: (500, 3000)}
"""URLs in a request, and per second."""

MOST_NAMES = 100
"""Tags, hosts or prefixes in a request, on every plan."""


def purge_limits(plan: Plan, kind: PurgeKind) -> PurgeLimits:
    """The documented limits. For URLs a burst is one second's worth: the size of their bucket is not documented."""
    if kind is PurgeKind.URLS:
        per_request, per_second = _URLS[plan]
        return PurgeLimits(per_request, per_second // per_request, per_second / per_request)
    burst, back_per_second = _REQUESTS[plan]
    return PurgeLimits(1 if kind is PurgeKind.EVERYTHING else MOST_NAMES, burst, back_per_second)
