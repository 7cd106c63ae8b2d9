"""PromQL queries through prometheus-api-client, which blocks: each runs on a thread with a client object of its own.

Every query ends within the deadline, as series or as a SourceError. One that hangs keeps its thread, never its caller.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from npconsole.errors import BadAnswerError, Failure, NpconsoleError, UnreachableError
from npconsole.model.clock import Clock
from npconsole.net.answer import Answer, accept
from npconsole.net.offload import offload
from npconsole.net.text import clean
from npconsole.sources.prometheus.login import Login
from npconsole.sources.prometheus.series import Series, parse

if TYPE_CHECKING:
    from prometheus_api_client import PrometheusConnect

WHAT = "Prometheus"
AT_ONCE = 4
"""Queries in flight. A server runs 20 at a time by default (`--query.max-concurrency`), and others ask as well."""


class PromqlClient:
    """A PromQL store at `url` (without `/api/v1`; Grafana Cloud's ends in `/api/prom`).

    `deadline_s` bounds each query, waiting for its turn included.
    """

    def __init__(
        self, url: str, *, deadline_s: float, clock: Clock, login: Login | None = None, max_bytes: int = 8_000_000
    ) -> None:
        self._url = url.rstrip("/")
        self._host = clean(urlsplit(url).netloc)
        self._deadline_s = deadline_s
        self._clock = clock
        self._login = login
        self._max_bytes = max_bytes
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._idle: deque[PrometheusConnect] = deque()
        self._closed = False

    async def query(self, promql: str) -> tuple[Series, ...]:
        """The answer now. Raise SourceError; UnauthorisedError names the secret's setting."""
        return parse(await self._asked(lambda api: api.custom_query(promql, params=self._params)))

    async def query_range(self, promql: str, start_wall: int, end_wall: int, step_s: int) -> tuple[Series, ...]:
        """The answers from `start_wall` to `end_wall` (epoch seconds, both included), every `step_s`.

        A server refuses more than 11,000 points per series.
        """
        start, end = (datetime.fromtimestamp(wall, UTC) for wall in (start_wall, end_wall))
        return parse(
            await self._asked(
                lambda api: api.custom_query_range(promql, start, end, step=f"{step_s}s", params=self._params)
            )
        )

    async def values(self, promql: str) -> tuple[float | None, ...]:
        """The value of each series of the answer now; NaN and infinity are None."""
        return tuple(series.last for series in await self.query(promql))

    @contextlib.asynccontextmanager
    async def deadline(self) -> AsyncIterator[None]:
        """Bound all that is asked inside to the deadline of one query; raise UnreachableError when it is over."""
        try:
            async with asyncio.timeout(self._deadline_s):
                yield
        except TimeoutError:
            raise UnreachableError(
                f"{WHAT} at {self._host}: no answer within {self._deadline_s:g} s",
                Failure.TIMEOUT,
                hint="is it overloaded? poll.vendor_timeout is how long to wait",
            ) from None

    def close(self) -> None:
        """Close what is idle; what is in flight closes when it ends."""
        self._closed = True
        self._close_idle()

    @property
    def _params(self) -> dict[str, str]:
        """Has the server give up as well when we do."""
        return {"timeout": f"{self._deadline_s:g}"}

    async def _asked(self, ask: Callable[["PrometheusConnect"], object]) -> object:
        loop = asyncio.get_running_loop()
        async with self.deadline():
            await self._turns.acquire()
            return await offload(lambda: self._in_turn(ask, loop), name="npconsole-promql")

    def _in_turn(self, ask: Callable[["PrometheusConnect"], object], loop: asyncio.AbstractEventLoop) -> object:
        """On the thread: borrow a client, ask, give both back also when nobody waits any more."""
        try:
            api = self._borrowed()
            try:
                return self._translated(ask, api)
            finally:
                self._idle.append(api)
                if self._closed:
                    self._close_idle()
        finally:
            with contextlib.suppress(RuntimeError):  # the loop has closed: there are no turns any more
                loop.call_soon_threadsafe(self._turns.release)

    def _translated(self, ask: Callable[["PrometheusConnect"], object], api: "PrometheusConnect") -> object:
        from prometheus_api_client.exceptions import PrometheusApiClientException
        from requests import JSONDecodeError, RequestException
        from urllib3.exceptions import HTTPError

        from npconsole.sources.prometheus.failure import explain

        try:
            return ask(api)
        except NpconsoleError:
            raise
        except (PrometheusApiClientException, JSONDecodeError, KeyError, TypeError, RecursionError):
            raise BadAnswerError(
                f"{WHAT} at {self._host}: the answer is not one of its API",
                hint="prometheus.url is the address without /api/v1; Grafana Cloud's ends in /api/prom",
            ) from None
        except (RequestException, HTTPError, OSError) as error:
            failure, phrase = explain(error)
            raise UnreachableError(f"{WHAT} at {self._host}: {phrase}", failure) from None

    def _borrowed(self) -> "PrometheusConnect":
        with contextlib.suppress(IndexError):
            return self._idle.pop()
        from prometheus_api_client import PrometheusConnect

        from npconsole.sources.prometheus.session import BoundedSession, PlainAdapter

        session = BoundedSession(deadline_s=self._deadline_s, max_bytes=self._max_bytes, judge=self._judge)
        api = PrometheusConnect(url=self._url, session=session, auth=self._login)
        session.mount(self._url, PlainAdapter())
        return api

    def _judge(self, answer: Answer) -> None:
        setting = self._login.setting if self._login else "prometheus.password"
        accept(answer, what=f"{WHAT} at {self._host}", setting=setting, wall=self._clock.wall())

    def _close_idle(self) -> None:
        with contextlib.suppress(IndexError):
            while True:
                self._idle.pop().close()
