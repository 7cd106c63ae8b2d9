"""Rules of the benchmark block, each at its line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from npconsole.config.loading import load
from npconsole.errors import ConfigError
from tests.config.conftest import VALID

Writer = Callable[[str | bytes], Path]


@pytest.mark.parametrize(
    ("block", "key", "words"),
    [
        ("email: {env: A}", "benchmark.email", "needs benchmark.password"),
        ("password: {env: A}", "benchmark.password", "needs benchmark.email"),
        (
            "token: {env: A}, email: {env: B}, password: {env: C}",
            "benchmark.token",
            "goes instead of email and password",
        ),
        ("engine: cloud", "benchmark.engine", "needs benchmark.cloud.token"),
        ("engine: remote", "benchmark.engine", ""),
        ("remote_write: {url: 'https://a/w', user: x}", "benchmark.remote_write.user", "password go together"),
        (
            "remote_write: {url: 'https://a/w', user: x, password: {env: A}, token: {env: B}}",
            "benchmark.remote_write.token",
            "goes instead of",
        ),
        (
            "calls: [{name: a, path: /a, chance: 10%}, {name: A, path: /b, chance: 10%}]",
            "benchmark.calls[1].name",
            "same name",
        ),
        ("calls: [{name: a, path: a, chance: 10%}]", "benchmark.calls[0].path", "starts with /"),
        ("calls: [{name: a, path: '/a b', chance: 10%}]", "benchmark.calls[0].path", "starts with /"),
        ("calls: [{name: a, path: /a, chance: 110%}]", "benchmark.calls[0].chance", "100%"),
        ("most_users: 0", "benchmark.most_users", ""),
        ("think_time: 1", "benchmark.think_time", "has no unit"),
        ("pass_on: ['A=B']", "benchmark.pass_on[0]", "environment variable"),
    ],
)
def test_what_is_refused(written: Writer, block: str, key: str, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(written(f"{VALID}benchmark: {{{block}}}\n"), environ={})
    problem = caught.value.problems[0]
    assert (problem.key, problem.line) == (key, 6)
    assert words in problem.message


def test_what_is_warned_of(written: Writer) -> None:
    token = "remote_write: {url: 'http://far.example.com/w', token: {env: A}}"
    unused = "remote_write: {token: {env: A}}"
    for block, words in ((token, "is not https"), (unused, "is not used without benchmark.remote_write.url")):
        warnings = load(written(f"{VALID}benchmark: {{{block}}}\n"), environ={}).warnings
        assert [words in warning.message for warning in warnings] == [True]


def test_a_query_and_no_thinking_are_fine(written: Writer) -> None:
    block = "calls: [{name: a, path: '/a?b=c', chance: 100%}], think_time: 0s, min_rate: 0"
    assert load(written(f"{VALID}benchmark: {{{block}}}\n"), environ={}).warnings == ()
