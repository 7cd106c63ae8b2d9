"""What people type: checked against the spec, with the nearest word for what there is not."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npconsole.actions.inputs import check_inputs
from npconsole.actions.restart import Restart
from npconsole.actions.targets import resolve_target
from npconsole.errors import UsageError
from npconsole.model.action import ActionSpec, Parameter, TargetKind
from tests.actions.world import Platform

PARAMETERS = (
    Parameter("url", "text", "What to purge.", many=True),
    Parameter("hold", "seconds", "How long.", default="30s"),
    Parameter("step", "percent", "How much at once.", default="100%"),
    Parameter("count", "integer", "How many.", default="3"),
    Parameter("kind", "choice", "Which.", default="urls", choices=("urls", "tags")),
    Parameter("execute", "flag", "Really.", default="no"),
    Parameter("to", "text", "Whom.", required=True),
)
SPEC = ActionSpec("thing", "Thing", "", Restart.spec.danger, Restart.spec.role, TargetKind.REGION, "", PARAMETERS)


def test_defaults_and_types() -> None:
    inputs = check_inputs(SPEC, {"to": ["bob"]})
    assert (inputs.seconds("hold"), inputs.ratio("step"), inputs.integer("count")) == (30.0, 1.0, 3)
    assert (inputs.text("kind"), inputs.flag("execute"), inputs.many("url"), inputs.text("to")) == (
        "urls",
        False,
        (),
        "bob",
    )


def test_the_same_value_in_another_writing_is_the_same() -> None:
    one = check_inputs(SPEC, {"to": ["bob"], "hold": ["90s"], "step": ["5.0%"], "count": ["007"], "execute": ["TRUE"]})
    two = check_inputs(SPEC, {"to": ["bob"], "hold": ["1m30s"], "step": ["5%"], "count": ["7"], "execute": ["yes"]})
    assert one == two


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "parameter to is needed: Whom."),
        ({"to": ["a", "b"]}, "parameter to takes one value, not 2"),
        ({"to": [""]}, "parameter to must not be empty"),
        ({"to": ["a\x1b[31m"]}, "holds characters that cannot be used"),
        ({"to": ["x" * 3000]}, "or is too long"),
        ({"to": ["a"], "hodl": ["1s"]}, "thing has no parameter 'hodl'; did you mean `hold`?"),
        ({"to": ["a"], "hold": ["30"]}, "parameter hold has no unit; write a duration such as 30s or 30ms"),
        ({"to": ["a"], "step": ["140%"]}, "parameter step must not be more than 100%"),
        ({"to": ["a"], "count": ["1e9"]}, "parameter count must be a whole number"),
        ({"to": ["a"], "kind": ["urlz"]}, "parameter kind must be one of urls, tags; did you mean `urls`?"),
        ({"to": ["a"], "execute": ["maybe"]}, "parameter execute must be yes or no"),
    ],
)
def test_what_makes_no_sense(given: dict[str, list[str]], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        check_inputs(SPEC, given)
    assert message in caught.value.message


@given(st.dictionaries(st.text(max_size=8), st.lists(st.text(max_size=8), max_size=3), max_size=3))
def test_anything_gives_inputs_or_a_usage_error(given: dict[str, list[str]]) -> None:
    with contextlib.suppress(UsageError):
        inputs = check_inputs(SPEC, {"to": ["a"], **given})
        assert check_inputs(SPEC, inputs.values) == inputs


@pytest.mark.parametrize(
    ("kind", "given", "found"),
    [
        (TargetKind.REGION, "us-east", "us-east"),
        (TargetKind.SERVICE, "api", "api"),
        (TargetKind.EDGE, "edge", "edge"),
        (TargetKind.ENDPOINT, "edge", "edge"),
        (TargetKind.ENDPOINT, "eu-west", "eu-west"),
        (TargetKind.ESTATE, "neuropilot", "neuropilot"),
        (TargetKind.ISSUE, "api-12", "API-12"),
        (TargetKind.RUN, "a1b2c3d4e5f6", "a1b2c3d4e5f6"),
    ],
)
def test_targets(kind: TargetKind, given: str, found: str) -> None:
    assert resolve_target(kind, given, Platform().estate) == found


@pytest.mark.parametrize(
    ("kind", "given", "message"),
    [
        (TargetKind.REGION, "us-eats", "there is no region 'us-eats'; did you mean `us-east`?"),
        (TargetKind.REGION, "", "there is no region ''"),
        (TargetKind.ENDPOINT, "edg", "there is no region or edge 'edg'; did you mean `edge`?"),
        (TargetKind.EDGE, "\x1b]52;c;aGk=\x07", "there is no edge '␛]52;c;aGk=␇'"),
        (TargetKind.RUN, "a b", "'a b' is not the id of a run"),
        (TargetKind.ISSUE, "../../organizations", "'../../organizations' is not an issue's short id"),
    ],
)
def test_targets_that_there_are_not(kind: TargetKind, given: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        resolve_target(kind, given, Platform().estate)
    assert caught.value.message == message
