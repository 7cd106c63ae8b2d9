"""A pool as Cloudflare keeps it: settings that a PATCH overwrites one by one, each as a whole.

https://developers.cloudflare.com/api/resources/load_balancers/subresources/pools/
"""

from collections.abc import Callable, Mapping
from typing import Any

from npconsole.sim.cloudflare.envelope import ApiError
from npconsole.sim.cloudflare.revision import Revisions

Document = dict[str, Any]

DEFAULTS: Document = {
    "description": "",
    "enabled": True,
    "minimum_origins": 1,
    "monitor": "",
    "check_regions": None,
    "origin_steering": {"policy": "random"},
    "load_shedding": {
        "default_percent": 0,
        "default_policy": "random",
        "session_percent": 0,
        "session_policy": "hash",
    },
    "notification_email": "",
    "latitude": None,
    "longitude": None,
}


class Pool:
    """One pool. `revised` is `modified_on`, which never repeats."""

    def __init__(self, identity: str, settings: Mapping[str, Any], wall: float) -> None:
        self.id = identity
        self.settings: Document = DEFAULTS | _checked(settings)
        self._revisions = Revisions(wall)
        self._disabled_on: str | None = None

    def change(self, body: Any, wall: float, *, replace: bool = False) -> list[str]:
        """Take over settings, or all of them with the defaults where `replace` leaves some out. What was named.

        Unknown and read-only fields are ignored. Raises ApiError, and then nothing is changed.
        """
        if not isinstance(body, dict):
            raise ApiError(400, 1002, "the body is not an object")
        if replace and not {"name", "origins"} <= body.keys():
            raise ApiError(400, 1002, "name and origins are required")
        wanted = _checked(body)
        was_enabled = self.settings["enabled"]
        self.settings = (DEFAULTS if replace else self.settings) | wanted
        self._revisions.add(wall)
        if self.settings["enabled"] is not was_enabled:
            self._disabled_on = self.revised if was_enabled else None
        return sorted(wanted)

    @property
    def revised(self) -> str:
        return self._revisions.last

    @property
    def document(self) -> Document:
        """The pool as it is answered."""
        return {
            "id": self.id,
            **self.settings,
            "created_on": self._revisions.first,
            "modified_on": self.revised,
            "disabled_at": self._disabled_on,
            "networks": ["cloudflare"],
        }

    @property
    def shed_ratio(self) -> float:
        """The share of new sessions and of traffic without any that the pool passes on."""
        return float(self.settings["load_shedding"]["default_percent"]) / 100

    def reaches(self, address: str, port: int) -> bool:
        """Whether an origin is in use, and with it as many as the pool needs at least."""
        used = [each for each in self.settings["origins"] if each["enabled"] and each["weight"] > 0]
        is_among = any((each["address"], each["port"]) == (address, port) for each in used)
        return is_among and len(used) >= self.settings["minimum_origins"]


def _checked(settings: Mapping[str, Any]) -> Document:
    """The settings that are known, each complete. Raises ApiError for a value that is not accepted."""
    return {name: _FIELDS[name](name, value) for name, value in settings.items() if name in _FIELDS}


def _flag(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _invalid(name, "a boolean")
    return value


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise _invalid(name, "a string")
    return value


def _name(name: str, value: Any) -> str:
    if not _text(name, value) or not value.replace("-", "").replace("_", "").isalnum():
        raise _invalid(name, "a name of letters, digits, hyphens and underscores")
    return str(value)


def _count(name: str, value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise _invalid(name, "a whole number")
    return value


def _percent(name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 100:
        raise _invalid(name, "a number from 0 to 100")
    return value


def _as_it_is(_: str, value: Any) -> Any:
    return value


def _shedding(name: str, value: Any) -> Document:
    if not isinstance(value, dict):
        raise _invalid(name, "an object")
    if value.get("default_policy", "random") not in ("random", "hash") or value.get("session_policy", "hash") != "hash":
        raise _invalid(name, "of a policy that exists")
    shedding: Document = DEFAULTS["load_shedding"] | value
    for percent in ("default_percent", "session_percent"):
        _percent(f"{name}.{percent}", shedding[percent])
    return shedding


def _origins(name: str, value: Any) -> list[Document]:
    if not isinstance(value, list) or not value:
        raise _invalid(name, "a list of origins")
    return [_origin(f"{name}[{place}]", each) for place, each in enumerate(value)]


def _origin(name: str, value: Any) -> Document:
    if not isinstance(value, dict) or not value.get("address"):
        raise _invalid(name, "an origin with an address")
    origin = {
        "name": _text(f"{name}.name", value.get("name", "")),
        "address": _text(f"{name}.address", value["address"]),
        "port": _count(f"{name}.port", value.get("port", 0)),
        "enabled": _flag(f"{name}.enabled", value.get("enabled", True)),
        "weight": _percent(f"{name}.weight", value.get("weight", 1)),
    }
    return origin | {key: value[key] for key in ("header", "virtual_network_id") if key in value}


_FIELDS: dict[str, Callable[[str, Any], Any]] = {
    "name": _name,
    "description": _text,
    "enabled": _flag,
    "minimum_origins": _count,
    "monitor": _text,
    "origins": _origins,
    "load_shedding": _shedding,
    "notification_email": _text,
    "origin_steering": _as_it_is,
    "check_regions": _as_it_is,
    "latitude": _as_it_is,
    "longitude": _as_it_is,
}


def _invalid(name: str, wanted: str) -> ApiError:
    return ApiError(400, 1002, f"{name} must be {wanted}: validation failed")
