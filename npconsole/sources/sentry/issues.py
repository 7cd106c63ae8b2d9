"""The issue source: the list in pages, latest first, and the latest event of one issue. It never writes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from npconsole.errors import BadAnswerError, SourceError
from npconsole.model.clock import Clock
from npconsole.model.issue import Event, Issue, IssueList
from npconsole.net.http import Answer, Http
from npconsole.sources.sentry.client import SentryClient, SentryProject, is_used_up
from npconsole.sources.sentry.event import parse_event
from npconsole.sources.sentry.issue import parse_issue
from npconsole.sources.sentry.link import next_cursor
from npconsole.sources.sentry.origins import Origins

PAGE = 100
"""Most issues of one answer."""

WHAT = "Sentry issues"
LEAST_S = 0.5
"""With less time than this left another request is not begun."""


@dataclass(slots=True)
class _Listing:
    """What has been read so far. `cursor` is "" at the end; `notices` say what is missing and why."""

    issues: dict[str, Issue] = field(default_factory=dict)
    cursor: str | None = None
    complete: bool = False
    used_up: bool = False
    notices: list[str] = field(default_factory=list)


class SentryIssues:
    """An IssueSource: unresolved issues seen in the last 24 h, at most `limit`; a read takes `deadline_s` in all."""

    def __init__(self, http: Http, project: SentryProject, *, limit: int, deadline_s: float, clock: Clock) -> None:
        self._client = SentryClient(http, project, clock)
        self._project = project
        self._limit = limit
        self._deadline_s = deadline_s
        self._clock = clock
        self._origins = Origins(project.region_tag)

    async def read(self) -> IssueList:
        """The issues. Raise SourceError when not even the first page came; what is missing later is a notice."""
        ends = self._clock.now() + self._deadline_s
        listing = _Listing()
        await self._page(listing, ends)
        while not listing.complete and not listing.notices and len(listing.issues) < self._limit:
            await self._further_page(listing, ends)
        issues = tuple(listing.issues.values())[: self._limit]
        if not listing.used_up:
            await self._learn(issues, listing, ends)
        complete = listing.complete and len(listing.issues) <= self._limit
        return IssueList(tuple(map(self._origins.fill, issues)), complete, "; ".join(listing.notices))

    async def latest_event(self, issue: Issue) -> Event:
        """The issue's latest event. Raise SourceError."""
        return await self._event(issue, self._deadline_s)

    async def _page(self, listing: _Listing, ends: float) -> None:
        size = min(PAGE, self._limit - len(listing.issues))
        params = [*self._query, ("limit", str(size)), *([("cursor", listing.cursor)] if listing.cursor else [])]
        document, answer = await self._client.get(
            "issues", what=WHAT, deadline_s=ends - self._clock.now(), params=params
        )
        self._add(listing, document)
        self._turn(listing, answer, is_full=len(document) >= size)

    def _add(self, listing: _Listing, document: object) -> None:
        if not isinstance(document, list):
            raise BadAnswerError(f"{WHAT}: the answer is not a list", hint="is sentry.url the address of Sentry?")
        for data in document:
            issue = parse_issue(data, region_tag=self._project.region_tag) if isinstance(data, dict) else None
            if issue is not None:
                listing.issues.setdefault(issue.id, issue)

    def _turn(self, listing: _Listing, answer: Answer, *, is_full: bool) -> None:
        """Note where the next page begins, and whether we may ask for it."""
        cursor = next_cursor(answer.headers.get("link", ""))
        listing.complete = cursor == "" or (cursor is None and not is_full)
        listing.used_up = is_used_up(answer)
        if cursor is None and is_full:
            listing.notices.append("Sentry does not say whether there are more issues")
        elif not listing.complete and listing.used_up:
            listing.notices.append("more issues exist, but Sentry's request limit is used up")
        elif cursor and cursor == listing.cursor:
            listing.notices.append("more issues exist, but Sentry repeats itself")
        listing.cursor = cursor

    async def _further_page(self, listing: _Listing, ends: float) -> None:
        if ends - self._clock.now() < LEAST_S:
            listing.notices.append("more issues exist, but time is up")
            return
        try:
            await self._page(listing, ends)
        except SourceError as error:
            listing.notices.append(f"more issues exist: {error.message}")

    async def _learn(self, issues: Sequence[Issue], listing: _Listing, ends: float) -> None:
        async def fetch(issue: Issue) -> Event:
            left_s = ends - self._clock.now()
            if left_s < LEAST_S:
                raise BadAnswerError("time is up")
            return await self._event(issue, left_s)

        if stopped := await self._origins.learn(issues, fetch):
            listing.notices.append(f"not all regions are known: {stopped}")

    async def _event(self, issue: Issue, deadline_s: float) -> Event:
        what = f"latest event of {issue.short_id}"
        document, _ = await self._client.get("issues", issue.id, "events", "latest", what=what, deadline_s=deadline_s)
        if not isinstance(document, Mapping):
            raise BadAnswerError(f"{what}: the answer is not an object")
        return parse_event(document)

    @property
    def _query(self) -> list[tuple[str, str]]:
        """A project of -1 is all of them. https://docs.sentry.io/api/events/list-an-organizations-issues/"""
        projects = [("project", project) for project in self._project.projects or ("-1",)]
        environment = [("environment", self._project.environment)] if self._project.environment else []
        wanted = [("query", "is:unresolved"), ("statsPeriod", "24h"), ("sort", "date")]
        return [*projects, *environment, *wanted]
