"""What the cursor offers, and why an action is off."""

from dataclasses import replace

import pytest

from npconsole.model.action import AccessRole, TargetKind
from npconsole.model.desk import DeskState
from npconsole.model.estate import Edge, Estate, Region, Role, Tier
from npconsole.model.run import Actor
from npconsole.views.console.offer import offers, why_off
from npconsole.views.console.subject import Subject
from tests.views.console.desk import FAILOVER, RESTART, FakeDesk
from tests.views.console.feed import ISSUES, scene

SCENE = scene()
REGION, EDGE, ISSUE = SCENE.regions[1], SCENE.edges[0], ISSUES[0]


@pytest.mark.parametrize(
    ("subject", "kind", "target"),
    [
        (Subject(REGION), TargetKind.REGION, "us-west"),
        (Subject(REGION), TargetKind.SERVICE, "api"),
        (Subject(REGION), TargetKind.EDGE, "edge"),
        (Subject(REGION), TargetKind.ESTATE, "neuropilot"),
        (Subject(REGION), TargetKind.ISSUE, ""),
        (Subject(EDGE), TargetKind.EDGE, "edge"),
        (Subject(EDGE), TargetKind.ENDPOINT, "edge"),
        (Subject(REGION), TargetKind.ENDPOINT, "us-west"),
        (Subject(None, ISSUE), TargetKind.ENDPOINT, ""),
        (Subject(EDGE), TargetKind.REGION, ""),
        (Subject(EDGE), TargetKind.SERVICE, "api"),
        (Subject(REGION, ISSUE), TargetKind.ISSUE, "API-3"),
        (Subject(None, ISSUE), TargetKind.REGION, ""),
        (Subject(None), TargetKind.SERVICE, "api"),
        (Subject(None), TargetKind.EDGE, "edge"),
    ],
)
def test_targets(subject: Subject, kind: TargetKind, target: str) -> None:
    assert subject.target(kind, SCENE.estate) == target


def test_with_several_services_nothing_is_guessed() -> None:
    regions = tuple(Region(f"{name}/us", name, "us", Role.PRIMARY, "https://a.example.com") for name in ("api", "web"))
    estate = Estate("e", Tier.STAGING, regions, (Edge("web/edge", "web", "https://b.example.com"),))
    assert Subject(None).target(TargetKind.SERVICE, estate) == ""
    assert Subject(None).target(TargetKind.EDGE, estate) == ""
    assert Subject(replace(REGION, region=regions[0])).target(TargetKind.EDGE, estate) == ""
    assert Subject(replace(REGION, region=regions[1])).target(TargetKind.EDGE, estate) == "web/edge"


@pytest.mark.parametrize(
    ("desk", "words"),
    [
        (FakeDesk(), ""),
        (FakeDesk(read_only="this console is read-only"), "this console is read-only"),
        (FakeDesk(state=DeskState(problem="the disk is full")), "nothing acts without a journal: the disk is full"),
        (
            FakeDesk(actor=Actor("bob", AccessRole.VIEWER, "console")),
            "restart needs the role operator, and bob is viewer",
        ),
    ],
)
def test_why_an_action_is_off(desk: FakeDesk, words: str) -> None:
    assert why_off(desk, RESTART) == words


def test_each_action_has_its_own_role() -> None:
    desk = FakeDesk(actor=Actor("bob", AccessRole.OPERATOR, "console"))
    assert why_off(desk, RESTART) == ""
    assert "needs the role admin" in why_off(desk, FAILOVER)


def test_what_has_a_target_comes_first_and_the_rest_says_how() -> None:
    found = offers(FakeDesk(), Subject(EDGE, ISSUE), SCENE.estate)
    assert [(offer.spec.id, offer.target) for offer in found] == [
        ("purge", "edge"),
        ("resolve", "API-3"),
        ("restart", ""),
        ("failover", ""),
    ]
    assert found[-1].off == "put the cursor on a region"
