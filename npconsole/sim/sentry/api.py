"""The part of Sentry's API that a console uses, with its paging, limits and errors. Paths end in a slash, as the real
ones must."""

import json
from collections.abc import Callable
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route as Path

from npconsole.sim.clock import Clock
from npconsole.sim.sentry.answer import event_answer, issue_answer, issue_detail
from npconsole.sim.sentry.event import Event
from npconsole.sim.sentry.gate import Answer, ApiError, Gate
from npconsole.sim.sentry.ingest import Ingest
from npconsole.sim.sentry.issue import Issue
from npconsole.sim.sentry.paging import link_header, offset_of, whole_number
from npconsole.sim.sentry.query import QueryError, parse, period_s
from npconsole.sim.sentry.store import Project, Store
from npconsole.sim.sentry.update import UpdateError, changes

ROOT = "/api/0/organizations/{organization}"
PAGE = 100
SORTS: dict[str, Callable[[Issue], float]] = {
    "date": lambda issue: issue.last_wall,
    "new": lambda issue: issue.first_wall,
    "freq": lambda issue: issue.count,
    "user": lambda issue: len(issue.users),
    "trends": lambda issue: issue.last_wall,
    "inbox": lambda issue: issue.last_wall,
    "recommended": lambda issue: issue.last_wall,
}


class SentryApi:
    """Sentry's app."""

    def __init__(self, store: Store, gate: Gate, clock: Clock) -> None:
        self._store = store
        self._organization = gate.organization
        self._clock = clock
        one = f"{ROOT}/issues/{{issue}}/"
        self.app = Starlette(
            routes=[
                Path("/api/{project_id}/envelope/", Ingest(store, clock).envelope, methods=["POST"]),
                Path(f"{ROOT}/projects/", gate.check("projects", self._projects)),
                Path(f"{ROOT}/issues/", gate.check("issues", self._issues)),
                Path(one, gate.check("issue", self._issue)),
                Path(one, gate.check("update", self._update), methods=["PUT"]),
                Path(f"{one}events/{{event}}/", gate.check("event", self._event)),
                Path(f"{ROOT}/shortids/{{issue}}/", gate.check("shortid", self._short_id)),
            ],
        )
        self.app.router.redirect_slashes = False

    async def _projects(self, _: Request) -> Response:
        """The fields that tell projects apart; Sentry's own answer has some forty more."""
        known = ({"id": p.id, "slug": p.slug, "name": p.slug, "platform": p.platform} for p in self._store.projects)
        return Answer([project | {"status": "active", "isMember": True, "hasAccess": True} for project in known])

    async def _issues(self, request: Request) -> Response:
        chosen = self._chosen(request)
        offset, limit = offset_of(request), whole_number(request, "limit", PAGE)
        if not 1 <= limit <= PAGE:
            raise ApiError(400, f"limit must be between 1 and {PAGE}")
        answers = [self._plain(issue) for issue in chosen[offset : offset + limit]]
        more = offset + limit < len(chosen)
        return Answer(answers, headers={"Link": link_header(request, offset, limit, more=more)})

    def _chosen(self, request: Request) -> list[Issue]:
        """The issues that the query parameters choose, in their order."""
        asked = request.query_params
        sort = asked.get("sort", "date")
        if sort not in SORTS:
            raise ApiError(400, f"Invalid sort: {sort}")
        try:
            matches = parse(asked.get("query", "is:unresolved"))
            since_wall = self._clock.wall() - period_s(asked.get("statsPeriod") or "90d")
        except QueryError as error:
            raise ApiError(400, str(error)) from error
        projects = self._wanted_projects(asked.getlist("project"))
        environments = set(asked.getlist("environment")) - {""}
        now_s = self._clock.now_s()
        chosen = [
            issue
            for issue in self._store.all()
            if issue.project in projects
            and (not environments or environments & issue.environments)
            and issue.last_wall >= since_wall
            and matches(issue, now_s)
        ]
        return sorted(chosen, key=SORTS[sort], reverse=True)

    def _wanted_projects(self, words: list[str]) -> set[str]:
        if not words or "-1" in words:
            return {project.slug for project in self._store.projects}
        found = [self._store.project(word) for word in words]
        if None in found:
            raise ApiError(404, "The requested resource does not exist")
        return {project.slug for project in found if project is not None}

    async def _issue(self, request: Request) -> Response:
        return Answer(self._detail(self._found(request)))

    async def _update(self, request: Request) -> Response:
        issue = self._found(request)
        try:
            body = json.loads(await request.body())
        except ValueError as error:
            raise ApiError(400, f"JSON parse error - {error}") from error
        if not isinstance(body, dict):
            raise ApiError(400, "Invalid data. Expected a dictionary.")
        try:
            wanted = changes(body)
        except UpdateError as error:
            return Answer(error.problems, 400)
        for change in wanted:
            change(issue)
        return Answer(self._detail(issue))

    async def _event(self, request: Request) -> Response:
        issue = self._found(request)
        event = _event_of(issue, request.path_params["event"])
        return Answer(event_answer(event, issue, self._project(issue)))

    async def _short_id(self, request: Request) -> Response:
        issue = self._found(request)
        names = {"organizationSlug": self._organization, "projectSlug": issue.project}
        return Answer(names | {"groupId": issue.id, "group": self._plain(issue), "shortId": issue.short_id})

    def _found(self, request: Request) -> Issue:
        issue = self._store.get(request.path_params["issue"])
        if issue is None:
            raise ApiError(404, "The requested resource does not exist")
        return issue

    def _project(self, issue: Issue) -> Project:
        return next(project for project in self._store.projects if project.slug == issue.project)

    def _plain(self, issue: Issue) -> dict[str, Any]:
        return issue_answer(issue, self._project(issue), self._organization, self._clock)

    def _detail(self, issue: Issue) -> dict[str, Any]:
        return issue_detail(issue, self._project(issue), self._organization, self._clock)


def _event_of(issue: Issue, word: str) -> Event:
    ordered = sorted(issue.events, key=lambda event: event.sent_wall)
    if word in ("latest", "recommended"):
        return ordered[-1]
    if word == "oldest":
        return ordered[0]
    for event in ordered:
        if event.id == word:
            return event
    raise ApiError(404, "Event not found")
