"""A YAML text as a tree of nodes with lines. Scalars stay text: what they mean is the schema's affair, so that
`no`, `010` or `12:30` in a text field are never taken for something else.

Built from parser events, not by PyYAML's composer, so that depth and aliases are bounded before memory is spent.
Tags, merge keys and further documents are not part of the format. No message repeats a value of the file.
"""

from collections.abc import Iterator

import yaml
from msgspec import Struct, field

from npconsole.errors import ConfigError, Problem

MAX_DEPTH = 24
MAX_NODES = 100_000


class Scalar(Struct, frozen=True):
    """`plain` is a value without quotes; only such a value can mean "no value"."""

    text: str
    line: int
    plain: bool = True

    @property
    def is_null(self) -> bool:
        return self.plain and self.text in ("", "~", "null", "Null", "NULL")


class Sequence(Struct, frozen=True):
    items: tuple["Node", ...]
    line: int


class Mapping(Struct, frozen=True):
    """Entries in the order of the file, duplicates included."""

    entries: tuple[tuple[Scalar, "Node"], ...]
    line: int


Node = Scalar | Sequence | Mapping


# The C parser where libyaml is there, else the pure one: the same events, ten times slower.
LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def compose(text: str, file: str, *, loader: type[yaml.SafeLoader] = LOADER) -> tuple[Node, list[Problem]]:
    """The tree, and the problems that leave one to go on with. Raises ConfigError when nothing is left of it."""
    composer = _Composer(file, iter(yaml.parse(text, Loader=loader)))
    try:
        return composer.document(), composer.problems
    except yaml.MarkedYAMLError as error:
        problem = _syntax_problem(error, text, file)
    except (yaml.YAMLError, ValueError, OverflowError):  # the pure parser trips over "\\UFFFFFFFF"
        problem = Problem(file, 0, "", "is not YAML")
    raise ConfigError((*composer.problems, problem))


class _Composer(Struct):
    file: str
    events: Iterator[yaml.Event]
    problems: list[Problem] = field(default_factory=list)
    nodes: int = 0
    anchors: dict[str, tuple[Node, int] | None] = field(default_factory=dict)

    def document(self) -> Node:
        root: Node = Scalar("", 1)
        for number, _ in enumerate(self._documents()):
            if number:
                event = next(self.events)
                self._problem(event, "a second document starts here; one file holds one document")
                break
            root = self._node(next(self.events), 0)
        return root

    def _documents(self) -> Iterator[yaml.Event]:
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                yield event

    def _node(self, event: yaml.Event, depth: int) -> Node:
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        anchor: str | None = getattr(event, "anchor", None)
        if anchor is not None:
            self.anchors[anchor] = None
        before = self.nodes
        self._count(event, 1)
        if depth > MAX_DEPTH:
            raise self._fatal(event, f"is nested deeper than {MAX_DEPTH} levels")
        if getattr(event, "tag", None) is not None:
            self._problem(event, "tags (!...) are not used here; write the value alone")
        node = self._content(event, depth)
        if anchor is not None:
            self.anchors[anchor] = (node, self.nodes - before)
        return node

    def _content(self, event: yaml.Event, depth: int) -> Node:
        if isinstance(event, yaml.SequenceStartEvent):
            return Sequence(tuple(self._items(depth + 1)), _line(event))
        if isinstance(event, yaml.MappingStartEvent):
            return Mapping(tuple(self._entries(depth + 1)), _line(event))
        if isinstance(event, yaml.ScalarEvent):
            return Scalar(event.value, _line(event), plain=not event.style)
        raise self._fatal(event, "is not YAML")

    def _items(self, depth: int) -> Iterator[Node]:
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            yield self._node(event, depth)

    def _entries(self, depth: int) -> Iterator[tuple[Scalar, Node]]:
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self._node(event, depth)
            value = self._node(next(self.events), depth)
            if not isinstance(key, Scalar):
                self._problem(event, "a key must be a single word")
            elif key.plain and key.text == "<<":
                self._problem(event, "merge keys (<<) are not used here; write the keys out")
            else:
                yield key, value

    def _alias(self, event: yaml.AliasEvent) -> Node:
        if event.anchor not in self.anchors:
            raise self._fatal(event, "refers to an anchor that is not defined above; quote a text that starts with *")
        target = self.anchors[event.anchor]
        if target is None:
            raise self._fatal(event, "an alias refers to a value that contains it")
        node, size = target
        self._count(event, size)
        return node

    def _count(self, event: yaml.Event, size: int) -> None:
        self.nodes += size
        if self.nodes > MAX_NODES:
            raise self._fatal(event, f"the file has more than {MAX_NODES} values, aliases written out")

    def _problem(self, event: yaml.Event, message: str) -> None:
        self.problems.append(Problem(self.file, _line(event), "", message))

    def _fatal(self, event: yaml.Event, message: str) -> ConfigError:
        self._problem(event, message)
        return ConfigError(tuple(self.problems))


def _line(event: yaml.Event) -> int:
    mark = event.start_mark
    return mark.line + 1 if mark else 0


def _syntax_problem(error: yaml.MarkedYAMLError, text: str, file: str) -> Problem:
    lines = text.splitlines()
    line = min(error.problem_mark.line + 1, len(lines)) if error.problem_mark else 0
    written = lines[line - 1] if line else ""
    if "\t" in written[: len(written) - len(written.lstrip())]:
        return Problem(file, line, "", "is indented with a tab; YAML wants spaces")
    # The parsers' sentences name tokens and at most one character, never the text itself.
    sentence = " ".join(part for part in (error.problem, error.context) if part)
    begun = error.context_mark.line + 1 if error.context_mark else line
    since = f" that begins in line {begun}" if begun < line else ""
    advice = '; inside { } and [ ] quote it: "${NAME}"' if "${" in written else ""
    return Problem(file, line, "", f"is not YAML: {sentence}{since}{advice}")
