"""Reading a screen as a person does: as text."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from textual.app import App
from textual.pilot import Pilot

from npconsole.config.keymap import merge, provisional
from npconsole.model.snapshot import Snapshot
from npconsole.model.thresholds import Thresholds
from npconsole.views.console.app import ConsoleApp
from npconsole.views.console.opening import Opened, Opening
from npconsole.views.theme import load_palette
from tests.views.console.desk import FakeDesk
from tests.views.console.feed import FakeClock, FakeFeed, trails


def screen_text(app: App[Any]) -> str:
    """What is on the screen, line by line."""
    return "\n".join(strip.text.rstrip() for strip in app.screen._compositor.render_strips())


@asynccontextmanager
async def at_desk(app: ConsoleApp, size: tuple[int, int]) -> AsyncIterator[Pilot[None]]:
    """A console whose desk is there."""
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: app.is_open)
        yield pilot


async def until(pilot: Pilot[Any], condition: Callable[[], bool], *, timeout_s: float = 5.0) -> None:
    """Wait until the screen has come to a state; an assertion error shows what it is instead."""
    try:
        async with asyncio.timeout(timeout_s):
            while not condition():
                await pilot.pause(0.01)
    except TimeoutError:
        raise AssertionError(screen_text(pilot.app)) from None


async def shows(pilot: Pilot[Any], *words: str) -> str:
    """Wait until all the words are on the screen, and return its text."""
    await until(pilot, lambda: all(word in screen_text(pilot.app) for word in words))
    return screen_text(pilot.app)


async def hides(pilot: Pilot[Any], *words: str) -> None:
    """Wait until none of the words is on the screen."""
    await until(pilot, lambda: not any(word in screen_text(pilot.app) for word in words))


def opening(desk: FakeDesk, keys: dict[str, str] | None = None) -> Opening:
    """A desk that is there as soon as it is asked for."""
    return lambda done: done(Opened(desk, merge(keys or {}, desk.specs)))


def console(
    snapshot: Snapshot, *, theme: str = "dark", keys: dict[str, str] | None = None, desk: FakeDesk | None = None
) -> tuple[ConsoleApp, FakeFeed, FakeClock]:
    """A console over a scene, with everything that a test moves."""
    feed, clock, desk = FakeFeed(snapshot, trails(snapshot)), FakeClock(), desk or FakeDesk()
    app = ConsoleApp(
        feed,
        opening(desk, keys or {}),
        palette=load_palette(theme, {}),
        keymap=provisional(keys or {}),
        thresholds=Thresholds(),
        utc=True,
        clock=clock,
    )
    return app, feed, clock
