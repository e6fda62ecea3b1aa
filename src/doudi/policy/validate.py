"""From a tree to typed forms: the findings of pydantic, told in our words at the place in the file."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from doudi.policy.document import PolicyDocument
from doudi.policy.problems import PolicyError, Problem, Where, problem
from doudi.policy.source import Node
from doudi.words import did_you_mean

M = TypeVar("M", bound=BaseModel)
_RENAMED = {"dated": ("value", "amount"), "value": ("amount",)}
_SHAPES = {
    "model_type": "expected_mapping",
    "model_attributes_type": "expected_mapping",
    "dict_type": "expected_mapping",
    "list_type": "expected_list",
    "string_type": "expected_text",
    "too_short": "list_empty",
}


def read_document(tree: Node) -> PolicyDocument:
    """The typed document of a tree (after inheritance). Raises PolicyError with every finding."""
    return validated(PolicyDocument, tree)


def validated(model: type[M], tree: Node) -> M:
    """A typed form of any tree. Raises PolicyError with every finding."""
    try:
        return model.model_validate(tree.plain())
    except ValidationError as error:
        raise PolicyError([_finding(tree, detail) for detail in error.errors(include_url=False)]) from None


def _finding(tree: Node, detail: Any) -> Problem:
    """One pydantic error as a finding of ours."""
    kind: str = detail["type"]
    loc: tuple[str | int, ...] = detail["loc"]
    last = str(loc[-1]) if loc else ""
    if kind == "extra_forbidden":
        node, path = locate(tree, loc[:-1])
        hint = did_you_mean(last, _known_keys(detail, tree, loc))
        return problem("key_unknown", node.keys.get(last, node.where), path, key=last, hint=hint)
    if kind == "missing":
        node, path = locate(tree, loc[:-1])
        return problem("key_missing", node.where, path, key=last)
    node, path = locate(tree, loc)
    if kind in ("literal_error", "enum"):
        known = [word.strip("'") for word in detail["ctx"]["expected"].replace(" or ", ", ").split(", ")]
        text = node.text() if node.text() is not None else "…"
        return problem("not_one_of", node.where, path, text=text, hint=did_you_mean(str(text), known))
    if kind in _SHAPES:
        return problem(_SHAPES[kind], node.where, path)
    context = detail.get("ctx") or {}
    from doudi.policy.catalogue import CATALOGUE

    if kind in CATALOGUE:
        return problem(kind, node.where, path, **context)
    return problem("form_wrong", node.where, path, detail=detail["msg"])


def locate(tree: Node, loc: tuple[str | int, ...]) -> tuple[Node, str]:
    """The node nearest to a pydantic location, and its path as `payers.0.benefits.1.rate`.

    Locations hold steps that the file does not have (tags of unions, normalised keys); they are passed over.
    """
    node, path = tree, []
    for step in loc:
        for name in (step, *_RENAMED.get(str(step), ())):
            if (child := node.child(name)) is not None:
                node = child
                path.append(str(name))
                break
    return node, ".".join(path)


def _known_keys(detail: Any, tree: Node, loc: tuple[str | int, ...]) -> list[str]:
    """The keys that the form at `loc` has, found by walking the models along the location."""
    from doudi.policy.schema import keys_at

    return keys_at(loc[:-1])


def where_of(tree: Node, loc: tuple[str | int, ...]) -> Where:
    """The place of a location."""
    return locate(tree, loc)[0].where
