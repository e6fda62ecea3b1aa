"""From a tree to typed forms: the findings of pydantic, told in our words at the place in the file."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from doudi.policy.document import PolicyDocument
from doudi.policy.problems import PolicyError, Problem, Where, problem
from doudi.policy.scalars import EXPECTED_TEXT
from doudi.policy.schema import keys_at
from doudi.policy.source import Node
from doudi.words import Words, did_you_mean

# Chinese words that authors write where an English keyword belongs.
MEANT = {
    "村": "village", "村级": "village", "乡": "township", "乡级": "township", "乡镇": "township", "镇": "township",
    "县": "county", "县级": "county", "市": "city", "市级": "city", "省": "province", "省级": "province",
    "住院": "inpatient", "门诊": "outpatient", "特殊病门诊": "special_outpatient", "慢性病门诊": "special_outpatient",
    "急诊": "emergency", "日间手术": "day_surgery", "药店": "pharmacy", "一级": "1", "二级": "2", "三级": "3",
    "每年": "year", "年": "year", "年度": "year", "每次": "stay", "每月": "month", "每日": "day", "终身": "lifetime",
    "政策范围内": "in_scope", "先行自付": "first_pay", "超限价": "over_limit", "自费": "own_pay", "全自费": "own_pay",
    "总费用": "total", "联网": "network", "手工": "by_hand", "四舍五入": "half_up",
}  # fmt: skip
M = TypeVar("M", bound=BaseModel)
_RENAMED = {"dated": ("value", "amount"), "value": ("amount",)}
_MEANINGS = {
    "policy": Words("（政策编号）", " (the id of the policy)"),
    "title": Words("（政策名称）", " (its name)"),
    "region": Words("（行政区划代码）", " (the division code)"),
    "in_force": Words("（从哪天起施行）", " (from when it holds)"),
    "payers": Words("（由谁付钱，按先后列出）", " (who pays, in order)"),
    "from": Words("（从哪天起）", " (from which day)"),
    "zh": Words("（中文名称）", " (the name in Chinese)"),
}
_SHAPES = {
    "expected_mapping": ("model_type", "model_attributes_type", "dict_type"),
    "expected_list": ("list_type",),
    "list_empty": ("too_short",),
    "by_too_many": ("too_long",),
}
_CODES = {kind: code for code, kinds in _SHAPES.items() for kind in kinds}
_SCALAR_BRANCH, _FORM_BRANCH = "function-plain", "function-after"  # as pydantic calls the branches of a union


def read_document(tree: Node) -> PolicyDocument:
    """The typed document of a tree (after inheritance). Raises PolicyError with every finding."""
    return validated(PolicyDocument, tree)


def validated(model: type[M], tree: Node) -> M:
    """A typed form of any tree. Raises PolicyError with every finding."""
    try:
        return model.model_validate(tree.plain())
    except ValidationError as error:
        details = [detail for detail in error.errors(include_url=False) if _concerns(tree, detail)]
        raise PolicyError([_finding(model, tree, detail) for detail in details]) from None


def _concerns(tree: Node, detail: Any) -> bool:
    """Whether an error is about the branch of a union (a name or a form) that the author wrote."""
    for index, step in enumerate(detail["loc"]):
        node, _ = locate(tree, detail["loc"][:index])
        if str(step).startswith(_SCALAR_BRANCH) and (node.mapping() or node.items()):
            return False
        if str(step).startswith(_FORM_BRANCH) and node.text() is not None:
            return False
    return True


def _finding(model: type[BaseModel], tree: Node, detail: Any) -> Problem:
    """One pydantic error as a finding of ours."""
    kind: str = detail["type"]
    loc: tuple[str | int, ...] = detail["loc"]
    if kind == "extra_forbidden":
        node, path = locate(tree, loc[:-1])
        last = str(loc[-1])
        hint = did_you_mean(last, [key for key in keys_at(loc[:-1], model) if key not in node.mapping()])
        return problem("key_unknown", node.keys.get(last, node.where), path, key=last, hint=hint)
    if kind == "missing":
        node, path = locate(tree, loc[:-1])
        key = str(loc[-1])
        return problem("key_missing", node.where, path, key=key, meaning=_MEANINGS.get(key, Words("", "")))
    node, path = locate(tree, loc)
    if str(loc[-1] if loc else "").startswith(_SCALAR_BRANCH):
        return cap_form(node, path)
    if kind == "literal_error":
        return _not_one_of(node, path, detail["ctx"]["expected"])
    context = dict(detail.get("ctx") or {})
    if "at" in context:
        node, path = locate(tree, (*loc, *context.pop("at")))
    where = node.where
    if loc and loc[-1] == "[key]":
        parent, path = locate(tree, loc[:-2])
        where = parent.keys.get(str(loc[-2]), parent.where)
    return problem(_CODES.get(kind, kind), where, path, **context)


def cap_form(node: Node, path: str) -> Problem:
    """The finding for a bare number or word where a cap should say its period: what it means is not guessed."""
    return problem("cap_form", node.where, path, text=node.text() or "–")


def _not_one_of(node: Node, path: str, expected: str) -> Problem:
    """A word outside an enumeration; `expected` is pydantic's list of the words."""
    text = node.text()
    if text is None:
        return problem(EXPECTED_TEXT, node.where, path)
    known = [word.strip("'") for word in expected.replace(" or ", ", ").split(", ")]
    meant = MEANT.get(text)
    hint = did_you_mean(meant if meant in known else text, known)
    return problem("not_one_of", node.where, path, text=text, hint=hint)


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


def where_of(tree: Node, loc: tuple[str | int, ...]) -> Where:
    """The place of a location."""
    return locate(tree, loc)[0].where
