"""Hysteresis: one bad answer is noise, `fall` in a row are a fact; one good answer is luck, `rise` in a row a
recovery. Pure.
"""

from dataclasses import dataclass

from npconsole.model.level import Level
from npconsole.model.thresholds import Judging


@dataclass(frozen=True, slots=True)
class Finding:
    """What one reading says by itself. `at` is when it was read."""

    level: Level
    reason: str
    at: float


@dataclass(frozen=True, slots=True)
class Track:
    """The judged level of one aspect of one target, and the run of readings that may change it.

    `since` is when the level began: the first reading of the run that brought it about, None for the first level ever.
    """

    level: Level = Level.UNKNOWN
    reason: str = ""
    since: float | None = None
    run: tuple[Finding, ...] = ()

    @property
    def falling(self) -> bool:
        """Whether the latest readings are worse than the level, and not yet enough of them."""
        return bool(self.run) and self.run[-1].level.severity > self.level.severity

    def pending(self, judging: Judging) -> str:
        """What is about to change the level: `connection refused (1 of 2)`; empty when nothing is."""
        if not self.run:
            return ""
        word = self.run[-1].reason if self.falling else "recovering"
        return f"{word} ({len(self.run)} of {judging.fall if self.falling else judging.rise})"


def observe(track: Track, finding: Finding, judging: Judging) -> Track:
    """The track after one more reading.

    Nothing to be sticky about: from unknown the first reading decides. A fall lands on the mildest level of the run,
    a rise
    on the worst, so that neither is exaggerated.
    """
    if track.level is Level.UNKNOWN:
        return Track(finding.level, finding.reason, finding.at if track.since is not None else None)
    if finding.level is track.level:
        return Track(track.level, finding.reason, track.since)
    falling = finding.level.severity > track.level.severity
    same_way = track.run and (track.run[-1].level.severity > track.level.severity) == falling
    run = (*track.run, finding) if same_way else (finding,)
    if len(run) < (judging.fall if falling else judging.rise):
        return Track(track.level, track.reason, track.since, run)
    landing = (min if falling else max)(run, key=lambda one: one.level.severity).level
    reason = next(one.reason for one in reversed(run) if one.level is landing)
    return Track(landing, reason, run[0].at)


def forget(track: Track, now: float) -> Track:
    """The track after its readings stopped being believed: unknown, from which the next reading decides."""
    return track if track.level is Level.UNKNOWN else Track(Level.UNKNOWN, "", now)
