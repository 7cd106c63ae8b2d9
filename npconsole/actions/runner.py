"""The runner: brings requested runs to their end, and open runs of dead owners too. The only place that executes.

Faces write a request and watch; whoever runs this may be another process. Every run is begun at most once, because its
intent, its lease and the guards are one transaction of the journal.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict

from npconsole.actions.conduct import Conduct
from npconsole.actions.execution import Execution
from npconsole.actions.frame import Order
from npconsole.actions.guards.access import READ_ONLY, ROLE
from npconsole.actions.inputs import check_inputs
from npconsole.actions.planner import Planner, Prepared
from npconsole.actions.stage import Stage
from npconsole.actions.stop import Stop, StopCause
from npconsole.errors import ExitCode, FencedError, NpconsoleError, StoreError, UsageError
from npconsole.model.run import GuardAnswer, Lease, Plan, Run, RunState, Verdict
from npconsole.net.text import clean


class Runner:
    """Executes a run, or all that wait for recovery at the same time: one that cannot go on keeps no other waiting."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._conducts: set[Conduct] = set()
        self._terminated = ""

    def terminate(self, reason: str) -> None:
        """End what is being done, with its undo: for signals. Safe at any time on the runner's own loop."""
        self._terminated = reason
        for conduct in self._conducts:
            conduct.stop(Stop(StopCause.TERMINATED, reason))

    async def run(self, run_id: str) -> Run:
        """A requested run, from plan to end. A run that is or was in other hands is returned as it is.

        Raises UsageError when there is no such run, StoreError when the memory cannot be used: then nothing was sent,
        or `recover` goes on from what is on disk.
        """
        run = self._stage.journal.run(run_id)
        if run is None:
            raise UsageError(f"there is no run {clean(run_id, limit=60)!r}", hint="`npconsole audit list` shows runs")
        if run.fence or run.state.is_final:
            return run
        self._stage.reached("requested")
        try:
            return await self._from_request(run)
        except FencedError as error:
            return await self._after_fencing(run_id, error)

    async def recover(self) -> Sequence[Run]:
        """Finish or take back every open run whose owner is gone; those that this call has ended.

        Raises the first error when all others are through.
        """
        self._cancel_orphans()
        begun = [run for run in self._stage.journal.runs(open_only=True, limit=1000) if run.fence]
        recovered = await asyncio.gather(*(self.recover_run(run.id) for run in reversed(begun)), return_exceptions=True)
        for result in recovered:
            if isinstance(result, BaseException):
                raise result
        return [run for run in recovered if isinstance(run, Run)]

    async def recover_run(self, run_id: str) -> Run | None:
        """The run as this call has ended it; None when its owner lives, or somebody else was faster."""
        journal, pace = self._stage.journal, self._stage.rules.pace
        taken = journal.take_over(run_id, owner=self._stage.owner, ttl_s=pace.lease_ttl_s)
        if taken is None:
            return None
        run, lease = taken
        self._stage.reached("taken")
        try:
            return await self._recovered(run, lease)
        except FencedError:
            return None

    async def _from_request(self, run: Run) -> Run:
        prepared = await self._planned(run)
        if isinstance(prepared, Run):
            return prepared
        begun, lease = self._intent(run, prepared)
        if lease is None:
            return begun
        self._stage.reached("intent")
        conduct = Conduct(self._stage, prepared.action, prepared.order, begun, lease, prepared.draft)
        return await self._conducted(conduct, lambda: Execution(conduct).begin(deadline_s=prepared.draft.deadline_s))

    async def _planned(self, run: Run) -> Prepared | Run:
        """The plan, or the run as it ended for want of one."""
        journal = self._stage.journal
        try:
            prepared = await Planner(self._stage).prepare(run.request, run_id=run.id)
        except (StoreError, FencedError):
            raise
        except NpconsoleError as error:
            return self._failed(run, error.message, error.exit_code)
        except Exception as error:  # noqa: BLE001 - the runner records what went wrong: nothing was sent yet
            return self._failed(run, f"a fault in npconsole itself: {type(error).__name__}", ExitCode.FAILED)
        plan = prepared.plan
        words = "; ".join(call.summary for call in plan.calls) or prepared.draft.problem or "nothing to do"
        journal.advance(
            run.id, RunState.PLANNED, clean(f"plan: {words}"), lease=None, data={"plan": plan_data(prepared)}
        )
        self._stage.reached("planned")
        if prepared.exit_code is not ExitCode.OK and not is_denied(plan):
            return self._failed(run, f"nothing was sent: {prepared.draft.problem}", prepared.exit_code)
        if plan.simulated:
            return self._failed(run, "there is nothing to run: this was only reckoned", ExitCode.USAGE)
        if plan.refusals:
            return self._refused(run, prepared)
        result = {"before": dict(prepared.before)}
        journal.advance(run.id, RunState.CONFIRMED, "confirmed", lease=None, result=result)
        self._stage.reached("confirmed")
        return prepared

    def _intent(self, run: Run, prepared: Prepared) -> tuple[Run, Lease | None]:
        if self._terminated:
            return self._advance(run, RunState.CANCELLED, self._terminated, ExitCode.CANCELLED), None
        clock = self._stage.world.clock
        begun, lease, _ = self._stage.journal.begin(
            run.id,
            owner=self._stage.owner,
            targets=prepared.draft.scope,
            ttl_s=self._stage.rules.pace.lease_ttl_s,
            guards=lambda ledger: prepared.ask(ledger, clock.now()),
            deadline_s=prepared.draft.deadline_s,
        )
        return begun, lease

    async def _conducted(self, conduct: Conduct, work: Callable[[], Awaitable[Run]]) -> Run:
        self._conducts.add(conduct)
        if self._terminated:
            conduct.stop(Stop(StopCause.TERMINATED, self._terminated))
        try:
            return await work()
        finally:
            self._conducts.discard(conduct)

    async def _recovered(self, run: Run, lease: Lease) -> Run:
        try:
            action = self._stage.find(run.request.action)
            order = Order(run.request.target, check_inputs(action.spec, run.request.parameters))
        except UsageError as error:
            return self._given_up(run, lease, error.message)
        conduct = Conduct(self._stage, action.ordered(order.inputs), order, run, lease)
        return await self._conducted(conduct, Execution(conduct).recover)

    async def _after_fencing(self, run_id: str, error: FencedError) -> Run:
        """The lease was lost. When nobody has taken the run over, this process may do so like any other."""
        recovered = await self.recover_run(run_id)
        if recovered is not None:
            return recovered
        run = self._stage.journal.run(run_id)
        if run is None:
            raise error
        return run

    def _given_up(self, run: Run, lease: Lease, reason: str) -> Run:
        """A run of an action that is not configured any more: nobody knows how to finish it."""
        words = f"its runner died, and it cannot be finished: {reason}; look at what it touched"
        ended = self._stage.journal.advance(
            run.id,
            RunState.DEGRADED,
            words,
            lease=lease,
            verdict=Verdict.UNKNOWN,
            outcome=words,
            result={**run.result, "exit": int(ExitCode.UNVERIFIED)},
        )
        self._stage.journal.release(lease)
        self._stage.tell(ended, words)
        return ended

    def _refused(self, run: Run, prepared: Prepared) -> Run:
        refusals = prepared.plan.refusals
        exit_code = _exit_of(refusals, prepared)
        words = "; ".join(answer.reason for answer in refusals)
        guards: dict[str, object] = {"guards": [asdict(answer) for answer in prepared.plan.guards]}
        return self._advance(run, RunState.REFUSED, words, exit_code, guards)

    def _failed(self, run: Run, words: str, exit_code: ExitCode) -> Run:
        return self._advance(run, RunState.FAILED, words, exit_code)

    def _advance(
        self, run: Run, state: RunState, words: str, exit_code: ExitCode, data: dict[str, object] | None = None
    ) -> Run:
        """End a run that has not come to its intent."""
        return self._stage.journal.advance(
            run.id,
            state,
            clean(f"{state.value}: {words}"),
            lease=None,
            data=data,
            outcome=clean(words, limit=1000),
            result={"exit": int(exit_code)},
        )

    def _cancel_orphans(self) -> None:
        """Requests that no runner ever began: nothing was sent, and nothing will be."""
        journal, wall = self._stage.journal, self._stage.world.clock.wall()
        for run in journal.runs(open_only=True, limit=1000):
            if run.fence or wall - run.changed_wall < self._stage.rules.pace.orphaned_s:
                continue
            try:
                self._advance(
                    run, RunState.CANCELLED, "its runner never came to it: nothing was sent", ExitCode.CANCELLED
                )
            except FencedError:
                continue


def is_denied(plan: Plan) -> bool:
    """Whether the one who asks may not, whatever else is amiss with the plan."""
    return any(answer.guard in (READ_ONLY.name, ROLE.name) for answer in plan.refusals)


def plan_data(prepared: Prepared) -> dict[str, object]:
    """A plan as plain JSON, for events and `--json`."""
    plan = prepared.plan
    return {
        "digest": plan.digest,
        "calls": [asdict(call) for call in plan.calls],
        "guards": [{**asdict(answer), "stops": answer.stops} for answer in plan.guards],
        "blast": asdict(plan.blast),
        "undo": plan.undo,
        "notes": list(plan.notes),
        "before": dict(prepared.before),
    }


def _exit_of(refusals: Sequence[GuardAnswer], prepared: Prepared) -> ExitCode:
    """That of the credential when nothing else is amiss before it; otherwise a refusal."""
    bad = [fact.exit_code for fact in prepared.facts.credentials if fact.exit_code is not ExitCode.OK]
    return bad[0] if bad and refusals[0].guard == "credentials" else ExitCode.REFUSED
