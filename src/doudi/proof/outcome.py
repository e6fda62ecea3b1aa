"""What a worked case comes to under a policy: everything it can state, computed the same way whoever asks.

The cases of a policy are held against it (`cases.py`); under a variant of the policy it is computed again, to see
whether a case notices the difference (`coverage_rerun.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from doudi.engine.beyond import grants_of, premium
from doudi.engine.data import Balances, Facts
from doudi.engine.decision import Decision
from doudi.engine.refusals import Refused
from doudi.engine.settle import Settler
from doudi.proof.statements import Entitled, funds_of


@dataclass(frozen=True)
class Asked:
    """The facts of a case, and what it states beyond the amounts of its bills."""

    facts: Facts
    closed: tuple[int, ...] = ()
    enrolled: tuple[int, ...] = ()
    funds: bool = False
    rights: frozenset[str] = frozenset()


@dataclass
class Outcome:
    """Amounts in fen by name (`b1.basic`), refusals by what is refused, rights by bill."""

    amounts: dict[str, int] = field(default_factory=dict)
    refused: dict[str, Refused] = field(default_factory=dict)
    rights: dict[str, str] = field(default_factory=dict)
    decisions: list[Decision] = field(default_factory=list)
    year_end: list[Decision] = field(default_factory=list)
    given: dict[str, int] = field(default_factory=dict)

    def stated(self) -> tuple[object, ...]:
        """What can be compared: amounts that are not 0, codes of refusals, rights."""
        paid = {name: amount for name, amount in self.amounts.items() if amount}
        return paid, {name: refused.code for name, refused in self.refused.items()}, self.rights


def outcome(settler: Settler, asked: Asked) -> Outcome:
    """What a case comes to."""
    found = Outcome()
    balances = _bills(settler, asked, found)
    for year in asked.closed:
        _close(settler, asked, found, balances, year)
    _grants(settler, asked, found)
    for year in asked.enrolled:
        _enrol(settler, asked, found, year)
    if asked.funds:
        grants = {name.removeprefix("grants."): sum_ for name, sum_ in found.given.items()}
        subsidies = {name.removeprefix("enrolment."): sum_ for name, sum_ in found.given.items()}
        paid = funds_of(settler.document, [*found.decisions, *found.year_end], grants, subsidies)
        found.amounts |= {f"funds.{fund}": amount for fund, amount in paid.items()}
    if asked.rights:
        entitled = Entitled(settler.document)
        found.rights = {
            f"{decision.bill.id}.entitlements": entitled.names(decision)
            for decision in found.decisions
            if decision.bill.id in asked.rights
        }
    return found


def _bills(settler: Settler, asked: Asked, found: Outcome) -> Balances:
    balances = asked.facts.opening
    for bill in asked.facts.bills:
        try:
            decision, balances = settler.settle_bill(asked.facts.person, bill, balances)
        except Refused as refused:
            found.refused[bill.id] = refused
            continue
        found.decisions.append(decision)
        for payer, amount in decision.shares.items():
            found.amounts[f"{bill.id}.{payer}"] = amount
        found.amounts[f"{bill.id}.patient"] = decision.patient
        found.amounts[f"{bill.id}.hospital"] = decision.hospital
    return balances


def _close(settler: Settler, asked: Asked, found: Outcome, balances: Balances, year: int) -> None:
    try:
        decisions = settler.year_end(asked.facts.person, balances, year)
    except Refused as refused:
        found.refused[f"year_end.{year}"] = refused
        return
    found.year_end += decisions
    for decision in decisions:
        for payer, amount in decision.shares.items():
            found.amounts[f"year_end.{year}.{payer}"] = amount


def _grants(settler: Settler, asked: Asked, found: Outcome) -> None:
    try:
        events = grants_of(settler.document, asked.facts.person, asked.facts.events)
    except Refused as refused:
        found.refused["grants"] = refused
        return
    for given in events:
        for name, amount in given.items():
            label = f"grants.{name}"
            found.given[label] = found.amounts[label] = found.amounts.get(label, 0) + amount


def _enrol(settler: Settler, asked: Asked, found: Outcome, year: int) -> None:
    label = f"enrolment.{year}"
    try:
        bought = premium(settler.document, asked.facts.person, year)
    except Refused as refused:
        found.refused[label] = refused
        return
    found.given["enrolment.premium"] = bought.premium
    found.amounts |= {f"{label}.own": bought.own, f"{label}.refund_later": bought.refund_later}
    for subsidy, amount in bought.subsidies.items():
        before = found.given.get(f"enrolment.{subsidy}", 0)
        found.given[f"enrolment.{subsidy}"] = before + amount
        found.amounts[f"{label}.subsidy_{subsidy}"] = amount
