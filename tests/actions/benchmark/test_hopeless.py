"""When a threshold is lost for good."""

from dataclasses import replace

import pytest

from npconsole.actions.benchmark.hopeless import hopeless
from npconsole.model.load import Load, LoadFigures, Threshold, ThresholdState

P95, ERRORS, RATE = (
    Threshold("http_req_duration", "p(95)<400"),
    Threshold("http_req_failed", "rate<0.05"),
    Threshold("http_reqs", "rate>=50"),
)
LOAD = Load("us-east", "http://us-east", 20, 60.0)
STATES = tuple(ThresholdState(each, crossed=None) for each in (P95, ERRORS, RATE))
HALFWAY = LoadFigures(30.0, 600, 20.0, 40.0, 120.0, 200.0, 0.0, planned_s=60.0, users=20, thresholds=STATES)


@pytest.mark.parametrize(
    ("figures", "lost"),
    [
        (HALFWAY, ""),
        (replace(HALFWAY, p95_ms=900.0), ""),
        (replace(HALFWAY, p50_ms=500.0, p95_ms=900.0), "p(95)<400"),
        (replace(HALFWAY, elapsed_s=59.0, requests=1180, p95_ms=401.0), ""),
        (replace(HALFWAY, failed=59), ""),
        (replace(HALFWAY, failed=61), "rate<0.05"),
        (replace(HALFWAY, elapsed_s=2.0, requests=10, request_rate=5.0, users=1, p50_ms=500.0), ""),
        (replace(HALFWAY, request_rate=None, failed=31), "rate<0.05"),
        (LoadFigures(0.0, 0), ""),
    ],
)
def test_it_is_lost_only_when_the_rest_cannot_make_up_for_it(figures: LoadFigures, lost: str) -> None:
    found = hopeless(figures, LOAD)
    assert (lost in found) if lost else not found


def test_what_is_no_share_of_requests_is_never_lost() -> None:
    others = (RATE, Threshold("http_req_duration", "avg<1"))
    slow = replace(HALFWAY, request_rate=1.0, thresholds=tuple(ThresholdState(each, crossed=True) for each in others))
    assert not hopeless(slow, LOAD)
