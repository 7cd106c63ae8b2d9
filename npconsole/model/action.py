"""What an action is, before anybody asks for it. Keys, footer, `run`, help and audit names are derived from these."""

from dataclasses import dataclass
from enum import StrEnum

ACTION_IDS = (
    "benchmark",
    "restart",
    "purge",
    "failover",
    "redeploy",
    "rollback",
    "resolve",
    "archive",
    "assign",
)
"""The built-in actions, so that a configuration may name them without importing them."""


class Danger(StrEnum):
    """What it takes to confirm: nothing, a yes, or the typed name of the target."""

    SAFE = "safe"
    CONFIRM = "confirm"
    TYPED = "typed"


class AccessRole(StrEnum):
    """What a person may do. Each may do what the ones before it may."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    ADMIN = "admin"

    def allows(self, needed: "AccessRole") -> bool:
        """Whether this role is at least `needed`."""
        order = tuple(AccessRole)
        return order.index(self) >= order.index(needed)


class TargetKind(StrEnum):
    """What an action acts on."""

    REGION = "region"
    SERVICE = "service"
    EDGE = "edge"
    ENDPOINT = "endpoint"
    ISSUE = "issue"
    ESTATE = "estate"
    RUN = "run"

    @property
    def noun(self) -> str:
        """The kind in words; an endpoint is whatever takes requests of users."""
        return "region or edge" if self is TargetKind.ENDPOINT else self.value


class Undo(StrEnum):
    """Whether a run can be taken back: never, on request, or always by itself at the end."""

    NONE = "none"
    ON_REQUEST = "on request"
    ALWAYS = "always"


class OnDisconnect(StrEnum):
    """What becomes of a run whose operator's terminal is gone."""

    RUN_ON = "run on"
    STOP = "stop"
    REVERT = "revert"


class Direction(StrEnum):
    """Which way a metric is expected to go."""

    DOWN = "down"
    UP = "up"


@dataclass(frozen=True, slots=True)
class Effect:
    """What a run should change, said beforehand: the verdict is measured against it within `deadline_s` seconds."""

    metric: str
    direction: Direction
    deadline_s: float
    words: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """One input of an action. `kind` is text, integer, seconds, percent, flag, choice or path (of a file on this host,
    as seen from where the command was typed); `many` takes several values.
    """

    name: str
    kind: str
    help: str
    default: str = ""
    choices: tuple[str, ...] = ()
    required: bool = False
    many: bool = False


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One action. `id` is what people type and what the audit says; `key` is the console's, empty for none.

    `exception` says in words which runs of it are more or less dangerous than `danger`, empty when none are.
    """

    id: str
    title: str
    key: str
    danger: Danger
    role: AccessRole
    target: TargetKind
    summary: str
    parameters: tuple[Parameter, ...] = ()
    effect: Effect | None = None
    undo: Undo = Undo.NONE
    on_disconnect: OnDisconnect = OnDisconnect.RUN_ON
    exception: str = ""
