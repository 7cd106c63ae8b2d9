"""When load is not sent. What decides is whom it would meet.

Load on an edge meets users everywhere, so every region has to be well. Load on a region meets those that this region
serves: it is refused while another one is not well, because then the target carries its users too. That the target
itself is not well is what a benchmark is there to measure, and is said in the plan; and load on a region that answers
nobody meets no users at all.
"""

from npconsole.actions.facts import Facts
from npconsole.actions.guard import Answer, Guard, from_facts
from npconsole.actions.guards.estate import incidents, worst
from npconsole.model.action import AccessRole
from npconsole.model.run import Actor


def _steady(facts: Facts) -> Answer:
    if not facts.rotation:
        return Answer(False, "no region is known to serve")
    if _meets_nobody(facts):
        return Answer(True, f"{facts.target} does not answer: it is measured as it is, and meets no users")
    bad = [each for each in _concerned(facts) if not facts.serves(each)]
    if bad:
        return Answer(False, f"not in a steady state: {', '.join(bad)} does not serve")
    others = "every region serves" if _is_edge(facts) else "every other region serves"
    return Answer(True, f"in a steady state: {others}")


def _incident(facts: Facts) -> Answer:
    if facts.snapshot is None:
        return Answer(False, "it is not known whether an incident is open: the estate could not be read")
    found = incidents(facts.snapshot)
    if _meets_nobody(facts):
        return Answer(True, f"{facts.target} serves nobody, so load on it makes no incident worse")
    own = {each: judgement for each, judgement in found.items() if each == facts.target and not _is_edge(facts)}
    others = {each: judgement for each, judgement in found.items() if each not in own}
    if others:
        return Answer(False, f"an incident is open: {worst(others)}")
    return Answer(True, f"no other incident is open: {worst(own)}" if own else "no incident is open")


def forbidden_script(actor: Actor) -> str:
    """Why a script of one's own is not for this person, empty when it is.

    It runs here as npconsole does, and may read npconsole's files and send them anywhere. To check it is to run some of
    it already, and what k6 complains of holds words of the file.
    """
    if actor.role.allows(AccessRole.ADMIN):
        return ""
    return f"a script of one's own runs on this host, for admins; {actor.name} is {actor.role.value}"


def _script(facts: Facts) -> Answer:
    if not facts.request.parameters.get("script"):
        return Answer(True, "the scenario is npconsole's own")
    why = forbidden_script(facts.request.actor)
    return Answer(not why, why or f"{facts.request.actor.name} is admin and may run a script on this host")


def _is_edge(facts: Facts) -> bool:
    return facts.target not in facts.rotation


def _concerned(facts: Facts) -> list[str]:
    """The regions that have to serve: all behind an edge, the others beside a region."""
    return [each for each in facts.rotation if each != facts.target]


def _meets_nobody(facts: Facts) -> bool:
    """Whether no user is sent to the target: it is not well, and others serve. The last one may be a fallback."""
    health = facts.probes.get(facts.target)
    return not _is_edge(facts) and health is not None and not health.healthy and bool(facts.serving)


STEADY = Guard("steady-state", from_facts(_steady), overridable=True)
NO_INCIDENT = Guard("open-incident", from_facts(_incident), overridable=True)
OWN_SCRIPT = Guard("script", from_facts(_script))
