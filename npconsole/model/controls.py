"""The ports to what can be changed: services, caches, pools, issues. Adapters in `controls` fulfil them.

Reading methods raise `SourceError` (and its kinds). Writing methods return when the vendor confirmed the call, which is
not yet proof that it worked. They raise `NotAppliedError` when there certainly was no effect (its exit code is that of
the reason), `LimitedError` when the vendor wants to be asked later, and `UnknownOutcomeError` when there may have been
an effect; so may there be when a write is cancelled. They never send a write twice by themselves. `UsageError`, for
what makes no sense or a setting that is missing, comes from both before anything is sent.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class DeploymentState(StrEnum):
    """A deployment's state in our words; anything a vendor adds later is `unknown`.

    `pending` waits for a person or a check, and nothing runs yet; `failed` never went live; `stopped` did, and all its
    instances have ended.
    """

    LIVE = "live"
    PENDING = "pending"
    CHANGING = "changing"
    FAILED = "failed"
    CRASHED = "crashed"
    STOPPED = "stopped"
    REMOVED = "removed"
    SLEEPING = "sleeping"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a vendor's last answer said of its request limit; None is not said. `reset_s` is seconds from that answer
    until `remaining` is full again.
    """

    limit: float | None = None
    remaining: float | None = None
    reset_s: float | None = None


class Metered(Protocol):
    """A control whose vendor counts requests."""

    @property
    def allowance(self) -> Allowance:
        """What the last answer said; nothing before the first."""
        ...


@dataclass(frozen=True, slots=True)
class Deployment:
    """One deployment. `changed` and `created` are the vendor's own time stamps, compared and shown but never computed
    with.

    `instances` are (id, state) in the vendor's words. `commit` and `regions` are what its metadata says: a deployment
    of several regions is restarted in all of them.
    """

    id: str
    state: DeploymentState
    word: str
    changed: str
    instances: tuple[tuple[str, str], ...] = ()
    can_rollback: bool = False
    can_redeploy: bool = False
    commit: str = ""
    regions: tuple[str, ...] = ()
    created: str = ""


class ServiceControl(Metered, Protocol):
    """A region's service at its host."""

    async def live(self) -> Deployment:
        """The deployment that is in force now: the running one, else the one that crashed, stopped or sleeps.

        Raises BadAnswerError when there is none. A newer one may be on its way: `recent` tells.
        """
        ...

    async def deployment(self, deployment_id: str) -> Deployment: ...

    async def recent(self, limit: int) -> Sequence[Deployment]:
        """Deployments of the service, latest first."""
        ...

    async def restart(self, deployment_id: str) -> None:
        """Restart without a build. The deployment keeps its id."""
        ...

    async def redeploy(self, deployment_id: str) -> str:
        """Deploy the same image again; the id of the new deployment."""
        ...

    async def rollback(self, deployment_id: str) -> None:
        """Make an earlier deployment the live one."""
        ...


class PurgeKind(StrEnum):
    """What a purge names."""

    URLS = "urls"
    TAGS = "tags"
    PREFIXES = "prefixes"
    HOSTS = "hosts"
    EVERYTHING = "everything"


@dataclass(frozen=True, slots=True)
class PurgeLimits:
    """How much may be asked at once: operations in a request, requests in a burst, and how many come back per
    second.
    """

    per_request: int
    burst: int
    per_second: float


@dataclass(frozen=True, slots=True)
class CacheEntry:
    """What an edge says of its copy of an address: `CF-Cache-Status` (HIT, MISS, EXPIRED, ...; empty when it has none),
    and for how many seconds it has had the copy, None when it does not say.
    """

    status: str
    age_s: float | None = None


class CacheControl(Metered, Protocol):
    """The edge's cache."""

    def limits(self, kind: PurgeKind) -> PurgeLimits:
        """The documented limits of the configured plan."""
        ...

    async def purge(self, kind: PurgeKind, values: Sequence[str]) -> None:
        """Ask for one request's worth of purging; everything takes no values. Accepted is not purged.

        LimitedError says when to come back.
        """
        ...

    async def cache_status(self, url: str) -> str:
        """`CF-Cache-Status` of a fresh request to a URL of the edge: HIT, MISS, EXPIRED, ...; empty when it has
        none.
        """
        ...

    async def entry(self, url: str) -> CacheEntry:
        """The same with the age of the edge's copy: one that others have fetched since a purge is new, too."""
        ...


@dataclass(frozen=True, slots=True)
class Pool:
    """A pool of origins. `revision` changes whenever anybody changes the pool, empty when the vendor does not say.

    `healthy` is what the vendor's own checks say; None when it does not check the pool (one that is off is never
    checked), its answer could not be read, or it was not asked, as after a change. `shed_percent` is of new sessions
    and traffic without any, `session_shed_percent` of existing sessions.
    """

    id: str
    name: str
    enabled: bool
    revision: str
    healthy: bool | None = None
    origins: tuple[str, ...] = ()
    shed_percent: float = 0.0
    session_shed_percent: float = 0.0


@dataclass(frozen=True, slots=True)
class LoadBalancer:
    """A load balancer and the pools it uses, in its order of preference.

    `placed` are further pools that it uses for some places or rules only. Without `proxied` its clients follow DNS, and
    a shift takes as long as they keep an answer.
    """

    id: str
    name: str
    enabled: bool
    pools: tuple[str, ...]
    fallback: str
    steering: str
    placed: tuple[str, ...] = ()
    proxied: bool = True


class TrafficControl(Metered, Protocol):
    """The edge's load balancing."""

    async def pool(self, pool_id: str) -> Pool: ...

    async def pools(self, ids: Collection[str] | None = None) -> Sequence[Pool]:
        """The pools of these ids, or all; complete or an error. An id that does not exist is left out."""
        ...

    async def balancers(self) -> Sequence[LoadBalancer]:
        """The load balancers of the zone."""
        ...

    async def set_enabled(self, pool_id: str, *, enabled: bool) -> Pool:
        """Switch a pool on or off; a state, so it may be asked for again. The pool as the vendor has it afterwards."""
        ...

    async def set_shedding(self, pool_id: str, *, percent: float, session_percent: float) -> Pool:
        """Shed shares of a pool's traffic to the others, 0 to 100: of new sessions, and of existing ones.

        Policies set by people stay. The pool as the vendor has it afterwards.
        """
        ...


@dataclass(frozen=True, slots=True)
class IssueStatus:
    """Where an issue stands, in Sentry's words. `assigned_to` is `user:<id>`, `team:<id>` or empty."""

    status: str
    substatus: str
    assigned_to: str


class IssueControl(Metered, Protocol):
    """Sentry's issues, one at a time."""

    async def find(self, short_id: str) -> str:
        """The id of a short id such as API-12. Raises BadAnswerError when there is none."""
        ...

    async def status(self, issue_id: str) -> IssueStatus: ...

    async def resolve(self, issue_id: str, *, in_next_release: bool) -> None: ...

    async def archive(self, issue_id: str) -> None:
        """Until it escalates."""
        ...

    async def assign(self, issue_id: str, to: str) -> None:
        """To `user:<id>`, `team:<id>` or an e-mail address; empty for nobody."""
        ...

    async def restore(self, issue_id: str, before: IssueStatus) -> None:
        """Put back what `status` said before. Conditions of an archiving, such as "until 100 users", are lost."""
        ...


class CredentialCheck(Protocol):
    """Whether a vendor accepts our credential, before anything is sent with it."""

    async def verify(self) -> str:
        """What the credential is good for, in words. Raises UnauthorisedError naming the setting."""
        ...
