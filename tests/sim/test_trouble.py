import asyncio
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route as Path

from npconsole.sim.agenda import Agenda
from npconsole.sim.fault import Fault, Kind
from npconsole.sim.trouble import LATE_S, Trouble
from tests.sim.fakeclock import FakeClock


def refusal(status: int, headers: Mapping[str, str]) -> Response:
    return PlainTextResponse("no", status, dict(headers))


class Bench:
    """A vendor whose GET reads and whose POST has an effect."""

    def __init__(self, *kinds: Kind) -> None:
        self.clock = FakeClock()
        self.agenda = Agenda(self.clock)
        self.effects = 0
        faults = {kind: Fault("railway", kind, 0.0, None) for kind in kinds}
        self._trouble = Trouble(lambda: faults, self.agenda, self.clock)
        app = Starlette(routes=[Path("/", self._serve, methods=["GET", "POST"])])
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://vendor")

    async def _serve(self, request: Request) -> Response:
        return await self._trouble.serve(request, self._effect, refusal, writes=request.method == "POST")

    def _effect(self) -> Response:
        self.effects += 1
        return PlainTextResponse("yes")


@pytest.mark.parametrize(
    ("kind", "retry_after"),
    [
        (Kind.VENDOR_429, "7"),
        (Kind.VENDOR_429_BARE, None),
        (Kind.VENDOR_429_NEGATIVE, "-1"),
        (Kind.VENDOR_429_HUGE, "1000000000"),
    ],
)
async def test_each_form_of_retry_after(kind: Kind, retry_after: str | None) -> None:
    bench = Bench(kind)
    for method in ("GET", "POST"):
        answer = await bench.client.request(method, "/")
        assert (answer.status_code, answer.headers.get("retry-after")) == (429, retry_after)
    assert bench.effects == 0


async def test_a_date_to_retry_after_is_ahead_of_the_wall_clock() -> None:
    bench = Bench(Kind.VENDOR_429_DATE)
    answer = await bench.client.post("/")
    assert parsedate_to_datetime(answer.headers["retry-after"]).timestamp() == bench.clock.wall() + 7


@pytest.mark.parametrize(
    ("kind", "read", "write", "effects"),
    [
        (Kind.ERRORS, 503, 503, 0),
        (Kind.ERROR_BEFORE, 200, 503, 0),
        (Kind.ERROR_AFTER, 200, 503, 1),
        (Kind.CONCURRENT_CHANGE, 200, 200, 1),
    ],
)
async def test_an_error_before_and_after_the_effect(kind: Kind, read: int, write: int, effects: int) -> None:
    bench = Bench(kind)
    assert (await bench.client.get("/")).status_code == read
    bench.effects = 0
    assert (await bench.client.post("/")).status_code == write
    assert bench.effects == effects


async def test_a_200_with_errors_has_no_effect() -> None:
    bench = Bench(Kind.OK_WITH_ERRORS)
    answer = await bench.client.post("/")
    assert (answer.status_code, answer.text, bench.effects) == (200, "no", 0)


async def test_a_late_effect_lands_once_long_after_the_client_gave_up() -> None:
    bench = Bench(Kind.LATE)
    assert (await bench.client.get("/")).text == "yes"
    bench.effects = 0
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await bench.client.post("/")
    bench.clock.at_s = LATE_S - 0.1
    bench.agenda.catch_up()
    assert bench.effects == 0
    bench.clock.at_s = LATE_S
    bench.agenda.catch_up()
    bench.agenda.catch_up()
    assert bench.effects == 1
