"""What an operator's own action did, by the figure that it promises to move: measured before and after."""

import asyncio
from dataclasses import dataclass

from npconsole.actions.conduct import Conduct
from npconsole.actions.verdict import TOLERANCE, Finding, look_at
from npconsole.errors import NpconsoleError
from npconsole.model.action import Direction, Effect
from npconsole.model.run import Verdict

KEY = "effect_before"


@dataclass(frozen=True, slots=True)
class Figure:
    """A named figure before and after, in its own unit; None is not measured."""

    metric: str
    before: float | None
    after: float | None

    def moved(self, direction: Direction) -> bool:
        """Whether it went that way by more than noise."""
        if self.before is None or self.after is None:
            return False
        change = self.after - self.before
        return abs(change) > TOLERANCE * abs(self.before) and (change > 0) is (direction is Direction.UP)

    @property
    def words(self) -> str:
        return f"{self.metric} {_shown(self.before)} before, {_shown(self.after)} now"


def verdict_of(figure: Figure, effect: Effect) -> Verdict:
    """What the figure says of an effect."""
    other = Direction.DOWN if effect.direction is Direction.UP else Direction.UP
    if figure.before is None or figure.after is None:
        return Verdict.UNKNOWN
    if figure.moved(effect.direction):
        return Verdict.HELPED
    return Verdict.WORSE if figure.moved(other) else Verdict.NO_EFFECT


async def measured(conduct: Conduct, metric: str) -> float | None:
    """A figure of the target region now; None when it is not measured."""
    try:
        async with asyncio.timeout(conduct.pace.read_timeout_s):
            snapshot = await conduct.world.look()
    except (NpconsoleError, TimeoutError):
        return None
    state = snapshot.region(conduct.order.target)
    vitals = state.vitals.value if state is not None and not state.vitals.error else None
    value = getattr(vitals, metric, None)
    return float(value) if isinstance(value, int | float) else None


async def await_figure(conduct: Conduct, effect: Effect) -> Finding:
    """Look until the figure has moved as promised, or the effect's time is over."""
    before = conduct.result.get(KEY)
    end = conduct.clock.now() + effect.deadline_s
    while True:
        after = await measured(conduct, effect.metric)
        figure = Figure(effect.metric, before if isinstance(before, float) else None, after)
        verdict = verdict_of(figure, effect)
        if verdict is Verdict.HELPED or conduct.clock.now() >= end:
            return Finding(verdict, well=verdict is not Verdict.WORSE, words=figure.words, figures={"after": after})
        await conduct.pause(conduct.pace.reread_s)


async def see_harm(conduct: Conduct) -> Finding:
    """For actions that promise nothing to measure: whether the region they act on still is well."""
    if conduct.world.region(conduct.order.target) is None:
        return Finding(Verdict.NO_EFFECT, well=True, words="done; it promises no effect that could be measured")
    now = await look_at(conduct, conduct.order.target)
    if now.healthy is not False:
        known = "healthy" if now.healthy else "not probed"
        words = f"done; it promises no effect that could be measured; {conduct.order.target} is {known}"
        return Finding(Verdict.NO_EFFECT, well=now.healthy is True, words=words, figures={"after": now.as_data()})
    was_well = conduct.before.get("healthy") is True
    words = f"{conduct.order.target} is not healthy now" + (", and was before" if was_well else ", as before")
    return Finding(Verdict.WORSE if was_well else Verdict.NO_EFFECT, well=False, words=words)


def _shown(value: float | None) -> str:
    return "not measured" if value is None else f"{value:.4g}"
