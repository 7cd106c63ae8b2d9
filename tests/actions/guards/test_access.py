"""Read-only, role, completeness, confirmation, unchanged plans."""

from dataclasses import replace

import pytest

from npconsole.actions.facts import Facts
from npconsole.actions.guard import Guard
from npconsole.actions.guards import access
from npconsole.actions.rules import Rules
from npconsole.model.action import AccessRole, Danger
from npconsole.model.run import Actor
from tests.actions.guards.known import GOOD, facts


def danger(level: Danger, **request: object) -> Facts:
    return replace(facts(request=request), spec=replace(GOOD.spec, danger=level))


def actor(role: AccessRole) -> Facts:
    return facts(request={"actor": Actor("bob", role, "cli")})


@pytest.mark.parametrize(
    ("guard", "given", "passed", "reason"),
    [
        (access.READ_ONLY, GOOD, True, "this console may act"),
        (access.READ_ONLY, facts(rules=Rules(read_only=True)), False, "this console is read-only"),
        (access.ROLE, GOOD, True, "alice is operator"),
        (access.ROLE, actor(AccessRole.ADMIN), True, "bob is admin"),
        (access.ROLE, actor(AccessRole.VIEWER), False, "restart needs the role operator, and bob is viewer"),
        (access.COMPLETE, GOOD, True, "everything the plan needs could be read"),
        (access.COMPLETE, facts(draft={"problem": "Railway: 503"}), False, "the plan is not complete: Railway: 503"),
        (access.CONFIRMED, danger(Danger.SAFE, confirmed=False), True, "needs no confirmation"),
        (access.CONFIRMED, danger(Danger.CONFIRM), True, "confirmed"),
        (
            access.CONFIRMED,
            danger(Danger.CONFIRM, confirmed=False),
            False,
            "nobody has confirmed it: add --yes",
        ),
        (access.CONFIRMED, danger(Danger.TYPED, typed="us-east"), True, "confirmed by typing us-east"),
        (
            access.CONFIRMED,
            danger(Danger.TYPED, confirmed=True),
            False,
            "it takes the typed name us-east: add --confirm us-east",
        ),
        (
            access.CONFIRMED,
            danger(Danger.TYPED, typed="us-eas"),
            False,
            "what was typed is not us-east: add --confirm us-east",
        ),
        (access.UNCHANGED, GOOD, True, "the plan was made just now"),
        (access.UNCHANGED, facts(request={"plan_digest": "d1"}), True, "the plan is the one that was confirmed"),
        (
            access.UNCHANGED,
            facts(request={"plan_digest": "d0"}),
            False,
            "the plan is no longer the one that was confirmed: look at it again",
        ),
        (
            access.UNCHANGED,
            facts(judged_at=131.0),
            False,
            "what the plan rests on was read 31 s ago: ask again",
        ),
    ],
)
def test_answers(guard: Guard, given: Facts, passed: bool, reason: str) -> None:
    assert guard.ask(given, None) == (passed, reason)


def test_none_of_them_can_be_overridden() -> None:
    guards = (access.READ_ONLY, access.ROLE, access.COMPLETE, access.CONFIRMED, access.UNCHANGED)
    assert not any(guard.overridable for guard in guards)


def test_words_of_several_are_quoted_for_the_shell() -> None:
    given = replace(danger(Danger.TYPED), draft=replace(GOOD.draft, typed="purge everything"))
    assert access.CONFIRMED.ask(given, None).reason.endswith("--confirm 'purge everything'")
