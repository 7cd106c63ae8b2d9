"""Whether the vendors let us: credentials, limits, and no deploy under way."""

from npconsole.actions.facts import Facts
from npconsole.actions.guard import Answer, Guard, from_facts
from npconsole.errors import ExitCode
from npconsole.model import quantity
from npconsole.model.controls import DeploymentState


def _credentials(facts: Facts) -> Answer:
    if bad := [fact for fact in facts.credentials if fact.exit_code is not ExitCode.OK]:
        return Answer(False, "; ".join(fact.words for fact in bad))
    if {fact.vendor for fact in facts.credentials} != set(facts.draft.vendors):
        return Answer(False, "the credentials have not been checked")
    words = "; ".join(f"{fact.vendor}: {fact.words}" for fact in facts.credentials)
    return Answer(True, words or "no credential is needed")


def _limit(facts: Facts) -> Answer:
    for vendor, allowance in facts.allowances.items():
        if allowance.remaining is not None and allowance.remaining < len(facts.draft.calls):
            when = f"; it is full again in {quantity.duration(allowance.reset_s)}" if allowance.reset_s else ""
            return Answer(False, f"{vendor} takes {quantity.count(allowance.remaining)} more requests now{when}")
    return Answer(True, "within the vendors' limits")


def _deploying(facts: Facts) -> Answer:
    for deployment in facts.draft.deployments:
        if deployment.state in (DeploymentState.CHANGING, DeploymentState.PENDING):
            return Answer(False, f"a deploy is in progress: {deployment.id} is {deployment.word.lower()}")
        if deployment.state is DeploymentState.UNKNOWN:
            return Answer(False, f"it is not known whether a deploy is in progress: {deployment.word!r} is a new word")
    return Answer(True, "no deploy is in progress")


CREDENTIALS = Guard("credentials", from_facts(_credentials))
LIMIT = Guard("provider-limit", from_facts(_limit))
DEPLOYING = Guard("deploy-in-progress", from_facts(_deploying), overridable=True)
