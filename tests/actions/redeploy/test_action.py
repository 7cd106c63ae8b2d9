"""Redeploy and rollback: one call, never a second, and the new deployment is seen through."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

import pytest

from npconsole.actions.planner import Planner
from npconsole.actions.world import World
from npconsole.errors import ExitCode
from npconsole.model.controls import Deployment, DeploymentState
from npconsole.model.run import RunState, Verdict
from tests.actions.desk import Desk
from tests.actions.opened import opened
from tests.actions.virtual import play
from tests.actions.world import FakeService, Manner, Platform

RUNNING = (("i", "RUNNING"),)


def deployment(
    name: str, state: DeploymentState = DeploymentState.REMOVED, *, back: bool = True, day: int = 1
) -> Deployment:
    word = {DeploymentState.LIVE: "SUCCESS"}.get(state, state.name)
    return Deployment(
        id=name,
        state=state,
        word=word,
        changed="t",
        instances=RUNNING,
        can_rollback=back,
        can_redeploy=True,
        commit=f"commit-{name}",
        created=f"2026-11-{day:02}",
    )


@dataclass
class Deployed(Platform):
    """us-east with a history. `fails` makes the next deployment fail; a build takes `build_s`."""

    history: list[Deployment] = field(default_factory=list)
    fails: bool = False
    build_s: float = 60.0

    def __post_init__(self) -> None:
        super().__post_init__()
        self.history = self.history or [
            deployment("d3", DeploymentState.LIVE, day=3),
            deployment("d2", day=2),
            deployment("d1", day=1),
        ]

    def world(self) -> World:
        world = super().world()
        return replace(world, services={**world.services, "us-east": Service(self, "us-east")})

    def deploy(self, name: str) -> None:
        """A new deployment comes up beside the live one, and takes its place or fails."""
        self.history.insert(0, deployment(name, DeploymentState.CHANGING, day=10))

        def done() -> None:
            if self.fails:
                self.history[0] = deployment(name, DeploymentState.FAILED, day=10)
                return
            old = [replace(each, state=DeploymentState.REMOVED) for each in self.history[1:]]
            self.history = [deployment(name, DeploymentState.LIVE, day=10), *old]
            self.p95_ms["us-east"] = 110.0

        self.later(self.build_s, f"deployed {name}", done)


@dataclass
class Service(FakeService):
    platform: Deployed

    async def live(self) -> Deployment:
        await self.platform.read()
        return next(each for each in self.platform.history if each.state is DeploymentState.LIVE)

    async def recent(self, limit: int) -> Sequence[Deployment]:
        await self.platform.read()
        return self.platform.history[:limit]

    async def redeploy(self, deployment_id: str) -> str:
        await self.platform.write("redeploy", deployment_id, lambda: self.platform.deploy("d4"))
        return "d4"

    async def rollback(self, deployment_id: str) -> None:
        await self.platform.write("rollback", deployment_id, lambda: self.platform.deploy("d5"))


Make = Callable[..., Desk]


@pytest.fixture
def make() -> Iterator[Make]:
    with ExitStack() as stack:

        def made(**more: object) -> Desk:
            platform = Deployed(**more)  # type: ignore[arg-type]  # its own fields
            platform.p95_ms["us-east"] = 612.0
            return stack.enter_context(opened(lambda folder: Desk(folder, platform)))

        yield made


@pytest.mark.parametrize(
    ("action", "given", "sent"),
    [("redeploy", {}, "d3"), ("rollback", {}, "d2"), ("rollback", {"to": "d1"}, "d1")],
)
def test_one_call_and_the_new_one_is_seen_through(make: Make, action: str, given: dict[str, str], sent: str) -> None:
    desk = make()
    run = desk.run(action, **given)
    assert (run.state, run.verdict, run.result["exit"]) == (RunState.SUCCEEDED, Verdict.HELPED, ExitCode.OK)
    assert [(write.call, write.target) for write in desk.platform.writes] == [(action, sent)]
    texts = [event.text for event in desk.journal.events(run.id)]
    assert any("changing" in text for text in texts)


@pytest.mark.parametrize("action", ["redeploy", "rollback"])
def test_a_new_deployment_that_fails_is_said(make: Make, action: str) -> None:
    run = make(fails=True).run(action)
    assert (run.state, run.result["exit"]) == (RunState.FAILED, ExitCode.PARTIAL)
    assert "d3 stays live" in run.outcome


@pytest.mark.parametrize("action", ["redeploy", "rollback"])
@pytest.mark.parametrize(
    "manner", [Manner.SERVER_ERROR, Manner.SERVER_ERROR_AFTER_EFFECT, Manner.SILENT, Manner.SILENT_LATE_EFFECT]
)
def test_without_an_answer_it_is_looked_up_and_never_sent_again(make: Make, action: str, manner: Manner) -> None:
    desk = make()
    desk.platform.manners.append(manner)
    run = desk.run(action)
    assert len(desk.platform.writes) == 1
    had_effect = manner in (Manner.SERVER_ERROR_AFTER_EFFECT, Manner.SILENT_LATE_EFFECT)
    assert run.state is (RunState.SUCCEEDED if had_effect else RunState.DEGRADED)


@pytest.mark.parametrize(
    ("action", "history", "given", "words"),
    [
        ("rollback", [deployment("d3", DeploymentState.LIVE, day=3)], {}, "there is no way back from d3"),
        (
            "rollback",
            [deployment("d3", DeploymentState.LIVE, day=3), deployment("d2", back=False)],
            {},
            "there is no way back from d3",
        ),
        ("rollback", [], {"to": "d9"}, "there is no way back to d9"),
        ("rollback", [], {"to": "d3"}, "there is no way back to d3"),
        (
            "redeploy",
            [replace(deployment("d3", DeploymentState.LIVE, day=3), can_redeploy=False)],
            {},
            "cannot be deployed again",
        ),
    ],
)
def test_what_cannot_be_is_refused(
    make: Make, action: str, history: list[Deployment], given: dict[str, str], words: str
) -> None:
    desk = make(history=history)
    run = desk.run(action, **given)
    assert run.state in (RunState.FAILED, RunState.REFUSED)
    assert words in run.outcome
    assert not desk.platform.writes


def test_a_deploy_under_way_is_not_disturbed(make: Make) -> None:
    history = [deployment("d4", DeploymentState.CHANGING, day=4), deployment("d3", DeploymentState.LIVE, day=3)]
    run = make(history=history).run("redeploy")
    assert run.state is RunState.REFUSED
    assert "a deploy is in progress: d4" in run.outcome


def test_another_deployment_than_planned_is_left_alone(make: Make) -> None:
    desk = make()
    asked = desk.request("rollback")

    def reached(point: str) -> None:
        if point == "intent":
            assert isinstance(desk.platform, Deployed)
            desk.platform.history.insert(0, deployment("d4", DeploymentState.LIVE, day=4))

    run = play(desk.clock, desk.runner(reached).run(asked.id))
    assert run.state is RunState.FAILED
    assert "d4 went live since the plan was made" in run.outcome
    assert not desk.platform.writes


@pytest.mark.parametrize("point", ["sent", "called", "applied"])
def test_a_dead_runners_call_is_not_sent_again(make: Make, point: str) -> None:
    desk = make()
    asked = desk.request("redeploy")
    assert desk.crash(asked.id, point)
    desk.pass_time(120)
    [run] = desk.recover()
    assert run.state.is_final
    assert len(desk.platform.writes) == (0 if point == "sent" else 1)


def test_the_plan_names_the_way_back(make: Make) -> None:
    desk = make()
    plan = play(desk.clock, Planner(desk.stage()).prepare(desk.request("rollback").request)).plan
    assert plan.calls[0].call == "deploymentRollback d2"
    assert "--param to=d3" in plan.undo
    assert plan.notes == ("live: commit commit-d3", "back to commit commit-d2")
