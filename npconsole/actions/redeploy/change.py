"""One deployment taking another's place: what was there before, what is new, and whether it runs."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from npconsole.actions.conduct import Conduct
from npconsole.errors import BadAnswerError, NpconsoleError, SourceError
from npconsole.model.controls import Deployment, DeploymentState, ServiceControl
from npconsole.model.run import Step, StepState

RECENT = 20
_BROKEN = frozenset({DeploymentState.FAILED, DeploymentState.CRASHED})
_RUNNING = "RUNNING"


@dataclass(frozen=True, slots=True)
class Before:
    """The live deployment and all known ones, before the call. As text it is what the journal keeps of a step."""

    live: str
    known: frozenset[str]

    @classmethod
    def of(cls, live: Deployment, recent: Sequence[Deployment]) -> "Before":
        return cls(live.id, frozenset({live.id, *(each.id for each in recent)}))

    @classmethod
    def of_step(cls, step: Step) -> "Before":
        try:
            data: Any = json.loads(step.remote)
            return cls(str(data["live"]), frozenset(map(str, data["known"])))
        except (ValueError, TypeError, KeyError):
            raise BadAnswerError(f"step {step.number} does not say what was live before") from None

    def text(self) -> str:
        return json.dumps({"live": self.live, "known": sorted(self.known)})

    def newer(self, recent: Sequence[Deployment]) -> tuple[Deployment, ...]:
        """The deployments that were not there before."""
        return tuple(each for each in recent if each.id not in self.known)


async def happened(step: Step, control: ServiceControl) -> StepState:
    """Whether a call that replaces a deployment had an effect. That none shows yet proves nothing."""
    before = Before.of_step(step)
    moved = before.newer(await control.recent(RECENT)) or (await control.live()).id != before.live
    return StepState.APPLIED if moved else StepState.UNKNOWN


async def see_through(conduct: Conduct, control: ServiceControl, before: Before, *, within_s: float) -> None:
    """Watch until another deployment is live and runs, or the time is over; verification has the last word.

    Raises NpconsoleError when the new one failed: the old one goes on then.
    """
    end, said = conduct.clock.now() + within_s, ""
    while conduct.clock.now() < end:
        await conduct.pause(conduct.pace.reread_s)
        try:
            newer, live = before.newer(await control.recent(RECENT)), await control.live()
        except SourceError as error:
            conduct.say(f"the deployments cannot be read: {error.message}")
            continue
        words = "; ".join(f"deployment {each.id} {each.word.lower()}" for each in (newer or (live,)))
        if words != said:
            conduct.say(words)
        said = words
        if live.id != before.live and _runs(live):
            return
        broken = [each for each in newer if each.state in _BROKEN]
        if broken and live.id == before.live:
            raise NpconsoleError(
                f"the new deployment {broken[0].id} has {broken[0].word.lower()}: {before.live} stays live",
                hint="look at its logs at the vendor",
            )


def _runs(deployment: Deployment) -> bool:
    words = [word.upper() for _, word in deployment.instances]
    return deployment.state is DeploymentState.LIVE and all(word == _RUNNING for word in words)
