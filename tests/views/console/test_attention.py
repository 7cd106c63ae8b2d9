"""What rings when nobody looks: only what begins, only once, and only where that is wanted."""

import pytest
from textual.events import AppBlur, AppFocus

from npconsole.model.level import Level
from npconsole.model.snapshot import Snapshot
from npconsole.views.console.attention import Attention, call
from tests.views.console.desk import FakeDesk
from tests.views.console.feed import scene, state
from tests.views.console.heal import view
from tests.views.console.screen import at_desk, console


def down(*names: str) -> Snapshot:
    """Three regions of which these are down."""
    return scene([state(each, Level.DOWN if each in names else Level.OK) for each in ("us-east", "us-west", "eu-west")])


def news(attention: Attention, snapshot: Snapshot, *, latched: str | None = None, muted: tuple[str, ...] = ()) -> str:
    return "; ".join(attention.news(snapshot, latched=latched, muted=muted))


def test_each_outage_is_told_once_when_it_begins() -> None:
    attention = Attention(10.0)
    assert news(attention, down("us-west")) == "", "it was so before anybody watched"
    assert news(attention, down("us-west", "us-east")).startswith("us-east is down: ")
    assert news(attention, down("us-west", "us-east")) == ""
    assert news(attention, down()) == ""
    assert "us-west is down" in news(attention, down("us-west"))


def test_a_replica_too_far_behind_is_told_once() -> None:
    attention = Attention(10.0)
    near, far = scene([state("us-west", lag_s=9.9)]), scene([state("us-west", lag_s=12.4)])
    assert news(attention, near) == ""
    assert news(attention, far) == "us-west lags behind by 12 s"
    assert news(attention, far) == ""


def test_what_is_muted_calls_nobody() -> None:
    for muted in ("us-west", "api", "neuropilot"):
        attention = Attention(10.0)
        news(attention, down())
        assert news(attention, down("us-west"), muted=(muted,)) == ""


def test_a_latch_is_told_when_it_closes_and_not_when_it_was_found_closed() -> None:
    attention = Attention(10.0)
    assert news(attention, down()) == ""
    assert news(attention, down(), latched="3 heals") == ""
    assert news(attention, down(), latched="") == ""
    assert news(attention, down(), latched="3 heals") == "healing waits for a person: 3 heals"
    assert news(attention, down(), latched="3 heals") == ""


@pytest.mark.parametrize(
    ("bell", "notify", "tmux", "sent"),
    [
        (True, False, False, "\x07"),
        (False, True, False, "\x1b]9;npconsole: us-east is down\x07"),
        (True, True, False, "\x1b]9;npconsole: us-east is down\x07\x07"),
        (False, True, True, "\x1bPtmux;\x1b\x1b]9;npconsole: us-east is down\x07\x1b\\"),
        (False, False, True, ""),
    ],
)
def test_what_is_sent(bell: bool, notify: bool, tmux: bool, sent: str) -> None:
    written = call(["us-east is down"], bell=bell, notify=notify, tmux=tmux)
    assert (written if notify or not tmux else written.replace("\x1bPtmux;\x1b\\", "")) == sent


def test_hostile_text_cannot_leave_its_notification() -> None:
    sent = call(["\x1b]52;c;AAAA\x07 \x9c down"], bell=False, notify=True, tmux=False)
    assert sent.count("\x1b") == 1
    assert sent.count("\x07") == 1


async def test_it_rings_only_while_the_terminal_is_not_focused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TMUX", raising=False)
    desk = FakeDesk()
    app, feed, _ = console(down(), desk=desk)
    async with at_desk(app, (80, 24)) as pilot:
        written: list[str] = []
        assert app._driver is not None
        app._driver.write = written.append  # type: ignore[method-assign, assignment]  # what a terminal would get
        feed.publish(down("us-east"))
        await pilot.pause(0.05)
        assert written == []
        app.post_message(AppBlur())
        await pilot.pause(0.05)
        feed.publish(down("us-east", "us-west"))
        await pilot.pause(0.05)
        assert len(written) == 1
        assert "us-west is down" in written[0]
        desk.publish(heal=view())
        desk.publish(heal=view(latched="3 heals in an hour"))
        await pilot.pause(0.05)
        app.post_message(AppFocus())
