"""The frame that every action is written on. One file per action, one line in `registry`, one test.

An action is stateless: everything comes through the arguments, so that a process started after a crash can go on.

- `plan` reads and changes nothing. It may raise a SourceError or UsageError: then there is no run, and that is why.
- `execute` changes the world through `conduct.send(Call(...))` and through nothing else; it waits with `conduct.pause`.
  `send` returns when the call is known to have been applied. It raises NotAppliedError, or LimitedError with the time
  to come back, and then nothing was done; UnknownOutcomeError when reading the world could not settle it.
- `reconcile` reads the world for a step whose outcome is unknown. It says APPLIED or FAILED only when it is certain.
- `revert` takes a step back by its stored undo: read, compare, and send only when the world is still as one of the
  run's steps left it. It is called again and again while settling, and also for steps that may never have had an
  effect; so an undo names the state before the run first touched the object, not the one before its last step.
- `verify` measures the effect afterwards on the estate; the default waits for the effect that the spec promises.

A crash may fall between any two lines. What follows is `Recovery`: the steps in the journal are all that is known.
"""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from npconsole.actions.inputs import Inputs
from npconsole.actions.verdict import Finding, await_effect
from npconsole.actions.world import World
from npconsole.errors import UsageError
from npconsole.model.action import ActionSpec, Danger
from npconsole.model.controls import Deployment, LoadBalancer
from npconsole.model.run import Actor, PlannedCall, Step, StepState

if TYPE_CHECKING:
    from npconsole.actions.conduct import Conduct
    from npconsole.actions.facts import Facts
    from npconsole.actions.guard import Guard

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked of an action: a target that exists, and inputs that fit its parameters."""

    target: str
    inputs: Inputs


@dataclass(frozen=True, slots=True)
class Draft:
    """What an action says of one run beforehand.

    `scope` are the targets whose lease it needs. `takes_out` are the regions that stop serving meanwhile. `typed` is
    what a person must type, for actions whose danger asks for it. `vendors` are those whose credential is used (keys of
    `World.credentials`). `problem` says why the plan is not complete: it is then shown, and refused.

    `danger` is that of this run, when its inputs make it another than the spec's. `simulated`: the plan itself is what
    was asked for, and there is nothing to run. `balancers` are the load balancers touched, `routes` their names with
    the regions that each is left with. `survivors` is the utilisation of those who stay, where the action knows better
    than sharing by size; `crowded` are those without proven head-room, in a phrase each.
    """

    calls: tuple[PlannedCall, ...]
    scope: tuple[str, ...]
    undo: str = "cannot be undone"
    takes_out: tuple[str, ...] = ()
    vendors: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    typed: str = ""
    problem: str = ""
    deployments: tuple[Deployment, ...] = ()
    deadline_s: float | None = None
    danger: Danger | None = None
    simulated: bool = False
    balancers: tuple[LoadBalancer, ...] = ()
    routes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    survivors: tuple[tuple[str, float | None], ...] | None = None
    crowded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """One call that changes the world. `do` makes it, once, within `deadline_s` seconds.

    `undo` is what `Action.revert` needs later, as JSON text; `remote` names what is touched. `sets_state` is for calls
    that may be sent again because they name a state, not a change. `receipt` turns the answer into the text that is
    kept with the applied step, such as the revision to compare with before an undo.
    """

    summary: str
    remote: str
    do: Callable[[], Awaitable[T]]
    deadline_s: float
    undo: str = ""
    sets_state: bool = False
    receipt: Callable[[T], str] = field(default=lambda _: "")


class Restored(StrEnum):
    """What `revert` found: it took the step back, there was nothing to take back, or somebody else was there."""

    RESTORED = "restored"
    ALREADY = "already as before"
    CONFLICT = "changed by somebody else"


class Recovery(StrEnum):
    """What a new owner does with a run whose runner died after a call went out."""

    VERIFY = "verify"
    RESUME = "resume"
    REVERT = "revert"


class Action(ABC):
    """One thing that can be done. `guards` are asked beside those that hold for every action."""

    spec: ClassVar[ActionSpec]
    guards: ClassVar[tuple["Guard", ...]] = ()
    recovery: ClassVar[Recovery] = Recovery.VERIFY

    def ordered(self, inputs: Inputs) -> "Action":
        """The action as the inputs of one run make it, with another undo or other guards; by default they do not."""
        return self

    def forbidden(self, order: Order, actor: Actor) -> str:
        """Why this person may not even have it planned, because planning it does more than read; empty for others."""
        return ""

    @abstractmethod
    async def plan(self, order: Order, world: World) -> Draft:
        """What a run would do. Raises SourceError when the vendor cannot be read, UsageError for a missing setting."""

    def reckon(self, draft: Draft, facts: "Facts", world: World) -> Draft:
        """Add what follows from the facts to a draft of `plan`. Computes only."""
        return draft

    @abstractmethod
    async def execute(self, conduct: "Conduct") -> None:
        """Do it. Anything raised ends the run; what was sent before is taken back where the spec says so."""

    async def reconcile(self, step: Step, conduct: "Conduct") -> StepState:
        """Read the world: APPLIED, FAILED, or still UNKNOWN. Raises SourceError when it cannot be read."""
        return StepState.UNKNOWN

    async def revert(self, step: Step, conduct: "Conduct") -> Restored:
        """Take a step back, or find that it needs not be. Raises ControlError or SourceError; it is tried again."""
        raise UsageError(f"{self.spec.id} cannot be undone")

    async def verify(self, conduct: "Conduct") -> Finding:
        """Measure what it did. Does not raise SourceError: what cannot be measured is unknown."""
        return await await_effect(conduct)
