"""The routes of one region's API and what a request to each costs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Route:
    """`share` of the background traffic (all shares sum to 1), `median_ms` of its latency without load, the statement
    it runs and the cache it asks, both possibly empty."""

    method: str
    path: str
    share: float
    median_ms: float
    operation: str = ""
    table: str = ""
    cache: str = ""


HEALTH = Route("GET", "/health", 0.10, 3)
LOGIN = Route("POST", "/api/auth/login", 0.05, 45, "SELECT", "users")
ITEMS = Route("GET", "/api/items", 0.40, 22, "SELECT", "items", "items")
FORECAST = Route("GET", "/api/forecast/ai/forecast", 0.25, 60, "SELECT", "forecasts", "forecast")
GOVERNANCE = Route("GET", "/api/governance/status", 0.20, 16, "SELECT", "policies")

ROUTES = (HEALTH, LOGIN, ITEMS, FORECAST, GOVERNANCE)
API = (LOGIN, ITEMS, FORECAST, GOVERNANCE)
