"""Credentials, limits, deploys."""

from dataclasses import replace

import pytest

from npconsole.actions.facts import CredentialFact, Facts
from npconsole.actions.guard import Guard
from npconsole.actions.guards import vendors
from npconsole.errors import ExitCode
from npconsole.model.controls import Allowance, Deployment, DeploymentState
from tests.actions.guards.known import CALL, GOOD, facts

LIVE = Deployment("dep-0", DeploymentState.LIVE, "SUCCESS", "t0")
BAD = CredentialFact("railway", "Railway refuses railway.token", ExitCode.UNAUTHORISED)


def deployed(*deployments: Deployment) -> Facts:
    return facts(draft={"deployments": deployments})


@pytest.mark.parametrize(
    ("guard", "given", "passed", "reason"),
    [
        (vendors.CREDENTIALS, GOOD, True, "railway: valid"),
        (vendors.CREDENTIALS, facts(credentials=(BAD,)), False, "Railway refuses railway.token"),
        (vendors.CREDENTIALS, facts(credentials=()), False, "the credentials have not been checked"),
        (vendors.CREDENTIALS, facts(credentials=(), draft={"vendors": ()}), True, "no credential is needed"),
        (vendors.LIMIT, GOOD, True, "within the vendors' limits"),
        (vendors.LIMIT, facts(allowances={"railway": Allowance(1000, 500, 60)}), True, "within the vendors' limits"),
        (
            vendors.LIMIT,
            facts(allowances={"railway": Allowance(1000, 1, 1800)}, draft={"calls": (CALL, CALL)}),
            False,
            "railway takes 1 more requests now; it is full again in 30 min",
        ),
        (vendors.LIMIT, facts(allowances={"railway": Allowance(1000, 0)}), False, "railway takes 0 more requests now"),
        (vendors.DEPLOYING, deployed(LIVE), True, "no deploy is in progress"),
        (
            vendors.DEPLOYING,
            deployed(LIVE, replace(LIVE, id="dep-1", state=DeploymentState.CHANGING, word="BUILDING")),
            False,
            "a deploy is in progress: dep-1 is building",
        ),
        (
            vendors.DEPLOYING,
            deployed(replace(LIVE, state=DeploymentState.UNKNOWN, word="MELTING")),
            False,
            "it is not known whether a deploy is in progress: 'MELTING' is a new word",
        ),
    ],
)
def test_answers(guard: Guard, given: Facts, passed: bool, reason: str) -> None:
    assert guard.ask(given, None) == (passed, reason)
