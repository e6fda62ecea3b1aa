"""Bills for the policy `five-documents`: what its tests ask for as columns, 43 bytes a bill.

Every bill is a stay of its own in the inpatient ward; its place in the year is the number of the admission. A code is
an index into the tuples below.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from benchmarks.bills import PEOPLE, Columns, Rows, costs, day_of, people_and_years, persons
from benchmarks.three_payer import LEVELS
from doudi.engine.data import Bill, Facility, Holding, Person, Span
from doudi.engine.settle import Settler

CATEGORIES = ("", "registered_poor", "subsistence_allowance", "destitute")
DIAGNOSES = ("J18.9", "C16.9", "A15.0", "N18.5")
PAYERS = ("basic", "catastrophic", "supplement", "assistance", "last_resort")
CATEGORY_SHARES = (0.75, 0.15, 0.07, 0.03)
DIAGNOSIS_SHARES = (0.88, 0.04, 0.04, 0.04)
REFERRED = 0.6


@dataclass(frozen=True)
class RichBills(Rows):
    """Bills with the attributes of the fuller law; the four parts in fen."""

    level: NDArray[np.int8]
    category: NDArray[np.int8]
    disease: NDArray[np.int8]
    referred: NDArray[np.int8]
    admission: NDArray[np.int8]
    in_scope: NDArray[np.int64]
    first_pay: NDArray[np.int64]
    over_limit: NDArray[np.int64]
    own_pay: NDArray[np.int64]

    @classmethod
    def piece(cls, seed: int, number: int) -> Self:
        """The bills of one piece of people."""
        draw = np.random.Generator(np.random.SFC64([seed, number, 5]))
        person, year, place = people_and_years(draw, number)
        rows = len(person)
        category = coded(draw, CATEGORY_SHARES, PEOPLE)[person - number * PEOPLE]
        level = draw.integers(0, len(LEVELS), rows, np.int8)
        disease = coded(draw, DIAGNOSIS_SHARES, rows)
        referred = (draw.random(rows) < REFERRED).astype(np.int8)
        scope = costs(draw, rows)
        first_pay, over_limit, own_pay = (
            scope * draw.integers(0, most, rows, np.int8) // 100 for most in (15, 4, 25)
        )
        return cls(person, year, level, category, disease, referred, place + np.int8(1), scope, first_pay, over_limit,
                   own_pay)  # fmt: skip


def coded(draw: np.random.Generator, shares: tuple[float, ...], rows: int) -> NDArray[np.int8]:
    """Codes 0, 1, 2 … in about these shares."""
    edges = np.cumsum(shares)[:-1]
    return np.searchsorted(edges, draw.random(rows), side="right").astype(np.int8)


def as_objects(bills: RichBills) -> Iterator[tuple[Person, list[Bill]]]:
    """The same bills as a person and a list of bills each, for settling them one by one."""
    for low, high in persons(bills):
        yield person_of(bills, low), [bill_of(bills, row, row - low) for row in range(low, high)]


def person_of(bills: RichBills, row: int) -> Person:
    """Whose bill a row is."""
    code = CATEGORIES[bills.category[row]]
    return Person(f"p{bills.person[row]}", categories=(Holding(code, Span(None, None)),) if code else ())


def bill_of(bills: RichBills, row: int, place: int) -> Bill:
    """One row as the bill at a place among its person's bills."""
    day = day_of(int(bills.year[row]), place)
    parts = {
        part: int(getattr(bills, part)[row]) for part in ("in_scope", "first_pay", "over_limit", "own_pay")
    }
    return Bill(
        f"b{place}", "inpatient", day, day, day, parts, Facility(LEVELS[bills.level[row]], None, True, None),
        stay=f"b{place}", referred=bool(bills.referred[row]), diagnoses=(DIAGNOSES[bills.disease[row]],),
        admission=int(bills.admission[row]),
    )  # fmt: skip


def one_by_one(settler: Settler, bills: RichBills) -> Columns:
    """What the engine pays bill after bill: each payer, the hospital, the patient."""
    return gathered(settler, as_objects(bills), PAYERS)


def gathered(
    settler: Settler,
    people: Iterable[tuple[Person, list[Bill]]],
    payers: tuple[str, ...],
    hospital: bool = True,
) -> Columns:
    """Decisions as columns: the named payers, the hospital unless it has no part, the patient."""
    answers = []
    for person, made in people:
        for decision in settler.settle(person, made).decisions:
            rest = (decision.hospital, decision.patient) if hospital else (decision.patient,)
            answers.append((*(decision.shares[payer] for payer in payers), *rest))
    found = np.array(answers, np.int64).reshape(len(answers), -1)
    return tuple(np.ascontiguousarray(column) for column in found.T)
