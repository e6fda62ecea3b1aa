"""Balances brought forward: what accumulators and admission counts hold before the first bill.

A table with one row a balance: `scope` (person, household), `owner` (an id; a person without a household is a
household of one), `accumulator`, `period` as in a settle
file (2017, 2017-08, ever …), `amount_fen`. `accumulator: admissions` is a count. A balance enters at the first bill
that asks for it, as an amount that is added to what the accumulator holds there.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from doudi.engine.batch.columns import BillColumns, Codes, Numbers, PeopleColumns
from doudi.engine.batch.fields_array import Faults, coded, fen, need
from doudi.engine.batch.periods_array import benefit_years
from doudi.engine.data import Balances
from doudi.engine.periods import period_key
from doudi.engine.program import Accumulator
from doudi.engine.refusals import Refused
from doudi.money import MAX_ACCUMULATOR

Held = dict[str, dict[str, int]]
"""owner → period → amount."""


@dataclass(frozen=True)
class Openings:
    """Balances by (scope, accumulator)."""

    held: dict[tuple[str, str], Held]

    def of(self, accumulator: Accumulator) -> Held:
        """The balances of an accumulator."""
        return self.held.get((accumulator.scope, accumulator.name), {})

    def balances(self, people: PeopleColumns, person: int) -> Balances:
        """What one person begins with, as the engine for one bill takes it."""
        found = Balances()
        for (scope, name), held in self.held.items():
            periods = held.get(_owner(scope, person, people), {})
            if name == "admissions":
                found.admissions = dict(periods)
            elif periods:
                found.of(scope)[name] = dict(periods)
        return found


NOTHING = Openings({})


def read_openings(table: pa.Table) -> Openings:
    """Balances of a table. Raises Refused for a row that cannot be read: a balance may not be lost."""
    faults = Faults(len(table))
    names = ("scope", "owner", "accumulator", "period")
    scope, owner, accumulator, period = (coded(need(table, name), len(table), str) for name in names)
    found = fen(table, "amount", faults, MAX_ACCUMULATOR)
    if found is None:
        raise Refused("column_missing", "amount_fen", key="amount_fen")
    if faults.found:
        raise faults.found[0].why(int(faults.found[0].rows[0]))
    held: dict[tuple[str, str], Held] = {}
    columns = (scope, owner, accumulator, period)
    for row in range(len(table)):
        s, o, a, p = (column.values[column.codes[row]] for column in columns)
        if s not in ("person", "household"):
            raise Refused("not_one_of", f"row {row}.scope", key="scope", text=s, hint="")
        held.setdefault((s, a), {}).setdefault(o, {})[p] = int(found[0][row])
    return Openings(held)


def opening_column(
    accumulator: Accumulator,
    held: Held,
    bills: BillColumns,
    people: PeopleColumns,
    group: Codes,
    keys: Numbers,
    *,
    plain: bool,
) -> Numbers:
    """What each bill finds brought forward: the balance at the first bill of its group and key, 0 elsewhere.

    `plain`: the keys are those of `period_keys` alone and not joined with the person.
    """
    column = np.zeros(len(bills), np.int64)
    if not held:
        return column
    asked = _bills_of(accumulator.scope, held, bills, people)
    number = _NUMBERS.get(accumulator.period) if plain and accumulator.each is None else None
    seen: set[tuple[int, int]] = set()
    for bill in asked:
        place = (int(group[bill]), int(keys[bill]))
        if place in seen:
            continue
        seen.add(place)
        periods = held[_owner(accumulator.scope, int(bills.person[bill]), people)]
        if number is not None:
            wanted = int(keys[bill])
            amounts = [amount for period, amount in periods.items() if number(period) == wanted]
            column[bill] = amounts[0] if amounts else 0
        else:
            column[bill] = periods.get(period_key(accumulator, bills.bill(int(bill))), 0)
    return column


def _bills_of(scope: str, held: Held, bills: BillColumns, people: PeopleColumns) -> npt.NDArray[np.intp]:
    """The bills whose owner has a balance, in their order."""
    owners = np.array([_owner(scope, k, people) in held for k in range(len(people))] or [False])
    return np.flatnonzero(owners[bills.person])


def _owner(scope: str, person: int, people: PeopleColumns) -> str:
    if scope == "household":
        household = people.household.values[people.household.codes[person]]
        return str(people.ids[person] if household is None else household)
    return str(people.ids[person])


def opened_admissions(
    openings: Openings, bills: BillColumns, people: PeopleColumns, begins: str, as_of: str
) -> Numbers:
    """The admissions that each bill's person had in its benefit year before the first bill."""
    held = openings.held.get(("person", "admissions"), {})
    column = np.zeros(len(bills), np.int64)
    if held:
        years = benefit_years(bills.days[as_of], begins)
        for bill in _bills_of("person", held, bills, people):
            owner = _owner("person", int(bills.person[bill]), people)
            column[bill] = held[owner].get(str(years[bill]), 0)
    return column


def _month(text: str) -> int:
    found = re.fullmatch(r"(\d{4})-(\d{2})", text)
    return int(found[1]) * 12 + int(found[2]) if found else -1


def _quarter(text: str) -> int:
    found = re.fullmatch(r"(\d{4})Q([1-4])", text)
    return int(found[1]) * 4 + int(found[2]) - 1 if found else -1


_NUMBERS: dict[str, Callable[[str], int]] = {
    "year": lambda text: int(text) if text.isdecimal() else -1,
    "month": _month,
    "quarter": _quarter,
    "lifetime": lambda text: 0 if text == "ever" else -1,
}
