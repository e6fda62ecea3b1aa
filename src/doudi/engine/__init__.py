"""Applies the law: compiles a policy, settles bills one after the other, explains each fen.

from doudi.engine import read_facts, settle
from doudi.policy import Library

policy = Library().load("guizhou/liuzhi/triple-guarantee-2017")
facts = read_facts(data)
settlement = settle(policy, facts.person, facts.bills, facts.opening)
"""

from __future__ import annotations

from doudi.engine.answer import answer
from doudi.engine.data import Balances, Bill, Event, Facility, Facts, Person
from doudi.engine.decision import Decision, InvariantBroken
from doudi.engine.explain import explain
from doudi.engine.read import read_facts
from doudi.engine.record import make_record, verify_record
from doudi.engine.refusals import Refused
from doudi.engine.settle import Settlement, Settler, settle

__all__ = [
    "Balances",
    "Bill",
    "Decision",
    "Event",
    "Facility",
    "Facts",
    "InvariantBroken",
    "Person",
    "Refused",
    "Settlement",
    "Settler",
    "answer",
    "explain",
    "make_record",
    "read_facts",
    "settle",
    "verify_record",
]
