import asyncio

import httpx
import pytest

from npconsole.sim.estate import AREA_SHARE, STEERING
from npconsole.sim.monitor import INTERVAL_S, RETRY_S, health_probe, watch
from npconsole.sim.record import Record
from npconsole.sim.steering import Arrangement, Steering
from tests.sim.fakeclock import FakeClock

DOWN_S, UP_S, END_S = 22.0, 62.0, 100.0


async def test_fail_over_and_back_take_the_configured_sim_time() -> None:
    clock = FakeClock()
    record = Record(clock)
    steering = Steering(Arrangement(STEERING), AREA_SHARE, 2, record)

    async def probe() -> str:
        if clock.at_s >= END_S:
            raise asyncio.CancelledError
        return "refuses connections" if DOWN_S <= clock.at_s < UP_S else ""

    with pytest.raises(asyncio.CancelledError):
        await watch("us-east", probe, steering, clock, lambda: False)
    moved = [entry.at_s for entry in record.entries if entry.kind == "fail-over"]
    assert moved == [25.0 + 2 * RETRY_S, pytest.approx(UP_S + INTERVAL_S + 1, abs=INTERVAL_S)]


async def test_a_blind_edge_holds_its_state() -> None:
    clock = FakeClock()
    steering = Steering(Arrangement(STEERING), AREA_SHARE, 2, Record(clock))

    def blind() -> bool:
        if clock.at_s >= END_S:
            raise asyncio.CancelledError
        return True

    async def probe() -> str:
        raise AssertionError("a blind edge asks nobody")

    with pytest.raises(asyncio.CancelledError):
        await watch("us-east", probe, steering, clock, blind)
    assert steering.pools["us-east"].healthy


@pytest.mark.parametrize(
    ("behaviour", "problem"),
    [
        (httpx.Response(200), ""),
        (httpx.Response(503), "answers 503"),
        (httpx.ConnectError("refused"), "refuses connections"),
        (httpx.ReadTimeout("late"), "does not answer in time"),
    ],
)
async def test_what_a_check_finds(behaviour: httpx.Response | httpx.HTTPError, problem: str) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        assert request.url == "http://region/health"
        if isinstance(behaviour, httpx.HTTPError):
            raise behaviour
        return behaviour

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
        assert await health_probe(client, "http://region")() == problem
