"""Every way a setting can be wrong: all at once, each with its line and dotted key, never with its value."""

from collections.abc import Callable
from pathlib import Path

import pytest

from npconsole.config.blocks.fields import SecretRef
from npconsole.config.decoder import MAX_PROBLEMS
from npconsole.config.loading import Loaded, load
from npconsole.errors import ConfigError
from tests.config.conftest import VALID

Writer = Callable[[str | bytes], Path]
ENVIRON = {"NAME": "staging-7", "BAD": "no spaces please", "EMPTY": "", "LIMIT": "7"}


def problems(path: Path) -> list[tuple[int, str, str]]:
    with pytest.raises(ConfigError) as caught:
        load(path, environ=ENVIRON)
    return [(each.line, each.key, each.message) for each in caught.value.problems]


def loaded(path: Path) -> Loaded:
    return load(path, environ=ENVIRON)


# Each snippet follows VALID, whose last line is 5: its own first line is line 6.
@pytest.mark.parametrize(
    ("snippet", "line", "key", "words"),
    [
        ("pol: {health: 10s}", 6, "pol", "is not a setting; did you mean `poll`?"),
        ("poll:\n  helth: 10s", 7, "poll.helth", "did you mean `health`?"),
        ("poll: {zzzz: 10s}", 6, "poll.zzzz", "is not a setting"),
        ("poll: 10s", 6, "poll", "must be a block of `key: value` lines"),
        ("poll: [health]", 6, "poll", "must be a block of `key: value` lines"),
        ("poll: {health: 10}", 6, "poll.health", "has no unit; write a duration such as 10s or 10ms"),
        ("poll: {health: .nan}", 6, "poll.health", "must be a duration"),
        ("poll: {health: 0s}", 6, "poll.health", "must be at least 100ms"),
        ("poll: {health: [1s]}", 6, "poll.health", "must be a single value"),
        ("poll: {health: }", 6, "poll.health", "has no value; write one, or take the line out"),
        ("poll: {health: 1s, health: 2s}", 6, "poll.health", "is given twice, first in line 6"),
        ("poll:\n  health: 1s\npoll:\n  lag: 1s", 8, "poll", "is given twice, first in line 6"),
        ("thresholds: {memory_warn: 0.85}", 6, "thresholds.memory_warn", "has no unit; write a percentage"),
        ("thresholds: {memory_warn: 850%}", 6, "thresholds.memory_warn", "must not be more than 100%"),
        ("thresholds: {memory_limit_mb: 0}", 6, "thresholds.memory_limit_mb", "must be more than 0"),
        ("thresholds: {memory_limit_mb: .inf}", 6, "thresholds.memory_limit_mb", "must be a number"),
        ("thresholds: {memory_limit_mb: 1e300}", 6, "thresholds.memory_limit_mb", "must be a number"),
        ("judging: {fall: 0}", 6, "judging.fall", "must be at least 1"),
        ("judging: {fall: 101}", 6, "judging.fall", "must be at most 100"),
        ("judging: {fall: 2.5}", 6, "judging.fall", "must be a whole number"),
        ("judging: {fall: 010}", 6, "judging.fall", "must be a whole number such as 3, without leading zeros"),
        ("judging: {fall: 1_0}", 6, "judging.fall", "must be a whole number"),
        ("judging: {fall: 0x10}", 6, "judging.fall", "must be a whole number"),
        ("judging: {fall: 1:30}", 6, "judging.fall", "must be a whole number"),
        ("judging: {fall: " + "9" * 30 + "}", 6, "judging.fall", "must be a whole number"),
        ("judging: {min_requests: NaN}", 6, "judging.min_requests", "must be a number"),
        ("heal: {restart: maybe}", 6, "heal.restart", "must be true or false"),
        ("environment: {tier: prod}", 6, "environment.tier", "did you mean `production`?"),
        ("environment: {tier: 7}", 6, "environment.tier", "must be one of development, production, staging"),
        ("environment: {name: a b}", 6, "environment.name", "must be a name"),
        ("environment: {name: " + "x" * 65 + "}", 6, "environment.name", "must be a name"),
        ('environment: {name: "a\\n"}', 6, "environment.name", "holds a control or an invisible character"),
        ('sentry: {environment: "a\\e[2J"}', 6, "sentry.environment", "holds a control or an invisible character"),
        ('sentry: {environment: "a\\u202Eb"}', 6, "sentry.environment", "holds a control or an invisible"),
        ("sentry: {environment: " + "x" * 4001 + "}", 6, "sentry.environment", "is longer than 4000 characters"),
        ("sentry: {projects: backend}", 6, "sentry.projects", "must be a list"),
        ("sentry: {projects: }", 6, "sentry.projects", "must be a list"),
        ("sentry: {projects: [a, b c]}", 6, "sentry.projects[1]", "must hold only letters"),
        ("sentry: {organization: ..}", 6, "sentry.organization", "and start with none of . and -"),
        ("sentry: {projects: [a,\n    {b: c}]}", 7, "sentry.projects[1]", "must be a single value"),
        ("grafana: {url: grafana.example}", 6, "grafana.url", "must be an address such as https://api.example.com"),
        ("grafana: {url: 'https://a:b@c.example'}", 6, "grafana.url", "must not hold a user name or password"),
        ("connectivity: {urls: ['https://a.example', b]}", 6, "connectivity.urls[1]", "must be an address"),
        ("ui: {keys: [a]}", 6, "ui.keys", "must be a block of `key: value` lines; {} for none"),
        ("ui: {keys: {refresh: f5, refresh: f6}}", 6, "ui.keys.refresh", "is given twice"),
        ('ui: {keys: {"a\\x07": f5}}', 6, "ui.keys", "has a key that is empty, too long or not readable text"),
        ("ui: {? '' : f5}", 6, "ui", "has a key that is empty, too long or not readable text"),
        ("? [a, b]\n: 1", 6, "", "a key must be a single word"),
        ("sentry: {environment: !!str yes}", 6, "", "tags (!...) are not used here"),
        ("environment: {name: '${NOPE}'}", 6, "environment.name", "the environment variable NOPE is not set"),
        ("environment: {name: '${NAME'}", 6, "environment.name", "write a variable as ${NAME}"),
        ("environment: {name: '${BAD}'}", 6, "environment.name", "(from the environment variable BAD)"),
        ("poll: {health: '${EMPTY}'}", 6, "poll.health", "must be a duration"),
        ("metrics: {families: [{name: v3}]}", 6, "metrics.families[0].latency", "is required"),
        (
            "metrics: {families: [{name: v3, latency: 'a{}'}]}",
            6,
            "metrics.families[0].latency",
            "must be a metric name",
        ),
        ("slack: {webhook: 'https://hooks.example/hunter2'}", 6, "slack.webhook", "is a secret and must not stand"),
        ("slack: {webhook: '${NAME}'}", 6, "slack.webhook", "is a secret: write {env: NAME}"),
        ("slack: {webhook: [hunter2]}", 6, "slack.webhook", "is a secret and must not stand in this file"),
        ("slack: {webhook: {hunter2}}", 6, "slack.webhook", "is a secret: give exactly one of {env: NAME}"),
        ("slack: {webhook: {env: A, file: /b}}", 6, "slack.webhook", "is a secret: give exactly one of"),
        ("slack: {webhook: {env: A, env: B}}", 6, "slack.webhook", "is a secret: give exactly one of"),
        ("slack: {webhook: {}}", 6, "slack.webhook", "is a secret: give exactly one of"),
        ("slack: {webhook: {env: }}", 6, "slack.webhook.env", "has no value"),
        ("slack: {webhook: {env: hunter2-x}}", 6, "slack.webhook.env", "must be the name of an environment variable"),
        ("slack: {webhook: {file: ''}}", 6, "slack.webhook.file", "has no value"),
        ("slack: {webhook: {command: pass}}", 6, "slack.webhook.command", "must be a list"),
        ("slack: {webhook: {command: []}}", 6, "slack.webhook.command", "needs at least 1"),
        ("slack: {webhook: {keyring: x}}", 6, "slack.webhook.keyring", "must be written as service/user"),
    ],
)
def test_one_problem(written: Writer, snippet: str, line: int, key: str, words: str) -> None:
    [found] = problems(written(VALID + snippet + "\n"))
    assert found[:2] == (line, key)
    assert words in found[2]
    assert "hunter2" not in found[2]


