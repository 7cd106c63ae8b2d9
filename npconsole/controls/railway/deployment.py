"""A Railway deployment in our words."""

from collections.abc import Iterator, Mapping
from typing import Any

from npconsole.controls.railway import wire
from npconsole.model.controls import Deployment, DeploymentState
from npconsole.net.text import clean, number

MOST_INSTANCES = 100
MOST_REGIONS = 20

STATES = {
    "SUCCESS": DeploymentState.LIVE,
    "NEEDS_APPROVAL": DeploymentState.PENDING,
    "WAITING": DeploymentState.PENDING,
    "QUEUED": DeploymentState.CHANGING,
    "INITIALIZING": DeploymentState.CHANGING,
    "BUILDING": DeploymentState.CHANGING,
    "DEPLOYING": DeploymentState.CHANGING,
    "FAILED": DeploymentState.FAILED,
    "SKIPPED": DeploymentState.FAILED,
    "CRASHED": DeploymentState.CRASHED,
    "REMOVING": DeploymentState.REMOVED,
    "REMOVED": DeploymentState.REMOVED,
    "SLEEPING": DeploymentState.SLEEPING,
}
"""All of the schema's enum DeploymentStatus."""


def to_deployment(data: wire.DeploymentState, *, region: str = "") -> Deployment:
    """The deployment. `region` is where it runs when its metadata does not say."""
    meta = _mapping(data.meta)
    return Deployment(
        id=data.id,
        state=_state(data),
        word=clean(data.status, limit=40),
        changed=clean(data.status_updated_at, limit=40),
        instances=tuple(
            (clean(each.id, limit=128), clean(each.status, limit=40))
            for each in (data.instances or ())[:MOST_INSTANCES]
        ),
        can_rollback=data.can_rollback is True,
        can_redeploy=data.can_redeploy is True,
        commit=_text(meta.get("commitHash")),
        regions=tuple(_regions(meta))[:MOST_REGIONS] or ((clean(region, limit=60),) if region else ()),
        created=clean(data.created_at, limit=40),
    )


def _state(data: wire.DeploymentState) -> DeploymentState:
    state = STATES.get(data.status, DeploymentState.UNKNOWN)
    return DeploymentState.STOPPED if state is DeploymentState.LIVE and data.deployment_stopped else state


def _regions(meta: Mapping[str, Any]) -> Iterator[str]:
    """The regions with a replica. `multiRegionConfig` holds null for one that was left; old deployments lack it.

    The field is the one that Railway's own command line reads; `ServiceInstance.numReplicas` is 1 for all of these.
    """
    deploy = _mapping(_mapping(meta.get("serviceManifest")).get("deploy"))
    several = _mapping(deploy.get("multiRegionConfig"))
    for name, settings in several.items():
        if settings is not None and number(_mapping(settings).get("numReplicas")) != 0:
            yield clean(name, limit=60)
    if not several and (one := _text(deploy.get("region"))):
        yield one


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return clean(value, limit=60) if isinstance(value, str) else ""
