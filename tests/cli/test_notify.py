"""`npconsole notify` against simulated vendors, as a person runs it."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from npconsole.alerting.incident import Incident
from npconsole.alerting.state import AlertState, encode
from npconsole.model.clock import SystemClock
from npconsole.model.notice import Notice, NoticeKind, Severity
from npconsole.store.opening import open_journal
from npconsole.wiring.memory import stores_over
from tests.cli.conftest import Npconsole, Platform

SERVICES = "services: [{name: api, regions: [{name: us-east, origin: 'https://us-east.test'}]}]\n"


@pytest.fixture(autouse=True)
def _calm_afterwards(platform: Platform) -> Iterator[None]:
    yield
    platform.heal()


def told(platform: Platform) -> Any:
    return httpx.get(f"{platform.ready['control']}/told", trust_env=False).json()


def test_it_tells_every_channels_real_answer(platform: Platform, npconsole: Npconsole) -> None:
    done = npconsole("--config", platform.config, "notify", "test")
    assert done.code == 0, done.err
    slack, pagerduty = done.out.splitlines()
    assert slack.startswith("● slack: 200 ok, message ")
    assert pagerduty == "● pagerduty: trigger: 202 Event processed; resolve: 202 Event processed"
    said = told(platform)
    assert said["slack"][-1]["text"].startswith("◆ test: a test of npconsole for neuropilot-sim: nothing is wrong")
    alert = said["pagerduty"]["alerts"][-1]
    assert (alert["severity"], alert["status"], alert["events"]) == ("info", "resolved", ["trigger", "resolve"])


def test_one_channel_as_json(platform: Platform, npconsole: Npconsole) -> None:
    before = len(told(platform)["slack"])
    done = npconsole("--config", platform.config, "notify", "test", "pagerduty", "--json")
    assert (done.code, done.json["schema"], done.json["ok"]) == (0, "npconsole.notify-test/1", True)
    (answer,) = done.json["channels"]
    assert (answer["channel"], answer["ok"], answer["exit"]) == ("pagerduty", True, 0)
    assert len(told(platform)["slack"]) == before


@pytest.mark.parametrize(
    ("fault", "code", "said"),
    [
        ("revoked", 3, "Slack: token_revoked (setting slack.token)"),
        ("archived", 1, "Slack: is_archived"),
        ("vendor-429", 8, "Slack: 429 Too Many Requests: ratelimited"),
        ("errors", 8, "Slack: 503 Service Unavailable: service_unavailable"),
        ("ok-with-errors", 8, "Slack: internal_error"),
        ("down", 8, "refused"),
    ],
)
def test_a_channel_that_does_not_get_through(
    platform: Platform, npconsole: Npconsole, fault: str, code: int, said: str
) -> None:
    platform.fault("slack", fault)
    time.sleep(0.5 if fault == "down" else 0)
    done = npconsole("--config", platform.config, "notify", "test", "slack")
    assert (done.code, done.out.startswith("✖ slack: ")) == (code, True), done.out
    assert said in done.out


def test_a_webhook_says_that_it_keeps_no_threads(platform: Platform, npconsole: Npconsole, tmp_path: Path) -> None:
    address = Path(platform.ready["slack"]["webhook_file"]).read_text().strip()
    config = tmp_path / "webhook.yaml"
    config.write_text(SERVICES)
    config.chmod(0o600)
    done = npconsole("--config", str(config), "notify", "test", env={"SLACK_WEBHOOK": address})
    assert (done.code, done.out) == (0, "● slack: 200 ok\n")
    assert "threads" in done.err
    wrong = npconsole("--config", str(config), "notify", "test", env={"SLACK_WEBHOOK": address[:-4] + "0000"})
    assert (wrong.code, "403" in wrong.out) == (3, True)
    assert address[-20:-4] not in wrong.out + wrong.err


def test_without_channels_it_says_how(npconsole: Npconsole, tmp_path: Path) -> None:
    config = tmp_path / "none.yaml"
    config.write_text(SERVICES)
    config.chmod(0o600)
    done = npconsole("--config", str(config), "notify", "test")
    assert done.code == 2
    assert "no channel is configured" in done.err
    assert "slack.webhook" in done.err


def test_an_unknown_channel_and_a_missing_secret(platform: Platform, npconsole: Npconsole, tmp_path: Path) -> None:
    done = npconsole("--config", platform.config, "notify", "test", "pagerdty")
    assert (done.code, "did you mean `pagerduty`?" in done.err) == (2, True)
    config = tmp_path / "secret.yaml"
    config.write_text(SERVICES + "slack: {token: {env: NOT_THERE}, channel: '#on-call'}\n")
    config.chmod(0o600)
    done = npconsole("--config", str(config), "notify", "test")
    assert (done.code, "NOT_THERE is not set" in done.out) == (3, True)


@pytest.fixture
def memory(tmp_path: Path) -> Path:
    """What a daemon left: an open incident, a notice that waits and one that was given up."""
    folder = tmp_path / ".local/state/npconsole"
    folder.mkdir(parents=True, mode=0o700)
    journal = open_journal(
        folder / "npconsole.db", clock=SystemClock(), environment="neuropilot", host="here", syslog=False
    )
    stores = stores_over(journal)
    incident = Incident(
        key="neuropilot/us-east/errors",
        target="us-east",
        service="api",
        began_wall=1_795_000_000.0,
        severity=Severity.CRITICAL,
        summary="us-east: 12 % of answers are errors",
        channels=("slack",),
    )
    fence = stores.heal.lead(owner="daemon", ttl_s=60.0)
    assert fence is not None
    notices = [
        Notice(f"n{number}", "slack", NoticeKind.TRIGGER, incident.key, incident.severity, "us-east: \x1b[31m", 1.0)
        for number in range(2)
    ]
    states = {"alerts": encode(AlertState(incidents=(incident,)))}
    stores.heal.commit(fence, states=states, notices=notices)
    stores.outbox.give_up("n0", detail="Slack: is_archived")
    stores.outbox.postpone("n1", after_s=30.0, detail="Slack: 503 Service Unavailable")
    stores.close()
    return folder


def plain_config(tmp_path: Path) -> str:
    config = tmp_path / "plain.yaml"
    config.write_text(SERVICES)
    config.chmod(0o600)
    return str(config)


def test_the_list_shows_what_is_open_what_waits_and_what_was_lost(
    memory: Path, npconsole: Npconsole, tmp_path: Path
) -> None:
    del memory
    done = npconsole("--config", plain_config(tmp_path), "notify", "list")
    assert done.code == 0, done.err
    assert "open critical: neuropilot/us-east/errors since 2026-11-18T11:06:40.000Z" in done.out
    assert "given up: Slack: is_archived" in done.out
    assert "pending after 1 tries: Slack: 503 Service Unavailable" in done.out
    assert "\x1b" not in done.out
    as_json = npconsole("--config", plain_config(tmp_path), "notify", "list", "--pending", "--json").json
    assert as_json["schema"] == "npconsole.notices/1"
    assert [each["key"] for each in as_json["incidents"]] == ["neuropilot/us-east/errors"]
    assert [each["state"] for each in as_json["notices"]] == ["pending"]
    assert {each["state"]: each["count"] for each in as_json["counts"]} == {"pending": 1, "given up": 1}


@pytest.mark.parametrize("word", ["us-east", "us-east/errors", "neuropilot/us-east/errors"])
def test_an_incident_is_taken_in_the_audit(memory: Path, npconsole: Npconsole, tmp_path: Path, word: str) -> None:
    del memory
    config = plain_config(tmp_path)
    done = npconsole("--config", config, "notify", "ack", word, "--reason", "on it")
    assert (done.code, "has neuropilot/us-east/errors" in done.out) == (0, True), done.err
    audit = npconsole("--config", config, "audit", "list").out
    assert '"key": "neuropilot/us-east/errors", "reason": "on it"' in audit


def test_who_may_not_act_takes_nothing(memory: Path, npconsole: Npconsole, tmp_path: Path) -> None:
    del memory
    done = npconsole("--config", plain_config(tmp_path), "--read-only", "notify", "ack", "us-east")
    assert done.code == 6
    done = npconsole("--config", plain_config(tmp_path), "notify", "ack", "us-west")
    assert (done.code, "neuropilot/us-east/errors" in done.err) == (2, True)
