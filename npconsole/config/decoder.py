"""The tree of a file, walked against the schema: a Config, and every problem on the way with its line and key.

The walk never stops. A bad value gives way to the field's default, or to a stand-in when there is none, so that the
rest is still looked at; a Config that came with problems is only good for finding more of them.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec
from msgspec import Struct, field, inspect

from npconsole.config import document
from npconsole.config.blocks.fields import SecretRef
from npconsole.config.nearest import suggestion
from npconsole.config.origin import Origin, OriginKind, at
from npconsole.config.scalar import read_scalar
from npconsole.config.variables import substitute
from npconsole.errors import Problem

# More than a person reads; a file that is something else altogether must not take minutes to be refused.
MAX_PROBLEMS = 100

_HOW_SECRETS = "{env: NAME}, {file: /path}, {command: [program, argument]} or {keyring: service/user}"
_PRESENTABLE = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,31}")
_VARIABLE_ALONE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_Types = Mapping[str, Any]


class Decoder(Struct):
    """One walk. `origins` holds every key that was written, blocks and lists included."""

    file: str
    environ: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)
    origins: dict[str, Origin] = field(default_factory=dict)

    def decode(self, node: document.Node, type_: inspect.Type, key: str) -> Any:
        """The value of a node as the schema's type."""
        self.origins[key] = Origin(OriginKind.FILE, self.file, node.line)
        bare, extra = unwrapped(type_)
        inner, optional = _without_none(bare)
        inner, inner_extra = unwrapped(inner)
        null = isinstance(node, document.Scalar) and node.is_null
        if null and optional:
            return None
        match inner:
            case inspect.StructType(cls=cls) if cls is SecretRef:
                return self._secret(node, inner, key)
            case inspect.StructType():
                return self._block(document.Mapping((), node.line) if null else node, inner, key)
            case inspect.ListType():
                return self._list(node, inner, key)
            case inspect.DictType():
                return self._table(node, inner, key)
            case _:
                return self._value(node, inner, {**extra, **inner_extra}, key, optional=optional)

    def problem(self, key: str, message: str, *, line: int = 0) -> None:
        """Note a problem at a key; at a line of the file when the key itself was not written."""
        origin = Origin(OriginKind.FILE, self.file, line) if line else at(self.origins, key)
        self.problems.append(origin.problem(key, message))

    def _value(self, node: document.Node, type_: inspect.Type, extra: _Types, key: str, *, optional: bool) -> object:
        if not isinstance(node, document.Scalar):
            return self._refuse(key, type_, "must be a single value, not a list or block")
        if node.is_null:
            return self._refuse(key, type_, "has no value; write one, or take the line out")
        try:
            found = substitute(node.text, self.environ)
        except ValueError as error:
            return self._refuse(key, type_, str(error))
        if found.variable:
            self.origins[key] = Origin(OriginKind.FILE, self.file, node.line, found.variable)
        if optional and not found.text:
            return None
        try:
            return read_scalar(found.text, type_, extra)
        except ValueError as error:
            return self._refuse(key, type_, str(error))

    def _refuse(self, key: str, type_: inspect.Type, message: str) -> object:
        self.problem(key, message)
        return stand_in(type_)

    def _block(self, node: document.Node, type_: inspect.StructType, key: str) -> object:
        if not isinstance(node, document.Mapping):
            return self._refuse(key, type_, "must be a block of `key: value` lines")
        fields = {each.encode_name: each for each in type_.fields}
        given: dict[str, object] = {}
        for name, value in self._entries(node, key, self._reporter(key, fields)):
            inner = _join(key, name.text)
            if name.text in fields:
                given[name.text] = self.decode(value, fields[name.text].type, inner)
        for each in type_.fields:
            if each.required and each.encode_name not in given:
                self.problem(_join(key, each.encode_name), "is required", line=node.line)
                given[each.encode_name] = stand_in(each.type)
        # The default takes the place of a bad value, so that later rules can still compare it.
        bad = [name for name, value in given.items() if value is msgspec.UNSET and not fields[name].required]
        return type_.cls(**{name: value for name, value in given.items() if name not in bad})

    def _reporter(self, key: str, fields: Mapping[str, object]) -> Callable[[document.Scalar], bool]:
        def unknown(name: document.Scalar) -> bool:
            if name.text in fields:
                return False
            near = suggestion(name.text, fields) if len(self.problems) < MAX_PROBLEMS else ""
            message = f"is not a setting{near}"
            self.problem(_join(key, _shown(name.text)), message, line=name.line)
            return True

        return unknown

    def _entries(
        self, node: document.Mapping, key: str, unknown: Callable[[document.Scalar], bool]
    ) -> Iterator[tuple[document.Scalar, document.Node]]:
        """The entries whose key is good, each key once."""
        lines: dict[str, int] = {}
        for name, value in node.entries:
            if not name.text.isprintable() or not name.text or len(name.text) > 200:
                self.problem(key, "has a key that is empty, too long or not readable text", line=name.line)
            elif name.text in lines:
                message = f"is given twice, first in line {lines[name.text]}"
                self.problem(_join(key, _shown(name.text)), message, line=name.line)
            elif not unknown(name):
                yield name, value
            lines.setdefault(name.text, name.line)

    def _list(self, node: document.Node, type_: inspect.ListType, key: str) -> object:
        if not isinstance(node, document.Sequence):
            return self._refuse(key, type_, "must be a list: `- ` lines, or [a, b]; [] for none")
        if len(node.items) < (type_.min_length or 0):
            return self._refuse(key, type_, f"needs at least {type_.min_length}")
        return [self.decode(item, type_.item_type, f"{key}[{i}]") for i, item in enumerate(node.items)]

    def _table(self, node: document.Node, type_: inspect.DictType, key: str) -> object:
        if not isinstance(node, document.Mapping):
            return self._refuse(key, type_, "must be a block of `key: value` lines; {} for none")
        key_type, extra = unwrapped(type_.key_type)
        table: dict[str, object] = {}
        for name, value in self._entries(node, key, lambda _: False):
            inner = _join(key, _shown(name.text))
            try:
                read_scalar(name.text, key_type, extra)
            except ValueError as error:
                self.problem(inner, str(error), line=name.line)
            table[name.text] = self.decode(value, type_.value_type, inner)
        return table

    def _secret(self, node: document.Node, type_: inspect.StructType, key: str) -> object:
        """A reference to a secret. Nothing that stands here is ever repeated, key names included."""
        if isinstance(node, document.Mapping):
            kinds = {each.encode_name for each in type_.fields}
            names = [name.text for name, _ in node.entries]
            if len(names) == 1 and kinds.issuperset(names):
                before = len(self.problems)
                reference = self._block(node, type_, key)
                if reference == SecretRef() and len(self.problems) == before:
                    self.problem(_join(key, names[0]), "has no value")
                return reference
            self.problem(key, f"is a secret: give exactly one of {_HOW_SECRETS}")
        elif isinstance(node, document.Scalar) and (alone := _VARIABLE_ALONE.fullmatch(node.text)):
            self.problem(key, f"is a secret: write {{env: {alone[1]}}}, so that it is read only when it is needed")
        else:
            self.problem(key, f"is a secret and must not stand in this file: write {_HOW_SECRETS}")
        return None


