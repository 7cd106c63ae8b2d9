"""What one step is given."""

from collections.abc import Sequence
from dataclasses import dataclass

from npconsole.model.heal import HealView
from npconsole.model.mute import Mute
from npconsole.model.run import AuditLine
from npconsole.model.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class AlertFacts:
    """The estate now; the audit's lines after `AlertState.audit_after`, all of them, in their order; what the healer
    says of itself; the mutes in force. `host` is where this is watched from.

    Lines of more than a day ago may be left out; `lines_until` is the sequence up to which the audit has been read.
    """

    snapshot: Snapshot
    lines: Sequence[AuditLine] = ()
    lines_until: int = 0
    heal: HealView | None = None
    mutes: Sequence[Mute] = ()
    host: str = ""
