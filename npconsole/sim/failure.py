"""Failed requests, and the code that fails: each function raises as such code does, so that events have real traces."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from npconsole.sim.route import Route


class Cause(StrEnum):
    """Why a request failed: names the code that fails."""

    UPSTREAM = "upstream"
    POOL = "pool"
    RELEASE = "release"
    FLOOD = "flood"


@dataclass(frozen=True, slots=True)
class Failure:
    """One request that was answered 500, for whoever reports errors."""

    region: str
    release: str
    route: Route
    cause: Cause


class UpstreamTimeoutError(Exception):
    """The forecast model did not answer."""


class PoolTimeoutError(Exception):
    """No database connection became free."""


class InventoryConflictError(Exception):
    """Two writers met on one row."""


def call_model() -> None:
    """A call to a neighbour that takes too long now and then."""
    raise UpstreamTimeoutError("model service did not answer within 2.0 s")


def check_out_connection() -> None:
    """What a request meets when every connection is in use."""
    raise PoolTimeoutError("QueuePool limit of size 20 overflow 10 reached, connection timed out, timeout 30.00")


def read_forecast() -> None:
    """What the bad release broke: it reads a field that the stored rows do not have."""
    row: dict[str, object] = {"sku": "NP-0007", "horizon": 14}
    row["forecast_v2"]


def reconcile() -> None:
    """A background loop that retries at once and forever."""
    raise InventoryConflictError("could not serialize access due to concurrent update")


CODE: dict[Cause, Callable[[], None]] = {
    Cause.UPSTREAM: call_model,
    Cause.POOL: check_out_connection,
    Cause.RELEASE: read_forecast,
    Cause.FLOOD: reconcile,
}
