"""One Sentry issue and its last event with the stack trace, fetched when it is opened."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future

from npconsole.config.keymap import Binding, acting
from npconsole.errors import NpconsoleError
from npconsole.model import quantity
from npconsole.model.issue import Event, Frame, Issue
from npconsole.model.ports import Feed
from npconsole.views.console.arrangement import Plan, arrange
from npconsole.views.console.document import Document, Prose
from npconsole.views.console.ink import Ink
from npconsole.views.console.pane import Pane
from npconsole.views.console.picture import Picture
from npconsole.views.console.stage import Stage
from npconsole.views.console.subject import Subject

LABEL = 11


class IssueDetail(Stage):
    """`aim` says which issue. The wait and a failure are shown; a late answer for another issue is dropped."""

    def __init__(
        self, ink: Ink, keymap: Sequence[Binding], feed: Feed, deliver: Callable[[Callable[[], None]], None]
    ) -> None:
        """`deliver` runs a call on the screen's thread; it is called from the engine's."""
        self.text = Document(ink, name="issue", title="")
        self._feed = feed
        self._deliver = deliver
        self._issue: Issue | None = None
        self._event: Event | None = None
        self._asked_at = 0.0
        self._failure = ""
        super().__init__(ink, keymap, ("back", *acting(keymap), "copy"), (self.text,))

    @property
    def target(self) -> Pane:
        """The text."""
        return self.text

    @property
    def subject(self) -> Subject:
        """The issue; which region it is about, its tags may only claim."""
        return Subject(None, self._issue)

    def plan(self, width: int, height: int) -> Plan:
        """The text alone."""
        return arrange(width, height, rows=0, zoomed="issue")

    def aim(self, issue: Issue, picture: Picture) -> None:
        """Show another issue and ask for its last event."""
        self._issue, self._event, self._failure = issue, None, ""
        self._asked_at = picture.host_wall
        self.text.top = 0
        self.show(picture)
        self._feed.latest_event(issue).add_done_callback(
            lambda future: self._deliver(lambda: self._arrived(issue, future))
        )

    def show(self, picture: Picture) -> None:
        """Write the text anew, so that ages and the wait are true, and draw."""
        if self._issue is not None:
            self.text.write(f"Issue {self._issue.short_id}", self._lines(self._issue, picture))
        super().show(picture)

    def _arrived(self, issue: Issue, future: "Future[Event]") -> None:
        if issue is not self._issue or future.cancelled():
            return
        error = future.exception()
        if error is None:
            self._event = future.result()
        else:
            message = error.message if isinstance(error, NpconsoleError) else f"{type(error).__name__}: {error}"
            self._failure = message or type(error).__name__
        if self.picture is not None:
            self.show(self.picture)

    def _lines(self, issue: Issue, picture: Picture) -> list[Prose]:
        first, last = (quantity.moment(at, picture.wall, utc=picture.utc) for at in (issue.first_seen, issue.last_seen))
        why = [(f"{issue.substatus} ", self.ink.bold(_role(issue))), (issue.level.value, self.ink("text_muted"))]
        lines: list[Prose] = [[(issue.title or "(no title)", self.ink.bold("text"))], why, []]
        facts = (
            ("events", f"{quantity.count(issue.count)} events, {quantity.count(issue.users)} users, {first} to {last}"),
            ("culprit", issue.culprit),
            ("project", issue.project),
            ("region", issue.region),
            ("release", issue.release),
            ("assigned to", issue.assigned_to),
            ("link", issue.permalink),
        )
        lines += [self._fact(label, value) for label, value in facts if value]
        return [*lines, [], *self._last(picture)]

    def _last(self, picture: Picture) -> list[Prose]:
        if self._failure:
            return [
                [("The last event could not be fetched: ", self.ink.bold("unknown")), (self._failure, self.ink.base)]
            ]
        if self._event is None:
            waited_s = picture.host_wall - self._asked_at
            waited = f" {quantity.duration(waited_s)}" if waited_s >= 1 else ""
            return [[(f"Fetching the last event …{waited}", self.ink("text_muted"))]]
        return self._told(self._event, picture)

    def _told(self, event: Event, picture: Picture) -> list[Prose]:
        at = quantity.moment(event.at, picture.wall, utc=picture.utc)
        lines: list[Prose] = [[("Last event ", self.ink.bold("text")), (f"{at}  {event.id}", self.ink("text_muted"))]]
        if event.message and event.message != event.title:
            lines.append(self._fact("message", event.message))
        if event.release or event.environment:
            lines.append(self._fact("release", " · ".join(filter(None, (event.release, event.environment)))))
        if event.tags:
            lines.append(self._fact("tags", "  ".join(f"{name}={value}" for name, value in event.tags)))
        lines.append([])
        if event.exception:
            lines.append([(event.exception, self.ink.bold("down"))])
        if not event.frames:
            lines.append([("The event has no stack trace.", self.ink("text_muted"))])
        for frame in reversed(event.frames):
            lines += self._frame(frame)
        return lines

    def _frame(self, frame: Frame) -> list[Prose]:
        """Innermost first; code of the service stands out from that of its libraries."""
        own = self.ink.base if frame.in_app else self.ink("text_muted")
        place = f"{frame.file}:{frame.line}" if frame.line is not None else frame.file
        lines: list[Prose] = [
            [("› " if frame.in_app else "  ", self.ink("accent")), (f"{frame.function}  {place}", own)]
        ]
        if frame.context:
            lines.append([("      ", own), (frame.context.strip(), own if frame.in_app else self.ink("text_muted"))])
        return lines

    def _fact(self, label: str, value: str) -> Prose:
        return [(f"{label:<{LABEL}} ", self.ink("text_muted")), (value, self.ink.base)]


def _role(issue: Issue) -> str:
    return issue.substatus.value if issue.substatus.value != "unknown" else "text_muted"
