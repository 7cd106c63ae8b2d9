"""A run that somebody thinks of: its inputs, its plan as far as it is known, and whether it may be confirmed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from npconsole.model import quantity
from npconsole.model.action import ActionSpec, Danger, Parameter
from npconsole.model.run import Actor, GuardAnswer, Plan, RunRequest
from npconsole.views.console.dialog.field import NO, REASON, TYPED, Field

EXPIRES_S = 60.0
_BY_THE_DIALOG = "confirmed"
"""The guard that this dialog itself is the answer to."""
_YES, _NO = "yes", "no"
READING = "reading: the guards have not answered yet"


@dataclass(frozen=True, slots=True)
class Proposal:
    """`planned_at` is in `Clock.now()` seconds. `planned_for` is the request that `plan` answers, `asked_for` the one
    that an answer was last asked for.

    `off` says why it is not even planned. `failure` says why there is no plan, or why the request was not taken.
    """

    spec: ActionSpec
    target: str
    actor: Actor
    inputs: Mapping[str, str]
    reason: str = ""
    typed: str = ""
    overrides: tuple[str, ...] = ()
    plan: Plan | None = None
    planned_at: float = 0.0
    planned_for: RunRequest | None = None
    asked_for: RunRequest | None = None
    off: str = ""
    failure: str = ""
    submitted: bool = False

    @property
    def title(self) -> str:
        """What would be done to what."""
        return f"{self.spec.title} · {self.target}"

    @property
    def yes(self) -> str:
        """The deed itself, so that nobody confirms an abstract yes."""
        return f"Yes, {self.spec.id} {self.target}"

    @property
    def danger(self) -> Danger:
        """The plan knows better than the spec: some inputs make an action more dangerous."""
        return self.plan.danger if self.plan is not None else self.spec.danger

    @property
    def name_needed(self) -> str:
        """What must be typed to confirm; empty when a `y` is enough."""
        if self.danger is not Danger.TYPED:
            return ""
        return (self.plan.typed if self.plan is not None else "") or self.target

    @property
    def begins_at(self) -> str:
        """The plan is read first."""
        return NO

    @property
    def fields(self) -> tuple[Field, ...]:
        """The parameters, the reason and, where it takes one, the name to type."""
        if self.off:
            return ()
        inputs = tuple(_field(parameter, self.inputs[parameter.name]) for parameter in self.spec.parameters)
        why = "needed for an override" if self.overrides else "optional, for the audit"
        reason = Field(REASON, "reason", self.reason, why)
        if not self.name_needed:
            return (*inputs, reason)
        return (*inputs, reason, Field(TYPED, "confirm", self.typed, f"type {self.name_needed}", pastes=False))

    def fill(self, name: str, text: str) -> "Proposal":
        """With another text in a field."""
        if name == REASON:
            return replace(self, reason=text, failure="")
        if name == TYPED:
            return replace(self, typed=text)
        return replace(self, inputs={**self.inputs, name: text}, failure="")

    @property
    def request(self) -> RunRequest:
        """What would be asked for, not yet confirmed."""
        return RunRequest(
            action=self.spec.id,
            target=self.target,
            actor=self.actor,
            parameters={each.name: values for each in self.spec.parameters if (values := self._values(each))},
            reason=self.reason.strip(),
            overrides=self.overrides,
        )

    @property
    def confirmed(self) -> RunRequest:
        """The request of a person who has said yes to this very plan."""
        digest = self.plan.digest if self.plan is not None else ""
        return replace(self.request, confirmed=True, typed=self.typed, plan_digest=digest)

    @property
    def outdated(self) -> bool:
        """Whether something that the plan rests on was changed since. A reason alone changes no plan."""
        return not _same(self.planned_for, self.request)

    @property
    def reading(self) -> bool:
        """Whether an answer for the inputs as they are is on its way."""
        return self.outdated and not self.failure and _same(self.asked_for, self.request)

    @property
    def refusals(self) -> tuple[GuardAnswer, ...]:
        """The guards that stop it."""
        answers = self.plan.refusals if self.plan is not None else ()
        return tuple(answer for answer in answers if answer.guard != _BY_THE_DIALOG)

    @property
    def answers(self) -> tuple[GuardAnswer, ...]:
        """What the guards say, but for the one that waits for this dialog."""
        answers = self.plan.guards if self.plan is not None else ()
        return tuple(answer for answer in answers if answer.guard != _BY_THE_DIALOG)

    @property
    def next_override(self) -> str:
        """The guard that an override would silence; empty when there is none that a person may overrule."""
        return next((answer.guard for answer in self.refusals if answer.overridable), "")

    def obstacle(self, now: float) -> str:
        """Why a yes is not taken at this instant, in a phrase; empty when it is."""
        if said := self.off or self.failure:
            return said
        if self.overrides and not self.reason.strip():
            return "an override needs a reason"
        if self.outdated:
            return READING if self.reading else "this line is not part of the plan yet: enter reads it anew"
        if self.plan is not None and self.plan.simulated:
            return f"this is a forecast: there is nothing to run{self._executing}"
        if self.refusals:
            return f"refused by {', '.join(answer.guard for answer in self.refusals)}"
        if now - self.planned_at > EXPIRES_S:
            return f"expired after {quantity.duration(EXPIRES_S)}: ctrl+r reads it again"
        if self.name_needed and self.typed != self.name_needed:
            return f"type {self.name_needed} to confirm"
        return ""

    def expires_in_s(self, now: float) -> float | None:
        """Seconds for which a yes is taken; None when that has not begun."""
        return None if self.plan is None else max(0.0, self.planned_at + EXPIRES_S - now)

    @property
    def _executing(self) -> str:
        """Which input would make a run of a forecast."""
        flag = next((each.name for each in self.spec.parameters if each.kind == "flag"), "")
        return f" without {flag}" if flag else ""

    def _values(self, parameter: Parameter) -> tuple[str, ...]:
        """Nothing where it stands as the action has it by itself."""
        text = self.inputs[parameter.name].strip()
        if text in ("", parameter.default):
            return ()
        return tuple(text.split()) if parameter.many else (text,)


def propose(spec: ActionSpec, target: str, actor: Actor, given: Mapping[str, str]) -> Proposal:
    """A proposal with the inputs that were given, and the defaults of the others."""
    inputs = {parameter.name: given.get(parameter.name, parameter.default) for parameter in spec.parameters}
    return Proposal(spec, target, actor, inputs)


def _same(one: RunRequest | None, other: RunRequest) -> bool:
    """Whether two requests lead to the same plan: a reason alone changes none."""
    return one is not None and replace(one, reason="") == replace(other, reason="")


def _field(parameter: Parameter, text: str) -> Field:
    choices = (_NO, _YES) if parameter.kind == "flag" else parameter.choices
    several = ", several with spaces" if parameter.many else ""
    needed = "needed: " if parameter.required else ""
    return Field(parameter.name, parameter.name, text, f"{needed}{parameter.help}{several}", choices)
