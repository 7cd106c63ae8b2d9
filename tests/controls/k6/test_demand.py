import math

import pytest

from npconsole.controls.k6 import Call, Cloud, Settings
from npconsole.controls.k6.demand import check, mix, thresholds
from npconsole.errors import UsageError
from npconsole.model.load import Load, Threshold
from npconsole.model.secret import Secret

CALLS = (
    Call("health", "/health", 0.2),
    Call("asset", "", 0.3),
    Call("items", "/api/items", 0.25, login=True),
    Call("forecast", "/api/forecast", 0.25, login=True),
)
SETTINGS = Settings(CALLS)
LOGGED_IN = Settings(CALLS, token=lambda: Secret("x"), cloud=Cloud(lambda: Secret("y")))


def load(**changes: object) -> Load:
    given = {"target": "us-east", "address": "http://x", "users": 100, "duration_s": 60.0, "asset": "http://x/app.js"}
    return Load(**{**given, **changes})  # type: ignore[arg-type]  # a table of changes


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"duration_s": 0.0}, "too short"),
        ({"duration_s": -5.0}, "too short"),
        ({"duration_s": math.nan}, "too short"),
        ({"duration_s": 864_000.0}, "a load of 10 d is too long"),
        ({"users": 0}, "0 is no number of users"),
        ({"users": 2001}, "2001 is no number of users"),
        ({"rate": -1.0}, "-1 is no rate"),
        ({"rate": 0.0}, "0 is no rate"),
        ({"rate": math.inf}, "inf is no rate"),
        ({"thresholds": (Threshold("http_reqs", "p95<1"),)}, "the threshold http_reqs p95<1"),
        ({"thresholds": (Threshold("a{b", "max<1"),)}, "is not a metric"),
    ],
)
def test_loads_that_make_no_sense(changes: dict[str, object], reason: str) -> None:
    with pytest.raises(UsageError, match=reason):
        check(load(**changes), SETTINGS)


def test_a_load_that_does() -> None:
    check(load(rate=0.1, thresholds=(Threshold("http_reqs{name:a}", "rate>1"),)), SETTINGS)


def test_without_credentials_the_calls_that_need_them_are_left_out_and_said_so() -> None:
    sent = mix(load(), SETTINGS)
    assert [call.name for call in sent.calls] == ["health", "asset"]
    assert sent.notes == (
        "left out, for no credentials are configured (benchmark.email and password, or token): items, forecast",
    )
    assert not sent.needs_login


def test_with_credentials_all_are_sent() -> None:
    sent = mix(load(), LOGGED_IN)
    assert (sent.calls, sent.notes, sent.needs_login) == (CALLS, (), True)


def test_credentials_do_not_go_to_the_cloud() -> None:
    sent = mix(load(cloud=True), LOGGED_IN)
    assert [call.name for call in sent.calls] == ["health", "asset"]
    assert "do not leave this host" in sent.notes[0]


def test_without_an_asset_its_call_is_left_out() -> None:
    sent = mix(load(asset=""), LOGGED_IN)
    assert [call.name for call in sent.calls] == ["health", "items", "forecast"]
    assert sent.notes == ("left out, for us-east has no asset_url: asset",)


def test_nothing_to_send_is_an_error_with_its_reasons() -> None:
    with pytest.raises(UsageError) as caught:
        mix(load(), Settings((Call("items", "/i", 1.0, login=True),)))
    assert "no credentials" in caught.value.hint


def test_thresholds_of_the_load_win() -> None:
    own = (Threshold("http_reqs", "count>1"),)
    assert thresholds(load(thresholds=own), SETTINGS, None) == (own, ())


@pytest.mark.parametrize(
    ("changes", "settings", "judged"),
    [
        ({}, LOGGED_IN, False),
        ({"users": 200}, LOGGED_IN, True),
        ({"users": 20, "duration_s": 10.0}, LOGGED_IN, False),
        ({"rate": 200.0}, LOGGED_IN, True),
        ({"rate": 100.0}, LOGGED_IN, False),
        ({"users": 200}, SETTINGS, False),
        ({}, Settings(CALLS, think_s=0.0), True),
        ({"users": 1000}, Settings(CALLS, min_rate=0.0), False),
    ],
)
def test_throughput_is_asked_for_where_the_load_can_reach_it(
    changes: dict[str, object], settings: Settings, judged: bool
) -> None:
    asked = load(**changes)
    found, notes = thresholds(asked, settings, mix(asked, settings))
    assert [str(each) for each in found[:2]] == ["http_req_duration p(95)<400", "http_req_failed rate<0.05"]
    assert ([str(each) for each in found[2:]] == ["http_reqs rate>=50"]) is judged
    assert bool(notes) is (not judged and settings.min_rate > 0)


def test_a_script_of_ones_own_is_not_asked_for_throughput() -> None:
    found, notes = thresholds(load(script="x.js", users=1000), SETTINGS, None)
    assert (len(found), notes) == (2, ())
