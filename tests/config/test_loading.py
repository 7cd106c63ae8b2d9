"""Finding and reading the file; whatever it holds, the answer is a configuration or a list of problems."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from npconsole.config import schema
from npconsole.config.effective import nested
from npconsole.config.effective import settings as effective_settings
from npconsole.config.example import example_text
from npconsole.config.loading import load, usual_path
from npconsole.config.origin import OriginKind
from npconsole.errors import ConfigError, ExitCode
from tests.config.conftest import VALID

Writer = Callable[[str | bytes], Path]
SECRET = "hunter2-Zq8v-DO-NOT-SHOW"


@pytest.mark.parametrize(
    ("environ", "path"),
    [
        ({"HOME": "/home/me"}, "/home/me/.config/npconsole/config.yaml"),
        ({"HOME": "/home/me", "XDG_CONFIG_HOME": "/xdg"}, "/xdg/npconsole/config.yaml"),
        ({"HOME": "/home/me", "XDG_CONFIG_HOME": "relative"}, "/home/me/.config/npconsole/config.yaml"),
        ({"HOME": "/home/me", "XDG_CONFIG_HOME": "/xdg", "NPCONSOLE_CONFIG": "mine.yaml"}, "mine.yaml"),
        ({"HOME": "/home/me", "NPCONSOLE_CONFIG": ""}, "/home/me/.config/npconsole/config.yaml"),
    ],
)
def test_the_usual_path(environ: dict[str, str], path: str) -> None:
    assert usual_path(environ) == Path(path)


def test_a_path_goes_before_the_usual_one(written: Writer, tmp_path: Path) -> None:
    path = written(VALID)
    assert load(path, environ={"NPCONSOLE_CONFIG": str(tmp_path / "other.yaml")}).path == path
    assert load(None, environ={"NPCONSOLE_CONFIG": str(path)}).path == path


@pytest.mark.parametrize(
    ("asked", "variable", "words"),
    [
        ("none.yaml", "", "there is no such file"),
        (None, "none.yaml", "there is no such file, but NPCONSOLE_CONFIG names it"),
        (None, "", "there is no configuration yet"),
    ],
)
def test_no_file(tmp_path: Path, asked: str | None, variable: str, words: str) -> None:
    environ = {"HOME": str(tmp_path), "NPCONSOLE_CONFIG": str(tmp_path / variable) if variable else ""}
    with pytest.raises(ConfigError) as caught:
        load(tmp_path / asked if asked else None, environ=environ)
    assert caught.value.problems[0].message == words
    assert "npconsole config init" in caught.value.hint
    assert "npconsole demo" in caught.value.hint
    assert caught.value.exit_code is ExitCode.USAGE


def test_origins(written: Writer) -> None:
    path = written(VALID + "poll:\n  health: 5s\n  lag: '${LAG}'\n  issues: ${NONE:-2m}\n")
    loaded = load(path, environ={"LAG": "40s", "CHECK_INTERVAL": "90"}, flags={"ui.theme": "light"})
    assert {key: str(loaded.origin(key)) for key in
            ("services[0].regions[0].name", "poll.health", "poll.lag", "poll.issues", "poll.metrics",
             "heal.check_interval", "ui.theme")} == {
        "services[0].regions[0].name": f"{path}:4",
        "poll.health": f"{path}:7",
        "poll.lag": f"{path}:8 ($LAG)",
        "poll.issues": f"{path}:9",
        "poll.metrics": "default",
        "heal.check_interval": "$CHECK_INTERVAL",
        "ui.theme": "flag",
    }  # fmt: skip


def test_every_setting_of_the_file_has_its_line(written: Writer) -> None:
    path = written(example_text())
    loaded = load(path, environ={})
    lines = example_text().splitlines()
    given = [each for each in effective_settings(loaded.config) if loaded.origin(each.key).kind is OriginKind.FILE]
    assert len(given) > 70
    for each in given:
        name = each.key.rpartition(".")[2]
        assert f"{name}:" in lines[loaded.origin(each.key).line - 1], each.key


NAMES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,20}", fullmatch=True).filter(lambda name: name != "edge")
DURATIONS = st.integers(1, 10_000).map(lambda n: f"{n}s")
REGIONS = st.lists(NAMES, min_size=1, max_size=4, unique_by=str.lower).map(
    lambda names: [{"name": name, "origin": f"https://r{i}.example"} for i, name in enumerate(names)]
)
CONFIGS = st.fixed_dictionaries(
    {"services": REGIONS.map(lambda regions: [{"name": "api", "regions": regions}])},
    optional={
        "environment": st.fixed_dictionaries({"name": NAMES, "tier": st.sampled_from(["production", "staging"])}),
        "poll": st.fixed_dictionaries({"health": DURATIONS, "lag": DURATIONS, "timeout": DURATIONS}),
        "judging": st.fixed_dictionaries({"fall": st.integers(1, 100), "min_requests": st.floats(0, 1e9)}),
        "sentry": st.fixed_dictionaries(
            {"organization": st.just("np"), "token": st.just({"env": "T"}), "projects": st.lists(st.just("web"))}
        ),
        "heal": st.fixed_dictionaries({"restart": st.booleans()}),
        "slack": st.sampled_from([{}, {"webhook": {"file": "/run/x"}}, {"webhook": {"command": ["pass", "x"]}}]),
    },
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=CONFIGS)
def test_the_file_means_what_its_data_means(written: Writer, data: dict[str, Any]) -> None:
    """JSON is YAML, so that the two readers of the same data can be compared."""
    text = json.dumps(data, indent=1)
    assert nested(load(written(text), environ={}).config) == nested(schema.convert(data))


def mutated(lines: list[str], draw: Callable[[st.SearchStrategy[Any]], Any]) -> list[str]:
    at = draw(st.integers(0, len(lines) - 1))
    junk = draw(
        st.sampled_from(["[", "}", ": ", "- ", "\t", "&a ", "*a", "!!x ", "${", '"', "'", "# ", "|", "~", "no", "?"])
    )
    column = draw(st.integers(0, len(lines[at])))
    match draw(st.integers(0, 4)):
        case 0:
            lines[at] = lines[at][:column] + junk + lines[at][column:]
        case 1:
            del lines[at]
        case 2:
            lines.insert(at, lines[draw(st.integers(0, len(lines) - 1))])
        case 3:
            lines[at] = f"{lines[at].partition(':')[0]}: {SECRET}"
        case 4:
            lines[at] = lines[at][:column]
    return lines or [""]


@st.composite
def mutated_examples(draw: Callable[[st.SearchStrategy[Any]], Any]) -> str:
    lines = [line for line in example_text().splitlines() if line.strip() and not line.strip().startswith("#")]
    for _ in range(draw(st.integers(1, 6))):
        lines = mutated(lines, draw)
    return "\n".join(lines)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=mutated_examples())
def test_a_damaged_file_is_read_or_refused_and_no_value_is_repeated(written: Writer, text: str) -> None:
    try:
        load(written(text), environ={"SLACK_WEBHOOK": SECRET, "CF_API_TOKEN": SECRET})
    except ConfigError as error:
        refused = error
    else:
        return
    assert refused.problems
    assert SECRET not in f"{refused} {refused.hint}"


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(content=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: text.encode())))
def test_any_file_is_read_or_refused(written: Writer, content: bytes) -> None:
    with pytest.raises(ConfigError) as caught:
        load(written(content), environ={})
    assert all(problem.file for problem in caught.value.problems)


@pytest.mark.parametrize("key", ["sentry.token", "grafana.token", "slack.webhook", "cloudflare.token", "neon.token",
                                 "railway.token", "pagerduty.routing_key", "error_reporting.dsn",
                                 "prometheus.password", "prometheus.token"])  # fmt: skip
@pytest.mark.parametrize(
    "form", ["{0}", "'{0}'", "[{0}]", "{{{0}}}", "{{env: '{0}!'}}", "{{{0}: env}}", "{{file: [{0}]}}", "|\n    {0}"]
)
def test_a_secret_in_the_file_is_refused_and_never_repeated(written: Writer, key: str, form: str) -> None:
    block, _, name = key.partition(".")
    text = VALID + f"{block}:\n  {name}: {form.format(SECRET)}\n"
    with pytest.raises(ConfigError) as caught:
        load(written(text), environ={})
    assert any(problem.key.startswith(key) and problem.line in (7, 8) for problem in caught.value.problems)
    assert SECRET not in str(caught.value)
