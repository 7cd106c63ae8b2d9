"""A pool of origins in Cloudflare's JSON and in our words."""

from msgspec import Struct

from npconsole.controls.identifier import Identifier
from npconsole.model.controls import Pool
from npconsole.net.text import clean, number

MOST_ORIGINS = 50


class Shedding(Struct, frozen=True):
    """Load shedding. A random policy picks requests, `hash` picks clients by address; sessions know only `hash`."""

    default_percent: float | None = None
    default_policy: str | None = None
    session_percent: float | None = None


class Origin(Struct, frozen=True):
    """One origin of a pool."""

    name: str | None = None
    address: str | None = None
    enabled: bool | None = None


class PoolData(Struct, frozen=True):
    """A pool, as far as it is read."""

    id: Identifier
    name: str | None = None
    enabled: bool | None = None
    modified_on: str | None = None
    monitor: str | None = None
    monitor_group: str | None = None
    load_shedding: Shedding | None = None
    origins: list[Origin] | None = None

    @property
    def is_enabled(self) -> bool:
        """A pool is enabled unless it says that it is not: the schema's default."""
        return self.enabled is not False

    @property
    def is_checked(self) -> bool:
        """Whether Cloudflare checks it: disabled pools are left out of the checks."""
        return self.is_enabled and bool(self.monitor or self.monitor_group)


def to_pool(data: PoolData, *, healthy: bool | None = None) -> Pool:
    """The pool. Disabled origins are not among its origins."""
    shedding = data.load_shedding or Shedding()
    return Pool(
        id=data.id,
        name=clean(data.name, limit=100),
        enabled=data.is_enabled,
        revision=clean(data.modified_on, limit=60),
        healthy=healthy,
        origins=tuple(
            clean(each.address or each.name, limit=255)
            for each in (data.origins or ())[:MOST_ORIGINS]
            if each.enabled is not False
        ),
        shed_percent=number(shedding.default_percent) or 0.0,
        session_shed_percent=number(shedding.session_percent) or 0.0,
    )


def shedding_body(percent: float, session_percent: float, policy: str | None) -> dict[str, object]:
    """The whole of a pool's load shedding, which is replaced as a whole. `policy` is the one in force."""
    return {
        "default_percent": percent,
        "default_policy": "hash" if policy == "hash" else "random",
        "session_percent": session_percent,
        "session_policy": "hash",
    }
