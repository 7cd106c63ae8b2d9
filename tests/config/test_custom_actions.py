"""Rules of an operator's own actions and of drills."""

from collections.abc import Callable
from pathlib import Path

import pytest

from npconsole.config.loading import load
from npconsole.errors import ConfigError
from tests.config.conftest import VALID

Writer = Callable[[str | bytes], Path]


def own(more: str = "", *, do: str = "{argv: [drain, '{target}']}", first: str = "id: drain, title: Drain") -> str:
    return VALID + f"custom_actions:\n  - {{{first}, do: {do}{', ' if more else ''}{more}}}\n"


@pytest.mark.parametrize(
    ("text", "key", "words"),
    [
        (own(do="{}"), "do", "give exactly one of argv and url"),
        (own(do="{argv: [x], url: 'https://x.example'}"), "do", "give exactly one of argv and url"),
        (own(do="{argv: [x], body: {a: b}}"), "do.argv", "goes without body and token"),
        (own(do="{argv: [x, '{region}']}"), "do.argv[1]", "has {region}, which is no input"),
        (own(do="{argv: [x, '{targt}']}"), "do.argv[1]", "did you mean `target`?"),
        (own(do="{argv: ['{target}']}"), "do.argv[0]", "is the program, which cannot be an input"),
        (own(do="{argv: [x, '{']}"), "do.argv[1]", "brace that belongs to no {name}"),
        (own(do="{url: 'https://x.example/{nothing}'}"), "do.url", "has {nothing}, which is no input"),
        (own(do="{url: 'https://x.example', body: {a: '{nothing}'}}"), "do.body.a", "has {nothing}, which is no input"),
        (own("undo: {argv: [x, '{nothing}']}"), "undo.argv[1]", "has {nothing}, which is no input"),
        (own("inputs: [{name: target}]"), "inputs[0].name", "stands for itself"),
        (own("inputs: [{name: a}, {name: a}]"), "inputs[1].name", "is the same name as"),
        (own("inputs: [{name: a, kind: choice}]"), "inputs[0].choices", "a choice needs them"),
        (own("inputs: [{name: a, choices: [x]}]"), "inputs[0].choices", "belong to a choice"),
        (own("inputs: [{name: a, kind: choice, choices: [x], default: y}]"), "inputs[0].default", "is not one of"),
        (own("target: edge, takes_out: true"), "takes_out", "is for actions on a region only"),
        (own("target: edge, effect: {metric: p95_ms}"), "effect", "is measured on regions only"),
        (own("timeout: 31s"), "timeout", "must be at most half of runs.lease (1m)"),
        (own(first="id: Drain it, title: x"), "id", "must be a word"),
    ],
)
def test_problem(written: Writer, text: str, key: str, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(written(text), environ={})
    [found] = caught.value.problems
    assert found.key == f"custom_actions[0].{key}"
    assert words in found.message


@pytest.mark.parametrize(
    ("text", "key", "words"),
    [
        (VALID + "drill: {hold: 20m}\n", "drill.longest_hold", "(15m is below 20m)"),
        (VALID + "drill: {rto_target: 6m}\n", "drill.rto_limit", "(5m is below 6m)"),
        (own() + "  - {id: drain, title: y, do: {argv: [x]}}\n", "custom_actions[1].id", "is the same name as"),
    ],
)
def test_problem_elsewhere(written: Writer, text: str, key: str, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(written(text), environ={})
    assert (caught.value.problems[0].key, len(caught.value.problems)) == (key, 1)
    assert words in caught.value.problems[0].message


def test_what_the_example_shows_is_valid(written: Writer) -> None:
    """The commented block of the example, without its comments."""
    lines = Path("config.example.yaml").read_text().splitlines()
    start = lines.index("#   - id: drain-queue        Used as `npconsole run ID TARGET`.")
    block = [line for line in lines[start:] if line.startswith("#  ")]
    words = [line.removeprefix("# ").rstrip() for line in block[: lines[start:].index("")]]
    text = "custom_actions:\n" + "\n".join(_without_explanation(line) for line in words) + "\n"
    [action] = load(written(VALID + text), environ={}).config.custom_actions
    assert action.id == "drain-queue"
    assert action.undo is not None
    assert [each.name for each in action.inputs] == ["queue"]


def _without_explanation(line: str) -> str:
    """A setting of the example ends where three spaces begin its explanation; a key of a block has no value."""
    indent = len(line) - len(line.lstrip())
    body = line.strip().split("   ")[0].rstrip()
    return " " * indent + body
