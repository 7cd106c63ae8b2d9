"""Whether the one who asks may, has confirmed, and has confirmed this very plan."""

from npconsole.actions.facts import Facts
from npconsole.actions.guard import Answer, Guard, from_facts
from npconsole.model import quantity
from npconsole.model.action import Danger


def _read_only(facts: Facts) -> Answer:
    if facts.rules.read_only:
        return Answer(False, "this console is read-only")
    return Answer(True, "this console may act")


def _role(facts: Facts) -> Answer:
    actor, needed = facts.request.actor, facts.spec.role
    if actor.role.allows(needed):
        return Answer(True, f"{actor.name} is {actor.role.value}")
    return Answer(False, f"{facts.spec.id} needs the role {needed.value}, and {actor.name} is {actor.role.value}")


def _complete(facts: Facts) -> Answer:
    if facts.draft.problem:
        return Answer(False, f"the plan is not complete: {facts.draft.problem}")
    return Answer(True, "everything the plan needs could be read")


def _confirmed(facts: Facts) -> Answer:
    request, typed = facts.request, facts.draft.typed or facts.target
    match facts.danger:
        case Danger.SAFE:
            return Answer(True, "needs no confirmation")
        case Danger.CONFIRM:
            return (
                Answer(True, "confirmed") if request.confirmed else Answer(False, "nobody has confirmed it: add --yes")
            )
        case Danger.TYPED:
            if request.typed == typed:
                return Answer(True, f"confirmed by typing {typed}")
            said = "what was typed is not" if request.typed else "it takes the typed name"
            return Answer(False, f"{said} {typed}: add --confirm {quoted(typed)}")


def _unchanged(facts: Facts) -> Answer:
    confirmed = facts.request.plan_digest
    age_s = facts.judged_at - facts.gathered_at
    if age_s > facts.rules.pace.facts_last_s:
        return Answer(False, f"what the plan rests on was read {quantity.duration(age_s)} ago: ask again")
    if confirmed and confirmed != facts.digest:
        return Answer(False, "the plan is no longer the one that was confirmed: look at it again")
    return Answer(True, "the plan is the one that was confirmed" if confirmed else "the plan was made just now")


def quoted(text: str) -> str:
    """A word of a command line as it must be typed."""
    return f"'{text}'" if " " in text else text


READ_ONLY = Guard("read-only", from_facts(_read_only))
ROLE = Guard("role", from_facts(_role))
COMPLETE = Guard("complete", from_facts(_complete))
CONFIRMED = Guard("confirmed", from_facts(_confirmed))
UNCHANGED = Guard("unchanged", from_facts(_unchanged))
