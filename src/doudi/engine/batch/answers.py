"""From attributes to classes: what a program asks of each bill, asked once for each distinct combination.

A fact rests on few attributes (`_rests_on`): a disease group on the diagnoses, a people group on the categories held
on the identity date. For each distinct combination of these one bill is taken as it is and `facts.Situation` answers
for it – the same code that answers at the window; all other bills with the combination get the same answer. Bills
whose answers and law version all agree are one class.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from doudi.engine.batch.class_table import ClassOf
from doudi.engine.batch.columns import BillColumns, Codes, Numbers, PeopleColumns, Spans, as_date, day_number
from doudi.engine.batch.distinct import combined, distinct
from doudi.engine.batch.periods_array import calendar
from doudi.engine.facts import UNKNOWN, Situation
from doudi.engine.program import Fact, Program
from doudi.engine.stages import AMOUNT_FACTS
from doudi.policy.document import PolicyDocument

WORD = 62
_OF_ITSELF = (
    "care",
    "level",
    "grade",
    "channel",
    "designated",
    "referred",
    "emergency",
    "accident",
    "assessed",
)


@dataclass(frozen=True)
class Classes:
    """The class of each bill, and what makes each class."""

    codes: Codes
    kinds: tuple[ClassOf, ...]


class Asker:
    """Bills of a file and the answers that a policy's programs need of them."""

    def __init__(self, document: PolicyDocument, bills: BillColumns, people: PeopleColumns) -> None:
        self.document, self.bills, self.people = document, bills, people
        self.law_day = bills.days[document.law.as_of]
        self.identity_day = bills.days[document.identity.as_of]
        self._columns: dict[str, Codes] = {}

    # --- attributes that are worked out -------------------------------------------------------------------

    def column(self, name: str) -> Codes:
        """The codes of one attribute, worked out once."""
        if name not in self._columns:
            maker = _WORKED_OUT.get(name)
            made = maker(self) if maker is not None else self.bills.attributes[name].codes
            self._columns[name] = made.astype(np.int64)
        return self._columns[name]

    def ages(self) -> Numbers:
        """Whole years at admission; UNKNOWN without a date of birth."""
        values = [day_number(born, 1 << 40) for born in self.people.born.values] or [1 << 40]
        born = np.array(values, np.int64)[self.people.born.codes[self.bills.person]]
        known = born < 1 << 40
        by, bm, bd = calendar(np.where(known, born, 0))
        ay, am, ad = calendar(self.bills.days["admitted"])
        return np.where(known, ay - by - ((am * 100 + ad) < (bm * 100 + bd)), UNKNOWN)

    def insurance(self) -> Codes:
        """Which participation holds on the day of admission: 0 none, −1 not checked, else 1 + its code."""
        spans, bills = self.people.insured, self.bills
        rows, at = _pairs(spans, bills.person)
        day = bills.days["admitted"][rows]
        holds = (spans.begins[at] <= day) & (day < spans.ends[at])
        found = np.zeros(len(bills), np.int64)
        found[rows[holds][::-1]] = spans.value.codes[at[holds]][::-1] + 1  # the first that holds comes last
        return np.where(self.people.checked[bills.person], found, -1)

    def categories(self) -> Codes:
        """Which categories are held on the identity date, which have ever begun, and which exits still count."""
        held, begun = self._held(self.people.categories, self.bills.person, self.identity_day)
        until = [g.keeps.after_exit_until for g in self.document.people.values() if g.keeps]
        kept = np.searchsorted(sorted(day_number(day, 0) for day in until), self.identity_day, side="right")
        return combined([held, begun, kept] if until else [held])

    def filings(self) -> Codes:
        """The set of filings that hold on the day of admission."""
        bills = self.bills
        return self._held(bills.filings, np.arange(len(bills)), bills.days["admitted"])[0]

    def law_versions_of_lists(self) -> Codes:
        """Which version of the programmes' lists of diseases holds on the law date."""
        return np.searchsorted(self._listed_days(), self.law_day, side="right").astype(np.int64)

    def _held(self, spans: Spans, owner: Codes, day: Numbers) -> tuple[Codes, Codes]:
        """Codes of the set of values that hold on a day, and of the set that have begun by then."""
        rows, at = _pairs(spans, owner)
        when = day[rows]
        begun = spans.begins[at] <= when
        holds = begun & (when < spans.ends[at])
        value = spans.value.codes[at]
        words = len(spans.value.values) // WORD + 1
        return _sets(rows[holds], value[holds], len(owner), words), _sets(
            rows[begun], value[begun], len(owner), words
        )

    def _listed_days(self) -> list[int]:
        """The days on which a programme's list of diseases changes."""
        dated = [one for programme in self.document.programmes.values() for one in programme.diseases]
        days = {day for one in dated for day in (one.from_, one.until) if day is not None}
        return sorted(day_number(day, 0) for day in days)

    # --- facts ------------------------------------------------------------------------------------------------

    def situation(self, bill: int, admission: int = 1) -> Situation:
        """One bill as the engine for one bill sees it."""
        person = self.people.person(int(self.bills.person[bill]))
        law, identity = as_date(self.law_day[bill]), as_date(self.identity_day[bill])
        return Situation(self.document, person, self.bills.bill(bill), law, identity, admission)

    def answers(self, fact: Fact, numbers: Numbers | None) -> Numbers:
        """The answer of every bill to one attribute fact; `numbers` are the admissions."""
        if fact.kind == "given_known":
            known = self.bills.known.get(fact.argument)
            return np.zeros(len(self.bills), np.int64) if known is None else known.astype(np.int64)
        if fact.kind == "age":
            return self.column("age")
        if fact.kind == "admission":
            asked = numbers if numbers is not None else np.ones(len(self.bills), np.int64)
            return np.minimum(asked, 5) - 1
        codes, example = distinct([self.column(name) for name in _rests_on(self.document, fact)])
        found = [self.situation(int(bill)).answer(fact.kind, fact.argument) for bill in example]
        return np.array(found or [0], np.int64)[codes]

    def classes(self, program: Program, numbers: Numbers | None) -> Classes:
        """The classes of a program."""
        asked = [(register, fact) for register, fact in program.facts if fact.kind not in AMOUNT_FACTS]
        answers = {register: self.answers(fact, numbers) for register, fact in asked}
        changes = {v for _, cell in program.cells for one in cell.versions for v in (one.begins, one.ends)}
        days = sorted(day_number(day, 0) for day in changes if day is not None)
        version = np.searchsorted(days, self.law_day, side="right").astype(np.int64)
        codes, example = distinct([*answers.values(), version])
        kinds = [
            ClassOf(as_date(self.law_day[bill]), {r: int(column[bill]) for r, column in answers.items()})
            for bill in example
        ]
        return Classes(codes, tuple(kinds))


