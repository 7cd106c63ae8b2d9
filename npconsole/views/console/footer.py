"""The last line: the keys that matter here, from the live key map, or the prompt while a filter is typed."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from textual.events import Key, Paste
from textual.message import Message
from textual.strip import Strip

from npconsole.config.keymap import ACTS, Binding, shown
from npconsole.net.text import clean
from npconsole.views.console.canvas import Canvas
from npconsole.views.console.ink import Ink
from npconsole.views.console.line import Line, fit
from npconsole.views.console.picture import Deeds, Picture

ALWAYS = ("help", "quit")
"""Kept at the right end however narrow the screen is."""
OFF = 60
"""Cells that the reason why nothing acts may take."""


class Footer(Canvas):
    """`actions` are the ids to show, the most useful first; what does not fit is in the help.

    `labels` are other words than those of the key map, where a key does something more particular.
    """

    labels: Mapping[str, str] = MappingProxyType({})

    def __init__(self, ink: Ink, keymap: Sequence[Binding], actions: Sequence[str]) -> None:
        super().__init__(ink, id="footer")
        self._by_id = {binding.id: binding for binding in keymap}
        self._actions = actions
        self._frozen = False
        self._deeds = Deeds()

    def take(self, keymap: Sequence[Binding], actions: Sequence[str]) -> None:
        """Other keys from now on."""
        self._by_id, self._actions = {binding.id: binding for binding in keymap}, actions
        self.redraw()

    def show(self, picture: Picture) -> None:
        """Draw; the key that freezes says what it would do now, and keys that act say why they would not."""
        self._frozen, self._deeds = picture.frozen, picture.deeds
        self.redraw()

    def paint(self, width: int, height: int) -> list[Strip]:
        """The actions from the left, help and quit at the right."""
        line = Line(width, self.ink.base).gap()
        end = width - sum(self._width(action) for action in ALWAYS)
        for action in filter(self._works, self._actions):
            if line.used + self._width(action) <= end:
                self._item(line, action)
            if action == "actions" and self._deeds.closed:
                said = fit(f"off: {self._deeds.closed}", min(OFF, len(self._deeds.closed) + 5, end - line.used - 2))
                line.put(said, self.ink("unknown")).gap(2)
        line.to(end)
        for action in ALWAYS:
            self._item(line, action)
        return [line.strip()]

    def _works(self, action: str) -> bool:
        """Whether a key is worth a place at this moment. The list of actions always is: it says why they are off."""
        if action in self._deeds.idle or action not in self._by_id:
            return False
        return action == "actions" or not self._deeds.closed or self._by_id[action].group != ACTS

    def _item(self, line: Line, action: str) -> None:
        line.put(shown(self._by_id[action].keys[0]), self.ink.bold("key")).gap()
        line.put(self._label(action), self.ink("text_muted")).gap(2)

    def _width(self, action: str) -> int:
        return len(shown(self._by_id[action].keys[0])) + len(self._label(action)) + 3

    def _label(self, action: str) -> str:
        if action == "freeze" and self._frozen:
            return "release"
        return self.labels.get(action) or self._by_id[action].label or action


class Prompt(Canvas, can_focus=True):
    """A line of text under the fingers. Says what was typed at each key, and how it ended."""

    class Typed(Message):
        """The text changed."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Ended(Message):
        """Enter (`kept`) or escape was pressed."""

        def __init__(self, *, kept: bool) -> None:
            super().__init__()
            self.kept = kept

    def __init__(self, ink: Ink) -> None:
        super().__init__(ink, id="prompt")
        self.text = ""
        self.what = ""
        self._hint = ""
        self._longest = 0
        self._complaint = ""

    def begin(self, what: str, text: str, *, hint: str, longest: int) -> None:
        """Start with a text of at most `longest` characters; `what` stands before it, `hint` at the right end."""
        self.what, self.text, self._hint, self._longest, self._complaint = what, text, hint, longest, ""
        self.redraw()

    def complain(self, complaint: str) -> None:
        """Say what is wrong with the text, until it is changed."""
        self._complaint = complaint
        self.redraw()

    def paint(self, width: int, height: int) -> list[Strip]:
        """What is asked, the text, and how to end, or what is wrong with it."""
        line = Line(width, self.ink.base).gap()
        line.put(f"{self.what} ", self.ink.bold("accent")).put(self.text, self.ink.base)
        line.put("▏", self.ink("accent"))
        if self._complaint:
            return [line.gap().put(self._complaint, self.ink.bold("degraded")).strip()]
        return [line.to(width - len(self._hint) - 1).put(self._hint, self.ink("text_muted")).strip()]

    def on_key(self, event: Key) -> None:
        """Edit, or end. Nothing typed here reaches the keys of the console, except ctrl+c."""
        if event.key == "ctrl+c":
            return
        event.stop()
        if event.key in ("enter", "escape"):
            self.post_message(self.Ended(kept=event.key == "enter"))
        elif event.key in ("backspace", "ctrl+h"):
            self._become(self.text[:-1])
        elif event.key == "ctrl+u":
            self._become("")
        elif event.is_printable and event.character:
            self._become(self.text + event.character)

    def on_paste(self, event: Paste) -> None:
        """Take pasted text, on one line."""
        event.stop()
        self._become(self.text + event.text)

    def _become(self, text: str) -> None:
        self.text, self._complaint = clean(text, limit=self._longest), ""
        self.redraw()
        self.post_message(self.Typed(self.text))
