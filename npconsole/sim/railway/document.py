"""Services and deployments as the schema has them, as plain values for the executor."""

from collections.abc import Callable, Sequence
from typing import Any

from npconsole.sim.railway.deployment import ACTIVE, PENDING, Deployment, iso
from npconsole.sim.railway.hosting import Hosting
from npconsole.sim.railway.serviceinstance import ServiceInstance

PAGE = 100


def service_document(service: ServiceInstance, hosting: Hosting) -> dict[str, Any]:
    """A ServiceInstance."""
    return {
        "id": service.id,
        "serviceId": service.service_id,
        "serviceName": f"neuropilot-{service.region.plan.name}",
        "environmentId": hosting.environment_id,
        "numReplicas": 1,
        "region": service.railway_region,
        "latestDeployment": lambda _: deployment_document(service.latest, service, hosting),
        "activeDeployments": lambda _: [deployment_document(each, service, hosting) for each in service.active],
    }


def deployment_document(deployment: Deployment, service: ServiceInstance, hosting: Hosting) -> dict[str, Any]:
    """A Deployment. `meta` is opaque to the schema; its shape is what Railway's own command line reads."""
    place = {service.railway_region: {"numReplicas": 1}}
    return {
        "id": deployment.id,
        "status": deployment.status.value,
        "createdAt": iso(deployment.created_wall),
        "updatedAt": iso(deployment.changed_wall),
        "statusUpdatedAt": iso(deployment.changed_wall),
        "canRedeploy": deployment.status not in PENDING,
        "canRollback": deployment.was_live and deployment.status not in ACTIVE,
        "deploymentStopped": deployment.stopped,
        "meta": {
            "reason": deployment.reason,
            "repo": "neuropilot/api",
            "branch": "main",
            "commitHash": deployment.commit,
            "commitMessage": f"Release {deployment.version}",
            "serviceManifest": {"deploy": {"multiRegionConfig": place}},
        },
        "instances": [{"id": deployment.instance_id, "status": deployment.instance.value}],
        "projectId": hosting.project_id,
        "serviceId": service.service_id,
        "environmentId": hosting.environment_id,
    }


def connection(nodes: Sequence[Callable[[], dict[str, Any]]], first: int | None, after: str | None) -> dict[str, Any]:
    """One page of a Relay connection. A cursor is the place of its node; one that makes no sense begins anew."""
    start = int(after) + 1 if after is not None and after.isdecimal() else 0
    end = start + min(PAGE if first is None else max(first, 0), PAGE)
    places = range(start, min(end, len(nodes)))
    return {
        "edges": [{"cursor": str(place), "node": nodes[place]()} for place in places],
        "pageInfo": {
            "hasNextPage": end < len(nodes),
            "hasPreviousPage": start > 0,
            "startCursor": str(places[0]) if places else None,
            "endCursor": str(places[-1]) if places else None,
        },
    }
