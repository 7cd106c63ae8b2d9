"""A service in its environment: its deployments, and what doing something to them does to the region's process.

At most one deployment is live and at most one is on its way; the live one stays until the other has succeeded.
"""

import hashlib
from functools import partial
from random import Random
from uuid import UUID

from npconsole.sim.agenda import Agenda
from npconsole.sim.clock import Clock
from npconsole.sim.fault import CURED_BY_RESTART, FaultBoard, Kind, Reach
from npconsole.sim.railway.deployment import ACTIVE, PENDING, Deployment, InstanceStatus, Status
from npconsole.sim.record import Record
from npconsole.sim.region import STOP_S, Region

BUILD_S = 8.0
PREVIOUS_IMAGE_S = 2.0
DEPLOY_S = 4.0
REMOVE_S = 3.0
DAY_S = 86400.0
KEPT = 50
SOMEBODY = "somebody else"


class ServiceInstance:
    """The service of one region. `railway_region` is the place where it runs, in Railway's words."""

    def __init__(
        self,
        region: Region,
        railway_region: str,
        faults: FaultBoard,
        agenda: Agenda,
        clock: Clock,
        record: Record,
        rng: Random,
    ) -> None:
        self.region = region
        self.railway_region = railway_region
        self._faults = faults
        self._agenda = agenda
        self._clock = clock
        self._record = record
        self._rng = rng
        self.id = self._identity()
        self.service_id = self._identity()
        wall = clock.wall()
        before = self._new(region.plan.previous_version, "deploy", wall - 10 * DAY_S)
        before.become(Status.SUCCESS, InstanceStatus.RUNNING, before.created_wall)
        before.become(Status.REMOVED, InstanceStatus.REMOVED, wall - 3 * DAY_S)
        self.live = self._new(region.plan.version, "deploy", wall - 3 * DAY_S)
        self.live.become(Status.SUCCESS, InstanceStatus.RUNNING, self.live.created_wall)
        self.deployments = [before, self.live]

    @property
    def latest(self) -> Deployment:
        return self.deployments[-1]

    @property
    def active(self) -> list[Deployment]:
        """What is deployed and runs, or has crashed."""
        return [self.live] if self.live.status in ACTIVE and not self.live.stopped else []

    def restart(self, deployment: Deployment, actor: str) -> bool:
        """Restart the live deployment's process; it is without what was wrong with the old one. False for another."""
        if deployment is not self.live:
            return False
        self.live.become(Status.SUCCESS, InstanceStatus.RESTARTING, self._clock.wall())
        self._tell("restart requested", deployment, actor)
        self.region.restart(self._clock.now_s())
        self._agenda.after(STOP_S, self._cure)
        return True

    def redeploy(self, deployment: Deployment, actor: str, *, previous_image: bool) -> Deployment:
        """Deploy the same version anew, with or without a build."""
        made = self._begin(deployment, "redeploy", actor)
        made.become(Status.BUILDING, InstanceStatus.CREATED, self._clock.wall())
        self._agenda.after(PREVIOUS_IMAGE_S if previous_image else BUILD_S, partial(self._deploy, made, actor))
        return made

    def roll_back(self, deployment: Deployment, actor: str) -> bool:
        """Deploy the image of an earlier deployment. False for one that never was live, or is."""
        if not deployment.was_live or deployment is self.live:
            return False
        self._deploy(self._begin(deployment, "rollback", actor), actor)
        return True

    def stop(self, deployment: Deployment, actor: str) -> bool:
        """End the process of the live deployment. False for another."""
        if deployment is not self.live:
            return False
        self.live.become(Status.SUCCESS, InstanceStatus.STOPPED, self._clock.wall())
        self._tell("stop requested", deployment, actor)
        self.region.stop()
        return True

    def follow(self) -> None:
        """Take note of what became of the process, and of a release that somebody else made."""
        version = self.region.release.partition("@")[2]
        if version != self.live.version:
            made = self._new(version, "deploy", self._clock.wall())
            self._add(made)
            self._tell("deployment made", made, SOMEBODY)
            self._succeed(made, SOMEBODY)
        runs = self.region.reach is not Reach.REFUSED
        if runs and self.live.instance in (InstanceStatus.RESTARTING, InstanceStatus.CRASHED):
            self.live.become(Status.SUCCESS, InstanceStatus.RUNNING, self._clock.wall())
        gave_up = self.live.instance is InstanceStatus.RESTARTING and not self.region.restarting
        if not runs and (gave_up or self.live.instance is InstanceStatus.RUNNING):
            self.live.become(Status.CRASHED, InstanceStatus.CRASHED, self._clock.wall())

    def _begin(self, like: Deployment, reason: str, actor: str) -> Deployment:
        made = self._new(like.version, reason, self._clock.wall())
        for pending in self.deployments:
            if pending.status in PENDING:
                pending.become(Status.SKIPPED, InstanceStatus.REMOVED, self._clock.wall())
        self._add(made)
        self._tell(f"{reason} requested", made, actor)
        return made

    def _deploy(self, made: Deployment, actor: str) -> None:
        if made.status in PENDING:
            made.become(Status.DEPLOYING, InstanceStatus.INITIALIZING, self._clock.wall())
            self._agenda.after(DEPLOY_S, partial(self._install, made, actor))

    def _install(self, made: Deployment, actor: str) -> None:
        """Swap the process. Which version runs decides whether the bad release does."""
        if made.status is not Status.DEPLOYING:
            return
        plan = self.region.plan
        is_bad = made.version == plan.next_version
        self.region.replace(plan.version if is_bad else made.version)
        self._cure()
        if is_bad and Kind.BAD_DEPLOY not in self._faults.of(plan.name):
            self._faults.begin(plan.name, Kind.BAD_DEPLOY, self._clock.now_s())
        if not is_bad:
            self._faults.end(plan.name, Kind.BAD_DEPLOY)
        self._succeed(made, actor)

    def _succeed(self, made: Deployment, actor: str) -> None:
        wall = self._clock.wall()
        old, self.live = self.live, made
        old.become(Status.REMOVING, InstanceStatus.REMOVED, wall)
        self._agenda.after(REMOVE_S, partial(self._remove, old))
        made.become(Status.SUCCESS, InstanceStatus.RUNNING, wall)
        self._tell("deployment live", made, actor)

    def _remove(self, old: Deployment) -> None:
        old.become(Status.REMOVED, InstanceStatus.REMOVED, self._clock.wall())

    def _cure(self) -> None:
        for kind in CURED_BY_RESTART:
            self._faults.end(self.region.plan.name, kind)

    def _new(self, version: str, reason: str, wall: float) -> Deployment:
        commit = hashlib.sha1(f"{self.region.plan.name} {version}".encode(), usedforsecurity=False).hexdigest()
        return Deployment(self._identity(), self._identity(), version, commit, reason, wall, changed_wall=wall)

    def _add(self, made: Deployment) -> None:
        self.deployments.append(made)
        if len(self.deployments) > KEPT:
            self.deployments.remove(next(each for each in self.deployments if each is not self.live))

    def _identity(self) -> str:
        return str(UUID(int=self._rng.getrandbits(128), version=4))

    def _tell(self, kind: str, deployment: Deployment, actor: str) -> None:
        name = self.region.plan.name
        text = f"{kind} by {actor}: {name} {deployment.version}"
        self._record.add(kind, name, text, actor=actor, deployment=deployment.id)
