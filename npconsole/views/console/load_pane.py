"""The pane of a benchmark that is on: it is there while the load is, and for a while after."""

from typing import TYPE_CHECKING

from npconsole.views.console.document import Document
from npconsole.views.console.ink import Ink

if TYPE_CHECKING:
    from npconsole.views.console.load import LiveLoad


class LoadPane(Document):
    """`is_wanted` tells whether there is a load to show that nobody has put away."""

    def __init__(self, ink: Ink) -> None:
        super().__init__(ink, name="load", title="Benchmark")
        self.focused = False
        self.load: LiveLoad | None = None
        self._put_away = ""

    @property
    def is_wanted(self) -> bool:
        return self.load is not None and self.load.run.id != self._put_away

    @property
    def run_id(self) -> str:
        """The run that is shown."""
        return self.load.run.id if self.load is not None else ""

    def take(self, load: "LiveLoad | None") -> None:
        """The load as it is now."""
        if load is self.load:
            return
        self.load = load
        if load is None:
            return
        from npconsole.views.console.load_prose import LoadWording  # needed only once there has been a load

        asked = load.run.request
        notes = [(asked.target, self.ink.bold("text")), (f"by {asked.actor.name}", self.ink("text_muted"))]
        if load.is_over:
            notes.append(("ended: enter shows all of it, esc puts it away", self.ink("text_muted")))
        self.write("Benchmark", LoadWording(self.ink).lines(load), notes)

    def put_away(self) -> bool:
        """Show it no more, when it has ended; whether that did something."""
        if self.load is None or not self.load.is_over or not self.is_wanted:
            return False
        self._put_away = self.load.run.id
        return True
