import asyncio

from npconsole.sim.clock import SimClock


def test_speed_hastens_sim_time_and_not_the_wall() -> None:
    ticks = iter([100.0, 101.5])
    clock = SimClock(60, monotonic=lambda: next(ticks), wall=lambda: 7.0)
    assert clock.now_s() == 90.0
    assert clock.wall() == 7.0


async def test_a_minute_of_sim_time_passes_in_a_second_at_speed_60() -> None:
    loop = asyncio.get_running_loop()
    before = loop.time()
    await SimClock(600).sleep(60)
    assert 0.09 <= loop.time() - before < 0.9
