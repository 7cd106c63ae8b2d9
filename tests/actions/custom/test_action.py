"""Actions of the configuration: specs, plans, calls, effects, undo."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npconsole.actions.custom.action import custom_actions, to_action
from npconsole.actions.custom.invocation import Invocation, invocation, to_invocation
from npconsole.actions.frame import Action
from npconsole.actions.planner import Planner
from npconsole.actions.registry import ACTIONS, all_actions, find
from npconsole.actions.world import World
from npconsole.config.blocks.acting import CustomAction, CustomCall
from npconsole.config.schema import Config, convert
from npconsole.errors import BadAnswerError, ExitCode, UsageError
from npconsole.model.action import AccessRole, Danger, TargetKind, Undo
from npconsole.model.run import RunState, Verdict
from tests.actions.desk import Desk
from tests.actions.opened import opened
from tests.actions.virtual import play
from tests.actions.world import SICK, Manner, Platform

BLOCK: dict[str, Any] = {
    "id": "drain-queue",
    "title": "Drain the queue",
    "help": "Empties a queue.",
    "inputs": [
        {"name": "queue", "required": True},
        {"name": "mode", "kind": "choice", "choices": ["fast", "safe"], "default": "safe"},
    ],
    "do": {"argv": ["/bin/drain", "{target}", "--mode={mode}", "{queue}", "{run}"]},
    "undo": {"url": "https://queues.example/{queue}/resume", "body": {"region": "{target}", "note": "{{plain}}"}},
}


def config(*blocks: dict[str, Any]) -> Config:
    region = {"name": "us-east", "origin": "https://a.example"}
    return convert({"services": [{"name": "api", "regions": [region]}], "custom_actions": list(blocks)})


def action(**more: Any) -> Action:
    [made] = custom_actions(config({**BLOCK, **more}), ())
    return made


def test_everything_of_the_block_is_in_the_spec() -> None:
    spec = action(danger="typed", role="admin", effect={"metric": "error_ratio"}).spec
    assert (spec.id, spec.title, spec.summary) == ("drain-queue", "Drain the queue", "Empties a queue.")
    assert (spec.danger, spec.role, spec.target, spec.undo) == (
        Danger.TYPED,
        AccessRole.ADMIN,
        TargetKind.REGION,
        Undo.ON_REQUEST,
    )
    assert [(each.name, each.kind, each.choices, each.required) for each in spec.parameters] == [
        ("queue", "text", (), True),
        ("mode", "choice", ("fast", "safe"), False),
    ]
    assert spec.effect is not None
    assert spec.effect.words == "error_ratio goes down within 2m"


def test_the_registry_has_them_after_the_built_in_ones() -> None:
    actions = all_actions(config(BLOCK))
    assert actions[: len(ACTIONS)] == ACTIONS
    assert find("drain-queue", actions).spec.title == "Drain the queue"
    with pytest.raises(UsageError, match=r"there is no action 'drain-queu'; did you mean `drain-queue`\?"):
        find("drain-queu", actions)


def test_a_built_in_id_is_taken() -> None:
    with pytest.raises(UsageError, match=r"custom_actions\[1\]\.id: restart is a built-in action"):
        all_actions(config(BLOCK, {**BLOCK, "id": "restart"}))


def call(**fields: Any) -> CustomCall:
    made = config({**BLOCK, "do": fields, "undo": None}).custom_actions[0].do
    assert isinstance(made, CustomCall)
    return made


def test_values_are_filled_once_and_quoted() -> None:
    values = {"target": "us-east", "run": "r1", "queue": "a b/{run}?x", "mode": "fast"}
    made = invocation(call(argv=["p", "{queue}", "x{mode}y{{"]), values, sender="s")
    assert made.argv == ("p", "a b/{run}?x", "xfasty{")
    made = invocation(call(url="https://q.example/{queue}/go", body={"q": "{queue}"}), values, sender="s")
    assert made.url == "https://q.example/a%20b%2F%7Brun%7D%3Fx/go"
    assert made.body == {"q": "a b/{run}?x"}


@pytest.mark.parametrize(
    ("fields", "value"),
    [
        ({"argv": ["p", "{queue}"]}, "--config=/etc/shadow"),
        ({"argv": ["p", "{queue}"]}, "-rf"),
        ({"url": "https://q.example/{queue}/go"}, ".."),
        ({"url": "https://q.example/{queue}/go"}, "."),
    ],
)
def test_a_value_never_becomes_something_else(fields: dict[str, Any], value: str) -> None:
    with pytest.raises(UsageError):
        invocation(call(**fields), {"queue": value}, sender="s")


@given(st.text(max_size=40))
def test_no_value_changes_the_form_of_an_address(value: str) -> None:
    try:
        made = invocation(call(url="https://q.example/{queue}/go"), {"queue": value}, sender="s")
    except (UsageError, UnicodeEncodeError):
        return
    assert made.url.count("/") == 4
    assert made.url.isascii()
    assert not set("?#@ ") & set(made.url)


@given(st.text(max_size=20), st.text(max_size=20))
def test_an_invocation_survives_the_journal(one: str, other: str) -> None:
    made = Invocation(argv=("p", one), body={other: one}, sender=other)
    assert to_invocation(made.text()) == made


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"argv": 3}', '{"argv": [], "x": 1}'])
def test_an_invocation_of_somebody_else(text: str) -> None:
    with pytest.raises(BadAnswerError):
        to_invocation(text)


@dataclass
class Hosted(Platform):
    """The platform, with programs and requests that may change it."""

    calls: list[object] = field(default_factory=list)
    effect: Callable[[Platform], None] = lambda _: None

    def world(self) -> World:
        return replace(super().world(), programs=Programs(self), requests={"drain-queue/undo": Requests(self)})

    async def called(self, what: str, call: object) -> str:
        self.calls.append(call)
        await self.write(what, "own", lambda: self.effect(self))
        return "done, said the program"


@dataclass
class Programs:
    platform: Hosted

    async def run(self, argv: Sequence[str], *, deadline_s: float) -> str:
        return await self.platform.called("program", tuple(argv))


@dataclass
class Requests:
    platform: Hosted

    async def send(self, method: str, url: str, body: Mapping[str, str], *, deadline_s: float) -> str:
        return await self.platform.called("request", (method, url, dict(body)))


@dataclass
class OwnDesk(Desk):
    """A desk that knows one action of the configuration."""

    own: Action = field(default_factory=action)

    def find(self, action_id: str) -> Action:
        return self.own if action_id == "drain-queue" else super().find(action_id)

    @property
    def calls(self) -> list[object]:
        assert isinstance(self.platform, Hosted)
        return self.platform.calls


Make = Callable[..., OwnDesk]


@pytest.fixture
def make() -> Iterator[Make]:
    with ExitStack() as stack:

        def made(effect: Callable[[Platform], None] = lambda _: None, *, promised: str = "", **more: Any) -> OwnDesk:
            promise = {"effect": {"metric": promised, "within": "30s"}} if promised else {}
            own = action(**promise, **more)
            return stack.enter_context(opened(lambda folder: OwnDesk(folder, Hosted(effect=effect), own=own)))

        yield made


def test_the_plan_shows_the_exact_calls(make: Make) -> None:
    desk = make()
    request = desk.request("drain-queue", queue="jobs").request
    plan = play(desk.clock, Planner(desk.stage()).prepare(request)).plan
    assert plan.calls[0].call == "/bin/drain us-east --mode=safe jobs RUN-ID"
    assert plan.calls[0].undo == ('POST https://queues.example/jobs/resume {"region": "us-east", "note": "{plain}"}')
    assert not desk.calls


def test_it_is_called_once_with_the_id_of_the_run(make: Make) -> None:
    desk = make()
    run = desk.run("drain-queue", queue="jobs", mode="fast")
    assert (run.state, run.result["exit"]) == (RunState.SUCCEEDED, ExitCode.OK)
    assert desk.calls == [("/bin/drain", "us-east", "--mode=fast", "jobs", run.id)]
    assert any("it said: done" in event.text for event in desk.journal.events(run.id))


@pytest.mark.parametrize(
    ("after_ms", "verdict", "state"),
    [
        (50.0, Verdict.HELPED, RunState.SUCCEEDED),
        (108.0, Verdict.NO_EFFECT, RunState.SUCCEEDED),
        (500.0, Verdict.WORSE, RunState.DEGRADED),
        (None, Verdict.UNKNOWN, RunState.DEGRADED),
    ],
)
def test_the_promised_figure_is_measured(make: Make, after_ms: float | None, verdict: Verdict, state: RunState) -> None:
    desk = make(lambda platform: platform.p95_ms.update({"us-east": after_ms}), promised="p95_ms")
    run = desk.run("drain-queue", queue="jobs")
    assert (run.verdict, run.state) == (verdict, state)


def test_harm_is_seen_without_a_promise(make: Make) -> None:
    desk = make(lambda platform: platform.health.update({"us-east": SICK}))
    run = desk.run("drain-queue", queue="jobs")
    assert (run.verdict, run.state) == (Verdict.WORSE, RunState.DEGRADED)


def test_without_an_answer_it_is_unknown_and_never_sent_again(make: Make) -> None:
    desk = make()
    desk.platform.manners.append(Manner.SERVER_ERROR)
    run = desk.run("drain-queue", queue="jobs")
    assert (run.state, run.verdict) == (RunState.DEGRADED, Verdict.UNKNOWN)
    assert len(desk.calls) == 1


def test_a_stop_takes_it_back_once(make: Make) -> None:
    desk = make()
    asked = desk.request("drain-queue", queue="jobs")
    runner = desk.runner(lambda point: runner.terminate("SIGTERM") if point == "sent" else None)
    desk.platform.manners.append(Manner.SERVER_ERROR)
    run = play(desk.clock, runner.run(asked.id))
    assert run.state is RunState.REVERTED
    assert desk.calls[1:] == [("POST", "https://queues.example/jobs/resume", {"region": "us-east", "note": "{plain}"})]


def test_what_takes_a_region_out_passes_the_guard_of_the_last_one(make: Make) -> None:
    desk = make(takes_out=True)
    desk.platform.health.update({"us-west": SICK, "eu-west": SICK})
    run = desk.run("drain-queue", queue="jobs")
    assert run.state is RunState.REFUSED
    assert "the last healthy region" in run.outcome


@pytest.mark.parametrize("given", [{}, {"queue": "-x"}, {"queue": "jobs", "mode": "brutal"}])
def test_bad_inputs_send_nothing(make: Make, given: dict[str, str]) -> None:
    desk = make()
    try:
        run = desk.run("drain-queue", **given)
    except UsageError:
        assert not desk.calls
        return
    assert (run.state, run.result["exit"]) == (RunState.FAILED, ExitCode.USAGE)
    assert not desk.calls


def test_a_face_without_programs_says_so() -> None:
    block = config({**BLOCK}).custom_actions[0]
    assert isinstance(block, CustomAction)
    made = Invocation(argv=("p",))
    platform = Platform()
    with pytest.raises(UsageError, match="runs no programs"):
        play(platform.clock, made.send(platform.world(), 1.0))
    with pytest.raises(UsageError, match="nothing is there to send requests"):
        play(platform.clock, Invocation(url="https://x.example", sender="s").send(platform.world(), 1.0))
    assert to_action(block).spec.id == "drain-queue"
