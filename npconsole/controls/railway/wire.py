"""Railway's JSON, as far as it is read. Null and absent are the same; only what we act on has to be there."""

from typing import Any

from msgspec import Struct, field

from npconsole.controls.identifier import Identifier


class Wire(Struct, frozen=True, rename="camel"):
    """An object of an answer."""


class Instance(Wire, frozen=True):
    """One instance of a deployment."""

    id: str
    status: str


class DeploymentState(Wire, frozen=True):
    """A deployment. `meta` is opaque to the schema. The owner's ids are asked for where the id came from a person."""

    id: Identifier
    status: str
    created_at: str | None = None
    status_updated_at: str | None = None
    deployment_stopped: bool | None = None
    can_redeploy: bool | None = None
    can_rollback: bool | None = None
    meta: Any = None
    instances: list[Instance] | None = None
    service_id: str | None = None
    environment_id: str | None = None


class ServiceInstance(Wire, frozen=True):
    """A service in an environment. `region` is an old field that is wrong for services of several regions."""

    region: str | None = None
    latest_deployment: DeploymentState | None = None
    active_deployments: list[DeploymentState] | None = None


class Edge(Wire, frozen=True):
    """An entry of a list, not yet looked at: the trouble of another service is not ours."""

    node: dict[str, Any] | None = None


class PageInfo(Wire, frozen=True):
    """Whether the list goes on, and from where."""

    has_next_page: bool = False
    end_cursor: str | None = None


class Connection(Wire, frozen=True):
    """One page of a list."""

    edges: list[Edge]
    page_info: PageInfo = PageInfo()


class Environment(Wire, frozen=True):
    """An environment with its services."""

    service_instances: Connection


class Created(Wire, frozen=True):
    """What a mutation made."""

    id: Identifier


class ProjectToken(Wire, frozen=True):
    """What a project token belongs to."""

    project_id: str
    environment_id: str
    name: str = ""


class Workspace(Wire, frozen=True):
    """A workspace that a token reaches."""

    id: str = ""
    name: str = ""


class ApiToken(Wire, frozen=True):
    """What an account or workspace token reaches."""

    workspaces: list[Workspace] = field(default_factory=list)
