"""What a step of a drill writes into the journal: how the pool was, what was set, and which revision that made.

All that a process started after a crash knows of a pool is this, and the pool itself.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from npconsole.errors import BadAnswerError
from npconsole.model.controls import Pool
from npconsole.model.run import Step, StepState


@dataclass(frozen=True, slots=True)
class Setting:
    """The part of a pool that a drill sets: whether it is on, and the shares of traffic it sheds in per cent."""

    enabled: bool
    shed: float
    session_shed: float

    @classmethod
    def of(cls, pool: Pool) -> "Setting":
        return cls(pool.enabled, pool.shed_percent, pool.session_shed_percent)


@dataclass(frozen=True, slots=True)
class Undoing:
    """How to take a step back: make `pool_id` as it was `before`, if it is still `after`."""

    pool_id: str
    before: Setting
    after: Setting

    def text(self) -> str:
        return json.dumps(asdict(self), sort_keys=True)


def to_undoing(step: Step) -> Undoing:
    """The undo of a step. Raises BadAnswerError for a text that was not written here."""
    try:
        data: Any = json.loads(step.undo)
        return Undoing(str(data["pool_id"]), Setting(**data["before"]), Setting(**data["after"]))
    except (ValueError, TypeError, KeyError):
        raise BadAnswerError(
            f"step {step.number} does not say how to take it back", hint="switch the pool on by hand"
        ) from None


def touching(pool_id: str) -> str:
    """What a step touches, before its call."""
    return json.dumps({"pool_id": pool_id})


def receipt(pool: Pool | None) -> str:
    """What is kept with an applied step: the pool and the revision that the call made."""
    return json.dumps({"pool_id": pool.id, "revision": pool.revision}) if pool else ""


def revisions(steps: Iterable[Step], pool_id: str) -> frozenset[str] | None:
    """The revisions that a run has made of a pool; None when it may have made others, by calls without an answer."""
    found = set()
    for step in steps:
        if step.state in (StepState.INTENT, StepState.FAILED) or _touched(step) != pool_id:
            continue
        revision = _revision(step)
        if step.state is not StepState.APPLIED or not revision:
            return None
        found.add(revision)
    return frozenset(found)


def _touched(step: Step) -> str:
    return str(_remote(step).get("pool_id", ""))


def _revision(step: Step) -> str:
    return str(_remote(step).get("revision", ""))


def _remote(step: Step) -> dict[str, Any]:
    try:
        data = json.loads(step.remote)
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}
