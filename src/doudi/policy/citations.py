"""Where each number of a policy comes from: the nearest `cite` or `assumed` around it."""

from __future__ import annotations

from dataclasses import dataclass

from doudi.policy.source import Node


@dataclass(frozen=True, slots=True)
class Cited:
    """The sources of one number: (key of `sources`, quoted passage or None), and the reason where it is assumed."""

    cites: tuple[tuple[str, str | None], ...] = ()
    assumed: str | None = None


def source_at(tree: Node, path: tuple[str | int, ...]) -> Cited:
    """The citation that covers a path; steps that the file does not have are passed over."""
    node, found = tree, _own(tree)
    for step in path:
        child = node.child(step)
        if child is None:
            continue
        node = child
        found = _own(node) or found
    return found or Cited()


def _own(node: Node) -> Cited | None:
    """The citation a mapping carries itself."""
    body = node.mapping()
    if "cite" not in body and "assumed" not in body:
        return None
    cites: list[tuple[str, str | None]] = []
    if (cite := body.get("cite")) is not None:
        for item in cite.items() or [cite]:
            if (text := item.text()) is not None:
                cites.append((text, None))
            cites += [(key, child.text()) for key, child in item.mapping().items()]
    assumed = body.get("assumed")
    return Cited(tuple(cites), assumed.text() if assumed is not None else None)
