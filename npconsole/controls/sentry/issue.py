"""An issue in Sentry's JSON, as far as a change of it is concerned."""

from msgspec import Struct

from npconsole.controls.identifier import Identifier
from npconsole.model.controls import IssueStatus
from npconsole.net.text import clean


class Actor(Struct, frozen=True):
    """Whom an issue is assigned to. `type` is user or team."""

    type: str
    id: str
    name: str | None = None
    email: str | None = None


class IssueData(Struct, frozen=True, rename="camel"):
    """The issue."""

    status: str
    substatus: str | None = None
    assigned_to: Actor | None = None

    def is_assigned(self, to: str) -> bool:
        """Whether it is assigned to `to`, which may be `user:<id>`, `team:<id>`, an id, a name or an e-mail address."""
        actor = self.assigned_to
        if actor is None or not to:
            return actor is None and not to
        names = (f"{actor.type}:{actor.id}", actor.id, actor.name, actor.email)
        return to.casefold() in {name.casefold() for name in names if name}


class ShortId(Struct, frozen=True, rename="camel"):
    """What a short id stands for."""

    group_id: Identifier


def to_status(data: IssueData) -> IssueStatus:
    """Where the issue stands."""
    actor = data.assigned_to
    return IssueStatus(
        status=clean(data.status, limit=40),
        substatus=clean(data.substatus, limit=60),
        assigned_to=clean(f"{actor.type}:{actor.id}", limit=140) if actor else "",
    )