_WORKED_OUT: dict[str, Callable[[Asker], Codes]] = {
    "person_region": lambda asker: asker.people.region.codes[asker.bills.person],
    "contract": lambda asker: asker.people.contract[asker.bills.person].astype(np.int64),
    "insurance": Asker.insurance,
    "categories": Asker.categories,
    "filings": Asker.filings,
    "age": Asker.ages,
    "law": Asker.law_versions_of_lists,
}
"""Attributes that are no column of the file."""


def _rests_on(document: PolicyDocument, fact: Fact) -> tuple[str, ...]:
    """The attributes that decide a fact."""
    if fact.kind in _OF_ITSELF:
        return (fact.kind,)
    if fact.kind == "disease" and document.diseases[fact.argument].age is None:
        return ("diagnoses",)
    if fact.kind in ("programme", "routed"):
        return _of_programme(document, fact)
    return {
        "place": ("facility_region", "person_region"),
        "in_province": ("facility_region", "person_region"),
        "in_pooling_area": ("facility_region",),
        "scheme": ("insurance",),
        "tier": ("insurance",),
        "uninsured": ("insurance",),
        "people": ("categories",),
        "disease": ("diagnoses", "age"),
        "procedure": ("procedures",),
        "filing": ("filings",),
        "designated_for": ("designated_for",),
        "contract": ("contract",),
    }[fact.kind]


def _of_programme(document: PolicyDocument, fact: Fact) -> tuple[str, ...]:
    """A programme rests on who, which disease, which roster; a route also on where."""
    programme = document.programmes[fact.argument]
    names = [name for listed in programme.diseases for name in listed.names]
    ages = any(document.diseases[name].age is not None for name in names)
    ages = ages or any(routing.age is not None for routing in programme.routing)
    found = ["diagnoses", "law"] if names else []
    found += ["age"] if ages else []
    if fact.kind == "routed":
        return (*found, "designated_for", "level")
    return (*found, *(["categories"] if programme.people else []), "roster")


# --- sets and combinations --------------------------------------------------------------------------------


def _pairs(spans: Spans, owner: Codes) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Every (row, span) whose owner is the row's."""
    low = np.searchsorted(spans.owner, owner)
    high = np.searchsorted(spans.owner, owner + 1)
    count = high - low
    rows = np.repeat(np.arange(len(owner)), count)
    within = np.arange(len(rows)) - np.repeat(np.cumsum(count) - count, count)
    return rows, low[rows] + within


def _sets(rows: npt.NDArray[np.intp], values: Codes, size: int, words: int) -> Codes:
    """A code of the set of values that stand at each row."""
    masks = []
    for word in range(words):
        mask = np.zeros(size, np.int64)
        here = (values >= word * WORD) & (values < (word + 1) * WORD)
        np.bitwise_or.at(mask, rows[here], np.int64(1) << (values[here] - word * WORD))
        masks.append(mask)
    return combined(masks)
