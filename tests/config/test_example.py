"""The example file is the documentation of the schema: complete, true to the defaults, valid as it stands."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import inspect

from npconsole.config.blocks.fields import Block
from npconsole.config.decoder import unwrapped
from npconsole.config.effective import nested, settings
from npconsole.config.example import example_text, write_example
from npconsole.config.loading import load
from npconsole.errors import NpconsoleError, UsageError

TEXT = example_text()
BLOCKS = [each for each in Block.__subclasses__() if each.__module__.startswith("npconsole.config.")]
# The smallest file that says what the example says about its own platform.
MINIMAL = """\
services:
  - name: api
    regions:
      - {name: us-east, origin: https://us-east.api.neuropilot.ai, role: primary}
      - {name: us-west, origin: https://us-west.api.neuropilot.ai, role: standby}
      - {name: eu-west, origin: https://eu-west.api.neuropilot.ai}
    edge: {url: https://api.neuropilot.ai, asset_url: https://inventory.neuropilot.ai/app.js}
sentry: {organization: neuropilot, token: {env: SENTRY_TOKEN}}
"""


@pytest.fixture
def example(tmp_path: Path) -> Path:
    path = tmp_path / "config.yaml"
    write_example(path, force=False)
    return path


def test_it_is_valid_and_has_no_warning(example: Path) -> None:
    assert load(example, environ={}).warnings == ()


def test_it_says_the_defaults_but_for_the_lines_marked_as_yours(example: Path, tmp_path: Path) -> None:
    minimal = tmp_path / "minimal.yaml"
    minimal.write_text(MINIMAL)
    loaded, defaults = load(example, environ={}), load(minimal, environ={})
    assert nested(loaded.config) == nested(defaults.config)
    lines = TEXT.splitlines()
    for each in settings(loaded.config):
        mine, theirs = loaded.origin(each.key), defaults.origin(each.key)
        if mine.line and theirs.line and each.key != "services[0].regions[2].role":
            assert "# yours" in lines[mine.line - 1], each.key
        elif mine.line:
            assert "# yours" not in lines[mine.line - 1], each.key


def fields() -> Iterator[tuple[str, inspect.Field]]:
    for block in BLOCKS:
        type_ = inspect.type_info(block)
        assert isinstance(type_, inspect.StructType)
        for each in type_.fields:
            yield f"{block.__name__}.{each.name}", each


def description(type_: inspect.Type) -> str:
    """The outermost sentence: that of the field itself."""
    found = ""
    while isinstance(type_, inspect.Metadata):
        found = found or (type_.extra_json_schema or {}).get("description", "")
        type_ = type_.type
    return found


@pytest.mark.parametrize(("name", "field"), fields())
def test_every_setting_is_in_it_with_its_sentence(name: str, field: inspect.Field) -> None:
    lines = [line.strip().lstrip("#- {").strip() for line in TEXT.splitlines()]
    assert any(line.startswith(f"{field.name}:") for line in lines), name
    assert description(field.type), name
    assert description(field.type) in TEXT, name


def test_every_rule_of_form_has_its_words() -> None:
    def check(type_: inspect.Type, extra: dict[str, object]) -> None:
        bare, more = unwrapped(type_)
        match bare:
            case inspect.UnionType(types=types):
                for each in types:
                    check(each, {**extra, **more})
            case inspect.ListType(item_type=item):
                check(item, {})
            case inspect.DictType(key_type=key, value_type=value):
                check(key, {})
                check(value, {})
            case inspect.StrType(pattern=pattern) if pattern is not None:
                assert {**extra, **more}["rule"]

    for _, field in fields():
        check(field.type, {})


def test_written_for_the_owner_alone_into_new_folders(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "config.yaml"
    write_example(path, force=False)
    assert path.read_text() == TEXT
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["config.yaml"]


def test_what_is_there_stays_unless_forced(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("mine")
    with pytest.raises(UsageError) as caught:
        write_example(path, force=False)
    assert "--force" in caught.value.hint
    assert path.read_text() == "mine"
    write_example(path, force=True)
    assert path.read_text() == TEXT
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["config.yaml"]


def test_a_dangling_link_counts_as_there(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError):
        write_example(path, force=False)
    assert not (tmp_path / "elsewhere").exists()


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NpconsoleError, match="cannot be written: File exists"):
        write_example(tmp_path / "file" / "config.yaml", force=False)
    with pytest.raises(NpconsoleError, match="cannot be written: Is a directory"):
        write_example(tmp_path, force=True)
    assert os.listdir(tmp_path) == ["file"]  # noqa: PTH208 (names are enough)
