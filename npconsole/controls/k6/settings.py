"""What the load engine is configured with, beside what each load says."""

from collections.abc import Callable
from dataclasses import dataclass

from npconsole.model.secret import Secret

Resolve = Callable[[], Secret]


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the built-in scenario: made in an iteration with this chance, 0 to 1.

    An empty `path` is the load's asset. `login` asks for a bearer token.
    """

    name: str
    path: str
    chance: float
    login: bool = False


@dataclass(frozen=True, slots=True)
class RemoteWrite:
    """Where k6 sends its own metrics meanwhile, by Prometheus remote write."""

    url: str
    user: str = ""
    password: Resolve | None = None
    token: Resolve | None = None


@dataclass(frozen=True, slots=True)
class Cloud:
    """Grafana Cloud k6, for loads that one host cannot send."""

    token: Resolve | None = None
    project_id: str = ""
    stack_id: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """`think_s` is the mean time that a user thinks after an iteration, `timeout_s` when a request has failed.

    A load that brings no thresholds is judged by `p95_ms`, `error_ratio` and, where it can reach it, `min_rate`
    requests per second (0: never). `seed` fixes what the users draw. `pass_on` are variables that a script of one's own
    may see. `in_cloud` has every load sent from k6's cloud.
    """

    calls: tuple[Call, ...]
    think_s: float = 1.0
    timeout_s: float = 10.0
    longest_s: float = 3600.0
    most_users: int = 2000
    p95_ms: float = 400.0
    error_ratio: float = 0.05
    min_rate: float = 50.0
    seed: int = 1
    login_path: str = "/api/auth/login"
    email: Resolve | None = None
    password: Resolve | None = None
    token: Resolve | None = None
    binary: str = ""
    pass_on: tuple[str, ...] = ()
    remote_write: RemoteWrite | None = None
    cloud: Cloud = Cloud()
    in_cloud: bool = False

    @property
    def has_credentials(self) -> bool:
        """Whether calls that need a login can be made."""
        return self.token is not None or (self.email is not None and self.password is not None)
