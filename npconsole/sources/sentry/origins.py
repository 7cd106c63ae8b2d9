"""Where issues come from: the list does not carry tags, so region and release are those of an issue's latest event.

A few events are fetched with each reading of the list, for issues not known yet before those that happened again.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from npconsole.errors import SourceError
from npconsole.model.issue import Event, Issue

MOST_EVENTS = 5
"""Events fetched per reading: ten issues are complete after two readings, and the endpoint's limit is far."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Region and release of the event at `last_seen`."""

    last_seen: float | None
    region: str
    release: str


class Origins:
    """Remembers the origins of the issues on the list, and of no others."""

    def __init__(self, region_tag: str) -> None:
        self._region_tag = region_tag
        self._known: dict[str, Origin] = {}

    async def learn(self, issues: Sequence[Issue], fetch: Callable[[Issue], Awaitable[Event]]) -> str:
        """Fetch events by `fetch` for what is missing; returns why it had to stop, empty when it did not."""
        listed = {issue.id for issue in issues}
        self._known = {issue_id: origin for issue_id, origin in self._known.items() if issue_id in listed}
        for issue in sorted(filter(self._is_due, issues), key=lambda issue: issue.id in self._known)[:MOST_EVENTS]:
            try:
                event = await fetch(issue)
            except SourceError as error:
                return error.message
            region = dict(event.tags).get(self._region_tag, "")
            self._known[issue.id] = Origin(issue.last_seen, region, event.release)
        return ""

    def fill(self, issue: Issue) -> Issue:
        """The issue with what is known of its origin where the list says nothing."""
        origin = self._known.get(issue.id)
        if origin is None:
            return issue
        return replace(issue, region=issue.region or origin.region, release=issue.release or origin.release)

    def _is_due(self, issue: Issue) -> bool:
        known = self._known.get(issue.id)
        return not (issue.region and issue.release) and (known is None or known.last_seen != issue.last_seen)
