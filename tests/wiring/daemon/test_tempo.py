"""Time in a rehearsal: there and back again, and only where nothing can be harmed."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npconsole.config.schema import Config, convert
from npconsole.errors import UsageError
from npconsole.model.heal import Choice, Decision, HealMode, HealView
from npconsole.model.mute import Mute
from npconsole.model.notice import Notice, NoticeKind, Severity
from npconsole.wiring.daemon.tempo import Tempo, agreed, require_rehearsal
from tests.engine.estates import FINE, REFUSED, START_WALL, World

FAST = Tempo(60.0, START_WALL)


@given(st.floats(1, 120), st.floats(0, 1e7))
def test_there_and_back(speed: float, later: float) -> None:
    tempo = Tempo(speed, START_WALL)
    assert tempo.real(tempo.wall(START_WALL + later)) == pytest.approx(START_WALL + later, abs=1e-3)


def test_at_the_pace_of_life_nothing_is_touched() -> None:
    snapshot = World().round()
    assert Tempo().snapshot(snapshot) is snapshot
    assert (Tempo().wall(5.0), Tempo().real(5.0)) == (5.0, 5.0)


def test_ages_and_times_of_day_agree_in_a_hastened_snapshot() -> None:
    world = World(vitals={"us-east": replace(FINE, started_at=START_WALL + 1.0)})
    world.rounds(3)
    world.health["us-east"] = REFUSED
    snapshot = world.rounds(3)
    hastened = FAST.snapshot(snapshot)
    real, fast = snapshot.regions[0], hastened.regions[0]
    age_s, fast_age_s = real.health.age_s(snapshot.now), fast.health.age_s(hastened.now)
    assert age_s is not None
    assert fast_age_s == pytest.approx(60 * age_s)
    assert real.judgement.since is not None
    assert fast.judgement.since is not None
    assert hastened.wall_of(fast.judgement.since) == pytest.approx(FAST.wall(snapshot.wall_of(real.judgement.since)))
    assert fast.vitals.value is not None
    assert fast.vitals.value.started_at == START_WALL + 60.0
    assert fast.health.freshness is real.health.freshness
    assert fast.level is real.level


def test_what_people_see_is_in_their_time() -> None:
    mute = Mute("us-east", START_WALL + 60, "r", "a", START_WALL)
    decision = Decision("1", START_WALL + 120, "rule", "us-east", Choice.HELD, "words")
    [fast] = FAST.mutes([mute])
    assert fast.until_wall == START_WALL + 3600
    view = HealView(START_WALL + 60, 60.0, HealMode.SHADOW, "me", decisions=(decision,), mutes=(fast,))
    real = FAST.real_view(view)
    assert (real.checked_wall, real.interval_s, real.decisions[0].wall) == (START_WALL + 1, 1.0, START_WALL + 2)
    assert real.mutes == (mute,)
    notice = Notice("1", "slack", NoticeKind.TRIGGER, "k", Severity.INFO, "s", START_WALL + 60, began_wall=START_WALL)
    [told] = FAST.real_notices([notice])
    assert (told.wall, told.began_wall) == (START_WALL + 1, START_WALL)


@pytest.mark.parametrize(
    ("text", "speed", "tempo", "same"),
    [
        ("", 1.0, Tempo(), True),
        ("", 60.0, Tempo(60.0, 7.0), True),
        (FAST.text(), 60.0, FAST, True),
        (FAST.text(), 30.0, Tempo(30.0, 7.0), False),
        (FAST.text(), 1.0, Tempo(), False),
        ("nonsense", 1.0, Tempo(), False),
    ],
)
def test_daemons_agree(text: str, speed: float, tempo: Tempo, same: bool) -> None:
    assert agreed(text, speed, 7.0) == (tempo, same)


def config(origin: str, **more: Any) -> Config:
    return convert({"services": [{"name": "api", "regions": [{"name": "a", "origin": origin}]}], **more})


@pytest.mark.parametrize("origin", ["http://127.0.0.1:80", "http://localhost:1", "http://[::1]:1"])
def test_a_rehearsal_on_this_host(origin: str) -> None:
    require_rehearsal(config(origin))


@pytest.mark.parametrize(
    ("origin", "more"),
    [
        ("https://us-east.api.neuropilot.ai", {}),
        ("http://127.0.0.1.example.com", {}),
        ("http://127.0.0.1:1", {"railway": {"token": {"env": "T"}}}),
        ("http://127.0.0.1:1", {"cloudflare": {"token": {"env": "T"}}}),
    ],
)
def test_no_rehearsal_on_what_is_real(origin: str, more: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="is not on this host"):
        require_rehearsal(config(origin, **more))
