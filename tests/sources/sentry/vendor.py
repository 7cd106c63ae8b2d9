"""Sentry as httpx sees it: a script of answers, given in order and all of them used, and issues in Sentry's shape."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx

from npconsole.model.secret import Secret
from npconsole.net.http import Http
from npconsole.sources.sentry import SentryIssues, SentryProject
from tests.sources.clock import HandClock

URL = "https://sentry.example"
ISSUES = "/api/0/organizations/neuro/issues/"

Answer = httpx.Response | Callable[[], httpx.Response]


def answer(
    document: object, *, status: int = 200, following: str | None = "", headers: Mapping[str, str] | None = None
) -> httpx.Response:
    """One answer; `following` is the cursor of the next page, "" for none, None for no Link header at all."""
    link = {} if following is None else {"Link": link_header(following)}
    return httpx.Response(status, content=json.dumps(document).encode(), headers={**link, **(headers or {})})


def link_header(following: str) -> str:
    """As Sentry writes it: both directions, whether there is something or not."""
    more = "true" if following else "false"
    return (
        f'<{URL}{ISSUES}?cursor=0:0:1>; rel="previous"; results="false"; cursor="0:0:1", '
        f'<{URL}{ISSUES}?cursor=x>; rel="next"; results="{more}"; cursor="{following or "0:100:0"}"'
    )


def issue(number: int = 1, **fields: object) -> dict[str, Any]:
    """An element of the issue list."""
    return {
        "id": str(number),
        "shortId": f"API-{number}",
        "title": f"Error {number}",
        "culprit": "app.items in list",
        "level": "error",
        "status": "unresolved",
        "substatus": "ongoing",
        "count": "150",
        "userCount": 3,
        "firstSeen": "2026-11-20T10:00:00Z",
        "lastSeen": "2026-11-23T10:00:00.500000Z",
        "permalink": f"https://sentry.example/issues/{number}/",
        "project": {"id": "2", "name": "Back end", "slug": "back-end", "platform": "python"},
        "assignedTo": None,
        "isUnhandled": False,
        "metadata": {"title": f"Error {number}"},
    } | fields


def event(*, region: str = "us-east", release: str | None = "20.1.0", **fields: object) -> dict[str, Any]:
    """An event as `latest` gives it."""
    tags = [{"key": "region", "value": region}, {"key": "environment", "value": "production"}]
    return {
        "eventID": "9999aaaa",
        "id": "9999aaaa",
        "title": "ValueError: no stock",
        "message": "",
        "dateCreated": "2026-11-23T10:00:00Z",
        "release": release and {"version": release},
        "tags": tags,
        "entries": [],
    } | fields


class Sentry:
    """The source under test, on a scripted transport; `asked` are the requests so far."""

    def __init__(
        self, answers: Iterator[Answer], *, limit: int = 100, projects: tuple[str, ...] = ("api", "web")
    ) -> None:
        self.clock = HandClock()
        self.asked: list[httpx.Request] = []
        self._answers = answers
        self._http = Http(transport=httpx.MockTransport(self._answer), now=self.clock.now)
        token = Secret("sntrys_token")
        project = SentryProject(URL, "neuro", lambda: token, projects=projects, environment="production")
        self.source = SentryIssues(self._http, project, limit=limit, deadline_s=10, clock=self.clock)

    @property
    def paths(self) -> list[str]:
        """What was asked for, without the query."""
        return [request.url.path for request in self.asked]

    def _answer(self, request: httpx.Request) -> httpx.Response:
        assert request.method == "GET"
        self.asked.append(request)
        given = next(self._answers)
        return given() if callable(given) else given


@contextmanager
def scripted(*answers: Answer, limit: int = 100, projects: tuple[str, ...] = ("api", "web")) -> Iterator[Sentry]:
    """A Sentry that gives these answers; one that nobody asked for fails the test."""
    left = iter(answers)
    yield Sentry(left, limit=limit, projects=projects)
    assert list(left) == [], "answers that nobody asked for"
