"""Every action, in the order in which footer, palette and help list them. A new one is a line here."""

from collections.abc import Sequence

from npconsole.actions.benchmark.action import BenchmarkAction
from npconsole.actions.custom.action import custom_actions
from npconsole.actions.failover.action import Failover
from npconsole.actions.frame import Action
from npconsole.actions.issue import Archive, Assign, Resolve
from npconsole.actions.purge.action import Purge
from npconsole.actions.redeploy.action import Redeploy, Rollback
from npconsole.actions.restart import Restart
from npconsole.actions.takeback import TakeBack
from npconsole.config.nearest import suggestion
from npconsole.config.schema import Config
from npconsole.errors import UsageError
from npconsole.net.text import clean

ACTIONS: tuple[Action, ...] = (
    BenchmarkAction(),
    Restart(),
    Purge(),
    Failover(),
    Redeploy(),
    Rollback(),
    Resolve(),
    Archive(),
    Assign(),
    TakeBack(),
)


def all_actions(config: Config) -> tuple[Action, ...]:
    """The built-in actions and the operator's own. Raises UsageError when one of those has the id of a built-in one."""
    return (*ACTIONS, *custom_actions(config, {action.spec.id for action in ACTIONS}))


def find(action_id: str, actions: Sequence[Action] = ACTIONS) -> Action:
    """The action of that id. Raises UsageError with the nearest one when there is none."""
    known = {action.spec.id: action for action in actions}
    if action_id in known:
        return known[action_id]
    near = suggestion(action_id, known)
    raise UsageError(f"there is no action {clean(action_id, limit=60)!r}{near}", hint=f"actions: {', '.join(known)}")