def unwrapped(type_: inspect.Type) -> tuple[inspect.Type, _Types]:
    """The type without its Meta, and what the Meta adds."""
    extra: dict[str, Any] = {}
    while isinstance(type_, inspect.Metadata):
        extra = {**(type_.extra or {}), **extra}
        type_ = type_.type
    return type_, extra


def stand_in(type_: inspect.Type) -> Any:
    """What takes the place of a bad value: empty containers, blocks of stand-ins, UNSET for single values."""
    bare, _ = unwrapped(type_)
    match bare:
        case inspect.ListType():
            return []
        case inspect.DictType():
            return {}
        case inspect.StructType(cls=cls, fields=fields):
            return cls(**{each.encode_name: stand_in(each.type) for each in fields if each.required})
        case _:
            return msgspec.UNSET


def _without_none(type_: inspect.Type) -> tuple[inspect.Type, bool]:
    if not isinstance(type_, inspect.UnionType):
        return type_, False
    [inner] = [each for each in type_.types if not isinstance(each, inspect.NoneType)]
    return inner, True


def _shown(name: str) -> str:
    """A key as a message may show it: something that cannot be a word of the schema may be a misplaced secret."""
    return name if _PRESENTABLE.fullmatch(name) else "?"


def _join(key: str, name: str) -> str:
    return f"{key}.{name}" if key else name
