"""`purge_cache`: which of the five kinds is asked for, what it chooses, and how much of it a plan allows.

https://developers.cloudflare.com/cache/how-to/purge-cache/
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from npconsole.sim.bucket import Bucket
from npconsole.sim.cloudflare.envelope import ApiError
from npconsole.sim.edgecache import Entry

KINDS = ("purge_everything", "files", "tags", "hosts", "prefixes")
MOST_OPERATIONS = 100
WHICH = 'Request must contain one of "purge_everything", "files", "tags", "hosts" or "prefixes"'


class Plan(StrEnum):
    """What the zone is subscribed to."""

    FREE = "free"
    PRO = "pro"
    BUSINESS = "business"
    ENTERPRISE = "enterprise"


@dataclass(frozen=True, slots=True)
class Allowance:
    """Requests in the bucket and back per second; URLs per second and in one request."""

    burst: int
    per_s: float
    urls_per_s: int
    urls_per_request: int


ALLOWANCES = {
    Plan.FREE: Allowance(25, 5 / 60, 800, 100),
    Plan.PRO: Allowance(25, 5, 1500, 100),
    Plan.BUSINESS: Allowance(50, 10, 1500, 100),
    Plan.ENTERPRISE: Allowance(500, 50, 3000, 500),
}


@dataclass(frozen=True, slots=True)
class Purge:
    """A purge that makes sense. `values` are of its kind; none for everything."""

    kind: str
    values: tuple[str, ...] = ()

    def chooses(self, entry: Entry) -> bool:
        """Whether a kept answer is meant. Addresses are compared without scheme and port."""
        address = entry.host + entry.target
        match self.kind:
            case "files":
                return address in map(_address, self.values)
            case "tags":
                return not entry.tags.isdisjoint(self.values)
            case "hosts":
                return entry.host in self.values
            case "prefixes":
                return address.startswith(self.values)
        return True


class PurgeLimit:
    """The account's buckets: one for URLs, one for requests of all other kinds. Seconds are real."""

    def __init__(self, plan: Plan) -> None:
        self._allowance = allowance = ALLOWANCES[plan]
        self._requests = Bucket(allowance.burst, allowance.per_s)
        self._urls = Bucket(allowance.urls_per_s, allowance.urls_per_s)

    def read(self, body: Any) -> Purge:
        """The purge in a body. Raises ApiError."""
        named = [kind for kind in KINDS if isinstance(body, dict) and kind in body]
        if len(named) != 1:
            raise ApiError(400, 1012, WHICH)
        kind, values = named[0], body[named[0]]
        if kind == "purge_everything":
            if values is not True:
                raise ApiError(400, 1012, WHICH)
            return Purge(kind)
        most = self._allowance.urls_per_request if kind == "files" else MOST_OPERATIONS
        if not isinstance(values, list) or not 1 <= len(values) <= most:
            raise ApiError(400, 1094, f"Unable to purge, {kind} must have 1 to {most} elements")
        return Purge(kind, tuple(_value(kind, value) for value in values))

    def spend(self, purge: Purge, now_s: float) -> None:
        """Take what the purge costs. Raises ApiError with Retry-After when there is not enough."""
        bucket, cost = (self._urls, len(purge.values)) if purge.kind == "files" else (self._requests, 1)
        wait_s = bucket.take(cost, now_s)
        if wait_s > 0:
            headers = {"retry-after": str(math.ceil(wait_s))}
            raise ApiError(429, 1134, "Unable to purge, rate limit reached", headers=headers)


def _value(kind: str, value: Any) -> str:
    """One value. A file may also be an object with `url` and `headers`."""
    text = value.get("url") if kind == "files" and isinstance(value, Mapping) else value
    is_url = isinstance(text, str) and urlsplit(text).scheme in ("http", "https") and bool(urlsplit(text).hostname)
    if not isinstance(text, str) or not text or (kind == "files" and not is_url):
        raise ApiError(400, 1016, f"Unable to purge {str(value)[:100]}, which is an invalid value of {kind}")
    return text


def _address(url: str) -> str:
    parts = urlsplit(url)
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.hostname}{parts.path or '/'}{query}"
