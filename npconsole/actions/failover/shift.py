"""How the traffic moved, told from what a user at the edge saw. Pure.

A region that answered all users at first has gone once it has not answered for a while. Where several regions take
turns, that while is as long as it takes until chance can no longer explain the silence.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from npconsole.actions.failover.witness import Sighting

CHANCE = 1e-3
"""How likely it may be that a region still serves and was only not met."""

LONGEST_QUIET_S = 60.0


@dataclass(frozen=True, slots=True)
class Baseline:
    """What the edge answered before. `share` of the good answers came from the region, 0 to 1; None without any."""

    asked: int
    failed: int
    share: float | None

    @property
    def quiet_factor(self) -> int:
        """How many answers in a row without the region show that it has gone."""
        if self.share is None or self.share >= 1 - CHANCE:
            return 1
        return math.ceil(math.log(CHANCE) / math.log(1 - self.share)) if self.share > 0 else 1


def to_baseline(sightings: Sequence[Sighting], region: str) -> Baseline:
    """The baseline of a region."""
    well = [each for each in sightings if each.well]
    share = sum(each.region == region for each in well) / len(well) if well else None
    return Baseline(len(sightings), len(sightings) - len(well), share)


@dataclass(frozen=True, slots=True)
class Shift:
    """What was seen after a drain. Seconds since it was sent, exact to one interval; None is not seen.

    `noticed_s` is the first answer that was not as before, `first_s` the first good one of another region, `last_s` the
    last one of the drained region, `moved_s` the first good one of another region with nothing else after it: users
    are well again.
    """

    noticed_s: float | None = None
    first_s: float | None = None
    last_s: float | None = None
    moved_s: float | None = None
    to: str = ""
    asked: int = 0
    failed: int = 0


def to_shift(sightings: Sequence[Sighting], region: str, began: float, baseline: Baseline, quiet_s: float) -> Shift:
    """The shift away from `region`, from sightings in order; those before `began` do not count.

    `quiet_s` is the least that the region must not have answered for.
    """
    seen = [each for each in sightings if each.at >= began]
    others = [each for each in seen if _is_other(each, region)]
    old = [each.at for each in seen if each.well and each.region == region]
    moved = _moved(seen, region, baseline.quiet_factor, quiet_s)
    served = Counter(each.region for each in others if moved is not None and each.at >= moved)
    return Shift(
        noticed_s=_after(next((each.at for each in seen if not (each.well and each.region == region)), None), began),
        first_s=_after(others[0].at if others else None, began),
        last_s=_after(old[-1] if old else None, began),
        moved_s=_after(moved, began),
        to=served.most_common(1)[0][0] if served else "",
        asked=len(seen),
        failed=sum(not each.well for each in seen),
    )


def back_s(sightings: Sequence[Sighting], region: str, began: float) -> float | None:
    """Seconds from `began` until the region answered again; None when it did not yet."""
    return _after(next((each.at for each in sightings if each.at >= began and _is(each, region)), None), began)


def _moved(seen: Sequence[Sighting], region: str, enough: int, quiet_s: float) -> float | None:
    """The first instant after which `enough` answers over `quiet_s` seconds were good ones of other regions."""
    start: float | None = None
    count = 0
    for each in seen:
        if not _is_other(each, region):
            start, count = None, 0
            continue
        start = each.at if start is None else start
        count += 1
        quiet = each.at - start >= quiet_s or math.isclose(each.at - start, quiet_s)
        if (quiet and count >= enough) or each.at - start >= max(quiet_s, LONGEST_QUIET_S):
            return start
    return None


def _is_other(sighting: Sighting, region: str) -> bool:
    return sighting.well and bool(sighting.region) and sighting.region != region


def _is(sighting: Sighting, region: str) -> bool:
    return sighting.well and sighting.region == region


def _after(instant: float | None, began: float) -> float | None:
    return None if instant is None else round(instant - began, 3)
