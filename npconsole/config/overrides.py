"""Settings from outside the file: the environment variables that operators know, and flags. Both go over the file.

Each is one dotted key of a single value; the text is read by the schema exactly as if it stood in the file.
"""

import re
from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct, inspect

from npconsole.config.blocks.fields import SecretRef
from npconsole.config.decoder import unwrapped
from npconsole.config.origin import Origin, OriginKind
from npconsole.config.scalar import read_scalar
from npconsole.config.schema import Config
from npconsole.errors import Problem

_NUMBER = re.compile(r"\d{1,12}(\.\d{1,6})?")


class Variable(Struct, frozen=True):
    """What a variable sets. `unit` is what its bare number means, and `what` says so; a secret is only referred to."""

    key: str
    unit: str = ""
    what: str = ""
    secret: bool = False


VARIABLES: dict[str, Variable] = {
    "LATENCY_THRESHOLD_MS": Variable("thresholds.p95_warn", "ms", "milliseconds"),
    "ERROR_RATE_THRESHOLD_PCT": Variable("thresholds.error_ratio_critical", "%", "percent"),
    "CHECK_INTERVAL": Variable("heal.check_interval", "s", "seconds"),
    "ENABLE_AUTO_RESTART": Variable("heal.restart"),
    "ENABLE_AUTO_CACHE_PURGE": Variable("heal.purge"),
    "SLACK_WEBHOOK": Variable("slack.webhook", secret=True),
    "GRAFANA_URL": Variable("grafana.url"),
    "GRAFANA_API_KEY": Variable("grafana.token", secret=True),
    "SENTRY_DSN": Variable("error_reporting.dsn", secret=True),
    "CF_ZONE_ID": Variable("cloudflare.zone_id"),
    "CF_API_TOKEN": Variable("cloudflare.token", secret=True),
}


def overridden(
    config: Config, environ: Mapping[str, str], flags: Mapping[str, str]
) -> tuple[Config, dict[str, Origin], list[Problem]]:
    """The configuration with variables and then flags over it, the origins these give, and what is wrong with them.

    A variable that is set to nothing counts as not set. A flag's key that is not in the schema is a KeyError: flags are
    made by our own commands.
    """
    origins: dict[str, Origin] = {}
    problems: list[Problem] = []
    for name, variable in VARIABLES.items():
        if text := environ.get(name, "").strip():
            origin = Origin(OriginKind.ENVIRONMENT, variable=name)
            try:
                value = SecretRef(env=name) if variable.secret else _read(variable.key, _with_unit(text, variable))
                config = _replaced(config, variable.key.split("."), value)
            except ValueError as error:
                problems.append(origin.problem(variable.key, str(error)))
            origins[variable.key] = origin
    for key, text in flags.items():
        origin = Origin(OriginKind.FLAG)
        try:
            config = _replaced(config, key.split("."), _read(key, text))
        except ValueError as error:
            problems.append(origin.problem(key, str(error)))
        origins[key] = origin
    return config, origins, problems


def _with_unit(text: str, variable: Variable) -> str:
    if variable.unit and not _NUMBER.fullmatch(text):
        raise ValueError(f"must be a number of {variable.what}, without a unit")
    return text + variable.unit


def _read(key: str, text: str) -> object:
    """The value of a text for the field at a dotted key."""
    type_: inspect.Type = inspect.type_info(Config)
    extra: Mapping[str, Any] = {}
    for name in key.split("."):
        assert isinstance(type_, inspect.StructType)  # noqa: S101 (keys are written in this program, not by users)
        fields = {each.name: each.type for each in type_.fields}
        type_, extra = unwrapped(fields[name])
        if isinstance(type_, inspect.UnionType):
            type_ = next(each for each in type_.types if not isinstance(each, inspect.NoneType))
    return read_scalar(text, type_, extra)


def _replaced(block: Any, names: list[str], value: object) -> Any:
    first, *rest = names
    inner = _replaced(getattr(block, first), rest, value) if rest else value
    return msgspec.structs.replace(block, **{first: inner})
