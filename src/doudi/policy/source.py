"""From the text of a YAML file to a tree in which every key and scalar knows its line and column.

A policy is law, so its text is read strictly: scalars stay text (`no` is the word "no", `007` keeps its zeros),
a key written twice is an error and not a silent last-one-wins, and nothing that YAML could execute, repeat or
hide is admitted: no tags, anchors, aliases, second documents; size and depth are bounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from doudi.policy.problems import PolicyError, Problem, Where, problem
from doudi.policy.syntax import character_problems, syntax_problem
from doudi.words import Words

MAX_BYTES = 1 << 20
MAX_DEPTH = 40

_REASONS: dict[type[OSError], Words] = {
    FileNotFoundError: Words("没有这个文件", "there is no such file"),
    IsADirectoryError: Words("这是一个文件夹", "it is a folder"),
    PermissionError: Words("没有读取权限", "reading is not permitted"),
}
_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_NOT_TEXT = re.compile(
    r"(?i:yes|no|on|off|true|false|y|n|null|~)|[-+]?[0-9][0-9_.]*(?:e[-+]?[0-9]+)?|0[xo][0-9a-fA-F]+"
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
)


@dataclass(frozen=True, slots=True)
class Node:
    """One node of the file: a mapping, a list, a text or nothing (None), and where it was written.

    `cites`: the source (`cite`, `assumed`, `note`) of the override that put the node here, where the node
    itself has no room for one.
    """

    value: dict[str, Node] | list[Node] | str | None
    where: Where
    keys: dict[str, Where] = field(default_factory=dict)
    cites: dict[str, Node] = field(default_factory=dict)

    def at(self, *path: str | int) -> Node | None:
        """The node below `path`, or None."""
        node: Node | None = self
        for step in path:
            node = node.child(step) if node is not None else None
        return node

    def child(self, step: str | int) -> Node | None:
        """The node directly below: a key of a mapping, an index of a list, else None."""
        if isinstance(self.value, dict) and isinstance(step, str):
            return self.value.get(step)
        if isinstance(self.value, list) and isinstance(step, int) and 0 <= step < len(self.value):
            return self.value[step]
        return None

    def mapping(self) -> dict[str, Node]:
        """The children of a mapping; of anything else none."""
        return self.value if isinstance(self.value, dict) else {}

    def items(self) -> list[Node]:
        """The children of a list; of anything else none."""
        return self.value if isinstance(self.value, list) else []

    def text(self) -> str | None:
        """The text of a scalar, else None."""
        return self.value if isinstance(self.value, str) else None

    def plain(self) -> object:
        """The tree as plain dicts, lists, texts and None."""
        if isinstance(self.value, dict):
            return {key: child.plain() for key, child in self.value.items()}
        if isinstance(self.value, list):
            return [child.plain() for child in self.value]
        return self.value

    def walk(self, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Node]]:
        """Every node below and including this one, with its path."""
        yield path, self
        if isinstance(self.value, dict):
            for key, child in self.value.items():
                yield from child.walk((*path, key))
        elif isinstance(self.value, list):
            for index, child in enumerate(self.value):
                yield from child.walk((*path, index))


def shown(path: Path) -> str:
    """How a file is named in messages: relative to where the user stands, when it is below it."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)


def read_file(path: Path, shown: str) -> Node:
    """Read one YAML file into a tree; `shown` is the name used in messages. Raises PolicyError."""
    try:
        content = path.read_bytes()
    except OSError as error:
        said = error.strerror or type(error).__name__
        reason = _REASONS.get(type(error), Words(said, said))
        raise PolicyError([problem("file_unreadable", Where(shown, 1, 1), reason=reason)]) from error
    return read_bytes(content, shown)


