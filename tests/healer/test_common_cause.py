"""Trouble that regions share, and the last of them to get well."""

import pytest

from npconsole.model.heal import Choice
from tests.healer.estate import SICK, SLOW, Healer


@pytest.mark.parametrize("trouble", [SLOW, SICK])
def test_the_last_to_get_well_is_given_time(trouble: dict[str, object]) -> None:
    healer = Healer()
    healer.checks(3)
    for name in healer.targets:
        healer.put(name, trouble)
    healer.checks(20)
    healer.cure("us-west")
    healer.cure("eu-west")
    healer.checks(2)
    healer.cure("us-east")
    healer.checks(20)
    assert healer.of(Choice.ACT) == []


def test_what_stays_ill_alone_gets_its_turn_afterwards() -> None:
    healer = Healer()
    healer.checks(3)
    for name in healer.targets:
        healer.put(name, SLOW)
    healer.checks(20)
    healer.cure("us-west")
    healer.cure("eu-west")
    assert not any(each.choice is Choice.ACT for each in healer.checks(4))
    assert any(each.choice is Choice.ACT for each in healer.checks(4))


def test_it_is_recorded_once_for_each_region() -> None:
    healer = Healer()
    for name in healer.targets:
        healer.put(name, SLOW)
    healer.checks(30)
    healer.cure("us-west")
    healer.checks(3)
    assert len(healer.of(Choice.HELD)) == 3
