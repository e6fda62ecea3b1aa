"""A stored record told whole: what was decided, with the explanation.

A bill settled here keeps its explanation; histories that were loaded (`doudi-history-1`) keep facts and amounts;
their explanation is told again by the law of that hash, and the amounts must come out the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from doudi.engine.answer import answer
from doudi.engine.entitlement import law_of
from doudi.engine.read import read_facts
from doudi.policy import Library, PolicyError
from doudi.server.kernel.errors import Conflict, invariant
from doudi.words import Words

HISTORY = "doudi-history-1"


def whole(record: Mapping[str, Any]) -> dict[str, Any]:
    """The record with its explanation. `policy_missing` where a history's policy is not installed with that content."""
    if record["format"] != HISTORY:
        return dict(record)
    named = record["policy"]
    try:
        policy = Library().load(named["id"])
    except (PolicyError, OSError):
        policy = None
    if policy is None or policy.hash != named["hash"]:
        raise policy_missing(named["id"], named["hash"])
    told = answer(law_of(policy).settler, read_facts(record["facts"]))
    invariant(same_amounts(told, record["answer"]), "settlement.history_differs")
    return {**record, "answer": told}


def same_amounts(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two answers give everybody the same of each bill."""
    keys = ("id", "total", "shares", "hospital", "patient")
    return [[bill[key] for key in keys] for bill in one["bills"]] == [
        [bill[key] for key in keys] for bill in other["bills"]
    ]


def policy_missing(policy: str, content: str) -> Conflict:
    """The law of a history is not here."""
    return Conflict(
        "policy_missing",
        Words(
            f"本机没有安装政策“{policy}”（内容 {content[:12]}），无法重述这笔结算。",
            f"The policy “{policy}” ({content[:12]}) is not installed here; this settlement cannot be told again.",
        ),
        remedy=Words("请系统管理员安装该版本的政策文件。", "Ask the administrator to install that version."),
    )
