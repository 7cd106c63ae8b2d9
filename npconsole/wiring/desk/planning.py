"""Plans for a person at a console, and their requests in the journal."""

from npconsole.actions.planner import Planner
from npconsole.actions.request import require_confirmation
from npconsole.actions.stage import Stage
from npconsole.errors import UsageError
from npconsole.model.run import Plan, Run, RunRequest
from npconsole.net.http import Http
from npconsole.wiring.desk.seat import Seat
from npconsole.wiring.memory import Stores
from npconsole.wiring.stage import build_stage


class Planning:
    """Remembers the plans that were shown: what is confirmed is one of them."""

    def __init__(self, seat: Seat, stores: Stores, http: Http) -> None:
        self._journal = stores.journal
        self._plans: dict[str, Plan] = {}
        self._stage: Stage = build_stage(
            seat.loaded.config,
            environ=seat.environ,
            clock=seat.clock,
            journal=stores.journal,
            benchmarks=stores.benchmarks,
            http=http,
            read_only=seat.flag_read_only,
        )

    async def plan(self, request: RunRequest) -> Plan:
        """The plan of a request, as of now."""
        plan = (await Planner(self._stage).prepare(request)).plan
        self._plans[plan.digest] = plan
        return plan

    async def request(self, request: RunRequest) -> Run:
        """The run in the journal, not yet begun. Raises RefusedError without the confirmation that its danger asks."""
        plan = self._plans.get(request.plan_digest) or await self.plan(request)
        if plan.simulated:
            raise UsageError("there is nothing to run: this was only reckoned")
        require_confirmation(plan, confirmed=request.confirmed, typed=request.typed)
        return self._journal.request(request)
