"""Whether those who stay can carry what comes to them, and whether every load balancer is left with one of them."""

from npconsole.actions.facts import Facts
from npconsole.actions.guard import Answer, Guard, from_facts


def _headroom(facts: Facts) -> Answer:
    if facts.draft.crowded:
        return Answer(False, f"no proven head-room: {'; '.join(facts.draft.crowded)}")
    return Answer(True, "those who stay have head-room")


def _routes(facts: Facts) -> Answer:
    """Judged by fresh probes of the origins; a load balancer's fallback pool does not count: nobody checks it."""
    bare = [name for name, regions in facts.draft.routes if not any(facts.serves(each) for each in regions)]
    if facts.pools_problem:
        return Answer(False, f"it is not known which regions are in rotation: {facts.pools_problem}")
    if bare:
        return Answer(False, f"{', '.join(bare)} would be left without a healthy region of ours")
    count = len(facts.draft.routes)
    return Answer(
        True, f"each of {count} load balancers keeps a healthy region" if count else "no load balancer is touched"
    )


HEADROOM = Guard("head-room", from_facts(_headroom), overridable=True)
ROUTES = Guard("load-balancers", from_facts(_routes))
