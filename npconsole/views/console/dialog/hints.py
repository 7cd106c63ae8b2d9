"""The last line of a dialog: the keys that do something at this moment."""

from textual.strip import Strip

from npconsole.views.console.dialog.answer import Answer
from npconsole.views.console.dialog.field import NO
from npconsole.views.console.dialog.proposal import Proposal
from npconsole.views.console.footer import Footer
from npconsole.views.console.ink import Ink
from npconsole.views.console.line import Line
from npconsole.views.console.picture import Picture


class Hints(Footer):
    """Takes the footer's place. The keys of a dialog are its own and cannot be remapped."""

    def __init__(self, ink: Ink, answer: Answer) -> None:
        super().__init__(ink, (), ())
        self._answer = answer

    def show(self, picture: Picture) -> None:
        """Draw."""
        self.redraw()

    def paint(self, width: int, height: int) -> list[Strip]:
        """Key and word, from the left."""
        line = Line(width, self.ink.base).gap()
        for key, words in self._keys():
            if line.used + len(key) + len(words) + 3 <= width:
                line.put(key, self.ink.bold("key")).gap().put(words, self.ink("text_muted")).gap(2)
        return [line.strip()]

    def _keys(self) -> list[tuple[str, str]]:
        matter = self._answer.matter
        if matter is None:
            return []
        if self._answer.at != NO:
            return [("enter", "done"), ("tab", "next line"), ("esc", "back to No"), ("^u", "empty"), ("↑↓", "scroll")]
        proposal = matter if isinstance(matter, Proposal) else None
        yes = [] if matter.name_needed or not self._answer.free else [("y", "yes")]
        lines = [("tab", "fill in")] if matter.fields else []
        override = [("^o", "override")] if proposal and proposal.next_override else []
        again = [("^r", "read again")] if proposal and not proposal.off else []
        return [*yes, ("enter", "no"), ("esc", "no"), *lines, *override, *again, ("↑↓", "scroll")]