@pytest.mark.parametrize(
    ("text", "line", "key", "words"),
    [
        ("poll: {}", 1, "services", "is required"),
        ("services: []", 1, "services", "needs at least 1"),
        ("services: {name: api}", 1, "services", "must be a list"),
        ("services:\n- name: api\n", 2, "services[0].regions", "is required"),
        ("services:\n- name: api\n  regions: []\n", 3, "services[0].regions", "needs at least 1"),
        ("services:\n- name: api\n  regions: [us-east]\n", 3, "services[0].regions[0]", "must be a block"),
        ("services:\n- name: api\n  regions:\n", 3, "services[0].regions", "must be a list"),
        ("- a\n- b\n", 1, "", "must be a block of `key: value` lines"),
        ("just text", 1, "", "must be a block of `key: value` lines"),
        ("# nothing\n", 1, "services", "is required"),
    ],
)
def test_a_file_without_its_main_part(written: Writer, text: str, line: int, key: str, words: str) -> None:
    found = problems(written(text))
    assert any((at, name) == (line, key) and words in message for at, name, message in found), found


def test_all_problems_at_once(written: Writer) -> None:
    text = """\
services:
  - name: api
    regions:
      - name: us-east
        orgin: https://us-east.example.com
        role: primry
      - name: us-west
        origin: ftp://us-west
    edge: {url: https://edge.example, region_field: no}
sentry: {token: hunter2, limit: many}
thresholds:
  lag_target: 3s
  p95_warn: 400
"""
    found = [(line, key) for line, key, _ in problems(written(text))]
    assert found == [
        (4, "services[0].regions[0].origin"),
        (5, "services[0].regions[0].orgin"),
        (6, "services[0].regions[0].role"),
        (8, "services[0].regions[1].origin"),
        (10, "sentry.token"),
        (10, "sentry.limit"),
        (12, "thresholds.lag_warn"),
        (13, "thresholds.p95_warn"),
    ]


