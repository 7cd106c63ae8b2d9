"""The schema of the configuration file as JSON Schema (2020-12), for editors.

Made here from msgspec's type description, because `msgspec.json.schema` cannot write defaults that have a unit. A value
that is not text may always be a `${VARIABLE}` too.
"""

from typing import Any

from msgspec import NODEFAULT, inspect

from npconsole.config.blocks.fields import SecretRef
from npconsole.config.blocks.platform import LagSource
from npconsole.config.decoder import unwrapped
from npconsole.config.effective import nested
from npconsole.config.schema import Config
from npconsole.config.units import Ratio, Seconds, Url

_VARIABLE = {"type": "string", "pattern": r"\$\{"}
_CUSTOM: dict[type, dict[str, Any]] = {
    Seconds: {"type": "string", "pattern": r"\$\{|^( *[0-9]+(\.[0-9]+)? *(ms|s|m|h|d))+ *$", "examples": ["30s"]},
    Ratio: {"type": "string", "pattern": r"\$\{|^ *[0-9]+(\.[0-9]+)? *% *$", "examples": ["5%"]},
    Url: {"type": "string", "pattern": r"\$\{|^https?://", "examples": ["https://api.example.com"]},
}


def json_schema() -> dict[str, Any]:
    """The schema as JSON data."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "npconsole configuration",
        **_of(inspect.type_info(Config)),
    }


def _of(type_: inspect.Type) -> dict[str, Any]:
    description: dict[str, Any] = {}
    while isinstance(type_, inspect.Metadata):
        description = {**(type_.extra_json_schema or {}), **description}
        type_ = type_.type
    return {**_bare(type_), **description}


def _bare(type_: inspect.Type) -> dict[str, Any]:
    match type_:
        case inspect.StructType():
            return _block(type_)
        case inspect.UnionType(types=types):
            return {"anyOf": [_of(each) for each in types]}
        case inspect.ListType(item_type=item, min_length=least):
            return {"type": "array", "items": _of(item), **({"minItems": least} if least else {})}
        case inspect.DictType(key_type=key, value_type=value):
            return {"type": "object", "propertyNames": _of(key), "additionalProperties": _of(value)}
        case inspect.LiteralType(values=values):
            return {"anyOf": [{"enum": list(values)}, _VARIABLE]}
        case inspect.CustomType(cls=cls):
            return dict(_CUSTOM[cls])
        case inspect.StrType(pattern=pattern):
            # A text that YAML takes for a number or a truth value is accepted as it is written.
            form = {"pattern": rf"\$\{{|{pattern}"} if pattern else {}
            return {"type": ["string", "number", "boolean"], **form}
        case inspect.NoneType():
            return {"type": "null"}
        case _:
            return {"anyOf": [_number(type_), _VARIABLE]}


def _number(type_: inspect.Type) -> dict[str, Any]:
    if isinstance(type_, inspect.BoolType):
        return {"type": "boolean"}
    assert isinstance(type_, inspect.IntType | inspect.FloatType)  # noqa: S101 (the schema has no other types)
    bounds = {
        "minimum": type_.ge,
        "exclusiveMinimum": type_.gt,
        "maximum": type_.le,
        "exclusiveMaximum": type_.lt,
    }
    kind = "integer" if isinstance(type_, inspect.IntType) else "number"
    return {"type": kind, **{word: bound for word, bound in bounds.items() if bound is not None}}


def _block(type_: inspect.StructType) -> dict[str, Any]:
    properties = {each.name: {**_of(each.type), **_default(each)} for each in type_.fields}
    required = [each.name for each in type_.fields if each.required]
    schema: dict[str, Any] = {
        "type": "object",
        "description": type_.cls.__doc__,
        "properties": properties,
        "additionalProperties": False,
    }
    if required:
        schema["required"] = required
    elif type_.cls not in (SecretRef, LagSource):
        schema["type"] = ["object", "null"]
    if type_.cls in (SecretRef, LagSource):
        schema |= {"minProperties": 1, "maxProperties": 1}
    return schema


def _default(field: inspect.Field) -> dict[str, Any]:
    bare, _ = unwrapped(field.type)
    if isinstance(bare, inspect.StructType):
        return {}
    if field.default is not NODEFAULT:
        return {"default": nested(field.default)}
    return {} if field.default_factory is NODEFAULT else {"default": nested(field.default_factory())}
