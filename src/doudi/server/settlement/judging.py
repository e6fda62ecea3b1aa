"""A bill put before the law: facts and what was used → decision, record, movements, money by fund. Writes nothing.

Pure but for reading its arguments: trial, settlement and replay judge by this one function, and so agree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from doudi.engine.answer import tell
from doudi.engine.data import Balances
from doudi.engine.decision import Decision
from doudi.engine.read import read_facts
from doudi.engine.record import record_of
from doudi.engine.refusals import Refused as EngineRefused
from doudi.engine.settle import Settlement, Settler
from doudi.server.settlement import errors

Place = tuple[str, str, str]
"""scope, name, period of an accumulator."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What the law makes of one bill. `funds`: (payer, fund) → fen; `moved`: what the accumulators gain."""

    record: Mapping[str, Any]
    decision: Decision
    after: Balances
    funds: Mapping[tuple[str, str], int]
    moved: Mapping[Place, int]
    year: int
    admission: int | None

    @property
    def sha256(self) -> str:
        """The hash of the record."""
        return str(self.record["sha256"])

    @property
    def answer(self) -> Mapping[str, Any]:
        """What the engine tells of the bill."""
        told: Mapping[str, Any] = self.record["answer"]["bills"][0]
        return told


def judge(settler: Settler, facts: dict[str, Any]) -> Judged:
    """Settle a settle file of one bill. What the engine refuses is refused in its words."""
    try:
        read = read_facts(facts)
        settlement = settler.settle(read.person, read.bills, read.opening)
        told = tell(settler, read, settlement)
    except EngineRefused as refusal:
        raise errors.by_the_law(refusal) from None
    decision = settlement.decisions[0]
    counted = decision.bill.care in ("inpatient", "day_surgery")
    return Judged(
        record_of(settler, facts, told),
        decision,
        settlement.balances,
        funds_of(settler, decision),
        _moved(read.opening, settlement, decision),
        settler.benefit_year(decision.bill),
        decision.situation.admission if counted else None,
    )


def funds_of(settler: Settler, decision: Decision) -> dict[tuple[str, str], int]:
    """What each fund pays through each payer; a benefit may name a fund of its own. Zero is left out."""
    found: dict[tuple[str, str], int] = {}
    registers = decision.registers
    for plan in decision.plan.payers:
        form = settler.document.payers[plan.index]
        left = decision.shares[plan.name]
        for benefit in plan.benefits:
            own = form.benefits[benefit.index].fund
            given = plan.given_known is not None and registers[plan.given_known]
            if own is None or given or not registers[benefit.chosen]:
                continue
            fen = min(left, registers[benefit.amount])
            found[plan.name, own] = found.get((plan.name, own), 0) + fen
            left -= fen
        if left:
            fund = form.fund or plan.name
            found[plan.name, fund] = found.get((plan.name, fund), 0) + left
    return {place: fen for place, fen in found.items() if fen}


def _moved(before: Balances, settlement: Settlement, decision: Decision) -> dict[Place, int]:
    found = {}
    for name, (scope, period) in decision.moved.items():
        now = settlement.balances.of(scope).get(name, {}).get(period, 0)
        fen = now - before.of(scope).get(name, {}).get(period, 0)
        if fen:
            found[scope, name, period] = fen
    return found