def read_bytes(content: bytes, shown: str) -> Node:
    """Read the bytes of one YAML document into a tree. Raises PolicyError with every finding."""
    start = Where(shown, 1, 1)
    if len(content) > MAX_BYTES:
        raise PolicyError([problem("file_too_large", start, size=len(content), limit=MAX_BYTES)])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8-sig").split("\n")
        where = Where(shown, len(before), len(before[-1]) + 1)
        raise PolicyError([problem("file_not_utf8", where)]) from error
    if found := character_problems(text, shown):
        raise PolicyError(found)
    builder = _Builder(shown)
    try:
        return builder.build(text)
    except yaml.MarkedYAMLError as error:
        raise PolicyError([*builder.problems, syntax_problem(error, text, shown)]) from error


class _Builder:
    """Builds the tree from YAML events; what a policy may not contain is noted and passed over."""

    def __init__(self, shown: str) -> None:
        self.shown = shown
        self.problems: list[Problem] = []
        self.anchors: set[str] = set()

    def build(self, text: str) -> Node:
        """The tree of the only document. Raises PolicyError with all that was noted."""
        self.events = yaml.parse(text, Loader=_Loader)
        root: Node | None = None
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent) and root is not None:
                self.note("yaml_second_document", self.where(event))
                break
            if isinstance(event, yaml.NodeEvent):
                root = self.node(event, 1)
        if root is None or not isinstance(root.value, dict):
            self.note("document_not_mapping", root.where if root else Where(self.shown, 1, 1))
        if self.problems or root is None:
            raise PolicyError(self.problems)
        return root

    def note(self, code: str, where: Where, **values: object) -> None:
        """Keep a finding."""
        self.problems.append(problem(code, where, **values))  # type: ignore[arg-type]  # severity is never among them

    def where(self, event: yaml.Event) -> Where:
        """The place of an event."""
        mark = event.start_mark
        return (
            Where(self.shown, mark.line + 1, mark.column + 1) if mark is not None else Where(self.shown, 1, 1)
        )

    def node(self, event: yaml.Event, depth: int) -> Node:
        """The node that begins with `event`."""
        where = self.where(event)
        if depth > MAX_DEPTH:
            raise PolicyError([*self.problems, problem("yaml_too_deep", where, limit=MAX_DEPTH)])
        self.refuse_decoration(event, where)
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(where, depth)
        if isinstance(event, yaml.SequenceStartEvent):
            children = []
            while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
                children.append(self.node(event, depth + 1))
            return Node(children, where)
        if not isinstance(event, yaml.ScalarEvent) or (not event.style and event.value in _NULL):
            return Node(None, where)
        return Node(event.value, where)

    def refuse_decoration(self, event: yaml.Event, where: Where) -> None:
        """Note an anchor or alias (each name once) and a tag."""
        anchor = getattr(event, "anchor", None)
        if anchor and anchor not in self.anchors:
            self.anchors.add(anchor)
            self.note("yaml_alias", where, name=anchor)
        if tag := getattr(event, "tag", None):
            self.note("yaml_tag", where, tag=tag.replace("tag:yaml.org,2002:", "!!"))

    def mapping(self, where: Where, depth: int) -> Node:
        """The mapping whose start was read."""
        children: dict[str, Node] = {}
        keys: dict[str, Where] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            at = self.where(event)
            key = self.key(event, at, depth)
            child = self.node(next(self.events), depth + 1)
            if key in children:
                self.note("key_twice", at, key=key, line=keys[key].line)
            elif key is not None:
                children[key], keys[key] = child, at
        return Node(children, where, keys)

    def key(self, event: yaml.Event, at: Where, depth: int) -> str | None:
        """The text of a key, or None (noted) for what cannot be one."""
        if not isinstance(event, yaml.ScalarEvent):
            if not isinstance(event, yaml.AliasEvent):
                self.note("key_not_scalar", at)
            self.node(event, depth + 1)
            return None
        self.refuse_decoration(event, at)
        key = str(event.value)
        if not event.style and _NOT_TEXT.fullmatch(key):
            self.note("key_not_text", at, key=key)
        elif not key.strip():
            self.note("key_empty", at)
            return None
        return key
