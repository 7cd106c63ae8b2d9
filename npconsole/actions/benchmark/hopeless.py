"""Whether a threshold cannot be met any more, however well the rest of the load goes. Pure."""

import re

from npconsole.model import quantity
from npconsole.model.load import Load, LoadFigures, Threshold

_LATENCY = re.compile(r"p\((\d+(?:\.\d+)?)\)<=?(\d+(?:\.\d+)?)")
_SHARE = re.compile(r"rate<=?(\d*\.?\d+)")


def hopeless(figures: LoadFigures, load: Load) -> str:
    """The first of the load's thresholds that is lost, with the figures that say so; empty while all can still be met.

    A share is lost once more requests have failed it than it allows of all that can still come. At least half of the
    requests so far took the median or longer, a twentieth p95, a hundredth p99.
    """
    total = figures.requests + _still_to_come(figures, load)
    for threshold in (state.threshold for state in figures.thresholds):
        missed, allowed = _missed(threshold, figures)
        if missed is not None and total and missed > allowed * total:
            share = quantity.percent(allowed)
            return (
                f"{threshold} cannot be met any more: {missed:.0f} of about {total:.0f} requests miss it, {share} may"
            )
    return ""


def _missed(threshold: Threshold, figures: LoadFigures) -> tuple[float | None, float]:
    """How many requests are known to miss it, and the share that may. None for what is not a share of requests."""
    expression = threshold.expression.replace(" ", "")
    if threshold.metric == "http_req_failed" and (found := _SHARE.fullmatch(expression)):
        return float(figures.failed), float(found[1])
    if threshold.metric == "http_req_duration" and (found := _LATENCY.fullmatch(expression)):
        percent, bound_ms = float(found[1]), float(found[2])
        slower = [
            share
            for latency, share in ((figures.p50_ms, 0.5), (figures.p95_ms, 0.05), (figures.p99_ms, 0.01))
            if latency is not None and latency > bound_ms
        ]
        return figures.requests * max(slower, default=0.0), 1 - percent / 100
    return None, 0.0


def _still_to_come(figures: LoadFigures, load: Load) -> float:
    """The most requests that the rest of the time can bring: as fast as now, with all users there."""
    left_s = max(0.0, (figures.planned_s or load.duration_s) - figures.elapsed_s)
    rate = figures.request_rate or 0.0
    ramp = max(1.0, load.users / figures.users) if figures.users and load.rate is None else 1.0
    return left_s * max(rate * ramp, load.rate or 0.0)
