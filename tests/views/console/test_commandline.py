"""Typed commands: what they mean, and the nearest word for what they do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npconsole.errors import UsageError
from npconsole.views.console.commandline import parse
from tests.views.console.desk import SPECS
from tests.views.console.feed import scene

ESTATE = scene().estate


@pytest.mark.parametrize(
    ("typed", "action", "target", "inputs"),
    [
        ("restart us-east", "restart", "us-east", {}),
        ("  restart   us-west ", "restart", "us-west", {}),
        ("restart", "restart", "", {}),
        ("purge edge tag=news tag=sport everything=no", "purge", "edge", {"tag": "news sport", "everything": "no"}),
        ("failover us-east hold='30 s'", "failover", "us-east", {"hold": "30 s"}),
        ("resolve api-12", "resolve", "API-12", {}),
    ],
)
def test_commands(typed: str, action: str, target: str, inputs: dict[str, str]) -> None:
    command = parse(typed, SPECS, ESTATE)
    assert (command.spec.id, command.target, dict(command.inputs)) == (action, target, inputs)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "type an action and its target"),
        ("restrat us-east", "no action 'restrat'; did you mean `restart`?"),
        ("dance", "there are restart, purge, failover, resolve"),
        ("restart us-eas", "did you mean `us-east`?"),
        ("restart us-east us-west", "takes one target, not 2"),
        ("failover us-east hodl=5s", "did you mean `hold`?"),
        ("restart us-east x=1", "it takes none"),
        ("restart 'us-east", "cannot be read"),
        ("resolve ???", "is not an issue's short id"),
    ],
)
def test_mistakes_name_the_nearest_word(typed: str, words: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(typed, SPECS, ESTATE)
    assert words in caught.value.message


@given(st.text(max_size=80))
def test_any_text_is_a_command_or_a_sentence(typed: str) -> None:
    try:
        said = parse(typed, SPECS, ESTATE).spec.id
    except UsageError as error:
        said = error.message
    assert said.isprintable()
