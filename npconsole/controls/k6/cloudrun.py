"""One load that k6's cloud sends: `k6 cloud run` here only waits for it, and says where the figures are."""

import re
from collections.abc import Callable
from dataclasses import replace

from npconsole.controls.k6.ending import THRESHOLDS, end_of, meaning_of
from npconsole.controls.k6.run import Course, K6Run
from npconsole.controls.k6.workspace import Workspace
from npconsole.model.clock import Clock
from npconsole.model.load import Latency, LoadEnd, LoadFigures, LoadResult
from npconsole.net.text import clean
from npconsole.net.tied import Tied

_ADDRESS = re.compile(rb"https://[!-~]+/runs/[0-9]+[!-~]*")
_MOST_BYTES = 200_000


class CloudRun(K6Run):
    """Fulfils LoadRun without figures: `exit_code` says how the cloud judged, a note where the figures are."""

    def __init__(self, course: Course, workspace: Workspace, start: Callable[[], Tied], *, clock: Clock) -> None:
        # Before the thread begins, which it does in what follows.
        self._said = bytearray()
        self._begun_s = clock.now()
        super().__init__(course, workspace, start, clock=clock)

    def _take(self, piece: bytes) -> None:
        if len(self._said) < _MOST_BYTES:
            self._said += piece
        if self._address():
            self._speak()

    def _address(self) -> str:
        match = _ADDRESS.search(self._said)
        return clean(match[0], limit=300) if match else ""

    def _tick(self, now: float) -> None:
        self._figures = LoadFigures(now - self._begun_s, 0, phase="in k6's cloud", planned_s=self._course.planned_s)

    def _conclude(self, code: int) -> LoadResult:
        stopped = self._stop.is_set() or bool(self._problem)
        end = LoadEnd.BROKEN if self._problem else end_of(code, stopped=stopped, prematurely=False)
        if stopped and not self._problem and code in (0, 97):
            end = LoadEnd.STOPPED
        complaint = self._problem
        if not complaint and (end in (LoadEnd.BROKEN, LoadEnd.ABORTED) or code == THRESHOLDS):
            complaint = self._log.complaint or ("thresholds were crossed" if code == THRESHOLDS else meaning_of(code))
        address = self._address()
        where = (f"sent by k6's cloud; what it measured is at {address}",) if address else ()
        return LoadResult(
            end=end,
            figures=replace(self._figures, elapsed_s=self._clock.now() - self._begun_s),
            overall=Latency(0),
            tool=self._course.tool,
            exit_code=code,
            crossed=() if code == 0 else None,
            complaint=clean(complaint),
            notes=self._course.notes + where,
        )
