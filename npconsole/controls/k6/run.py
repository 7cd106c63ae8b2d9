"""One load that k6 sends from this host: a thread of its own reads what k6 measures until k6 has ended.

k6 ends with one SIGINT, which it answers with its summary; after a while it is killed. It is given a time box, and ends
at the latest when this process does.
"""

import asyncio
import contextlib
import os
import select
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Event, get_native_id

from npconsole.controls.k6.cpu import CpuMeter
from npconsole.controls.k6.ending import end_of, meaning_of
from npconsole.controls.k6.log import Log, is_expected
from npconsole.controls.k6.ramp import phase_at
from npconsole.controls.k6.shapes import MOST_BYTES, read_summary
from npconsole.controls.k6.summary import Summary
from npconsole.controls.k6.tally import Tally
from npconsole.controls.k6.workspace import Workspace
from npconsole.model.clock import Clock
from npconsole.model.load import LoadEnd, LoadFigures, LoadModel, LoadResult, Threshold
from npconsole.net.offload import offload
from npconsole.net.text import clean
from npconsole.net.tied import Tied

TICK_S = 0.5
LOOK_S = 0.2
PIECE_BYTES = 1 << 18
MOST_NOTES = 3
NICENESS = 10


@dataclass(frozen=True, slots=True)
class Course:
    """What is known of a load beforehand. `most_s` is its time box; `notes` go into its result.

    A k6 that is asked to stop is killed `stop_s` seconds later.
    """

    tool: str
    model: LoadModel
    most_s: float
    planned_s: float | None
    phases: tuple[tuple[str, float], ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    notes: tuple[str, ...] = ()
    stop_s: float = 10.0


class K6Run:
    """Fulfils LoadRun. Made on the event loop; `start` starts k6, on a thread of its own that begins at once."""

    def __init__(self, course: Course, workspace: Workspace, start: Callable[[], Tied], *, clock: Clock) -> None:
        self._course = course
        self._workspace = workspace
        self._clock = clock
        self._tally = Tally(course.thresholds)
        self._log = Log()
        self._stop = Event()
        self._awaited = Event()
        self._has_begun = False
        self._has_ended = False
        self._figures = LoadFigures(0.0, 0, planned_s=course.planned_s)
        self._cpu: CpuMeter | None = None
        self._problem = ""
        self._done = offload(lambda: self._attend(start), name="k6")

    @property
    def figures(self) -> LoadFigures:
        return self._figures

    @property
    def is_over(self) -> bool:
        return self._done.done()

    @property
    def has_begun(self) -> bool:
        """Whether k6 has written anything: then something may have been sent."""
        return self._has_begun

    @property
    def has_ended(self) -> bool:
        """Whether k6 has; its result is there a moment later."""
        return self._has_ended

    def await_first_word(self, timeout_s: float) -> None:
        """Block until k6 has written something, has ended, or the time is over."""
        self._awaited.wait(timeout_s)

    async def result(self) -> LoadResult:
        return await asyncio.shield(self._done)

    async def stop(self) -> LoadResult:
        self._stop.set()
        return await self.result()

    def ask_to_stop(self) -> None:
        """Have it end, without waiting."""
        self._stop.set()

    def _attend(self, start: Callable[[], Tied]) -> LoadResult:
        """From start to end, on the thread."""
        try:
            with self._workspace, start() as k6:
                _give_way()
                self._cpu = CpuMeter(k6.pid, cores=len(os.sched_getaffinity(0)))
                code = self._watch(k6)
                self._log.finish()
                return self._conclude(code)
        finally:
            self._has_ended = True
            self._awaited.set()

    def _watch(self, k6: Tied) -> int:
        """Read until k6 has ended; its exit code."""
        begun, ticked, asked = self._clock.now(), 0.0, None
        feeds: dict[int, Callable[[bytes], None]] = {k6.output: self._take, k6.stderr: self._hear}
        while True:
            self._read(feeds)
            now = self._clock.now()
            if now - ticked >= TICK_S:
                ticked = now
                self._tick(now)
            if asked is None and (self._stop.is_set() or self._is_overdue(now - begun)):
                asked = now
                k6.interrupt()
            if asked is not None and now - asked > self._course.stop_s:
                self._problem = self._problem or f"k6 did not end within {self._course.stop_s:g} s and was killed"
                return k6.kill()
            if not feeds and (code := k6.wait(LOOK_S)) is not None:
                return code

    def _read(self, feeds: dict[int, Callable[[bytes], None]]) -> None:
        if not feeds:
            return
        ready, _, _ = select.select(list(feeds), [], [], LOOK_S)
        for descriptor in ready:
            piece = os.read(descriptor, PIECE_BYTES)
            if piece:
                feeds[descriptor](piece)
            else:
                del feeds[descriptor]

    def _take(self, piece: bytes) -> None:
        self._tally.feed(piece)
        self._speak()
        if self._tally.complaint:
            self._stop.set()

    def _speak(self) -> None:
        self._has_begun = True
        self._awaited.set()

    def _hear(self, piece: bytes) -> None:
        self._log.feed(piece)

    def _is_overdue(self, elapsed_s: float) -> bool:
        if elapsed_s > self._course.most_s:
            self._problem = f"k6 did not end within {self._course.most_s:.0f} s and was stopped"
        return bool(self._problem)

    def _tick(self, now: float) -> None:
        if self._cpu is not None:
            self._cpu.sample(now)
        self._figures = self._complete(self._tally.figures())

    def _complete(self, figures: LoadFigures) -> LoadFigures:
        return replace(
            figures,
            phase=phase_at(self._course.phases, figures.elapsed_s),
            planned_s=self._course.planned_s,
            cpu_ratio=self._cpu.ratio if self._cpu is not None else None,
        )

    def _conclude(self, code: int) -> LoadResult:
        stopped = self._stop.is_set() or bool(self._problem)
        tally, summary = self._tally, self._summary()
        tally.finish(cut=stopped)
        end = end_of(code, stopped=stopped, prematurely=any("prematurely" in each for each in self._log.errors))
        complaint = self._problem or tally.complaint
        if not complaint and end is LoadEnd.COMPLETE and not tally.has_samples:
            complaint = "k6 measured nothing"
        if complaint:
            end = LoadEnd.BROKEN
        elif end in (LoadEnd.BROKEN, LoadEnd.ABORTED) or code not in (0, 99, 105):
            complaint = self._log.complaint or meaning_of(code)
        elapsed_s = summary.elapsed_s if summary is not None else None
        self._figures = replace(self._complete(tally.figures(elapsed_s=elapsed_s)), users=tally.most_users)
        return LoadResult(
            end=end,
            figures=self._figures,
            overall=tally.latency(),
            corrected=tally.corrected() if self._course.model is LoadModel.CLOSED else None,
            names=tally.names(),
            blocks=tally.timeline.blocks(tally.last_s),
            wall=tally.first_wall,
            tool=self._course.tool,
            exit_code=code,
            crossed=summary.crossed if summary is not None else None,
            complaint=clean(complaint),
            notes=self._course.notes + self._remarks(complaint),
        )

    def _summary(self) -> Summary | None:
        """k6's own; None when it wrote none, as when it was killed."""
        with contextlib.suppress(OSError, ValueError):
            if self._workspace.summary.stat().st_size <= MOST_BYTES:
                return read_summary(self._workspace.summary.read_bytes())
        return None

    def _remarks(self, complaint: str) -> tuple[str, ...]:
        """What k6 complained of beside it, such as metrics that could not be exported."""
        errors = [each for each in self._log.errors if each != complaint and not is_expected(each)]
        return tuple(f"k6: {each}" for each in errors[:MOST_NOTES])


def _give_way() -> None:
    """Who watches steps back behind what is watched, when this host has not enough processors for both.

    Linux has a niceness for each thread. What k6 writes meanwhile waits in its pipe.
    """
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, get_native_id(), NICENESS)
