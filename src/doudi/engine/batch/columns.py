"""Bills and people as columns: attributes as codes of their distinct values, dates as days, amounts in fen.

A `Coded` column keeps each distinct value once; what the law asks of an attribute is then asked once a value and not
once a bill. `BillColumns` can also give any bill back as the `Bill` of the engine for one bill, so that both see the
same facts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from doudi.engine.data import Bill, Facility, Filing, Holding, Insurance, Person, Span
from doudi.engine.refusals import Refused
from doudi.policy.conditions import PARTS

Codes: TypeAlias = npt.NDArray[np.int64]
Numbers: TypeAlias = npt.NDArray[np.int64]
Flags: TypeAlias = npt.NDArray[np.bool_]
EPOCH = date(1970, 1, 1)
NEVER, ALWAYS_ENDS = -(1 << 31), 1 << 31
"""Days that stand for an open begin and an open end."""


def as_date(day: int) -> date:
    """A day number as a date."""
    return EPOCH + timedelta(days=int(day))


def day_number(day: date | None, otherwise: int) -> int:
    """A date as a day number; `otherwise` where it is open."""
    return otherwise if day is None else (day - EPOCH).days


@dataclass(frozen=True)
class Rejected:
    """Rows that are refused, and what tells the reason of each."""

    rows: npt.NDArray[np.intp]
    why: Callable[[int], Refused]


@dataclass(frozen=True)
class Coded:
    """A column of codes into its distinct values."""

    values: tuple[Any, ...]
    codes: Codes

    def take(self, rows: npt.NDArray[np.intp]) -> Coded:
        """Some rows, in the order given."""
        if len(self.values) == 1:
            return Coded(self.values, np.broadcast_to(np.int64(0), len(rows)))
        return Coded(self.values, self.codes[rows])


@dataclass(frozen=True)
class Spans:
    """What owners – people, or bills – hold for a time: rows of (owner's index, value, from, until), by owner."""

    owner: Codes
    value: Coded
    begins: Numbers
    ends: Numbers

    def of(self, owner: int) -> list[tuple[Any, Span]]:
        """The rows of one owner."""
        low, high = np.searchsorted(self.owner, (owner, owner + 1))
        return [
            (self.value.values[self.value.codes[k]], _span(self.begins[k], self.ends[k]))
            for k in range(int(low), int(high))
        ]


def _span(begins: int, ends: int) -> Span:
    return Span(None if begins == NEVER else as_date(begins), None if ends == ALWAYS_ENDS else as_date(ends))


@dataclass(frozen=True)
class PeopleColumns:
    """People by index. `checked`: whether participation is checked at all; without it nobody is refused for it."""

    ids: tuple[Any, ...]
    born: Coded
    household: Coded
    region: Coded
    contract: Flags
    checked: Flags
    insured: Spans
    """Values are (scheme, tier)."""
    categories: Spans

    def __len__(self) -> int:
        return len(self.ids)

    def person(self, index: int) -> Person:
        """One person as the engine for one bill knows them."""
        insured = [Insurance(scheme, tier, span) for (scheme, tier), span in self.insured.of(index)]
        return Person(
            id=str(self.ids[index]),
            born=self.born.values[self.born.codes[index]],
            household=self.household.values[self.household.codes[index]],
            region=self.region.values[self.region.codes[index]],
            insured=tuple(insured) if self.checked[index] else None,
            contract=bool(self.contract[index]),
            categories=tuple(Holding(code, span) for code, span in self.categories.of(index)),
        )


@dataclass(frozen=True)
class BillColumns:
    """Bills in any order. `person` indexes the people; `filings` are held by bills."""

    row: Numbers
    """Where each bill stands in the file, from 0."""
    ids: Any
    """The bills' own ids, as an Arrow array."""
    person_ids: Any
    """Whose each bill is, as the file says it, as an Arrow array."""
    person: Codes
    stay: Codes
    stay_names: Any
    """The names of the stays, one a bill, as an Arrow array."""
    days: dict[str, Numbers]
    attributes: dict[str, Coded]
    filings: Spans
    admission: Numbers
    """The number of the admission where the file gives it, else 0."""
    parts: dict[str, Numbers]
    portions: dict[str, Numbers]
    given: dict[str, Numbers]
    """Amounts decided elsewhere or case by case, by payer; 0 where none arrived."""
    known: dict[str, Flags]
    by_case: frozenset[str] = field(default=frozenset())
    """The payers whose amounts are case-by-case decisions."""

    def __len__(self) -> int:
        return len(self.row)

    def take(self, rows: npt.NDArray[np.intp]) -> BillColumns:
        """Some bills, in the order given."""
        at = np.asarray(rows)
        if len(at) == len(self) and bool(np.all(at[1:] > at[:-1])):
            return self
        place = np.full(len(self), -1, np.int64)
        place[at] = np.arange(len(at))
        kept = np.flatnonzero(place[self.filings.owner] >= 0)
        order = kept[np.argsort(place[self.filings.owner[kept]], kind="stable")]
        filings = Spans(
            place[self.filings.owner[order]], self.filings.value.take(order), self.filings.begins[order],
            self.filings.ends[order],
        )  # fmt: skip

        def some(columns: dict[str, Any]) -> dict[str, Any]:
            return {name: column[at] for name, column in columns.items()}

        return BillColumns(
            self.row[at], self.ids.take(at), self.person_ids.take(at), self.person[at], self.stay[at],
            self.stay_names.take(at), some(self.days),
            {name: coded.take(at) for name, coded in self.attributes.items()}, filings, self.admission[at],
            some(self.parts), some(self.portions), some(self.given), some(self.known), self.by_case,
        )  # fmt: skip

    def attribute(self, name: str, bill: int) -> Any:
        """The value of an attribute; None where it is unknown."""
        coded = self.attributes[name]
        return coded.values[coded.codes[bill]]

    def bill(self, at: int) -> Bill:
        """One bill as the engine for one bill knows it."""

        def known(name: str, default: Any) -> Any:
            value = self.attribute(name, at)
            return default if value is None else value

        given = {payer: int(amounts[at]) for payer, amounts in self.given.items() if self.known[payer][at]}
        return Bill(
            id=str(self.ids[at].as_py()),
            care=self.attribute("care", at),
            admitted=as_date(self.days["admitted"][at]),
            discharged=as_date(self.days["discharged"][at]),
            settled=as_date(self.days["settled"][at]),
            parts={part: int(self.parts[part][at]) for part in PARTS},
            facility=Facility(
                self.attribute("level", at), self.attribute("grade", at), self.attribute("designated", at),
                self.attribute("facility_region", at), known("designated_for", ()),
            ),
            stay=str(self.stay_names[at].as_py()),
            referred=known("referred", False),
            emergency=known("emergency", False),
            accident=known("accident", False),
            assessed=known("assessed", False),
            channel=known("channel", "network"),
            filings=tuple(Filing(kind, span) for kind, span in self.filings.of(at)),
            roster=known("roster", ()),
            diagnoses=known("diagnoses", ()),
            procedures=known("procedures", ()),
            admission=int(self.admission[at]) or None,
            portions={name: int(amounts[at]) for name, amounts in self.portions.items()},
            recorded={payer: amount for payer, amount in given.items() if payer not in self.by_case},
            decisions={payer: amount for payer, amount in given.items() if payer in self.by_case},
            path=f"row {int(self.row[at])}",
        )  # fmt: skip
