"""Bills settled under two policies, as rows for `effects`.

Each person's bills run in their order under each policy with accumulators of its own. A policy is often rehearsed on
bills of days on which it does not hold yet, or no longer: such a bill is settled by the law of the nearest day on
which it does, and is counted as such. What cannot be settled is a row with its reason.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from doudi.engine.data import Balances, Bill, Facts, Person
from doudi.engine.decision import Decision
from doudi.engine.facts import Situation
from doudi.engine.read import read_facts
from doudi.engine.refusals import Refused
from doudi.engine.settle import Settler
from doudi.policy.document import InForce
from doudi.policy.library import Policy
from doudi.policy.source import read_file, shown
from doudi.proof.effects import UNKNOWN_LEVEL, Row

_FACT_KEYS = ("person", "opening", "bills", "events", "catalogue")


@dataclass(frozen=True)
class File:
    """A settle file as data, under the name by which people find it; `apart`: its person is nobody else's."""

    name: str
    data: Any
    apart: bool = False


class Rehearsal(Settler):
    """A policy that settles bills of any day: outside its time by the law of the nearest day; a template too."""

    def __init__(self, policy: Policy) -> None:
        self.force = policy.document.in_force
        always = InForce.model_validate({"from": date.min.isoformat()})
        document = policy.document.model_copy(update={"in_force": always, "abstract": False})
        super().__init__(replace(policy, document=document))

    def outside(self, bill: Bill) -> bool:
        """Whether the policy does not hold on the bill's law date."""
        day = bill.day(self.document.law.as_of)
        return nearest(self.force, day) != day

    def _situation(self, person: Person, bill: Bill, balances: Balances) -> Situation:
        situation = super()._situation(person, bill, balances)
        return replace(situation, law_day=nearest(self.force, situation.law_day))


def nearest(force: InForce, day: date) -> date:
    """The day itself, or the nearest on which a policy holds."""
    last = force.until - timedelta(days=1) if force.until is not None else date.max
    return min(max(day, force.from_), last)


def case_files(policies: Iterable[Policy]) -> Iterator[File]:
    """The bills of the worked cases of some policies; equal cases count once."""
    seen = set()
    for policy in policies:
        path = policy.cases_path
        if path is None:
            continue
        cases = read_file(path, shown(path)).at("cases")
        for node in cases.items() if cases is not None else ():
            plain = node.plain()
            if isinstance(plain, dict):
                given = {key: value for key, value in plain.items() if key in _FACT_KEYS}
                content = json.dumps(given, sort_keys=True)
                if content not in seen:
                    seen.add(content)
                    name = f"{path.name.removesuffix('.cases.yaml')}: {plain.get('case', '?')}"
                    yield File(name, {"bills": [], **given}, apart=True)


def rows_of(before: Settler, after: Settler, files: Iterable[File]) -> Iterator[Row]:
    """Every bill of every file under both policies."""
    for file in files:
        try:
            facts = read_facts(file.data)
        except Refused as refused:
            yield Row(file.name, file.name, (), UNKNOWN_LEVEL, 0, refusal_a=refused.code, refusal_b=refused.code,
                      why=refused.what)  # fmt: skip
            continue
        yield from _rows(before, after, file, facts)


def _rows(before: Settler, after: Settler, file: File, facts: Facts) -> Iterator[Row]:
    runs = (_settled(before, facts), _settled(after, facts))
    for bill, one, other in zip(facts.bills, *runs, strict=True):
        why = next((told.what for told in (one, other) if isinstance(told, Refused)), None)
        yield Row(
            bill=f"{file.name} {bill.id}".strip(),
            person=f"{file.name}: {facts.person.id}" if file.apart else facts.person.id,
            categories=held_on(facts.person, bill.day(after.document.identity.as_of)),
            level=bill.facility.level or UNKNOWN_LEVEL,
            total=bill.total,
            patient_a=one.patient if isinstance(one, Decision) else 0,
            patient_b=other.patient if isinstance(other, Decision) else 0,
            shares_a=one.shares if isinstance(one, Decision) else {},
            shares_b=other.shares if isinstance(other, Decision) else {},
            refusal_a=one.code if isinstance(one, Refused) else None,
            refusal_b=other.code if isinstance(other, Refused) else None,
            why=why,
            outside_a=isinstance(before, Rehearsal) and before.outside(bill),
            outside_b=isinstance(after, Rehearsal) and after.outside(bill),
        )


def _settled(settler: Settler, facts: Facts) -> Iterator[Decision | Refused]:
    """Each bill in its turn; a refused one leaves the accumulators as they were."""
    balances = facts.opening
    for bill in facts.bills:
        try:
            decision, balances = settler.settle_bill(facts.person, bill, balances)
        except Refused as refused:
            yield refused
        else:
            yield decision


def held_on(person: Person, day: date) -> tuple[str, ...]:
    """The categories a person has on a day, each once."""
    return tuple(dict.fromkeys(one.code for one in person.categories if one.span.holds(day)))


__all__ = ["File", "Rehearsal", "case_files", "held_on", "rows_of"]
