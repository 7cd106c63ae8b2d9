"""One platform, one real journal on a file, and as many runner processes over them as a test wants."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from npconsole.actions import registry
from npconsole.actions.frame import Action
from npconsole.actions.request import ask
from npconsole.actions.rules import Budget, Pace, Rules
from npconsole.actions.runner import Runner
from npconsole.actions.stage import Stage, nowhere
from npconsole.model.action import AccessRole
from npconsole.model.run import Actor, Run
from npconsole.store.journal import StoredJournal
from npconsole.store.opening import open_journal
from tests.actions.drain import Deaf, Drain, Park
from tests.actions.memory import NAME
from tests.actions.virtual import FakeClock, play
from tests.actions.world import Platform

ALICE = Actor("alice", AccessRole.ADMIN, "cli")
OWN = {action.spec.id: action for action in (Drain(), Park(), Deaf())}


class CrashError(BaseException):
    """The process dies here: nothing after it runs."""


@dataclass
class CrashAt:
    """Dies at a point of a run, the `nth` time it is reached."""

    point: str
    nth: int = 1

    def __call__(self, point: str) -> None:
        if point == self.point:
            self.nth -= 1
            if self.nth == 0:
                raise CrashError(point)


@dataclass
class Desk:
    """`runner()` is a new process each time: it shares nothing with the others but the journal and the world."""

    folder: Path
    platform: Platform = field(default_factory=Platform)
    rules: Rules = field(default_factory=lambda: Rules(Pace(), Budget()))
    told: list[str] = field(default_factory=list)
    owners: int = 0

    def __post_init__(self) -> None:
        self.journal: StoredJournal = open_journal(
            self.folder / NAME,
            clock=self.clock,
            environment="test",
            host="here",
            syslog=False,
            boot="boot",
        )

    @property
    def clock(self) -> FakeClock:
        return self.platform.clock

    def find(self, action_id: str) -> Action:
        return OWN.get(action_id) or registry.find(action_id)

    def stage(self, reached: Callable[[str], None] = nowhere) -> Stage:
        self.owners += 1
        return Stage(
            journal=self.journal,
            world=replace(self.platform.world(), past=self.journal.run),
            rules=self.rules,
            find=self.find,
            owner=f"runner-{self.owners}",
            notify=lambda _, text: self.told.append(text),
            reached=reached,
        )

    def runner(self, reached: Callable[[str], None] = nowhere) -> Runner:
        return Runner(self.stage(reached))

    def request(
        self,
        action_id: str,
        target: str = "us-east",
        *,
        actor: Actor = ALICE,
        reason: str = "test",
        overrides: tuple[str, ...] = (),
        confirmed: bool = True,
        key: str = "",
        digest: str = "",
        **parameters: str,
    ) -> Run:
        """A request, written and confirmed."""
        request = ask(
            self.find(action_id),
            target,
            {name: [value] for name, value in parameters.items()},
            actor=actor,
            estate=self.platform.estate,
            reason=reason,
            overrides=overrides,
            idempotency_key=key,
        )
        typed = target if confirmed else ""
        return self.journal.request(replace(request, confirmed=confirmed, typed=typed, plan_digest=digest))

    def run(self, action_id: str, target: str = "us-east", **more: object) -> Run:
        """Ask for a run and execute it to its end."""
        asked = self.request(action_id, target, **more)  # type: ignore[arg-type]  # passed on as they are
        return play(self.clock, self.runner().run(asked.id))

    def crash(self, run_id: str, point: str, nth: int = 1) -> bool:
        """Execute a run in a process that dies at a point; whether it came to it."""
        try:
            play(self.clock, self.runner(CrashAt(point, nth)).run(run_id))
        except CrashError:
            return True
        return False

    def recover(self) -> list[Run]:
        """Any start of a new process, later."""
        return list(play(self.clock, self.runner().recover()))

    def state(self, run_id: str) -> Run:
        run = self.journal.run(run_id)
        assert run is not None
        return run

    def pass_time(self, seconds: float) -> None:
        self.clock.seconds += seconds
        self.platform.land()
