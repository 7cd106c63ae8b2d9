"""The keys that pause: mute a target, switch the healer, let it go on. Each opens the dialog, never more."""

from collections.abc import Callable
from dataclasses import dataclass

from npconsole.model.desk import Desk
from npconsole.model.snapshot import RegionState
from npconsole.views.console.dialog.matter import Matter
from npconsole.views.console.dialog.pausing import Pausing
from npconsole.views.console.dialog.switching import Switching, Turn
from npconsole.views.console.healing import NEVER_RAN
from npconsole.views.console.offer import closed
from npconsole.views.console.screens import Screens


def switches(desk: Desk, screens: Screens, ask: Callable[[Matter], None]) -> dict[str, Callable[[], None]]:
    """What these keys do, by the id of their binding; `ask` opens the dialog."""
    hand = _Switches(desk, screens, ask)
    return {"mute": hand.mute, "heal_switch": hand.switch, "acknowledge": hand.acknowledge}


@dataclass(frozen=True, slots=True)
class _Switches:
    desk: Desk
    screens: Screens
    ask: Callable[[Matter], None]

    def mute(self) -> None:
        """Pause alerts and heals of the region or edge under the cursor, or end that early."""
        row = self.screens.stage.subject.row
        if row is None:
            self.screens.say("mute: put the cursor on a region or an edge")
            return
        target = row.region.id if isinstance(row, RegionState) else row.edge.id
        now = next((mute for mute in self.desk.state.mutes if mute.target == target), None)
        self.ask(Pausing(target, now, off=closed(self.desk)))

    def switch(self) -> None:
        """Off for a reason, or on again."""
        heal = self.desk.state.heal
        if heal is None:
            self.screens.say(NEVER_RAN)
        else:
            self.ask(Switching(Turn.ON if heal.off else Turn.OFF, why=heal.off, off=closed(self.desk)))

    def acknowledge(self) -> None:
        """Say that somebody has looked at what latched it."""
        heal = self.desk.state.heal
        if heal is None or not heal.latched:
            self.screens.say(NEVER_RAN if heal is None else "nothing has latched the healer")
        else:
            self.ask(Switching(Turn.ACKNOWLEDGE, why=heal.latched, off=closed(self.desk)))
