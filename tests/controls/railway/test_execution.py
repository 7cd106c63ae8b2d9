"""Our operations, executed by a GraphQL server on the schema: what it answers is what the wire types read."""

from typing import Any

from graphql import execute_sync, parse

from npconsole.controls.railway import RailwayCredential, operations
from npconsole.model.controls import Deployment, DeploymentState
from tests.controls.railway.test_operations import SCHEMA
from tests.controls.script import Answer, Call, played
from tests.controls.vendors import GRAPHQL, deployment, railway, railway_api

OURS = deployment(serviceId="svc1", environmentId="env1")
SERVICE = {"serviceId": "svc1", "region": None, "latestDeployment": OURS, "activeDeployments": [OURS]}
ROOT = {
    "deployment": OURS,
    "deployments": {"edges": [{"node": OURS}]},
    "environment": {"serviceInstances": {"edges": [{"node": SERVICE}], "pageInfo": {"hasNextPage": False}}},
    "projectToken": {"projectId": "prj1", "environmentId": "env1", "name": "ci"},
    "deploymentRedeploy": deployment("dep2"),
    "deploymentRestart": True,
    "deploymentRollback": True,
}


def executed(operation: str, **variables: Any) -> Call:
    result = execute_sync(SCHEMA, parse(operation), ROOT, variable_values=variables)
    assert result.errors is None
    return Call("POST", GRAPHQL, Answer({"data": result.data}))


async def test_reading() -> None:
    calls = (
        executed(operations.SERVICES, environmentId="env1", projectId="prj1"),
        executed(operations.DEPLOYMENT, id="dep1"),
        executed(operations.DEPLOYMENTS, input={"serviceId": "svc1", "environmentId": "env1"}, first=1),
        executed(operations.PROJECT_TOKEN),
    )
    async with played(*calls) as (http, script):
        service = railway(http)
        found: list[Deployment] = [await service.live(), await service.deployment("dep1"), *await service.recent(1)]
        await RailwayCredential(railway_api(http)).verify()
    assert [(each.id, each.state, each.commit) for each in found] == [("dep1", DeploymentState.LIVE, "0a1b2c3d")] * 3
    sent = [body["query"] for body in script.sent]
    assert sent == [operations.SERVICES, operations.DEPLOYMENT, operations.DEPLOYMENTS, operations.PROJECT_TOKEN]


async def test_changing() -> None:
    calls = (
        executed(operations.RESTART, id="dep1"),
        executed(operations.ROLLBACK, id="dep1"),
        executed(operations.REDEPLOY, id="dep1"),
    )
    async with played(*calls) as (http, script):
        service = railway(http)
        await service.restart("dep1")
        await service.rollback("dep1")
        assert await service.redeploy("dep1") == "dep2"
    assert [body["query"] for body in script.sent] == [operations.RESTART, operations.ROLLBACK, operations.REDEPLOY]
