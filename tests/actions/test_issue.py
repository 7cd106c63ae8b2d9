"""Resolve, archive, assign: one issue, once, read again, and what it was is kept."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

import pytest

from npconsole.actions.planner import Planner
from npconsole.actions.world import World
from npconsole.errors import BadAnswerError, ExitCode
from npconsole.model.controls import Allowance, IssueStatus
from npconsole.model.run import RunState, Verdict
from tests.actions.desk import Desk
from tests.actions.opened import opened
from tests.actions.virtual import play
from tests.actions.world import Manner, Platform

NEW = IssueStatus("unresolved", "new", "")


@dataclass
class Tracked(Platform):
    """The platform with one issue."""

    issue: IssueStatus = NEW
    deaf: bool = False

    def world(self) -> World:
        world = super().world()
        return replace(
            world, issues=Issues(self), credentials={**world.credentials, "sentry": world.credentials["railway"]}
        )

    def become(self, **fields: str) -> None:
        if not self.deaf:
            self.issue = replace(self.issue, **fields)


@dataclass
class Issues:
    """IssueControl of that issue, API-12 with the id 4711."""

    platform: Tracked
    ids: dict[str, str] = field(default_factory=lambda: {"API-12": "4711"})

    @property
    def allowance(self) -> Allowance:
        return Allowance()

    async def find(self, short_id: str) -> str:
        await self.platform.read()
        if short_id not in self.ids:
            raise BadAnswerError(f"there is no issue {short_id}")
        return self.ids[short_id]

    async def status(self, issue_id: str) -> IssueStatus:
        await asyncio.sleep(0.01)
        self.platform.land()
        assert issue_id == "4711"
        return self.platform.issue

    async def resolve(self, issue_id: str, *, in_next_release: bool) -> None:
        call = "resolve next" if in_next_release else "resolve"
        await self.platform.write(call, issue_id, lambda: self.platform.become(status="resolved", substatus=""))

    async def archive(self, issue_id: str) -> None:
        effect = lambda: self.platform.become(status="ignored", substatus="archived_until_escalating")  # noqa: E731 (named for the line below)
        await self.platform.write("archive", issue_id, effect)

    async def assign(self, issue_id: str, to: str) -> None:
        known = {"ann@example.com": "user:7"}
        await self.platform.write(f"assign {to}", issue_id, lambda: self.platform.become(assigned_to=known.get(to, to)))

    async def restore(self, issue_id: str, before: IssueStatus) -> None:
        def effect() -> None:
            self.platform.issue = before

        await self.platform.write("restore", issue_id, effect)


Make = Callable[..., Desk]


@pytest.fixture
def make() -> Iterator[Make]:
    with ExitStack() as stack:

        def made(issue: IssueStatus = NEW, *, deaf: bool = False) -> Desk:
            return stack.enter_context(opened(lambda folder: Desk(folder, Tracked(issue=issue, deaf=deaf))))

        yield made


def issue(desk: Desk) -> IssueStatus:
    assert isinstance(desk.platform, Tracked)
    return desk.platform.issue


@pytest.mark.parametrize(
    ("action", "given", "call", "after"),
    [
        ("resolve", {}, "resolve", IssueStatus("resolved", "", "")),
        ("resolve", {"next-release": "yes"}, "resolve next", IssueStatus("resolved", "", "")),
        ("archive", {}, "archive", IssueStatus("ignored", "archived_until_escalating", "")),
        ("assign", {"to": "team:2"}, "assign team:2", IssueStatus("unresolved", "new", "team:2")),
        ("assign", {"to": "ann@example.com"}, "assign ann@example.com", IssueStatus("unresolved", "new", "user:7")),
    ],
)
def test_done_once_and_read_again(
    make: Make, action: str, given: dict[str, str], call: str, after: IssueStatus
) -> None:
    desk = make()
    run = desk.run(action, "API-12", **given)
    assert (run.state, run.verdict, run.result["exit"]) == (RunState.SUCCEEDED, Verdict.HELPED, ExitCode.OK)
    assert [write.call for write in desk.platform.writes] == [call]
    assert issue(desk) == after
    assert run.result["issue_before"] == {"status": "unresolved", "substatus": "new", "assigned_to": ""}


def test_nobody_is_somebody_to_assign_to(make: Make) -> None:
    desk = make(IssueStatus("unresolved", "new", "user:1"))
    assert desk.run("assign", "API-12", to="nobody").verdict is Verdict.HELPED
    assert issue(desk).assigned_to == ""


@pytest.mark.parametrize(
    ("action", "given", "before"),
    [
        ("resolve", {}, IssueStatus("resolved", "", "")),
        ("archive", {}, IssueStatus("ignored", "archived_forever", "")),
        ("assign", {"to": "user:1"}, IssueStatus("unresolved", "new", "user:1")),
    ],
)
def test_nothing_is_sent_when_it_is_so_already(
    make: Make, action: str, given: dict[str, str], before: IssueStatus
) -> None:
    desk = make(before)
    run = desk.run(action, "API-12", **given)
    assert (run.state, run.verdict) == (RunState.SUCCEEDED, Verdict.NO_EFFECT)
    assert not desk.platform.writes


def test_an_answer_is_not_proof(make: Make) -> None:
    run = make(deaf=True).run("resolve", "API-12")
    assert (run.state, run.result["exit"]) == (RunState.DEGRADED, ExitCode.UNVERIFIED)


@pytest.mark.parametrize(
    "manner", [Manner.SERVER_ERROR_AFTER_EFFECT, Manner.SILENT_AFTER_EFFECT, Manner.SILENT_LATE_EFFECT]
)
def test_a_lost_answer_is_looked_up(make: Make, manner: Manner) -> None:
    desk = make()
    desk.platform.manners.append(manner)
    run = desk.run("assign", "API-12", to="ann@example.com")
    assert (run.state, run.verdict) == (RunState.SUCCEEDED, Verdict.HELPED)
    assert len(desk.platform.writes) == 1


@pytest.mark.parametrize(
    ("meanwhile", "state", "after"),
    [
        (None, RunState.REVERTED, IssueStatus("unresolved", "regressed", "user:1")),
        (IssueStatus("resolved", "", "user:1"), RunState.REVERTED, IssueStatus("unresolved", "regressed", "user:1")),
        (
            IssueStatus("ignored", "archived_forever", "user:9"),
            RunState.CONFLICT,
            IssueStatus("ignored", "archived_forever", "user:9"),
        ),
    ],
    ids=["no effect", "late effect", "somebody else"],
)
def test_a_stop_puts_it_back_unless_somebody_else_was_there(
    make: Make, meanwhile: IssueStatus | None, state: RunState, after: IssueStatus
) -> None:
    desk = make(IssueStatus("unresolved", "regressed", "user:1"))
    asked = desk.request("resolve", "API-12")

    def reached(point: str) -> None:
        if point == "sent":
            runner.terminate("SIGTERM")
        if point == "reverting" and meanwhile is not None:
            assert isinstance(desk.platform, Tracked)
            desk.platform.issue = meanwhile

    runner = desk.runner(reached)
    desk.platform.manners.append(Manner.SERVER_ERROR)
    run = play(desk.clock, runner.run(asked.id))
    assert run.state is state
    assert issue(desk) == after


def test_the_plan_says_what_it_was(make: Make) -> None:
    desk = make()
    plan = play(desk.clock, Planner(desk.stage()).prepare(desk.request("archive", "api-12").request)).plan
    assert plan.target == "API-12"
    assert [call.call for call in plan.calls] == ["PUT issue 4711"]
    assert "unresolved (new), assigned to nobody" in plan.undo


def test_an_unknown_issue(make: Make) -> None:
    desk = make()
    run = desk.run("resolve", "API-99")
    assert run.state is RunState.FAILED
    assert "there is no issue API-99" in run.outcome
