"""A benchmark as a console sees it: the figures of the load that is on, and what it came to. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import msgspec

from npconsole.model.desk import WatchedRun
from npconsole.model.load import LoadFigures
from npconsole.model.run import Run, RunEvent
from npconsole.net.text import number

T = TypeVar("T")

BENCHMARK = "benchmark"
"""The action whose runs these are, and the key of its result under which the benchmark stands as plain JSON."""
COMPARISON, CONCLUSION = "comparison", "conclusion"
_MARK = "elapsed_s"
LINGERS_S = 180.0
"""A load that has ended is in view for this long."""

RegionFigures = Mapping[str, float | None]


class Verdict(msgspec.Struct, frozen=True):
    """What is kept of a benchmark's judgement: enough of its plain form to tell it."""

    status: str = ""
    reasons: tuple[str, ...] = ()
    advice: tuple[Mapping[str, str], ...] = ()


class Compared(msgspec.Struct, frozen=True):
    """What comparing it with the baseline, or the last one alike, came to."""

    before: str = ""
    verdict: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class LiveLoad:
    """A load with its latest figures and those of the regions under it. `words` is the conclusion once there is one."""

    run: Run
    figures: LoadFigures | None = None
    regions: Mapping[str, RegionFigures] = field(default_factory=dict)
    verdict: Verdict | None = None
    compared: Compared | None = None
    words: str = ""

    @property
    def is_over(self) -> bool:
        return self.run.state.is_final


def live_load(watched: WatchedRun) -> LiveLoad | None:
    """A run of the benchmark as a load; None for any other run."""
    run = watched.run
    if run.request.action != BENCHMARK:
        return None
    data = next((event.data for event in reversed(watched.events) if _MARK in event.data), None)
    conclusion = run.result.get(CONCLUSION)
    words = conclusion.get("figures", "") if isinstance(conclusion, Mapping) else ""
    return LiveLoad(
        run,
        figures=None if data is None else _read(data, LoadFigures),
        regions={} if data is None else _regions(data.get("regions")),
        verdict=_read(run.result.get(BENCHMARK), Verdict),
        compared=_read(run.result.get(COMPARISON), Compared),
        words=str(words),
    )


def milestones(events: Sequence[RunEvent]) -> Sequence[RunEvent]:
    """The events of a run without all figures of a load but the latest: a load tells them every second."""
    return [event for event in events if event is events[-1] or _MARK not in event.data]


def latest_load(runs: Sequence[WatchedRun], wall: float) -> WatchedRun | None:
    """The benchmark that is on, else the last one while it is still news. `runs` are latest first."""
    own = [watched for watched in runs if watched.run.request.action == BENCHMARK]
    on = [watched for watched in own if not watched.run.state.is_final]
    fresh = [watched for watched in own if watched.run.fence and wall - watched.run.changed_wall < LINGERS_S]
    return next(iter(on or fresh), None)


def _read(data: object, kind: type[T]) -> T | None:
    """Plain JSON as a value; None when there is none, or when another version wrote it in another form."""
    if data is None:
        return None
    try:
        return msgspec.convert(data, kind, strict=False)
    except msgspec.ValidationError:
        return None


def _regions(data: object) -> Mapping[str, RegionFigures]:
    """By region, the figures that it measured itself; what is no figure is left out."""
    if not isinstance(data, Mapping):
        return {}
    return {
        str(region): {str(name): number(value) for name, value in figures.items()}
        for region, figures in data.items()
        if isinstance(figures, Mapping)
    }
