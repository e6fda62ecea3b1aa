"""Holds a card against the engine: every number and every "applies" of the card as the registers of a decision say it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from doudi.engine.data import Balances, Bill, Person
from doudi.engine.decision import Decision
from doudi.engine.entitlement import BenefitCard, Card, Case, Figure, Line, PayerCard, Subject, card, law_of
from doudi.engine.plan import BenefitPlan, PayerPlan
from doudi.engine.refusals import Refused
from doudi.engine.settle import Settler
from doudi.engine.vocabulary import DOMAINS
from doudi.policy.library import Policy


class Compared:
    """Counts what was compared, so that a test can ask that there was enough of it."""

    def __init__(self) -> None:
        self.decisions = self.refused = self.numbers = self.applies = self.not_given = 0
        self.wrong: list[str] = []


def one_day(bill: Bill, day: date, elsewhere: set[str]) -> Bill:
    """The bill on one day, with the amounts that must arrive and no others."""
    return replace(
        bill, admitted=day, discharged=day, settled=day, stay=f"stay-{bill.id}", admission=bill.admission or 1,
        recorded={name: amount for name, amount in bill.recorded.items() if name in elsewhere}, decisions={},
    )  # fmt: skip


def compare(
    policy: Policy, person: Person, bill: Bill, found: Compared, settler: Settler | None = None
) -> None:
    """Settle one bill and hold the person's card of that day against what the engine used."""
    settler = settler or Settler(policy)
    told = card(policy, Subject(person, bill.filings, bill.roster), bill.settled)
    try:
        decision, _ = settler.settle_bill(person, bill, Balances())
    except Refused as refused:
        found.refused += 1
        found.not_given += refused.code == "no_value"
        if (
            refused.code in ("not_insured", "scheme_not_served", "date_outside_policy")
            and not told.participation.refused
        ):
            found.wrong.append(f"{bill.id}: {refused.code}, and the card does not say so")
        return
    found.decisions += 1
    if told.participation.refused:
        found.wrong.append(f"{bill.id}: settled, and the card says that it cannot be")
    option = next(one for one in told.options if one.as_category == decision.as_category)
    payers = {payer.name: payer for payer in option.payers}
    for plan in decision.plan.payers:
        _payer(policy, told, payers[plan.name], plan, decision, found)


def _payer(
    policy: Policy, told: Card, payer: PayerCard, plan: PayerPlan, decision: Decision, found: Compared
) -> None:
    r, where = decision.registers, f"{told.policy} {payer.name}"
    applies = r[plan.applies]
    found.applies += 1
    nothing = all(not r[benefit.chosen] for benefit in plan.benefits)
    if payer.applies == "yes" and not applies:
        found.wrong.append(f"{where}: told to apply on every bill")
    if payer.applies == "no" and applies and not nothing:
        found.wrong.append(f"{where}: told not to apply")
    if payer.applies == "no" or not applies:
        return
    first = policy.document.payers[plan.index].choose == "first"
    for benefit, one in zip(payer.benefits, plan.benefits, strict=True):
        holds = r[one.chosen if first else one.applies]
        found.applies += 1
        if (benefit.applies == "yes" and not holds) or (benefit.applies == "no" and holds):
            found.wrong.append(f"{where}.{benefit.name}: told {benefit.applies}, is {holds}")
        if holds and benefit.applies != "no":
            _benefit(policy, where, benefit, one, decision, found)


def _benefit(
    policy: Policy, where: str, benefit: BenefitCard, plan: BenefitPlan, decision: Decision, found: Compared
) -> None:
    asked = {fact.argument for _, fact in decision.compiled.program.facts if fact.kind == "disease"}
    apart = law_of(policy).apart & asked
    for line, register in pairs(policy, benefit, plan):
        figure = line.figure
        if figure is None or not figure.complete:
            continue
        cases = [case for case in figure.cases if matches(case, decision, apart)]
        if unknown(figure, decision):
            continue
        value = decision.registers[register]
        if [case.value for case in cases] == [None] and plan.label.split(".")[0] in decision.bill.recorded:
            continue  # the law gives no number; the bill brought the amount, and the rule was not needed
        found.numbers += 1
        if [case.value for case in cases] != [value]:
            told = [(case.when.zh, case.value) for case in figure.cases]
            found.wrong.append(f"{where}.{benefit.name} {line.kind}: engine {value}, card {told}")


def pairs(policy: Policy, benefit: BenefitCard, plan: BenefitPlan) -> Iterator[tuple[Line, int]]:
    """The lines of a benefit with the registers they speak of."""
    lines: dict[str, list[Line]] = {}
    for line in benefit.lines:
        lines.setdefault(line.kind, []).append(line)
    written = next(one for payer in policy.document.payers for one in payer.benefits
                   if f"{payer.payer}.{one.benefit}" == plan.label)  # fmt: skip
    if plan.base.limit_number is not None:
        yield lines["base_limit"][0], plan.base.limit_number.register
    if plan.deductible is not None and not (written.deductible and written.deductible.across_year == "old"):
        yield lines["deductible"][0], plan.deductible.amount.register
        if plan.deductible.limit is not None:
            yield lines["deductible"][1], plan.deductible.limit.register
    if plan.schedule is not None:
        told = [*lines.get("rate", []), *lines.get("band", [])]
        yield from zip(told, (segment.rate.register for segment in plan.schedule.segments), strict=True)
    yield from zip(lines.get("guarantee", []), (one.share.register for one in plan.guarantees), strict=True)
    caps = [limit for limit in plan.limits if limit.kind == "cap" and limit.amount is not None]
    yield from zip(
        lines.get("cap", []), (one.amount.register for one in caps if one.amount is not None), strict=True
    )


def unknown(figure: Figure, decision: Decision) -> bool:
    """Whether the bill leaves out a fact that the cases ask for."""
    kinds = {kind for case in figure.cases for kind, _ in case.tests}
    return any(
        not kind.startswith("test:") and _fact(kind, decision) == -1 for kind in kinds if kind != "disease"
    )


def matches(case: Case, decision: Decision, apart: frozenset[str]) -> bool:
    """Whether a case is the one of this bill."""
    return all(_holds(kind, names.split("|"), decision, apart) for kind, names in case.tests)


def _holds(kind: str, names: list[str], decision: Decision, apart: frozenset[str]) -> bool:
    key, _, argument = kind.partition(":")
    if key == "test":
        return ("yes" if decision.registers[int(argument)] else "no") in names
    if kind == "disease":
        mine = {name for name in apart if decision.situation.answer("disease", name) == 1}
        return bool(mine & set(names)) if mine else "other" in names
    value = _fact(kind, decision)
    if key in DOMAINS:
        return 0 <= value < len(DOMAINS[key]) and DOMAINS[key][value] in names
    return ("yes" if value else "no") in names


def _fact(kind: str, decision: Decision) -> int:
    key, _, argument = kind.partition(":")
    return decision.situation.answer(key, argument)
