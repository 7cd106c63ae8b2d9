"""The real sentry-sdk sends to a real listener."""

import asyncio
from collections.abc import AsyncIterator, Callable
from random import Random

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from npconsole.sim.failure import Cause, Failure
from npconsole.sim.fault import Reach
from npconsole.sim.listener import Listener
from npconsole.sim.record import Record
from npconsole.sim.reporter import BURST, HOSTILE_TITLE, Reporter
from npconsole.sim.route import FORECAST
from npconsole.sim.sentry.api import SentryApi
from npconsole.sim.sentry.gate import Gate, Tokens
from npconsole.sim.sentry.issue import Substatus
from npconsole.sim.sentry.store import Store
from tests.sim.fakeclock import FakeClock
from tests.sim.sentry.test_issue import BACKEND, FRONTEND

LIMIT_S = 10.0
FAILURE = Failure("us-east", "neuropilot@17.2.0", FORECAST, Cause.RELEASE)


class Witness:
    """Notes the encoding of every envelope that passes, and wakes who waits."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.encodings: list[str] = []
        self._passed = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)
        headers = dict(scope["headers"])
        self.encodings.append(headers[b"content-encoding"].decode())
        self._passed.set()

    async def until(self, done: Callable[[], bool]) -> None:
        async with asyncio.timeout(LIMIT_S):
            while not done():
                self._passed.clear()
                await self._passed.wait()


class Bench:
    """A Sentry on a port, and services that report to it."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.store = Store((BACKEND, FRONTEND))
        gate = Gate("neuropilot", Tokens("w", "r"), self.clock, Random(1), dict, Record(self.clock))
        api = SentryApi(self.store, gate, self.clock)
        self.witness = Witness(api.app)
        self.listener = Listener(self.witness)
        dsns = [f"http://{p.key}@127.0.0.1:{self.listener.port}/{p.id}" for p in self.store.projects]
        self.reporter = Reporter(dsns[0], dsns[1], ["us-east"], self.clock, Random(1))


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    made = Bench()
    await made.listener.follow(Reach.OPEN)
    yield made
    made.reporter.end()
    made.listener.end()


async def test_brotli_from_the_backend_and_gzip_from_the_frontend_become_issues(bench: Bench) -> None:
    bench.reporter.report(FAILURE)
    bench.reporter.report_frontend()
    await bench.witness.until(lambda: bench.store.events == 2)
    assert sorted(bench.witness.encodings) == ["br", "gzip"]
    backend, frontend = sorted(bench.store.all(), key=lambda issue: issue.project)
    event = backend.latest
    assert event.title == "KeyError: 'forecast_v2'"
    assert event.culprit == "/api/forecast/ai/forecast"
    assert (event.release, event.environment, event.unhandled) == ("neuropilot@17.2.0", "staging", True)
    assert event.tags["region"] == "us-east"
    assert event.user_id.startswith("user-")
    assert event.frames[-1]["function"] == "read_forecast"
    assert event.frames[-1]["context_line"].strip() == 'row["forecast_v2"]'
    assert "vars" not in event.frames[-1]
    assert frontend.latest.raw["platform"] == "javascript"


@pytest.mark.parametrize("cause", list(Cause))
async def test_every_cause_is_an_issue_of_its_own(bench: Bench, cause: Cause) -> None:
    bench.reporter.report(Failure("us-east", "r@1", FORECAST, cause))
    await bench.witness.until(lambda: bench.store.events == 1)
    assert bench.store.all()[0].latest.frames[-1]["module"] == "npconsole.sim.failure"


async def test_hostile_text_arrives_as_it_is(bench: Bench) -> None:
    bench.reporter.report_hostile("us-east")
    await bench.witness.until(lambda: bench.store.events == 1)
    assert bench.store.all()[0].latest.title == HOSTILE_TITLE == "[@click=app.quit]x[/] \x1b]52;c;aGk=\x07 [/b]"


async def test_the_past_is_ongoing(bench: Bench) -> None:
    bench.reporter.report_past("us-east", "neuropilot@17.1.3")
    await bench.witness.until(lambda: bench.store.events == 12)
    issues = bench.store.all()
    assert len(issues) == 2
    assert {issue.substatus(bench.clock.at_s) for issue in issues} == {Substatus.ONGOING}
    assert all(2 * 86400 < bench.clock.wall() - issue.first_wall <= 3 * 86400 + 60 for issue in issues)


async def test_a_storm_is_sampled(bench: Bench) -> None:
    for _ in range(200):
        bench.reporter.report(FAILURE)
    await bench.witness.until(lambda: bench.store.events >= BURST)
    bench.clock.at_s += 0.1
    bench.reporter.report_frontend()
    bench.reporter.report(FAILURE)
    await bench.witness.until(lambda: bench.store.events == BURST + 2)
