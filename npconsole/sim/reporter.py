"""How the simulated services report errors: the real sentry-sdk, one client of its own for each region and project.

Nothing global is set up: no `sentry_sdk.init`, no integrations, no exit hooks, so that another SDK in the process is
undisturbed.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from random import Random
from typing import Any, Literal

import sentry_sdk
from sentry_sdk.utils import event_from_exception

from npconsole.sim.clock import Clock
from npconsole.sim.failure import CODE, Cause, Failure
from npconsole.sim.route import FORECAST

MOST_PER_S = 20.0
BURST = 40.0
ENVIRONMENT = "staging"
USERS = 400
FRONTEND_RELEASE = "inventory@4.2.0"
HOSTILE_TITLE = "[@click=app.quit]x[/] \x1b]52;c;aGk=\x07 [/b]"
PAST_S = (3 * 86400, 2 * 86400, 90000, 30000, 7000, 400)


def client(dsn: str, release: str, algorithm: Literal["br", "gzip"]) -> sentry_sdk.Client:
    """A client that sends at once and compresses as told: `br` or `gzip`."""
    experiments: Any = {"transport_compression_algo": algorithm}  # the SDK's type for it is not public
    return sentry_sdk.Client(
        dsn=dsn,
        release=release,
        environment=ENVIRONMENT,
        default_integrations=False,
        auto_enabling_integrations=False,
        auto_session_tracking=False,
        include_local_variables=False,
        in_app_include=["npconsole"],
        shutdown_timeout=0,
        _experiments=experiments,
    )


class Reporter:
    """Sends events, at most 20 a second in all: the rest is dropped, as an SDK's sampling does."""

    def __init__(self, backend_dsn: str, frontend_dsn: str, regions: Iterable[str], clock: Clock, rng: Random) -> None:
        self._clock = clock
        self._rng = rng
        self._backends = {name: client(backend_dsn, "", "br") for name in regions}
        self._frontend = client(frontend_dsn, FRONTEND_RELEASE, "gzip")
        self._allowance = BURST
        self._refilled_wall = clock.wall()

    def report(self, failure: Failure, at_wall: float | None = None) -> None:
        """Send the exception that this failed request raised, now or with an earlier time."""
        if not self._allowed():
            return
        backend = self._backends[failure.region]
        try:
            CODE[failure.cause]()
        except Exception as error:  # noqa: BLE001 - whatever the code raises is what is reported
            mechanism = {"type": "starlette", "handled": False}
            event, hint = event_from_exception(error, client_options=backend.options, mechanism=mechanism)
            event["release"] = failure.release
            event["transaction"] = failure.route.path
            event["request"] = {"method": failure.route.method, "url": f"https://api.neuropilot.ai{failure.route.path}"}
            self._send(backend, event, failure.region, at_wall, hint)

    def report_frontend(self, at_wall: float | None = None) -> None:
        """Send a browser's error, as the frontend's SDK would."""
        frame = {"filename": "app.js", "abs_path": "https://inventory.neuropilot.ai/app.js", "in_app": True}
        frames = [
            frame | {"function": "render", "lineno": 118, "colno": 9},
            frame | {"function": "row7", "lineno": 9, "colno": 31},
        ]
        exception = {
            "type": "TypeError",
            "value": "Cannot read properties of undefined (reading 'stock')",
            "mechanism": {"type": "onerror", "handled": False},
            "stacktrace": {"frames": frames},
        }
        event: Any = {"exception": {"values": [exception]}, "transaction": "/inventory", "platform": "javascript"}
        self._send(self._frontend, event, "", at_wall)

    def report_hostile(self, region: str) -> None:
        """Send a message whose text attacks whatever shows it."""
        event: Any = {"message": HOSTILE_TITLE, "level": "warning", "release": f"{HOSTILE_TITLE[:21]}@1"}
        self._send(self._backends[region], event, region)

    def report_past(self, region: str, release: str) -> None:
        """Send what the last days brought, so that the first issue list is not empty."""
        for age_s in PAST_S:
            wall = self._clock.wall() - age_s
            self.report(Failure(region, release, FORECAST, Cause.UPSTREAM), wall)
            self.report_frontend(wall + 60)

    def end(self) -> None:
        """Stop the clients without waiting for what is unsent."""
        for each in (*self._backends.values(), self._frontend):
            each.close(timeout=0)

    def _send(
        self, sender: sentry_sdk.Client, event: Any, region: str, at_wall: float | None = None, hint: Any = None
    ) -> None:
        if at_wall is not None:
            event["timestamp"] = datetime.fromtimestamp(at_wall, UTC)
        sender.capture_event(event, hint, scope=self._scope(region))

    def _scope(self, region: str) -> sentry_sdk.Scope:
        scope = sentry_sdk.Scope()
        if region:
            scope.set_tag("region", region)
        scope.set_user({"id": f"user-{self._rng.randrange(USERS)}"})
        return scope

    def _allowed(self) -> bool:
        """A token bucket over real time."""
        wall = self._clock.wall()
        refill = max(0.0, wall - self._refilled_wall) * MOST_PER_S
        self._allowance = min(BURST, self._allowance + refill)
        self._refilled_wall = wall
        if self._allowance < 1:
            return False
        self._allowance -= 1
        return True
