"""What people are told of the healer, honest when nobody heals."""

import pytest

from npconsole.model.heal import Choice, Decision, Evidence, HealMode, HealView
from npconsole.wiring.daemon.overview import decode_view, encode_view, silence
from tests.exposition.views import VIEW

NOW = VIEW.checked_wall


def test_a_view_survives_the_memory() -> None:
    evidence = (Evidence("budget", stops=True, words="spent"),)
    view = HealView(
        NOW,
        60.0,
        HealMode.ENFORCE,
        "me",
        rules=VIEW.rules,
        decisions=(Decision("1", NOW, "r", "t", Choice.HELD, "w", evidence=evidence),),
    )
    assert decode_view(encode_view(view)) == view


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"checked_wall": "x"}', "\x00"])
def test_what_cannot_be_read_is_no_view(text: str) -> None:
    assert decode_view(text) is None


@pytest.mark.parametrize(
    ("view", "leader", "later_s", "words"),
    [
        (VIEW, "one", 60.0, ""),
        (VIEW, "one", 180.0, ""),
        (VIEW, "one", 10800.0, "last check 3 h ago by host pid 1: nothing heals now (npconsole heal run)"),
        (VIEW, "", 10.0, "last check 10 s ago by host pid 1: nothing heals now (npconsole heal run)"),
        (None, "", 0.0, "no daemon has ever run here: nothing heals (npconsole heal run)"),
        (None, "one", 0.0, ""),
    ],
)
def test_silence(view: HealView | None, leader: str, later_s: float, words: str) -> None:
    assert silence(view, leader, NOW + later_s) == words
