"""The configuration in force, as text and as data."""

import json

from npconsole.config.effective import nested, settings
from npconsole.config.schema import convert

CONFIG = convert(
    {
        "services": [
            {
                "name": "api",
                "regions": [{"name": "us", "origin": "https://us.example", "labels": {"zone": "a", "pod": "7"}}],
            }
        ],
        "sentry": {"token": {"command": ["pass", "hunter2"]}, "projects": ["web", "api"]},
        "slack": {"webhook": {"file": "/run/hook"}},
        "thresholds": {"memory_limit_mb": 512.5},
        "heal": {"restart": False},
    }
)


def test_settings() -> None:
    found = {each.key: each.text for each in settings(CONFIG)}
    assert found["services[0].regions[0].origin"] == "https://us.example"
    assert found["services[0].regions[0].labels"] == "{zone: a, pod: 7}"
    assert found["services[0].edge"] == "none"
    assert found["sentry.projects"] == "[web, api]"
    assert found["sentry.environment"] == "''"
    assert found["thresholds.p95_warn"] == "400ms"
    assert found["thresholds.error_ratio_critical"] == "5%"
    assert found["thresholds.memory_limit_mb"] == "512.5"
    assert found["judging.fall"] == "2"
    assert found["heal.restart"] == "false"
    assert found["metrics.families"] == "[]"


def test_a_secret_shows_its_place_and_no_argument_of_its_command() -> None:
    found = {each.key: each.text for each in settings(CONFIG)}
    assert found["sentry.token"] == "*** (command pass ...)"
    assert found["slack.webhook"] == "*** (file /run/hook)"
    assert "hunter2" not in json.dumps(nested(CONFIG))


def test_nested_is_json_and_complete() -> None:
    data = json.loads(json.dumps(nested(CONFIG)))
    assert data["poll"]["health"] == "10s"
    assert data["services"][0]["regions"][0]["labels"] == {"zone": "a", "pod": "7"}
    assert data["slack"]["webhook"] == {"secret": "***", "from": "file /run/hook"}
    assert data["grafana"] == {"url": None, "token": None}
    assert len({each.key for each in settings(CONFIG)}) == len(list(settings(CONFIG)))
