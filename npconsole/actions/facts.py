"""What guards judge: gathered from the world before the intent, because no transaction waits for a network.

What could not be read is there as the reason why, never as a value made up.
"""

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from npconsole.actions.frame import Draft
from npconsole.actions.rules import Rules
from npconsole.actions.world import World
from npconsole.errors import ExitCode, NpconsoleError
from npconsole.model.action import ActionSpec, Danger
from npconsole.model.controls import Allowance, Metered, Pool
from npconsole.model.run import RunRequest
from npconsole.model.snapshot import Snapshot
from npconsole.model.vitals import Health

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CredentialFact:
    """Whether a vendor accepts our credential: `exit_code` OK, or that of the reason in `words`."""

    vendor: str
    words: str
    exit_code: ExitCode = ExitCode.OK


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a guard may know beside the ledger. Instants are `Clock.now()` seconds; ids are those of the estate.

    `places` are the service and the environment that the target is in, `rotation` the regions of its service: those
    that serve its traffic together. `probes` are health checks of their origins, made just now. `pools` go by region
    id, for regions that have one. `online` is None when it was not checked. `digest` is that of the plan made just now.
    """

    spec: ActionSpec
    request: RunRequest
    rules: Rules
    draft: Draft
    digest: str
    gathered_at: float
    judged_at: float
    places: tuple[str, ...] = ()
    rotation: tuple[str, ...] = ()
    snapshot: Snapshot | None = None
    snapshot_problem: str = ""
    probes: Mapping[str, Health] = field(default_factory=dict)
    pools: Mapping[str, Pool] = field(default_factory=dict)
    pools_problem: str = ""
    online: bool | None = None
    credentials: Sequence[CredentialFact] = ()
    allowances: Mapping[str, Allowance] = field(default_factory=dict)

    @property
    def target(self) -> str:
        return self.request.target

    @property
    def danger(self) -> Danger:
        """What it takes to confirm this very run."""
        return self.draft.danger or self.spec.danger

    def serves(self, region_id: str) -> bool:
        """Whether a region is healthy by its own origin, and not switched off at the edge."""
        health, pool = self.probes.get(region_id), self.pools.get(region_id)
        return health is not None and health.healthy and (pool is None or pool.enabled)

    @property
    def serving(self) -> tuple[str, ...]:
        """The regions that serve traffic now."""
        return tuple(each for each in self.rotation if self.serves(each))


class Gathering:
    """Reads the facts for one plan, all at the same time, each with a deadline."""

    def __init__(self, world: World, rules: Rules) -> None:
        self._world = world
        self._timeout_s = rules.pace.read_timeout_s
        self._rules = rules

    async def facts(self, spec: ActionSpec, request: RunRequest, draft: Draft, digest: str) -> Facts:
        """Never raises for what cannot be read."""
        world = self._world
        began = world.clock.now()
        rotation = tuple(region.id for region in world.siblings(request.target))
        async with asyncio.TaskGroup() as group:
            snapshot = group.create_task(self._read(world.look()))
            pools = group.create_task(self._read(self._pools(rotation)))
            online = group.create_task(self._read(self._online()))
            probes = {each: group.create_task(self._read(world.probes[each].read())) for each in rotation}
            credentials = [group.create_task(self._credential(vendor)) for vendor in draft.vendors]
        seen = {each: task.result()[0] for each, task in probes.items()}
        return Facts(
            spec=spec,
            request=request,
            rules=self._rules,
            draft=draft,
            digest=digest,
            gathered_at=began,
            judged_at=world.clock.now(),
            places=world.places(request.target),
            rotation=rotation,
            snapshot=snapshot.result()[0],
            snapshot_problem=snapshot.result()[1],
            probes={each: health for each, health in seen.items() if health is not None},
            pools=pools.result()[0] or {},
            pools_problem=pools.result()[1],
            online=online.result()[0],
            credentials=[task.result() for task in credentials],
            allowances=self._allowances(request.target, draft.vendors),
        )

    async def _read(self, reading: Awaitable[T]) -> tuple[T | None, str]:
        """The value, or None and why there is none."""
        try:
            async with asyncio.timeout(self._timeout_s):
                return await reading, ""
        except NpconsoleError as error:
            return None, error.message
        except TimeoutError:
            return None, "no answer in time"

    async def _pools(self, rotation: Sequence[str]) -> dict[str, Pool]:
        """The pools of the regions that have one. Raises SourceError: a pool that is not there is one, too."""
        wanted = {each: self._world.pool_ids[each] for each in rotation if self._world.pool_ids.get(each)}
        if self._world.traffic is None or not wanted:
            return {}
        found = {pool.id: pool for pool in await self._world.traffic.pools(set(wanted.values()))}
        return {each: found[pool_id] for each, pool_id in wanted.items() if pool_id in found}

    async def _online(self) -> bool | None:
        return None if self._world.connectivity is None else await self._world.connectivity.read()

    async def _credential(self, vendor: str) -> CredentialFact:
        check = self._world.credentials.get(vendor)
        if check is None:
            return CredentialFact(vendor, f"no credential for {vendor} is configured", ExitCode.UNAUTHORISED)
        try:
            async with asyncio.timeout(self._timeout_s):
                return CredentialFact(vendor, await check.verify())
        except NpconsoleError as error:
            return CredentialFact(vendor, error.message, error.exit_code)
        except TimeoutError:
            return CredentialFact(vendor, f"{vendor} did not answer in time", ExitCode.UNREACHABLE)

    def _allowances(self, target: str, vendors: Sequence[str]) -> dict[str, Allowance]:
        """What the vendors said of their limits in the answers above."""
        world = self._world
        controls: dict[str, Metered | None] = {
            "railway": world.services.get(target),
            "cloudflare": world.traffic or next(iter(world.caches.values()), None),
            "sentry": world.issues,
        }
        found = {vendor: controls.get(vendor) for vendor in vendors}
        return {vendor: control.allowance for vendor, control in found.items() if control is not None}
