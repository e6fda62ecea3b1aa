"""From what a case may be paid, and how much: the policy's own payers that await a decision, or a fund of the county.

A payer `decided: case_by_case` has its cap in the policy. The engine is asked: the frozen bill is decided once more with
the amount as that payer's decision, after what was given in the same year to the same person; what the engine refuses is
over the limit. So no cap is written down twice. A fund beside the policy has the limit of `debts_limits`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from doudi.engine.entitlement import law_of
from doudi.engine.read import read_facts
from doudi.engine.refusals import Refused as EngineRefused
from doudi.money import Fen, format_yuan
from doudi.policy import Policy
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.clock import business_date
from doudi.server.people.api import same_person_ids
from doudi.server.reference.api import funds
from doudi.server.settlement import debts_errors as errors
from doudi.server.settlement.debts_data import CaseLimit
from doudi.server.settlement.debts_limits import CASE_AT_MOST
from doudi.server.settlement.models import Settlement
from doudi.server.settlement.models_debts import DebtCase, DebtMove
from doudi.server.settlement.queries.debts_rights import policy_of, record_of
from doudi.words import Words

Places = dict[tuple[str, str, str], int]
"""Scope, name and period of an accumulator → fen."""


@dataclass(frozen=True, slots=True)
class Awaited:
    """A payer of a decision that awaits one. `fund`: as the decision named it."""

    payer: str
    words: Words
    fund: str
    approver: str


def awaited(record: Mapping[str, Any]) -> tuple[Awaited, ...]:
    """The payers of a frozen decision that apply and await one, in the order of the policy."""
    steps = record["answer"]["bills"][-1]["explanation"]
    return tuple(
        Awaited(
            one["payer"], Words(one["name"]["zh"], one["name"]["en"]), one["fund"] or one["payer"],
            one["awaits_decision"]["approver"],
        )
        for one in steps
        if one["step"] == "payer" and one["applied"] and "awaits_decision" in one
    )  # fmt: skip


def limits_of(viewer: Actor, version: Settlement, open_fen: Fen, day: date) -> tuple[CaseLimit, ...]:
    """All from which a case of this bill may be paid, with what was given already in the person's benefit year."""
    record, policy = record_of(version), policy_of(version)
    found = []
    for one in awaited(record) if policy is not None else ():
        given = given_before(version, payer=one.payer)
        most = (
            largest(policy, record["facts"], one, open_fen, Case.of(version, one))
            if policy is not None
            else 0
        )
        found.append(CaseLimit(one.payer, one.words, one.fund, one.approver, most + given, given))
    beside = given_beside(version)
    for fund in funds(viewer=viewer, region=version.region, day=day):
        given = beside.get(fund.code, 0)
        found.append(CaseLimit("", Words(fund.name, fund.name), fund.code, "", CASE_AT_MOST, given))
    return tuple(found)


def check_limit(viewer: Actor, version: Settlement, fen: Fen, *, payer: str, fund: str, now: datetime) -> str:
    """The fund a case is paid from; refused where it may not be, or not so much."""
    if not payer:
        if fund not in {
            one.code for one in funds(viewer=viewer, region=version.region, day=business_date(now))
        }:
            raise errors.case_fund_unknown(fund)
        left = CASE_AT_MOST - given_beside(version).get(fund, 0)
        if fen > left:
            raise errors.case_over_limit(max(0, left))
        return fund
    record, policy = record_of(version), policy_of(version)
    one = next((one for one in awaited(record) if one.payer == payer), None)
    if one is None:
        raise errors.case_not_awaited(payer)
    if policy is None:
        raise errors.policy_differs()
    case = Case.of(version, one)
    if not fits(policy, record["facts"], one, fen, case):
        raise errors.case_over_limit(largest(policy, record["facts"], one, fen, case))
    return one.fund


@dataclass(frozen=True, slots=True)
class Case:
    """What was given before by the same payer: for this bill, and for the person's other bills of the year."""

    here: Fen
    elsewhere: Fen

    @classmethod
    def of(cls, version: Settlement, one: Awaited) -> Case:
        """Read it."""
        here = given_before(version, payer=one.payer, root=version.root_id)
        return cls(here, given_before(version, payer=one.payer) - here)


def given_before(version: Settlement, *, payer: str, root: int | None = None) -> Fen:
    """What cases have given the person (all their records) in the benefit year by a payer, less what was taken back."""
    cases = _cases(version, payer)
    if root is not None:
        cases = cases.filter(root_id=root)
    numbers = list(cases.values_list("pk", flat=True))
    return sum(DebtMove.objects.filter(case_id__in=numbers).values_list("fen", flat=True))


def given_beside(version: Settlement) -> dict[str, Fen]:
    """The same of the funds beside the policy: fund → fen."""
    funds_of = dict(_cases(version, "").values_list("pk", "fund"))
    found: dict[str, Fen] = {}
    moves = DebtMove.objects.filter(case_id__in=funds_of).values_list("case_id", "fen")
    for case, fen in moves if funds_of else ():
        if case is None:
            continue
        found[funds_of[case]] = found.get(funds_of[case], 0) + fen
    return found


def _cases(version: Settlement, payer: str) -> QuerySet[DebtCase]:
    whose = same_person_ids(version.person_id) or (version.person_id,)
    return DebtCase.objects.filter(person_id__in=whose, benefit_year=version.benefit_year, payer=payer)


def fits(policy: Policy, facts: Mapping[str, Any], one: Awaited, fen: Fen, case: Case) -> bool:
    """Whether the engine accepts the decision. Other bills' cases are counted on every sum that this one would move."""
    plain = _decided(policy, facts, one, 0, {})
    with_it = _decided(policy, facts, one, fen + case.here, {})
    if plain is None or with_it is None:
        return False
    moved = {place: case.elsewhere for place, by in with_it.items() if by != plain.get(place, 0)}
    return not case.elsewhere or _decided(policy, facts, one, fen + case.here, moved) is not None


def largest(policy: Policy, facts: Mapping[str, Any], one: Awaited, most: Fen, case: Case) -> Fen:
    """The most that fits, up to `most`; limits are monotone, so it is halved to."""
    if most <= 0 or fits(policy, facts, one, most, case):
        return max(0, most)
    low, high = 0, most
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(policy, facts, one, middle, case) else (low, middle)
    return low


def _decided(policy: Policy, facts: Mapping[str, Any], one: Awaited, fen: Fen, used: Places) -> Places | None:
    """What the accumulators gain by the bill with the decision, after `used`; None where the engine refuses."""
    bill = dict(facts["bills"][-1])
    if fen:
        bill["decided"] = {
            **(bill.get("decided") or {}),
            one.payer: {"amount": format_yuan(fen), "approver": one.approver},
        }
    try:
        read = read_facts({**facts, "bills": [*facts["bills"][:-1], bill]})
        opening = read.opening.copy()
        for (scope, name, period), by in used.items():
            held = opening.of(scope).setdefault(name, {})
            held[period] = held.get(period, 0) + by
        done = law_of(policy).settler.settle(read.person, read.bills, opening)
    except EngineRefused:
        return None
    return {
        (scope, name, period): done.balances.of(scope).get(name, {}).get(period, 0)
        - opening.of(scope).get(name, {}).get(period, 0)
        for name, (scope, period) in done.decisions[-1].moved.items()
    }  # fmt: skip
