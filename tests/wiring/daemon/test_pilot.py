"""Ticks that go wrong, and the ones that come after them."""

import asyncio
from typing import Any

from npconsole.model.heal import Choice
from npconsole.model.snapshot import Snapshot
from tests.engine.estates import SLOW
from tests.wiring.daemon.scene import Scene


async def test_a_check_is_counted_timed_and_written_down(scene: Scene) -> None:
    pilot = scene.pilot()
    scene.post.leadership.renew()
    await pilot.tick(check=True)
    assert pilot.ticked is not None
    assert pilot.ticked.view.undelivered == ("slack: 503",)
    assert (scene.post.meters.checks, scene.post.meters.failed) == (1, 0)
    [line] = scene.lines("check")
    assert (line["levels"], line["online"]) == ({"ok": 3}, True)


async def test_who_does_not_lead_judges_nothing(scene: Scene) -> None:
    pilot = scene.pilot()
    await pilot.tick(check=True)
    assert (pilot.ticked, pilot.helm) == (None, None)
    assert len(scene.lines("leader.lost")) == 1


async def test_a_fault_of_ours_is_counted_each_time_logged_once_and_survived(scene: Scene) -> None:
    faulty = [True, True, False, True]

    def look() -> Snapshot:
        if faulty.pop(0):
            raise ValueError("a fault")
        return scene.place.minute()

    pilot = scene.pilot(look)
    scene.post.leadership.renew()
    for _ in range(4):
        await pilot.tick(check=True)
    assert (scene.post.meters.failed, scene.post.meters.checks) == (3, 1)
    assert len(scene.lines("check.failed")) == 2


async def test_a_memory_that_fails_in_between_loses_no_decision(scene: Scene) -> None:
    pilot = scene.pilot()
    scene.post.leadership.renew()
    await pilot.tick(check=True)
    scene.place.world.vitals["us-east"] = SLOW
    while pilot.helm is not None and pilot.helm.pending is None:
        await pilot.tick(check=True)
    assert pilot.helm is not None
    acted = pilot.helm.pending
    pilot.helm = None  # as after a failure: what is known is read again
    await pilot.tick(check=True)
    helm: Any = pilot.helm
    assert helm.pending == acted
    assert [each.choice for each in scene.place.stores.heal.decisions()] == [Choice.ACT]


async def test_checks_come_at_their_times_and_none_is_made_up_for(scene: Scene) -> None:
    """The clock of this test jumps by a minute with each look, and by an hour with one of them."""
    jumps = iter([0.0, 3600.0, 0.0, 0.0])
    stop = asyncio.Event()

    def look() -> Snapshot:
        try:
            scene.place.clock.seconds += next(jumps)
        except StopIteration:
            stop.set()
        return scene.place.minute()

    pilot = scene.pilot(look)
    scene.post.leadership.renew()
    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        group.create_task(pilot.judge(stop))
        while not stop.is_set():
            pilot.wake()
            await asyncio.sleep(0.01)
    assert scene.post.meters.checks <= 5
