"""One deployment of a service, with the states of Railway's schema and the times of their changes."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum


class Status(StrEnum):
    """The states that occur here, of the enum DeploymentStatus."""

    BUILDING = "BUILDING"
    DEPLOYING = "DEPLOYING"
    SUCCESS = "SUCCESS"
    CRASHED = "CRASHED"
    REMOVING = "REMOVING"
    REMOVED = "REMOVED"
    SKIPPED = "SKIPPED"


class InstanceStatus(StrEnum):
    """The states that occur here, of the enum DeploymentInstanceStatus."""

    CREATED = "CREATED"
    INITIALIZING = "INITIALIZING"
    RUNNING = "RUNNING"
    RESTARTING = "RESTARTING"
    CRASHED = "CRASHED"
    STOPPED = "STOPPED"
    REMOVED = "REMOVED"


PENDING = (Status.BUILDING, Status.DEPLOYING)
ACTIVE = (Status.SUCCESS, Status.CRASHED)


@dataclass(slots=True)
class Deployment:
    """`reason` is deploy, redeploy or rollback. Times are epoch seconds. It has one instance."""

    id: str
    instance_id: str
    version: str
    commit: str
    reason: str
    created_wall: float
    status: Status = Status.BUILDING
    instance: InstanceStatus = InstanceStatus.CREATED
    changed_wall: float = 0.0
    was_live: bool = False

    def become(self, status: Status, instance: InstanceStatus, wall: float) -> None:
        """Take a state, also the one it has: `statusUpdatedAt` says that something happened."""
        self.status, self.instance, self.changed_wall = status, instance, wall
        self.was_live = self.was_live or status is Status.SUCCESS

    @property
    def stopped(self) -> bool:
        """Whether its instance has ended."""
        return self.instance in (InstanceStatus.STOPPED, InstanceStatus.REMOVED)


def iso(wall: float) -> str:
    """A time in Railway's form, with milliseconds."""
    return datetime.fromtimestamp(wall, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
