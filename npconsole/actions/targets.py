"""What an action may be pointed at: only what the configuration names, issues by their short id, and runs that were."""

import re

from npconsole.config.nearest import suggestion
from npconsole.errors import UsageError
from npconsole.model.action import TargetKind
from npconsole.model.estate import Estate
from npconsole.net.text import clean

_RUN_ID = re.compile(r"[0-9A-Za-z-]{4,64}")
_SHORT_ID = re.compile(r"[A-Z0-9][A-Z0-9_-]{0,63}-[A-Z0-9]{1,12}")


def targets(kind: TargetKind, estate: Estate) -> tuple[str, ...]:
    """The names that an action of this kind can be pointed at, as configured; none for issues and runs."""
    match kind:
        case TargetKind.REGION:
            return tuple(region.id for region in estate.regions)
        case TargetKind.EDGE:
            return tuple(edge.id for edge in estate.edges)
        case TargetKind.ENDPOINT:
            return (*targets(TargetKind.REGION, estate), *targets(TargetKind.EDGE, estate))
        case TargetKind.SERVICE:
            return tuple(dict.fromkeys(region.service for region in estate.regions))
        case TargetKind.ESTATE:
            return (estate.name,)
        case TargetKind.ISSUE | TargetKind.RUN:
            return ()


def resolve_target(kind: TargetKind, given: str, estate: Estate) -> str:
    """The target that was named. Raises UsageError with the nearest name when there is none like it."""
    if kind is TargetKind.ISSUE:
        short_id = given.strip().upper()
        if not _SHORT_ID.fullmatch(short_id):
            raise UsageError(f"{clean(given, limit=60)!r} is not an issue's short id", hint="write it as API-12")
        return short_id
    if kind is TargetKind.RUN:
        if not _RUN_ID.fullmatch(given):
            raise UsageError(
                f"{clean(given, limit=60)!r} is not the id of a run", hint="`npconsole audit list` shows them"
            )
        return given
    names = targets(kind, estate)
    if given in names:
        return given
    if not names:
        raise UsageError(f"this estate has no {kind.noun} to act on")
    near = suggestion(given, names)
    raise UsageError(
        f"there is no {kind.noun} {clean(given, limit=60)!r}{near}", hint=f"one of: {', '.join(names[:20])}"
    )
