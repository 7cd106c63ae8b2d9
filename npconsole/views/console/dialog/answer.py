"""What keys do in a dialog. The focus is not on Yes, and enter never means yes.

A yes is a `y` that a person pressed alone after having had the time to read, or a name typed by hand.
"""

from textual.events import Blur, Key, Paste
from textual.message import Message
from textual.timer import Timer

from npconsole.model.clock import Clock
from npconsole.net.text import clean
from npconsole.views.console.dialog.cadence import Cadence
from npconsole.views.console.dialog.field import NO, TYPED, Field
from npconsole.views.console.dialog.form import Form
from npconsole.views.console.dialog.matter import Matter
from npconsole.views.console.ink import Ink

LONGEST = 2000
ALONE_S = 0.1
"""A `y` is taken when nothing followed it for this long: a pasted `yes` is not a yes."""


class Answer(Form, can_focus=True):
    """The form with the keys."""

    class Changed(Message):
        """A line was changed and left: the plan has to be made again."""

    class Confirmed(Message):
        """Yes."""

    class Declined(Message):
        """No."""

    class Overridden(Message):
        """The next guard that can be overruled shall be."""

    class Again(Message):
        """The plan shall be read again."""

    class Moved(Message):
        """Another line has the keys, or something was typed."""

    class Scrolled(Message):
        """The text above shall move by so many lines, or pages."""

        def __init__(self, by: int, *, pages: bool) -> None:
            super().__init__()
            self.by = by
            self.pages = pages

    def __init__(self, ink: Ink, clock: Clock, cadence: Cadence) -> None:
        super().__init__(ink, clock)
        self._cadence = cadence
        self._hurried = 0
        self._edited = False
        self._alone: Timer | None = None

    def begin(self, matter: Matter) -> None:
        """Another matter, with the focus on No, or on what has to be filled in before anything can be answered."""
        self.at, self.notice, self._hurried, self._edited = matter.begins_at, "", 0, False
        self.disarm()
        self.take(matter)

    def on_key(self, event: Key) -> None:
        """Every key ends here: nothing that is pressed in a dialog reaches the keys of the console."""
        event.stop()
        pressed_again = self.disarm()
        if self.matter is None or self.matter.submitted:
            if event.key in ("escape", "ctrl+c"):
                self.post_message(self.Declined())
            return
        if pressed_again:
            self._say("several keys at once: press y alone")
            return
        self.notice = ""
        if not self._everywhere(event.key):
            if self.field is None:
                self._on_no(event)
            else:
                self._in_field(self.field, event)
        self.redraw()
        self.post_message(self.Moved())

    def on_paste(self, event: Paste) -> None:
        """Pasted text goes into lines that take it; it never confirms."""
        event.stop()
        field = self.field
        if field is None or not field.pastes or field.choices:
            self._say("pasted text is not taken here: type it")
        else:
            self._write(field, " ".join((field.text + event.text).split()))
        self.redraw()

    def on_blur(self, _event: Blur) -> None:
        """A y that was waiting has lost its dialog."""
        self.disarm()

    def _everywhere(self, key: str) -> bool:
        """Keys that do the same wherever the focus is."""
        match key:
            case "escape" if self.at != NO:
                self._go(NO)
            case "escape" | "ctrl+c":
                self.post_message(self.Declined())
            case "tab" | "shift+tab":
                self._step(1 if key == "tab" else -1)
            case "up" | "down":
                self.post_message(self.Scrolled(1 if key == "down" else -1, pages=False))
            case "pageup" | "pagedown":
                self.post_message(self.Scrolled(1 if key == "pagedown" else -1, pages=True))
            case "ctrl+o":
                self.post_message(self.Overridden())
            case "ctrl+r":
                self.post_message(self.Again())
            case _:
                return False
        return True

    def _on_no(self, event: Key) -> None:
        matter = self.matter
        if matter is None or self._too_soon():
            return
        if matter.name_needed and event.is_printable:
            self._go(TYPED)
            if self.field is not None:
                self._in_field(self.field, event)
        elif event.key in ("enter", "n", "q"):
            self.post_message(self.Declined())
        elif event.key == "y":
            self._yes()

    def _in_field(self, field: Field, event: Key) -> None:
        if event.key == "enter" and field.name == TYPED:
            self._typed()
        elif event.key == "enter":
            self._go(NO)
        elif field.choices and event.key in ("space", "left", "right"):
            self._write(field, _following(field, -1 if event.key == "left" else 1))
        elif event.key in ("backspace", "ctrl+h"):
            self._write(field, field.text[:-1])
        elif event.key == "ctrl+u":
            self._write(field, "")
        elif event.is_printable and event.character and not field.choices:
            self._hurried = (self._hurried if field.text else 0) + self._cadence.hurried
            self._write(field, field.text + event.character)

    def _yes(self) -> None:
        """Armed only: it is a yes when no other key comes with it."""
        if obstacle := self.obstacle:
            self._say(obstacle)
        elif not self._cadence.deliberate:
            self._say("several keys at once: press y alone")
        else:
            self._alone = self.set_timer(ALONE_S, self._confirm)

    def _typed(self) -> None:
        """The name counts when a hand typed it: most of a paste arrives at once."""
        matter = self.matter
        if matter is not None and 2 * self._hurried > len(matter.name_needed):
            self.take(matter.fill(TYPED, ""))
            self._say("that came faster than typing: type it by hand")
        elif obstacle := self.obstacle:
            self._say(obstacle)
        elif not self._cadence.deliberate:
            self._say("too fast: press enter again")
        else:
            self._alone = self.set_timer(ALONE_S, self._confirm)

    def _confirm(self) -> None:
        self._alone = None
        if not self.obstacle:
            self.post_message(self.Confirmed())

    def _too_soon(self) -> bool:
        """A key from before the dialog could be read is dropped, and that is said."""
        if self._cadence.too_soon:
            self._say("that was pressed before this could be read")
        return self._cadence.too_soon

    def disarm(self) -> bool:
        """Take back a yes that waits; whether one did."""
        waiting, self._alone = self._alone, None
        if waiting is not None:
            waiting.stop()
        return waiting is not None

    def _step(self, by: int) -> None:
        order = [NO, *(field.name for field in self.matter.fields)] if self.matter else [NO]
        self._go(order[(order.index(self.at) + by) % len(order)])

    def _go(self, name: str) -> None:
        """Leave a line; a changed one is told."""
        self.at = name
        if self._edited:
            self._edited = False
            self.post_message(self.Changed())

    def _write(self, field: Field, text: str) -> None:
        if len(text) > LONGEST:
            self._say(f"a line takes {LONGEST} characters: use the command line")
        elif self.matter is not None:
            self._edited = self._edited or field.name != TYPED
            self.matter = self.matter.fill(field.name, clean(text, limit=LONGEST))

    def _say(self, text: str) -> None:
        self.notice = text
        self.redraw()


def _following(field: Field, step: int) -> str:
    """The choice after the one that stands there."""
    place = field.choices.index(field.text) if field.text in field.choices else -step
    return field.choices[(place + step) % len(field.choices)]
