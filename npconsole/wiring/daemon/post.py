"""What a daemon has all its life, whatever its configuration becomes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from npconsole.model.clock import Clock
from npconsole.model.heal import HealMode
from npconsole.net.process import Detached
from npconsole.wiring.daemon.leadership import Leadership
from npconsole.wiring.daemon.log import Log
from npconsole.wiring.daemon.meters import Meters
from npconsole.wiring.memory import Stores


@dataclass(frozen=True, slots=True)
class Post:
    """`mode` is the flag of the command, None when the configuration decides. `speed` is that of a rehearsal.

    `runners` are processes that it has started and not yet seen end, by run id.
    """

    stores: Stores
    environ: Mapping[str, str]
    clock: Clock
    log: Log
    leadership: Leadership
    host: str
    mode: HealMode | None = None
    speed: float = 1.0
    read_only: bool = False
    meters: Meters = field(default_factory=Meters)
    runners: dict[str, Detached] = field(default_factory=dict)
