"""The last line: the keys that matter here, from the live key map, or the prompt while a filter is typed."""

from collections.abc import Sequence

from textual.events import Key, Paste
from textual.message import Message
from textual.strip import Strip

from npconsole.config.keymap import Binding, shown
from npconsole.net.text import clean
from npconsole.views.console.canvas import Canvas
from npconsole.views.console.ink import Ink
from npconsole.views.console.line import Line
from npconsole.views.console.picture import Picture

ALWAYS = ("help", "quit")
"""Kept at the right end however narrow the screen is."""


class Footer(Canvas):
    """`actions` are the ids to show, the most useful first; what does not fit is in the help."""

    def __init__(self, ink: Ink, keymap: Sequence[Binding], actions: Sequence[str]) -> None:
        super().__init__(ink, id="footer")
        self._by_id = {binding.id: binding for binding in keymap}
        self._actions = actions
        self._frozen = False

    def show(self, picture: Picture) -> None:
        """Draw; the key that freezes says what it would do now."""
        self._frozen = picture.frozen
        self.redraw()

    def paint(self, width: int, height: int) -> list[Strip]:
        """The actions from the left, help and quit at the right."""
        line = Line(width, self.ink.base).gap()
        end = width - sum(self._width(action) for action in ALWAYS)
        for action in self._actions:
            if line.used + self._width(action) <= end:
                self._item(line, action)
        line.to(end)
        for action in ALWAYS:
            self._item(line, action)
        return [line.strip()]

    def _item(self, line: Line, action: str) -> None:
        line.put(shown(self._by_id[action].keys[0]), self.ink.bold("key")).gap()
        line.put(self._label(action), self.ink("text_muted")).gap(2)

    def _width(self, action: str) -> int:
        return len(shown(self._by_id[action].keys[0])) + len(self._label(action)) + 3

    def _label(self, action: str) -> str:
        if action == "freeze" and self._frozen:
            return "release"
        return self._by_id[action].label or action


class Prompt(Canvas, can_focus=True):
    """A line of text under the fingers. Says what was typed at each key, and how it ended."""

    LONGEST = 60

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

    def begin(self, what: str, text: str) -> None:
        """Start with a text; `what` is written before it."""
        self.what, self.text = what, text
        self.redraw()

    def paint(self, width: int, height: int) -> list[Strip]:
        """What is asked, the text, and how to end."""
        line = Line(width, self.ink.base).gap()
        line.put(f"{self.what} ", self.ink.bold("accent")).put(self.text, self.ink.base)
        line.put("▏", self.ink("accent"))
        hint = "enter keep  esc clear"
        return [line.to(width - len(hint) - 1).put(hint, self.ink("text_muted")).strip()]

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
        self.text = clean(text, limit=self.LONGEST)
        self.redraw()
        self.post_message(self.Typed(self.text))
