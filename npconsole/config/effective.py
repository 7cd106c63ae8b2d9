"""The configuration in force, defaults included, for people and for machines. A secret is `***` and its place."""

from collections.abc import Iterator
from typing import Any

from msgspec import Struct, structs

from npconsole.config.blocks.fields import Block, SecretRef
from npconsole.config.schema import Config


class Setting(Struct, frozen=True):
    """One value by its dotted key, written as in the file."""

    key: str
    text: str


def settings(config: Config) -> Iterator[Setting]:
    """Every setting in the order of the schema. Lists and tables of plain values are one setting each."""
    yield from _settings(config, "")


def nested(value: Any) -> Any:
    """The same as plain JSON data, with units as they are written; a secret is `{"secret": "***", "from": ...}`."""
    if isinstance(value, SecretRef):
        return {"secret": "***", "from": str(value)}
    if isinstance(value, Block):
        return {name: nested(inner) for name, inner in structs.asdict(value).items()}
    if isinstance(value, list):
        return [nested(item) for item in value]
    if isinstance(value, dict):
        return {name: nested(inner) for name, inner in value.items()}
    if value is None or type(value) in (bool, int, float, str):
        return value
    return str(value)


def _settings(value: Any, key: str) -> Iterator[Setting]:
    if isinstance(value, Block) and not isinstance(value, SecretRef):
        for name, inner in structs.asdict(value).items():
            yield from _settings(inner, f"{key}.{name}" if key else name)
    elif isinstance(value, list) and any(isinstance(item, Block) for item in value):
        for index, item in enumerate(value):
            yield from _settings(item, f"{key}[{index}]")
    else:
        yield Setting(key, _text(value))


def _text(value: Any) -> str:
    if isinstance(value, SecretRef):
        return f"*** ({value})"
    if isinstance(value, list):
        return f"[{', '.join(map(_text, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{name}: {_text(inner)}' for name, inner in value.items())}}}"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and type(value) is float:
        return f"{value:g}"
    return "none" if value is None else str(value) or "''"
