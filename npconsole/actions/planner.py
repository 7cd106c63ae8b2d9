"""From a request to its plan: what would be done, what it touches, and what the guards say. Changes nothing."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace

from npconsole.actions.blast import blast_radius
from npconsole.actions.digest import plan_digest
from npconsole.actions.facts import Facts, Gathering
from npconsole.actions.frame import Action, Draft, Order
from npconsole.actions.gate import guards_of
from npconsole.actions.guard import judge
from npconsole.actions.guards.access import CONFIRMED
from npconsole.actions.guards.ledger import FREE
from npconsole.actions.inputs import check_inputs
from npconsole.actions.stage import Stage
from npconsole.actions.targets import resolve_target
from npconsole.actions.verdict import measure
from npconsole.errors import ExitCode, NpconsoleError, StoreError
from npconsole.model.journal import Ledger
from npconsole.model.run import Actor, BlastRadius, GuardAnswer, LastRun, Plan, RunRequest


@dataclass(frozen=True, slots=True)
class Prepared:
    """A plan with what it was made of.

    `before` is what was measured of the target, as plain JSON. `exit_code` is not OK when the plan could not be made.
    """

    plan: Plan
    action: Action
    order: Order
    draft: Draft
    facts: Facts
    before: Mapping[str, object]
    exit_code: ExitCode

    def ask(self, ledger: Ledger, now: float) -> tuple[GuardAnswer, ...]:
        """The guards once more, inside the transaction of the intent; the journal itself answers for the lease."""
        guards = (guard for guard in guards_of(self.action) if guard is not FREE)
        return judge(guards, replace(self.facts, judged_at=now), ledger)


class Planner:
    """Makes plans for people and for the runner alike."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    async def prepare(self, request: RunRequest, *, run_id: str = "") -> Prepared:
        """The plan of a request, as of now; `run_id` when it is that of a run.

        Raises UsageError for an unknown action, target, parameter or guard. What the world does not tell is in the
        plan, as a guard's reason.
        """
        action = self._stage.find(request.action)
        target = resolve_target(action.spec.target, request.target, self._stage.world.estate)
        order = Order(target, check_inputs(action.spec, request.parameters))
        action = action.ordered(order.inputs)
        request = replace(request, target=target)
        draft, exit_code = await self._draft(action, order, request.actor)
        digest = plan_digest(action.spec, order, draft)
        facts = await Gathering(self._stage.world, self._stage.rules).facts(action.spec, request, draft, digest)
        if not draft.problem:
            draft = action.reckon(draft, facts, self._stage.world)
            facts = replace(facts, draft=draft)
        health = facts.probes.get(target)
        before = measure(facts.snapshot, health, target, self._stage.world.judging).as_data()
        guards, last = self._consult(action, facts, run_id)
        plan = self._plan(action, order, draft, facts, guards, last)
        return Prepared(plan, action, order, draft, facts, before, exit_code)

    async def _draft(self, action: Action, order: Order, actor: Actor) -> tuple[Draft, ExitCode]:
        """The action's own part; a draft that only says its problem when the action could not make one."""
        if why := action.forbidden(order, actor):
            return Draft((), (order.target,), problem=why), ExitCode.OK
        try:
            async with asyncio.timeout(2 * self._stage.rules.pace.read_timeout_s):
                return await action.plan(order, self._stage.world), ExitCode.OK
        except NpconsoleError as error:
            problem = f"{error.message} ({error.hint})" if error.hint else error.message
            return Draft((), (order.target,), problem=problem), error.exit_code
        except TimeoutError:
            return Draft((), (order.target,), problem="the vendor did not answer in time"), ExitCode.UNREACHABLE

    def _consult(self, action: Action, facts: Facts, run_id: str) -> tuple[tuple[GuardAnswer, ...], LastRun | None]:
        # A plan that nobody has confirmed yet is what people look at in order to.
        guards = [guard for guard in guards_of(action) if run_id or guard is not CONFIRMED]

        def question(ledger: Ledger) -> tuple[tuple[GuardAnswer, ...], LastRun | None]:
            return judge(guards, facts, ledger), last_run(ledger, facts)

        try:
            return self._stage.journal.consult(run_id, question)
        except StoreError as error:
            return (GuardAnswer("memory", False, error.message), *judge(guards, facts, None)), None

    def _plan(
        self,
        action: Action,
        order: Order,
        draft: Draft,
        facts: Facts,
        guards: tuple[GuardAnswer, ...],
        last: LastRun | None,
    ) -> Plan:
        return Plan(
            action=action.spec.id,
            target=order.target,
            danger=facts.danger,
            calls=draft.calls,
            guards=guards,
            blast=self._blast(draft, facts),
            undo=draft.undo,
            effect=action.spec.effect,
            digest=facts.digest,
            typed=draft.typed,
            notes=draft.notes,
            last=last,
            simulated=draft.simulated,
        )

    def _blast(self, draft: Draft, facts: Facts) -> BlastRadius:
        blast = blast_radius(
            facts.snapshot,
            rotation=facts.rotation,
            takes_out=draft.takes_out,
            serving=facts.serving,
            capacity=self._stage.world.capacity,
            objects=draft.objects,
        )
        return blast if draft.survivors is None else replace(blast, survivors=draft.survivors)


def last_run(ledger: Ledger, facts: Facts) -> LastRun | None:
    """How the same action on the same target ended before."""
    run = ledger.last_run(facts.spec.id, facts.target)
    return None if run is None else LastRun(run.id, run.changed_wall, run.state, run.verdict, run.outcome)
