"""One drill from its first probe to the end of its hold. Whatever ends it early is raised; the runner takes it back.

What was measured by then is in the run's result all the same.
"""

from dataclasses import dataclass, field, replace

from npconsole.actions.beside import beside
from npconsole.actions.conduct import Conduct
from npconsole.actions.failover.arming import arm
from npconsole.actions.failover.attendance import Attendance
from npconsole.actions.failover.course import WHOLE, Course
from npconsole.actions.failover.drain import Drain
from npconsole.actions.failover.outcome import KEY, Outcome, Targets, precise
from npconsole.actions.failover.shift import Baseline, Shift, to_baseline, to_shift
from npconsole.actions.failover.writes import Writer
from npconsole.errors import NotAppliedError, NpconsoleError
from npconsole.model import quantity
from npconsole.model.estate import Region
from npconsole.model.run import HELD_UNTIL


@dataclass(slots=True)
class Rehearsal:
    """Drains `region`, looked after by `attendance`."""

    conduct: Conduct
    region: Region
    course: Course
    attendance: Attendance
    writer: Writer | None = None
    baseline: Baseline = field(default_factory=lambda: Baseline(0, 0, None))
    shift: Shift = field(default_factory=Shift)
    drain: Drain = field(init=False)

    def __post_init__(self) -> None:
        self.drain = Drain(self.conduct, self.attendance.routes)

    async def run(self) -> None:
        """All of it, probed from before the first call to the end."""
        await arm(self.conduct, self.course)
        watchers = [self.attendance.witness.watch(), *([self.writer.watch()] if self.writer else [])]
        try:
            await beside(self._pass(), *watchers)
        finally:
            self._record()

    async def _pass(self) -> None:
        await self._measure_baseline()
        for percent in self.course.steps:
            await self._drain(percent)
            if percent < WHOLE:
                await self.attendance.wait(self.conduct.world.drill.step_pause_s)
        await self._await_shift()
        hold_s = self.course.hold_s
        self._record()
        self.conduct.result[HELD_UNTIL] = self.conduct.clock.wall() + hold_s
        self.conduct.hold(f"{self.region.id} is drained; held for {quantity.duration(hold_s)}")
        await self.attendance.wait(hold_s, moved_at=self._moved_at)

    async def _measure_baseline(self) -> None:
        """Who answers users now. Raises NotAppliedError when nobody does: then a drill would prove nothing."""
        rules, start = self.conduct.world.drill, self.conduct.clock.now()
        await self.conduct.pause(rules.baseline_s)
        self.drain.stage_began = start
        self.baseline = to_baseline(self.attendance.witness.since(start), self.region.name)
        if self.baseline.share is None:
            raise NotAppliedError("nothing was drained: the edge gives users no good answer as it is")
        share = quantity.percent(self.baseline.share)
        self.conduct.say(f"{self.region.id} gives {share} of the edge's answers to this host")

    async def _drain(self, percent: float) -> None:
        if percent == WHOLE:
            self.baseline = replace(self.baseline, share=self._share_now())
        await self.drain.step(percent)

    def _share_now(self) -> float | None:
        """The region's share of the answers since the last step."""
        return to_baseline(self.attendance.witness.since(self.drain.stage_began), self.region.name).share

    async def _await_shift(self) -> None:
        """Until another region answers users. Raises NpconsoleError when none does in time."""
        conduct, rules = self.conduct, self.conduct.world.drill
        drain = self.drain
        began = drain.began = conduct.clock.now() if drain.began is None else drain.began
        if not self.baseline.share:
            await conduct.pause(rules.quiet_s)
            conduct.say(f"the edge does not answer this host from {self.region.id}: its shift cannot be seen from here")
            return
        checked = conduct.clock.now()
        while self._look_for_shift(began).moved_s is None:
            if conduct.clock.now() - max(began, self.drain.stage_began) > rules.shift_within_s:
                limit = quantity.duration(rules.shift_within_s)
                raise NpconsoleError(f"the traffic of {self.region.id} has not moved within {limit}")
            await conduct.pause(self.attendance.witness.interval_s)
            if conduct.clock.now() - checked >= rules.watch_s:
                await self.attendance.check()
                checked = conduct.clock.now()
        conduct.say(f"{self.shift.to} answers users after {precise(self.shift.moved_s)}")

    @property
    def _moved_at(self) -> float | None:
        """When the traffic had moved, None when that was not seen."""
        moved_s = self.shift.moved_s
        return self.drain.began + moved_s if self.drain.began is not None and moved_s is not None else self.drain.began

    def _look_for_shift(self, began: float) -> Shift:
        seen = self.attendance.witness.since(began)
        self.shift = to_shift(seen, self.region.name, began, self.baseline, self.conduct.world.drill.quiet_s)
        return self.shift

    def _record(self) -> None:
        """Put what is known by now into the run's result."""
        conduct, began, steady_at = self.conduct, self.drain.began, self.attendance.steady_at
        if began is not None and self.baseline.share:
            self._look_for_shift(began)
        outcome = Outcome(
            region=self.region.id,
            targets=Targets.of(conduct.world.drill),
            steps=self.course.steps,
            share=self.baseline.share,
            shift=self.shift,
            steady_s=round(steady_at - began, 3) if began is not None and steady_at is not None else None,
            rpo_s=self.writer.losses.rpo_s if self.writer else None,
        )
        conduct.result[KEY] = outcome.data()
