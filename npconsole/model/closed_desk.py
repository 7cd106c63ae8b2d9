"""A desk at which nothing can be done: the face still shows, and says why no action is offered."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future

from npconsole.errors import RefusedError
from npconsole.model.action import ActionSpec
from npconsole.model.desk import DeskState
from npconsole.model.run import Actor, Plan, RunRequest


class ClosedDesk:
    """Fulfils `Desk`. `problem` is the reason, such as a journal that could not be opened."""

    def __init__(self, specs: Sequence[ActionSpec], actor: Actor, problem: str) -> None:
        self.specs = specs
        self.actor = actor
        self.read_only = problem
        self.state = DeskState()

    def subscribe(self, listener: Callable[[DeskState], None]) -> Callable[[], None]:
        """There is never anything new."""
        return _nothing

    def plan(self, request: RunRequest) -> Future[Plan]:
        """Refused."""
        return self._refused()

    def submit(self, request: RunRequest) -> Future[str]:
        """Refused."""
        return self._refused()

    def undo(self, run_id: str, reason: str) -> Future[None]:
        """Refused."""
        return self._refused()

    def beat(self, doing: str, watching: Sequence[str]) -> None:
        """Nobody listens."""

    def _refused(self) -> Future:  # type: ignore[type-arg]  # a failed future is one of any type
        future: Future[object] = Future()
        future.set_exception(RefusedError(self.read_only))
        return future


def _nothing() -> None:
    """There is no subscription to end."""
