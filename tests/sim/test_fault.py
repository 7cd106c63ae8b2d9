import pytest

from npconsole.errors import ExitCode, UsageError
from npconsole.sim.fault import Fault, FaultBoard, Kind, Reach, reach_of

VENDORS = "sentry, railway, cloudflare, slack, pagerduty"
HEARD = list[tuple[str, str]]


def board(heard: HEARD) -> FaultBoard:
    return FaultBoard(
        ["us-east", "eu-west"], ["eu-west"], lambda event, fault: heard.append((event, f"{fault.target} {fault.kind}"))
    )


@pytest.mark.parametrize(
    ("target", "kind", "message", "hint"),
    [
        ("us-eas", "down", "no target 'us-eas'", "did you mean us-east?"),
        (
            "mars",
            "down",
            "no target 'mars'",
            f"one of: us-east, eu-west, edge, {VENDORS}, host",
        ),
        ("us-east", "dwon", "no fault 'dwon'", "did you mean down?"),
        ("us-east", "replica-lag", "us-east cannot have the fault replica-lag", "it goes with: eu-west"),
        (
            "edge",
            "vendor-429",
            "edge cannot have the fault vendor-429",
            f"it goes with: {VENDORS}",
        ),
        (
            "host",
            "slow",
            "host cannot have the fault slow",
            f"it goes with: us-east, eu-west, edge, {VENDORS}",
        ),
    ],
)
def test_nonsense_is_refused_with_the_nearest_sense(target: str, kind: str, message: str, hint: str) -> None:
    heard: HEARD = []
    with pytest.raises(UsageError) as refused:
        board(heard).begin(target, kind, 0.0)
    assert (refused.value.message, refused.value.hint) == (message, hint)
    assert refused.value.exit_code is ExitCode.USAGE
    assert heard == []


def test_a_fault_ends_after_its_time_and_is_heard_of_twice() -> None:
    heard: HEARD = []
    faults = board(heard)
    faults.begin("us-east", "slow", 10.0, 5.0)
    faults.expire(14.9)
    assert [fault.until_s for fault in faults.active] == [15.0]
    faults.expire(15.0)
    assert faults.active == ()
    assert heard == [("fault begun", "us-east slow"), ("fault ended", "us-east slow")]


def test_the_same_fault_begun_again_is_one_fault_with_the_new_time() -> None:
    faults = board([])
    faults.begin("us-east", "slow", 0.0, 5.0)
    faults.begin("us-east", "slow", 3.0)
    assert faults.active == (Fault("us-east", Kind.SLOW, 3.0, None),)


@pytest.mark.parametrize(
    ("target", "kind", "left"),
    [
        ("", "", set()),
        ("us-east", "", {"edge hang"}),
        ("us-east", "slow", {"us-east down", "edge hang"}),
        ("", "hang", {"us-east down", "us-east slow"}),
    ],
)
def test_ending_takes_the_target_the_kind_or_all(target: str, kind: str, left: set[str]) -> None:
    faults = board([])
    faults.begin("us-east", "down", 0.0)
    faults.begin("us-east", "slow", 0.0)
    faults.begin("edge", "hang", 0.0)
    faults.end(target, kind)
    assert {f"{fault.target} {fault.kind}" for fault in faults.active} == left


def test_ending_on_an_unknown_target_is_refused() -> None:
    with pytest.raises(UsageError, match="no target 'us-eest'"):
        board([]).end("us-eest")


@pytest.mark.parametrize(
    ("kinds", "now_s", "reach"),
    [
        ([], 0, Reach.OPEN),
        ([Kind.SLOW, Kind.ERRORS], 0, Reach.OPEN),
        ([Kind.HANG], 0, Reach.SILENT),
        ([Kind.HANG, Kind.DOWN], 0, Reach.REFUSED),
        ([Kind.FLAP], 11.9, Reach.REFUSED),
        ([Kind.FLAP], 12.1, Reach.OPEN),
        ([Kind.FLAP], 24.1, Reach.REFUSED),
    ],
)
def test_reach(kinds: list[Kind], now_s: float, reach: Reach) -> None:
    assert reach_of([Fault("x", kind, 0.0, None) for kind in kinds], now_s) is reach
