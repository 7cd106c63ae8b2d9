"""All issues of the organization. Bounded: the 1000 last seen are kept."""

from collections.abc import Iterable
from dataclasses import dataclass

from npconsole.sim.sentry.event import Event
from npconsole.sim.sentry.issue import Issue

MOST_ISSUES = 1000


@dataclass(frozen=True, slots=True)
class Project:
    """One project; `key` is the public key of its DSN."""

    id: str
    slug: str
    platform: str
    key: str


class Store:
    """Groups events into issues."""

    def __init__(self, projects: Iterable[Project]) -> None:
        self.projects = tuple(projects)
        self.events = 0
        self._issues: dict[str, Issue] = {}
        self._by_fingerprint: dict[tuple[str, str], Issue] = {}
        self._numbers = {project.slug: 0 for project in self.projects}

    def project(self, word: str) -> Project | None:
        """A project by id or slug."""
        return next((project for project in self.projects if word in (project.id, project.slug)), None)

    def add(self, event: Event) -> Issue:
        """Put an event into its issue, which may be a new one."""
        self.events += 1
        key = (event.project, event.fingerprint)
        issue = self._by_fingerprint.get(key)
        if issue is None:
            issue = self._new(event)
            self._by_fingerprint[key] = self._issues[issue.id] = issue
        issue.add(event)
        return issue

    def get(self, word: str) -> Issue | None:
        """An issue by id or short id."""
        short = word.upper()
        return self._issues.get(word) or next((each for each in self.all() if each.short_id == short), None)

    def all(self) -> list[Issue]:
        """Every issue, in the order they came up."""
        return list(self._issues.values())

    def _new(self, event: Event) -> Issue:
        if len(self._issues) >= MOST_ISSUES:
            oldest = min(self._issues.values(), key=lambda issue: issue.last_wall)
            del self._issues[oldest.id], self._by_fingerprint[oldest.project, oldest.fingerprint]
        self._numbers[event.project] += 1
        number = self._numbers[event.project]
        project = self.project(event.project)
        assert project is not None  # noqa: S101 - ingest refuses unknown projects
        return Issue(
            id=f"{4_500_000_000 + int(project.id) * 1_000_000 + number}",
            short_id=f"{event.project.upper()}-{number}",
            project=event.project,
            fingerprint=event.fingerprint,
        )
