"""Resolving, archiving and assigning an issue. A change counts when the issue that comes back shows it."""

from collections.abc import Callable, Mapping
from typing import Any

from npconsole.controls.identifier import identifier
from npconsole.controls.sentry.api import SentryApi
from npconsole.controls.sentry.issue import IssueData, ShortId, to_status
from npconsole.controls.shape import shaped
from npconsole.controls.writing import writing
from npconsole.errors import BadAnswerError, UsageError
from npconsole.model.controls import Allowance, IssueStatus
from npconsole.net.text import clean

WHAT = "Sentry issue"
ESCALATING = "archived_until_escalating"
SETTABLE = ("unresolved", "resolved", "ignored")
"""Statuses that can be put back; the others are states on the way to being deleted, merged or processed again."""

LONGEST_ACTOR = 200


class SentryIssueControl:
    """An IssueControl of one organization."""

    def __init__(self, api: SentryApi) -> None:
        self._api = api

    @property
    def allowance(self) -> Allowance:
        return self._api.allowance

    async def find(self, short_id: str) -> str:
        wanted = identifier(short_id, setting="the short id of the issue").upper()
        what = f"{WHAT} {wanted}"
        return shaped(await self._api.get("shortids", wanted, what=what), ShortId, what=what).group_id

    async def status(self, issue_id: str) -> IssueStatus:
        wanted = identifier(issue_id, setting="the issue")
        return to_status(shaped(await self._api.get("issues", wanted, what=WHAT), IssueData, what=WHAT))

    async def resolve(self, issue_id: str, *, in_next_release: bool) -> None:
        status = "resolvedInNextRelease" if in_next_release else "resolved"
        await self._update(issue_id, {"status": status}, lambda issue: issue.status == "resolved", what="resolve")

    async def archive(self, issue_id: str) -> None:
        def is_archived(issue: IssueData) -> bool:
            return issue.status == "ignored" and issue.substatus in (ESCALATING, None)

        await self._update(issue_id, {"status": "ignored", "substatus": ESCALATING}, is_archived, what="archive")

    async def assign(self, issue_id: str, to: str) -> None:
        if len(to) > LONGEST_ACTOR or clean(to) != to or any(map(str.isspace, to)):
            raise UsageError(
                f"an issue cannot be assigned to {clean(to, limit=60)}",
                hint="name user:<id>, team:<id> or an e-mail address; nothing for nobody",
            )
        await self._update(issue_id, {"assignedTo": to}, lambda issue: issue.is_assigned(to), what="assign")

    async def restore(self, issue_id: str, before: IssueStatus) -> None:
        if before.status not in SETTABLE:
            raise UsageError(f"an issue cannot be made {clean(before.status, limit=40) or 'of no status'} again")
        body = {"status": before.status, "assignedTo": before.assigned_to}
        if before.substatus:
            body["substatus"] = before.substatus

        def is_restored(issue: IssueData) -> bool:
            return issue.status == before.status and issue.is_assigned(before.assigned_to)

        await self._update(issue_id, body, is_restored, what="restore")

    async def _update(
        self, issue_id: str, body: Mapping[str, Any], is_confirmed: Callable[[IssueData], bool], *, what: str
    ) -> None:
        what = f"{WHAT}, {what}"
        self._api.require(issue_id)
        with writing():
            issue = shaped(await self._api.update_issue(issue_id, body, what=what), IssueData, what=what)
            if not is_confirmed(issue):
                raise BadAnswerError(f"{what}: Sentry's answer does not show the change")
