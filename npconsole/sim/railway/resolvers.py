"""What each field of the schema's Query and Mutation answers, and to whom.

The texts of refusals are those that Railway's own command line goes by.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Protocol

from graphql import GraphQLError

from npconsole.sim.railway.caller import Caller, TokenKind
from npconsole.sim.railway.deployment import Deployment, iso
from npconsole.sim.railway.document import connection, deployment_document, service_document
from npconsole.sim.railway.hosting import ENVIRONMENT, PLACES, Hosting
from npconsole.sim.railway.serviceinstance import ServiceInstance

NOT_AUTHORIZED = "Not Authorized"
NO_PROJECT_TOKEN = "Project Token not found"  # noqa: S105 - a message, not a token
EPOCH_WALL = 1_700_000_000.0
COUNTRIES = {"us-east": ("US", "Virginia, USA"), "us-west": ("US", "California, USA"), "eu-west": ("NL", "Amsterdam")}

Resolver = Callable[..., Any]


class Info(Protocol):
    """What the executor tells a resolver, as far as it is used."""

    @property
    def context(self) -> Caller: ...


class Resolvers:
    """Gives the root values. The executor hands each its Caller as context."""

    def __init__(self, hosting: Hosting) -> None:
        self._hosting = hosting

    def root(self) -> Mapping[str, Resolver]:
        """Queries and mutations by field."""
        return {
            "projectToken": self._project_token,
            "apiToken": self._api_token,
            "me": self._me,
            "environment": self._environment,
            "deployments": self._deployments,
            "deployment": self._deployment,
            "regions": self._regions,
            "deploymentRestart": self._restart,
            "deploymentRedeploy": self._redeploy,
            "serviceInstanceRedeploy": self._redeploy_latest,
            "deploymentRollback": self._roll_back,
            "deploymentStop": self._stop,
        }

    def _project_token(self, info: Info) -> Any:
        if info.context.kind is not TokenKind.PROJECT:
            raise GraphQLError(NO_PROJECT_TOKEN)
        hosting = self._hosting
        ids = {"id": hosting.workspace_id, "projectId": hosting.project_id, "environmentId": hosting.environment_id}
        return ids | {"name": info.context.name, "createdAt": iso(EPOCH_WALL)}

    def _api_token(self, info: Info) -> Any:
        _account(info)
        return {"workspaces": [{"id": self._hosting.workspace_id, "name": "NeuroPilot"}]}

    def _me(self, info: Info) -> Any:
        _account(info)
        return {"id": self._hosting.workspace_id, "name": info.context.name, "email": "ops@neuropilot.ai"}

    def _environment(self, info: Info, **asked: Any) -> Any:
        self._allow(info, environment=asked["id"], project=asked.get("projectId"))
        return {
            "id": self._hosting.environment_id,
            "name": ENVIRONMENT,
            "projectId": self._hosting.project_id,
            "isEphemeral": False,
            "serviceInstances": self._service_instances,
        }

    def _service_instances(self, _: Info, **page: Any) -> Any:
        services = self._hosting.services.values()
        nodes = [partial(service_document, service, self._hosting) for service in services]
        return connection(nodes, page.get("first"), page.get("after"))

    def _deployments(self, info: Info, **asked: Any) -> Any:
        """Latest first. The states may be chosen, and those not wanted."""
        wanted = asked["input"]
        self._allow(info, environment=wanted.get("environmentId"), project=wanted.get("projectId"))
        states = wanted.get("status") or {}
        found = [
            (service, deployment)
            for service in self._hosting.services.values()
            for deployment in service.deployments
            if wanted.get("serviceId") in (None, service.service_id)
            and ("in" not in states or deployment.status.value in (states["in"] or ()))
            and deployment.status.value not in (states.get("notIn") or ())
        ]
        found.sort(key=lambda pair: pair[1].created_wall, reverse=True)
        nodes = [partial(deployment_document, deployment, service, self._hosting) for service, deployment in found]
        return connection(nodes, asked.get("first"), asked.get("after"))

    def _deployment(self, info: Info, **asked: Any) -> Any:
        service, deployment = self._found(info, asked["id"])
        return deployment_document(deployment, service, self._hosting)

    def _regions(self, info: Info, **asked: Any) -> Any:
        self._allow(info, project=asked.get("projectId"))
        return [
            {"name": place, "region": place, "country": COUNTRIES[name][0], "location": COUNTRIES[name][1]}
            for name, place in PLACES.items()
        ]

    def _restart(self, info: Info, **asked: Any) -> bool:
        service, deployment = self._found(info, asked["id"])
        return _done(service.restart(deployment, info.context.name), "Deployment is not running")

    def _redeploy(self, info: Info, **asked: Any) -> Any:
        service, deployment = self._found(info, asked["id"])
        previous_image = bool(asked.get("usePreviousImageTag"))
        made = service.redeploy(deployment, info.context.name, previous_image=previous_image)
        return deployment_document(made, service, self._hosting)

    def _redeploy_latest(self, info: Info, **asked: Any) -> bool:
        self._allow(info, environment=asked["environmentId"])
        service = self._hosting.service(asked["serviceId"])
        if service is None:
            raise GraphQLError("ServiceInstance not found")
        service.redeploy(service.latest, info.context.name, previous_image=False)
        return True

    def _roll_back(self, info: Info, **asked: Any) -> bool:
        service, deployment = self._found(info, asked["id"])
        return _done(service.roll_back(deployment, info.context.name), "Cannot roll back to this deployment")

    def _stop(self, info: Info, **asked: Any) -> bool:
        service, deployment = self._found(info, asked["id"])
        return _done(service.stop(deployment, info.context.name), "Deployment is not running")

    def _found(self, info: Info, deployment_id: str) -> tuple[ServiceInstance, Deployment]:
        self._allow(info)
        found = self._hosting.deployment(deployment_id)
        if found is None:
            raise GraphQLError("Deployment not found")
        return found

    def _allow(self, info: Info, *, environment: str | None = None, project: str | None = None) -> None:
        """Missing access has the same text as a dead token. A project token reaches its own environment only."""
        if info.context.kind is TokenKind.NONE:
            raise GraphQLError(NOT_AUTHORIZED)
        is_ours = environment in (None, self._hosting.environment_id) and project in (None, self._hosting.project_id)
        if not is_ours:
            raise GraphQLError(NOT_AUTHORIZED)


def _account(info: Info) -> None:
    if info.context.kind is not TokenKind.ACCOUNT:
        raise GraphQLError(NOT_AUTHORIZED)


def _done(done: bool, refusal: str) -> bool:
    if not done:
        raise GraphQLError(refusal)
    return True
