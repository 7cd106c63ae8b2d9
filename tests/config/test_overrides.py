"""Environment variables and flags over the file."""

from collections.abc import Callable
from pathlib import Path

import pytest

from npconsole.config.effective import settings
from npconsole.config.loading import load
from npconsole.config.origin import OriginKind
from npconsole.config.overrides import VARIABLES
from npconsole.errors import ConfigError, Problem
from tests.config.conftest import VALID

Writer = Callable[[str | bytes], Path]

GOOD = {
    "LATENCY_THRESHOLD_MS": ("350", "350ms"),
    "ERROR_RATE_THRESHOLD_PCT": ("2.5", "2.5%"),
    "CHECK_INTERVAL": ("30", "30s"),
    "ENABLE_AUTO_RESTART": ("no", "false"),
    "ENABLE_AUTO_CACHE_PURGE": ("0", "false"),
    "SLACK_WEBHOOK": ("https://hooks.slack.com/services/hunter2", "*** (env SLACK_WEBHOOK)"),
    "GRAFANA_URL": ("https://g.example/", "https://g.example"),
    "GRAFANA_API_KEY": ("hunter2", "*** (env GRAFANA_API_KEY)"),
    "SENTRY_DSN": ("https://hunter2@sentry.example/1", "*** (env SENTRY_DSN)"),
    "CF_ZONE_ID": ("abc123", "abc123"),
    "CF_API_TOKEN": ("hunter2", "*** (env CF_API_TOKEN)"),
}


def test_every_variable_is_tried() -> None:
    assert set(GOOD) == set(VARIABLES)


@pytest.mark.parametrize("name", GOOD)
def test_variable(written: Writer, name: str) -> None:
    value, shown = GOOD[name]
    loaded = load(written(VALID), environ={name: value})
    key = VARIABLES[name].key
    assert {each.key: each.text for each in settings(loaded.config)}[key] == shown
    assert loaded.origin(key).kind is OriginKind.ENVIRONMENT
    assert str(loaded.origin(key)) == f"${name}"


@pytest.mark.parametrize("value", ["true", "True", "1", "yes", "on"])
def test_truth(written: Writer, value: str) -> None:
    path = written(VALID + "heal: {restart: false}\n")
    assert load(path, environ={"ENABLE_AUTO_RESTART": value}).config.heal.restart


def test_variables_go_over_the_file(written: Writer) -> None:
    path = written(VALID + "thresholds: {p95_warn: 500ms}\n")
    assert load(path, environ={}).config.thresholds.p95_warn == 0.5
    assert load(path, environ={"LATENCY_THRESHOLD_MS": "300"}).config.thresholds.p95_warn == 0.3
    assert load(path, environ={"LATENCY_THRESHOLD_MS": " "}).config.thresholds.p95_warn == 0.5


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("LATENCY_THRESHOLD_MS", "400ms", "must be a number of milliseconds, without a unit"),
        ("LATENCY_THRESHOLD_MS", "nan", "must be a number of milliseconds"),
        ("LATENCY_THRESHOLD_MS", "-5", "must be a number of milliseconds"),
        ("LATENCY_THRESHOLD_MS", "0", "must be at least 1ms"),
        ("LATENCY_THRESHOLD_MS", "100", "must be above thresholds.p95_target"),
        ("ERROR_RATE_THRESHOLD_PCT", "five", "must be a number of percent"),
        ("ERROR_RATE_THRESHOLD_PCT", "500", "must not be more than 100%"),
        ("CHECK_INTERVAL", "1e9", "must be a number of seconds"),
        ("CHECK_INTERVAL", "999999999999", "must not be longer than ten years"),
        ("ENABLE_AUTO_RESTART", "maybe", "must be true or false"),
        ("GRAFANA_URL", "https://me:hunter2@g.example", "must not hold a user name or password"),
        ("CF_ZONE_ID", "../hunter2", "must hold only letters"),
    ],
)
def test_bad_variable(written: Writer, name: str, value: str, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(written(VALID), environ={name: value})
    [found] = caught.value.problems
    assert (found.file, found.line, found.key) == (f"${name}", 0, VARIABLES[name].key)
    assert words in found.message
    assert "hunter2" not in str(caught.value)


def test_flags_go_over_everything(written: Writer) -> None:
    path = written(VALID + "ui: {theme: light}\n")
    loaded = load(path, environ={"LATENCY_THRESHOLD_MS": "300"}, flags={"ui.theme": "monochrome"})
    assert loaded.config.ui.theme == "monochrome"
    assert str(loaded.origin("ui.theme")) == "flag"


def test_bad_flag(written: Writer) -> None:
    with pytest.raises(ConfigError) as caught:
        load(written(VALID), environ={}, flags={"ui.theme": "drak", "poll.health": "5"})
    assert [(each.file, each.key) for each in caught.value.problems] == [
        ("command line", "poll.health"),
        ("command line", "ui.theme"),
    ]


def test_problems_of_file_and_environment_come_together(written: Writer) -> None:
    with pytest.raises(ConfigError) as caught:
        load(written(VALID + "poll: {health: 5}\n"), environ={"CHECK_INTERVAL": "x", "CF_ZONE_ID": "/"})
    assert [type(each) for each in caught.value.problems] == [Problem] * 3
    assert [each.key for each in caught.value.problems] == ["poll.health", "heal.check_interval", "cloudflare.zone_id"]
