"""The parameters of an action become options, and options become parameters again."""

import click
import pytest

from npconsole.cli.parameters import RESERVED, option_name, options_of
from npconsole.model.action import AccessRole, ActionSpec, Danger, Parameter, TargetKind

PARAMETERS = (
    Parameter("hold", "seconds", "How long.", default="5m"),
    Parameter("steps", "text", "Shares.", many=True),
    Parameter("execute", "flag", "Do it."),
    Parameter("next_release", "choice", "When.", choices=("yes", "no"), required=True),
    Parameter("yes", "text", "A name that is taken."),
)
SPEC = ActionSpec(
    "try", "Try", "", Danger.SAFE, AccessRole.OPERATOR, TargetKind.REGION, "Try it.", parameters=PARAMETERS
)


def parsed(*words: str) -> dict[str, object]:
    command = click.Command("try", params=list(options_of(SPEC)), callback=lambda **given: given)
    given = command.main(list(words), standalone_mode=False)
    assert isinstance(given, dict)
    return given


@pytest.mark.parametrize(
    ("words", "name", "value"),
    [
        (("--hold", "3s"), "hold", "3s"),
        (("--steps", "25", "--steps", "50"), "steps", ("25", "50")),
        (("--execute",), "execute", True),
        (("--no-execute",), "execute", False),
        ((), "execute", None),
        (("--next-release", "yes"), "next_release", "yes"),
    ],
)
def test_an_option_for_each(words: tuple[str, ...], name: str, value: object) -> None:
    parameter = next(each for each in PARAMETERS if each.name == name)
    assert parsed(*words)[option_name(parameter)] == value


def test_a_name_that_every_action_uses_has_no_option() -> None:
    assert "yes" in RESERVED
    assert not [option for option in options_of(SPEC) if "--yes" in option.opts]


def test_the_help_says_default_choices_and_what_is_required() -> None:
    helps = {option.opts[0]: (option.help or "", option.metavar) for option in options_of(SPEC)}
    assert "[default: 5m]" in helps["--hold"][0]
    assert helps["--next-release"] == ("When. Required.", "[yes|no]")
    assert "several times" in helps["--steps"][0]
