"""YAML as a tree, with both parsers."""

import time

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from npconsole.config.document import MAX_NODES, Mapping, Scalar, Sequence, compose
from npconsole.errors import ConfigError

LOADERS = [yaml.SafeLoader, yaml.CSafeLoader]


@pytest.mark.parametrize("loader", LOADERS)
def test_lines_and_texts(loader: type[yaml.SafeLoader]) -> None:
    root, problems = compose("# first\na: no\nb:\n  - '010'\n  - 2026-01-02\n", "f", loader=loader)
    assert not problems
    assert root == Mapping(
        (
            (Scalar("a", 2), Scalar("no", 2)),
            (Scalar("b", 3), Sequence((Scalar("010", 4, plain=False), Scalar("2026-01-02", 5)), 4)),
        ),
        2,
    )


@pytest.mark.parametrize("loader", LOADERS)
def test_an_alias_stands_for_what_it_names(loader: type[yaml.SafeLoader]) -> None:
    root, problems = compose("a: &x [1]\nb: *x\n", "f", loader=loader)
    assert not problems
    assert isinstance(root, Mapping)
    assert root.entries[0][1] == root.entries[1][1]


def bomb(levels: int) -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, levels)]
    return "\n".join(lines)


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: [1, 2", 1, "is not YAML"),
        ("a: 1\n b: 2\n", 2, "is not YAML"),
        ("a:\n\tb: 1\n", 2, "is indented with a tab; YAML wants spaces"),
        ("a: {b: ${NAME}}\n", 1, 'inside { } and [ ] quote it: "${NAME}"'),
        ("a: *none\n", 1, "refers to an anchor that is not defined above"),
        ("a: 1\nb: &x [*x]\n", 2, "an alias refers to a value that contains it"),
        ("a: 1\nb: !!python/object/apply:os.system [x]\n", 2, "tags (!...) are not used here"),
        ("a: !env NAME\n", 1, "tags (!...) are not used here"),
        ("a: &x {b: 1}\nc:\n  <<: *x\n", 3, "merge keys (<<) are not used here"),
        ("? [a, b]\n: 1\n", 1, "a key must be a single word"),
        ("a: 1\n---\nb: 2\n", 3, "a second document starts here"),
        ("[" * 200 + "]" * 200, 1, "is nested deeper than"),
        (bomb(9), 6, f"the file has more than {MAX_NODES} values"),
        ('a: "\\UFFFFFFFF"\n', None, "is not YAML"),
        ("%YAML 9.9\n---\na: 1\n", None, "is not YAML"),
    ],
)
def test_problems(loader: type[yaml.SafeLoader], text: str, line: int | None, words: str) -> None:
    try:
        _, problems = compose(text, "f", loader=loader)
    except ConfigError as error:
        problems = list(error.problems)
    found = [problem for problem in problems if words in problem.message]
    assert len(found) == 1, problems
    assert line is None or found[0].line == line


def test_hostile_depth_ends_at_once() -> None:
    begun = time.process_time()
    for text in ("[" * 500_000, "a:\n" + "".join(" " * i + "- \n" for i in range(1, 1000)), "{a: " * 200_000):
        with pytest.raises(ConfigError):
            compose(text, "f")
    assert time.process_time() - begun < 5


@given(st.text(alphabet="ab:-[]{}&*!|>'\"%@`#,? \n\t~<$", max_size=80), st.sampled_from(LOADERS))
def test_any_text_is_a_tree_or_a_problem(text: str, loader: type[yaml.SafeLoader]) -> None:
    try:
        compose(text, "f", loader=loader)
    except ConfigError as error:
        found = error.problems
    else:
        return
    assert found