def test_a_key_that_may_be_a_secret_is_not_shown(written: Writer) -> None:
    token = "sntrys_" + "eyJpYXQiOjE3" * 5
    [(line, key, message)] = problems(written(VALID + f"sentry: {{{token}: 1}}\n"))
    assert (line, key) == (6, "sentry.?")
    assert token not in message


def test_a_flood_of_problems_is_cut(written: Writer) -> None:
    text = VALID + "".join(f"k{i}: 1\n" for i in range(5000))
    found = problems(written(text))
    assert len(found) == MAX_PROBLEMS + 1
    assert found[-1] == (0, "", "has 4900 more problems")


@pytest.mark.parametrize(
    ("snippet", "read"),
    [
        ("sentry: {environment: no}", lambda config: config.sentry.environment == "no"),
        ("sentry: {environment: on}", lambda config: config.sentry.environment == "on"),
        ("sentry: {environment: 010}", lambda config: config.sentry.environment == "010"),
        ("sentry: {environment: 2026-01-02}", lambda config: config.sentry.environment == "2026-01-02"),
        ("sentry: {environment: 12:30:45}", lambda config: config.sentry.environment == "12:30:45"),
        ("sentry: {environment: 'null'}", lambda config: config.sentry.environment == "null"),
        ("sentry: {projects: [1, no, 2.0]}", lambda config: config.sentry.projects == ["1", "no", "2.0"]),
        ("prometheus: {native_histograms: no}", lambda config: config.prometheus.native_histograms == "no"),
        ("sentry: {limit: 10}", lambda config: config.sentry.limit == 10),
        ("sentry: {limit: '${LIMIT}'}", lambda config: config.sentry.limit == 7),
        ("environment: {name: '${NAME}'}", lambda config: config.environment.name == "staging-7"),
        ("environment: {name: '${NOPE:-other}'}", lambda config: config.environment.name == "other"),
        ("grafana: {url: '${NOPE:-}'}", lambda config: config.grafana.url is None),
        ("grafana: {url: null}", lambda config: config.grafana.url is None),
        ("poll:\n  # health: 5s", lambda config: config.poll.health == 10),
        ("heal: {restart: no, purge: OFF}", lambda config: not config.heal.restart and not config.heal.purge),
        ("judging: {stale_after: 2.5}", lambda config: config.judging.stale_after == 2.5),
        ("slack: {webhook: {env: HOOK}}", lambda config: config.slack.webhook == SecretRef(env="HOOK")),
        ("slack: {webhook: {command: [pass, x]}}", lambda config: config.slack.webhook.command == ["pass", "x"]),
        ("slack: {webhook: }", lambda config: config.slack.webhook is None),
    ],
)
def test_values_are_taken_as_the_schema_means_them(
    written: Writer, snippet: str, read: Callable[[object], bool]
) -> None:
    assert read(loaded(written(VALID + snippet + "\n")).config)
