"""A page from a process that executes runs: into the outbox, and out at once, where no daemon is there to do either."""

from collections.abc import Sequence
from dataclasses import dataclass

from npconsole.alerting.incident import notice_id
from npconsole.alerting.observation import Check
from npconsole.alerting.route import Route
from npconsole.errors import ProcessError, StoreError
from npconsole.model.clock import Clock
from npconsole.model.heal import HealMemory
from npconsole.model.notice import Notice, NoticeKind, Outbox, Severity
from npconsole.model.run import Run, RunState
from npconsole.net.text import clean
from npconsole.wiring.launch import Launcher
from npconsole.wiring.redaction import redactor
from npconsole.wiring.runnerlog import to_log

_PAGING = frozenset({RunState.REVERT_FAILED, RunState.CONFLICT})


@dataclass(frozen=True, slots=True)
class Pager:
    """Fulfils `Stage.notify`. What could not be undone pages, once for each run; the key is the one that a daemon would
    use, so that one which comes later goes on with the same incident.
    """

    environment: str
    routes: Sequence[Route]
    outbox: Outbox
    heal: HealMemory
    launcher: Launcher
    clock: Clock

    def __call__(self, run: Run, text: str) -> None:
        """Returns soon: who delivers is a process of its own."""
        to_log(run, text)
        if run.state not in _PAGING:
            return
        try:
            if self.heal.leader():
                return  # a daemon follows the audit and tells
            self.outbox.put(self._notices(run, text))
            self.launcher.deliver()
        except (StoreError, ProcessError) as error:
            to_log(run, f"nobody could be told: {error.message}")

    def _notices(self, run: Run, text: str) -> list[Notice]:
        request = run.request
        key = f"{self.environment}/{request.target}/{Check.UNDO.value}"
        said = clean(redactor.redact(f"{request.action} {request.target} could not be undone: {text}"))
        return [
            Notice(
                id=notice_id(route.channel, NoticeKind.TRIGGER, f"{key} {run.id}", run.created_wall, 0),
                channel=route.channel,
                kind=NoticeKind.TRIGGER,
                key=key,
                severity=Severity.CRITICAL,
                summary=said,
                wall=self.clock.wall(),
                source=self.environment,
                facts=(("run", run.id), ("by", request.actor.name), ("environment", self.environment)),
                began_wall=run.created_wall,
            )
            for route in self.routes
        ]
