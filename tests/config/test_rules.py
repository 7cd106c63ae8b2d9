"""Rules between fields."""

from collections.abc import Callable
from pathlib import Path

import pytest

from npconsole.config.loading import load
from npconsole.errors import ConfigError
from tests.config.conftest import VALID

Writer = Callable[[str | bytes], Path]


def region(name: str, origin: str, more: str = "") -> str:
    return f"      - {{name: {name}, origin: 'https://{origin}.example.com'{more}}}\n"


@pytest.mark.parametrize(
    ("text", "line", "key", "words"),
    [
        (VALID + region("us-east", "b"), 6, "services[0].regions[1].name", "same name as services[0].regions[0].name"),
        (VALID + region("US-East", "b"), 6, "services[0].regions[1].name", "is the same name as"),
        (
            VALID + VALID.partition("\n")[2],
            6,
            "services[1].name",
            "is the same name as services[0].name",
        ),
        (
            VALID.replace("us-east\n", "edge\n", 1) + "    edge: {url: 'https://e.example'}\n",
            4,
            "services[0].regions[0].name",
            "the edge",
        ),
        (VALID + "thresholds: {p95_warn: 100ms}\n", 6, "thresholds.p95_warn", "(100ms is not above 120ms)"),
        (VALID + "thresholds: {p95_target: 400ms}\n", 6, "thresholds.p95_warn", "must be above thresholds.p95_target"),
        (
            VALID + "thresholds: {error_ratio_target: 9%}\n",
            6,
            "thresholds.error_ratio_critical",
            "(5% is not above 9%)",
        ),
        (VALID + "thresholds: {lag_warn: 10s}\n", 6, "thresholds.lag_page", "must be above thresholds.lag_warn"),
        (VALID + "judging: {unknown_after: 1}\n", 6, "judging.unknown_after", "must not be below judging.stale_after"),
        (VALID + region("b", "b", ", lag: {}"), 6, "services[0].regions[1].lag", "give exactly one of promql and dsn"),
        (VALID + region("b", "b", ", lag: {promql: x, dsn: {env: D}}"), 6, "services[0].regions[1].lag", "exactly one"),
        (
            VALID + region("b", "b", ", lag: {promql: x}"),
            6,
            "services[0].regions[1].lag.promql",
            "needs prometheus.url",
        ),
        (VALID + "metrics: {source: prometheus}\n", 6, "metrics.source", "needs prometheus.url"),
        (VALID + "prometheus: {user: '1'}\n", 6, "prometheus.user", "needs prometheus.password"),
        (VALID + "prometheus: {password: {env: P}}\n", 6, "prometheus.password", "needs prometheus.user"),
        (
            VALID + "prometheus: {user: '1', password: {env: P}, token: {env: T}}\n",
            6,
            "prometheus.token",
            "goes instead of user and password",
        ),
        (VALID + "sentry: {organization: np}\n", 6, "sentry.organization", "needs sentry.token"),
        (VALID + "runs: {lease: 20s}\n", 6, "runs.lease", "at least twice actions.call_timeout (20s is below 2 x 15s)"),
        (VALID + "runs: {beat: 20s}\n", 6, "runs.beat", "must not be above a quarter of runs.lease (1m)"),
        (VALID + "slack: {token: {env: T}}\n", 6, "slack.token", "needs slack.channel"),
        (VALID + "slack: {channel: on-call}\n", 6, "slack.channel", "must be a channel's id"),
        (
            VALID + "channels: [{name: ops, url: {env: A}}, {name: ops, url: {env: B}}]\n",
            6,
            "channels[1].name",
            "is the same name as channels[0].name",
        ),
        (VALID + "channels: [{name: slack, url: {env: A}}]\n", 6, "channels[0].name", "a built-in channel"),
        (VALID + "alerts: {remind: 10s}\n", 6, "alerts.remind", "must be at least 1m"),
        (VALID + "ui: {theme: drak}\n", 6, "ui.theme", "did you mean `dark`?"),
        (VALID + "ui: {theme: /nowhere/x.yaml}\n", 6, "ui.theme", "there is no such theme file"),
        (VALID + "ui: {keys: {refrsh: f5}}\n", 6, "ui.keys.refrsh", "refresh"),
    ],
)
def test_problem(written: Writer, text: str, line: int, key: str, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(written(text), environ={})
    [found] = caught.value.problems
    assert (found.line, found.key) == (line, key)
    assert words in found.message


@pytest.mark.parametrize(
    ("text", "line", "key", "words"),
    [
        (VALID + region("b", "us-east"), 6, "services[0].regions[1].origin", "is the same address as"),
        (VALID + "poll: {timeout: 12s}\n", 6, "poll.timeout", "is longer than poll.health"),
        (VALID + "poll: {lag: 10s}\n", 6, "poll.vendor_timeout", "is longer than poll.lag"),
        (VALID + "metrics: {window: 10s}\n", 6, "metrics.window", "is shorter than poll.metrics"),
        (VALID + "sentry: {token: {env: T}}\n", 6, "sentry.token", "is not used without sentry.organization"),
        (
            VALID + "grafana: {url: 'http://grafana.example', token: {env: T}}\n",
            6,
            "grafana.url",
            "is not https: the credential can be read on its way",
        ),
        (
            VALID + "slack: {token: {env: T}, channel: '#on-call', webhook: {env: W}}\n",
            6,
            "slack.webhook",
            "is not used beside slack.token",
        ),
        (
            VALID + "slack: {token: {env: T}, channel: C012345, url: 'http://slack.example.com/api'}\n",
            6,
            "slack.url",
            "is not https",
        ),
    ],
)
def test_warning(written: Writer, text: str, line: int, key: str, words: str) -> None:
    [found] = load(written(text), environ={}).warnings
    assert (found.line, found.key) == (line, key)
    assert words in found.message


@pytest.mark.parametrize(
    "text",
    [
        VALID,
        VALID + "grafana: {url: 'http://127.0.0.1:3000', token: {env: T}}\n",
        VALID + region("b", "b", ", lag: {promql: x}") + "prometheus: {url: 'https://p.example'}\n",
        VALID + VALID.partition("\n")[2].replace("api", "web").replace("east.", "web."),
        VALID + "ui: {theme: light, keys: {refresh: f5}}\n",
        VALID + "sentry: {organization: np, token: {file: /s}}\nprometheus: {user: '1', password: {env: P}}\n",
    ],
)
def test_nothing_to_say(written: Writer, text: str) -> None:
    assert load(written(text), environ={}).warnings == ()


def test_a_rule_about_a_default_points_at_the_line_that_was_written(written: Writer) -> None:
    with pytest.raises(ConfigError) as caught:
        load(written(VALID + "thresholds:\n  memory_warn: 90%\n  p95_target: 500ms\n"), environ={})
    assert [(found.line, found.key) for found in caught.value.problems] == [(8, "thresholds.p95_warn")]


def test_no_rule_speaks_about_a_value_that_is_already_bad(written: Writer) -> None:
    text = VALID + "thresholds: {p95_warn: 40, p95_target: 900ms}\nprometheus: {url: nowhere, user: '1', password: x}\n"
    with pytest.raises(ConfigError) as caught:
        load(written(text), environ={})
    assert [found.key for found in caught.value.problems] == [
        "thresholds.p95_warn",
        "prometheus.url",
        "prometheus.password",
    ]
