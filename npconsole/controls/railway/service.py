"""A region's service on Railway. Ids are those of the configuration; what runs is asked for when it is needed."""

from collections.abc import Sequence

from npconsole.controls.identifier import identifier
from npconsole.controls.railway import operations, wire
from npconsole.controls.railway.api import RailwayApi
from npconsole.controls.railway.deployment import to_deployment
from npconsole.controls.shape import shaped
from npconsole.controls.writing import writing
from npconsole.errors import BadAnswerError, SourceError
from npconsole.model.controls import Allowance, Deployment, DeploymentState

WHAT = "Railway deployment"
HINT = "look at railway.project_id, and at service_id and environment_id of the region's railway"
MOST_PAGES = 20
MOST_RECENT = 100

_RANKS = {
    DeploymentState.LIVE: 0,
    DeploymentState.CRASHED: 1,
    DeploymentState.STOPPED: 1,
    DeploymentState.SLEEPING: 1,
    DeploymentState.CHANGING: 2,
    DeploymentState.UNKNOWN: 2,
}
"""Which deployments can be in force, the surest first. The others never went live, or are gone."""


class RailwayService:
    """A ServiceControl. `region` is Railway's name of the place, empty when the service has one place only."""

    def __init__(
        self, api: RailwayApi, *, environment_id: str, service_id: str, project_id: str = "", region: str = ""
    ) -> None:
        self._api = api
        self._project_id = project_id
        self._environment_id = environment_id
        self._service_id = service_id
        self._region = region

    @property
    def allowance(self) -> Allowance:
        return self._api.allowance

    async def live(self) -> Deployment:
        """The newest of the surest rank among the active deployments and the latest one."""
        instance = await self._instance()
        found = [*(instance.active_deployments or ()), instance.latest_deployment]
        by_id = {each.id: to_deployment(each, region=instance.region or "") for each in found if each}
        ranked = [each for each in by_id.values() if each.state in _RANKS]
        if not ranked:
            raise BadAnswerError(f"{WHAT}: the service has none in force", hint="look at it in Railway's dashboard")
        best = min(_RANKS[each.state] for each in ranked)
        return self._placed(max((each for each in ranked if _RANKS[each.state] == best), key=lambda each: each.created))

    async def deployment(self, deployment_id: str) -> Deployment:
        """One deployment of this service; BadAnswerError when the id is of another."""
        reply = await self._api.query(
            operations.DEPLOYMENT, {"id": identifier(deployment_id, setting="the deployment")}, what=WHAT, hint=HINT
        )
        data = reply.get("deployment", wire.DeploymentState)
        ours = (data.id, data.service_id or self._service_id, data.environment_id or self._environment_id)
        if ours != (deployment_id, self._service_id, self._environment_id):
            raise BadAnswerError(f"{WHAT}: {deployment_id} is not one of this service", hint=HINT)
        return to_deployment(data)

    async def recent(self, limit: int) -> Sequence[Deployment]:
        """At most 100, latest first."""
        wanted = {"environmentId": self._environment, "serviceId": self._service}
        if self._project_id:
            wanted["projectId"] = self._project_id
        first = min(max(limit, 1), MOST_RECENT)
        reply = await self._api.query(
            operations.DEPLOYMENTS, {"input": wanted, "first": first}, what="Railway deployments", hint=HINT
        )
        edges = reply.get("deployments", wire.Connection).edges
        states = [shaped(each.node, wire.DeploymentState, what="Railway deployments") for each in edges if each.node]
        return sorted(map(to_deployment, states), key=lambda each: each.created, reverse=True)[:first]

    async def restart(self, deployment_id: str) -> None:
        await self._command(operations.RESTART, "deploymentRestart", deployment_id, what="Railway restart")

    async def rollback(self, deployment_id: str) -> None:
        await self._command(operations.ROLLBACK, "deploymentRollback", deployment_id, what="Railway rollback")

    async def redeploy(self, deployment_id: str) -> str:
        what = "Railway redeploy"
        variables = {"id": identifier(deployment_id, setting="the deployment")}
        with writing():
            reply = await self._api.mutate(operations.REDEPLOY, variables, what=what, hint=HINT)
            return reply.confirmation("deploymentRedeploy", wire.Created).id

    async def _command(self, operation: str, field: str, deployment_id: str, *, what: str) -> None:
        """A mutation that answers true. What false means is not documented, so it is neither done nor refused."""
        variables = {"id": identifier(deployment_id, setting="the deployment")}
        with writing():
            reply = await self._api.mutate(operation, variables, what=what, hint=HINT)
            if not reply.confirmation(field, bool):
                raise BadAnswerError(f"{what}: Railway answered false")

    async def _instance(self) -> wire.ServiceInstance:
        """The service in its environment, searched page by page. An error beside a page may be why it is missing."""
        missing: SourceError | None = None
        wanted: dict[str, str | None] = {"environmentId": self._environment, "projectId": self._project_id or None}
        service_id = self._service
        for _ in range(MOST_PAGES):
            reply = await self._api.query(operations.SERVICES, wanted, what=WHAT, hint=HINT)
            page = reply.get("environment", wire.Environment).service_instances
            for edge in page.edges:
                if edge.node and edge.node.get("serviceId") == service_id:
                    return shaped(edge.node, wire.ServiceInstance, what=WHAT)
            missing = missing or (reply.fault() if reply.errors else None)
            cursor = page.page_info.end_cursor
            if not page.page_info.has_next_page or not cursor or cursor == wanted.get("after"):
                break
            wanted["after"] = cursor
        raise missing or BadAnswerError(f"{WHAT}: the environment has no service {service_id}", hint=HINT)

    def _placed(self, deployment: Deployment) -> Deployment:
        """The deployment, if it runs in the region that it is to run in, as far as Railway says where it runs."""
        if self._region and deployment.regions and self._region not in deployment.regions:
            places = ", ".join(deployment.regions)
            raise BadAnswerError(
                f"{WHAT}: it does not run in {self._region} but in {places}",
                hint="look at region of the region's railway",
            )
        return deployment

    @property
    def _environment(self) -> str:
        return identifier(self._environment_id, setting="environment_id of the region's railway")

    @property
    def _service(self) -> str:
        return identifier(self._service_id, setting="service_id of the region's railway")
