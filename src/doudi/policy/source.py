"""From the text of a YAML file to a tree in which every key and scalar knows its line and column.

A policy is law, so its text is read strictly: scalars stay text (`no` is the word "no", `007` keeps its zeros), a key
written twice is an error and not a silent last-one-wins, and nothing that YAML could execute, repeat or hide is
admitted: no tags, anchors, aliases, second documents; size and depth are bounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from doudi.policy.problems import PolicyError, Where, problem

MAX_BYTES = 1 << 20
MAX_DEPTH = 40

_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_NOT_TEXT = re.compile(
    r"(?i:yes|no|on|off|true|false|y|n|null|~)?|[-+]?[0-9][0-9_.]*(?:e[-+]?[0-9]+)?|0[xo][0-9a-fA-F]+"
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
)


@dataclass(frozen=True, slots=True)
class Node:
    """One node of the file: a mapping, a list, a text or nothing (None), and where it was written."""

    value: dict[str, Node] | list[Node] | str | None
    where: Where
    keys: dict[str, Where] = field(default_factory=dict)

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


def read_file(path: Path, shown: str) -> Node:
    """Read one YAML file into a tree; `shown` is the name used in messages. Raises PolicyError."""
    try:
        content = path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise PolicyError([problem("file_unreadable", Where(shown, 1, 1), reason=reason)]) from error
    return read_bytes(content, shown)


def read_bytes(content: bytes, shown: str) -> Node:
    """Read the bytes of one YAML document into a tree. Raises PolicyError."""
    start = Where(shown, 1, 1)
    if len(content) > MAX_BYTES:
        raise PolicyError([problem("file_too_large", start, size=len(content), limit=MAX_BYTES)])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise PolicyError([problem("file_not_utf8", Where(shown, line, 1))]) from error
    for number, line_text in enumerate(text.split("\n"), start=1):
        indent = line_text[: len(line_text) - len(line_text.lstrip())]
        if "\t" in indent:
            raise PolicyError([problem("yaml_tab", Where(shown, number, indent.index("\t") + 1))])
    try:
        return _Builder(shown).build(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = Where(shown, mark.line + 1, mark.column + 1) if mark else start
        raise PolicyError([problem("yaml_syntax", where, detail=error.problem or "")]) from error
    except yaml.YAMLError as error:
        raise PolicyError([problem("yaml_character", start, detail=str(error).splitlines()[0])]) from error


class _Builder:
    """Builds the tree from YAML events, refusing what a policy may not contain."""

    def __init__(self, shown: str) -> None:
        self.shown = shown

    def build(self, text: str) -> Node:
        self.events = yaml.parse(text, Loader=_Loader)
        root: Node | None = None
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent) and root is not None:
                raise PolicyError([problem("yaml_second_document", self.where(event))])
            if isinstance(event, yaml.NodeEvent):
                root = self.node(event, 1)
        if root is None or not isinstance(root.value, dict):
            raise PolicyError([problem("document_not_mapping", root.where if root else Where(self.shown, 1, 1))])
        return root

    def where(self, event: yaml.Event) -> Where:
        return Where(self.shown, event.start_mark.line + 1, event.start_mark.column + 1)

    def node(self, event: yaml.Event, depth: int) -> Node:
        where = self.where(event)
        if depth > MAX_DEPTH:
            raise PolicyError([problem("yaml_too_deep", where, limit=MAX_DEPTH)])
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise PolicyError([problem("yaml_alias", where, name=event.anchor)])
        if getattr(event, "tag", None):
            raise PolicyError([problem("yaml_tag", where, tag=event.tag)])
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(where, depth)
        if isinstance(event, yaml.SequenceStartEvent):
            children = []
            while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
                children.append(self.node(event, depth + 1))
            return Node(children, where)
        if not event.style and event.value in _NULL:
            return Node(None, where)
        return Node(event.value, where)

    def mapping(self, where: Where, depth: int) -> Node:
        children: dict[str, Node] = {}
        keys: dict[str, Where] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            at = self.where(event)
            if not isinstance(event, yaml.ScalarEvent) or event.tag or event.anchor:
                raise PolicyError([problem("key_not_scalar", at)])
            key = event.value
            if not event.style and _NOT_TEXT.fullmatch(key):
                raise PolicyError([problem("key_not_text", at, key=key)])
            if key in children:
                raise PolicyError([problem("key_twice", at, key=key, line=keys[key].line)])
            children[key] = self.node(next(self.events), depth + 1)
            keys[key] = at
        return Node(children, where, keys)
