"""Whole columns of period keys: benefit years, accumulator keys, the number of an admission (`engine/periods.py`).

Keys are plain numbers here. Two bills of one group have the same number where the engine for one bill would give
their amounts the same key.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from doudi.engine.batch.columns import BillColumns, Codes, Flags, Numbers
from doudi.engine.batch.distinct import combined
from doudi.engine.program import Accumulator


def calendar(days: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Year, month and day of month."""
    when = days.astype("datetime64[D]")
    months = when.astype("datetime64[M]")
    years = when.astype("datetime64[Y]")
    year = years.astype(np.int64) + 1970
    month = (months - years.astype("datetime64[M]")).astype(np.int64) + 1
    return year, month, (when - months.astype("datetime64[D]")).astype(np.int64) + 1


def benefit_years(days: Numbers, begins: str) -> Numbers:
    """The year in which the benefit year that holds each day began; `begins` is MM-DD."""
    year, month, day = calendar(days)
    first = int(begins[:2]) * 100 + int(begins[3:])
    return year - (month * 100 + day < first)


@dataclass(frozen=True)
class Period:
    """What decides an accumulator's key: accumulators that agree in it share one column."""

    scope: str
    period: str
    year_begins: str
    year_as_of: str
    each: str | None

    @classmethod
    def of(cls, accumulator: Accumulator) -> Period:
        """The period of an accumulator."""
        begins = accumulator.year_begins if accumulator.period in ("year", "stay_year") else "01-01"
        as_of = "discharged" if accumulator.period in ("stay", "lifetime", "bill") else accumulator.year_as_of
        return cls(accumulator.scope, accumulator.period, begins, as_of, accumulator.each)


def period_keys(period: Period, bills: BillColumns, *, by_household: bool) -> Numbers:
    """The key of each bill; `by_household`: bills are grouped by household, so a person's keys must tell them apart."""
    days = bills.days[period.year_as_of]
    keys = _PERIODS[period.period](days, period, bills)
    if period.each == "disease":
        keys = combined([keys, main_diseases(bills)])
    if by_household and period.scope == "person":
        keys = combined([keys, bills.person])
    return keys


def _month(days: Numbers, _: Period, __: BillColumns) -> Numbers:
    year, month, _day = calendar(days)
    return year * 12 + month


def _quarter(days: Numbers, _: Period, __: BillColumns) -> Numbers:
    year, month, _day = calendar(days)
    return year * 4 + (month - 1) // 3


_PERIODS: dict[str, Callable[[Numbers, Period, BillColumns], Numbers]] = {
    "year": lambda days, period, _: benefit_years(days, period.year_begins),
    "month": _month,
    "quarter": _quarter,
    "day": lambda days, _, __: days,
    "stay": lambda _, __, bills: bills.stay,
    "stay_year": lambda days, period, bills: combined([bills.stay, benefit_years(days, period.year_begins)]),
    "lifetime": lambda days, _, __: np.zeros(len(days), np.int64),
    "bill": lambda days, _, __: np.arange(len(days), dtype=np.int64),
}


def main_diseases(bills: BillColumns) -> Codes:
    """The first three characters of the main diagnosis, as codes; bills without one share a code."""
    coded = bills.attributes["diagnoses"]
    groups: dict[str, int] = {}
    codes = [groups.setdefault(codes[0][:3] if codes else "-", len(groups)) for codes in coded.values]
    return np.array(codes or [0], np.int64)[coded.codes] if len(coded.codes) else coded.codes


def contiguous(group: Codes, keys: Numbers) -> bool:
    """Whether equal keys of a group stand together, so that one scalar serves the accumulator."""
    if len(group) == 0:
        return True
    same = group[1:] == group[:-1]
    if bool(np.all((keys[1:] >= keys[:-1]) | ~same)):
        return True
    runs = 1 + int(np.count_nonzero(~same | (keys[1:] != keys[:-1])))
    return runs == len(np.unique(combined([group, keys])))


def all_single(group: Codes, keys: Numbers) -> bool:
    """Whether no two bills share an accumulator, so that it is empty before each of them."""
    return len(group) == 0 or int(combined([group, keys]).max()) + 1 == len(group)


def slots_of(group: Codes, keys: Numbers) -> Numbers:
    """The number of each bill's key among the keys of its group, from 0, by first appearance."""
    both = combined([group, keys])
    first = np.full(int(both.max(initial=-1)) + 1, len(both), np.int64)
    np.minimum.at(first, both, np.arange(len(both)))
    is_first = np.zeros(len(both), np.int64)
    is_first[first] = 1
    seen = np.cumsum(is_first)
    starts = np.flatnonzero(np.concatenate(([True], group[1:] != group[:-1]))) if len(group) else first
    before = np.repeat(seen[starts] - 1, np.diff(np.append(starts, len(group))))
    number = seen - 1 - before
    return number[first[both]]


def admissions(
    bills: BillColumns, begins: str, as_of: str, *, counts_again: bool, counted: Flags, opened: Numbers
) -> Numbers:
    """The number of each bill's admission in its benefit year; only `counted` bills take a number.

    `opened`: how many the person had before the first bill.

    Bills stand in posting order within their person, other persons' bills may lie between them (`settle.py`).
    """
    year = benefit_years(bills.days[as_of], begins)
    person_year = combined([bills.person, year])
    care = bills.attributes["care"]
    inpatient = np.array([value in ("inpatient", "day_surgery") for value in care.values] or [False])[
        care.codes
    ]
    taking = inpatient & (bills.admission == 0) & counted
    stay = (
        combined([bills.person, bills.stay, year]) if counts_again else combined([bills.person, bills.stay])
    )
    first = np.full(int(stay.max(initial=-1)) + 1, len(stay), np.int64)
    at = np.flatnonzero(taking)
    np.minimum.at(first, stay[at], at)
    is_first = np.zeros(len(stay), np.int64)
    is_first[first[first < len(stay)]] = 1
    order = np.argsort(person_year, kind="stable")
    running = np.cumsum(is_first[order])
    starts = (
        np.flatnonzero(np.concatenate(([True], np.diff(person_year[order]) != 0))) if len(order) else order
    )
    before = np.repeat(running[starts] - is_first[order][starts], np.diff(np.append(starts, len(order))))
    seen = np.empty(len(stay), np.int64)
    seen[order] = running - before
    seen += opened
    number = np.where(inpatient, seen[np.minimum(first[stay], len(stay) - 1)], seen + 1)
    own = (
        inpatient & ~taking & (bills.admission == 0)
    )  # refused before it was counted: what it would have been
    number = np.where(own & (first[stay] > np.arange(len(stay))), seen + 1, number)
    return np.where(bills.admission > 0, bills.admission, number)
