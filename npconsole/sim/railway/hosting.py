"""The project at Railway: one environment, and one service in it for each region."""

from collections.abc import Mapping
from random import Random
from uuid import UUID

from npconsole.sim.agenda import Agenda
from npconsole.sim.clock import Clock
from npconsole.sim.fault import FaultBoard
from npconsole.sim.railway.deployment import Deployment
from npconsole.sim.railway.serviceinstance import ServiceInstance
from npconsole.sim.record import Record
from npconsole.sim.region import Region

ENVIRONMENT = "staging"
PLACES = {"us-east": "us-east4-eqdc4a", "us-west": "us-west2", "eu-west": "europe-west4-drams3a"}
"""Railway's names of the regions: https://docs.railway.com/deployments/regions"""


class Hosting:
    """All services by the name of their region. Ids are drawn from `rng`, so that a seed repeats them."""

    def __init__(
        self,
        regions: Mapping[str, Region],
        faults: FaultBoard,
        agenda: Agenda,
        clock: Clock,
        record: Record,
        rng: Random,
    ) -> None:
        self.project_id = str(UUID(int=rng.getrandbits(128), version=4))
        self.environment_id = str(UUID(int=rng.getrandbits(128), version=4))
        self.workspace_id = str(UUID(int=rng.getrandbits(128), version=4))
        self.services = {
            name: ServiceInstance(region, PLACES[name], faults, agenda, clock, record, rng)
            for name, region in regions.items()
        }

    def follow(self) -> None:
        """Take note of what became of the regions. To be called after each of their steps."""
        for service in self.services.values():
            service.follow()

    def service(self, service_id: str) -> ServiceInstance | None:
        """A service by its id."""
        return next((each for each in self.services.values() if each.service_id == service_id), None)

    def deployment(self, deployment_id: str) -> tuple[ServiceInstance, Deployment] | None:
        """A deployment by its id, with its service."""
        for service in self.services.values():
            for deployment in service.deployments:
                if deployment.id == deployment_id:
                    return service, deployment
        return None
