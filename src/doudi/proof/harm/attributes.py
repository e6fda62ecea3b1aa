"""The attributes of a bill and a person that a policy asks for, each with the few values that can make a difference.

An *axis* is what a settle file writes (the hospital's level, the diagnoses, what was filed); a *fact* is what a
program reads, and several facts may rest on one axis: people groups overlap, a programme asks for diagnosis, age and
roster together. Values are taken on axes and facts are answered by the engine itself, so that only outcomes that a
real file can have are ever looked at, and every one comes with its file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations, product
from typing import Any

from doudi.engine.data import Bill
from doudi.engine.facts import Situation
from doudi.engine.program import Fact
from doudi.engine.read import read_facts
from doudi.engine.vocabulary import ADMISSIONS, CARES, CHANNELS, GRADES, LEVELS
from doudi.policy.document import PolicyDocument
from doudi.policy.groups import People
from doudi.policy.library import region_prefix
from doudi.policy.meaning import forms_of

Assignment = Mapping[str, Any]
"""Axis → value; an axis that is left out has its first value."""
File = dict[str, Any]

AXES: dict[str, tuple[str, ...]] = {
    "care": ("care",),
    "level": ("level",),
    "grade": ("grade",),
    "channel": ("channel",),
    "place": ("region",),
    "in_pooling_area": ("region",),
    "in_province": ("region",),
    "scheme": ("insured",),
    "tier": ("insured",),
    "uninsured": ("insured",),
    "designated": ("designated",),
    "referred": ("referred",),
    "emergency": ("emergency",),
    "contract": ("contract",),
    "accident": ("accident",),
    "assessed": ("assessed",),
    "people": (),
    "disease": ("diagnoses", "age"),
    "procedure": ("procedures",),
    "programme": ("roster", "diagnoses", "age"),
    "routed": ("designated_for", "diagnoses", "age", "level"),
    "designated_for": ("designated_for",),
    "age": ("age",),
    "admission": ("admission",),
}
FLAGS = ("referred", "emergency", "contract", "accident", "assessed")
MOST_AT_ONCE = 6
"""Up to this many names every subset is looked at; beyond it none, all, and each alone (`Values.complete`)."""
MOST_CHOICES = 256
"""Up to this many different sets of categories are looked at; beyond it nobody's, each alone, and all."""


@dataclass(frozen=True)
class Choice:
    """The categories a person holds; `ended`: held until the day before the bill."""

    codes: tuple[str, ...]
    ended: bool = False

    def poorer_than(self, other: Choice) -> bool:
        """Whether the other's categories are some of this one's."""
        return self.ended == other.ended and set(other.codes) < set(self.codes)


def axes_of(fact: Fact) -> tuple[str, ...]:
    """The axes on which a fact rests, besides the person's categories and the day."""
    if fact.kind in ("given_known", "filing"):
        return (f"{fact.kind.removesuffix('_known')} {fact.argument}",)
    return AXES[fact.kind]


class Values:
    """The values of every axis under one policy; `complete` as long as nothing that can be different was left out."""

    def __init__(self, document: PolicyDocument, facts: tuple[Fact, ...]) -> None:
        self.document = document
        self.complete = True
        self.asked: dict[str, list[str]] = {}
        for fact in facts:
            self.asked.setdefault(fact.kind, []).append(fact.argument)

    def of(self, axis: str) -> list[Any]:
        """The values of an axis, a plain one first."""
        if axis.startswith("given "):
            return [True, False]
        if axis in FLAGS or axis.startswith("filing "):
            return [False, True]
        plain: dict[str, list[Any]] = {
            "care": [*CARES, None],
            "level": [*LEVELS, None],
            "grade": [*GRADES, None],
            "channel": list(CHANNELS),
            "designated": [True, False, None],
            "admission": [number + 1 for number in range(len(ADMISSIONS))],
        }
        if axis in plain:
            return plain[axis]
        found: list[Any] = getattr(self, f"_{axis}")()
        return found

    def _region(self) -> list[tuple[str | None, str | None]]:
        """Where the hospital is and where the person lives; the latter matters to a policy of the whole nation."""
        home = self.document.pooling_area or region_prefix(self.document.region) or "520203"
        away = "990000" if home[:2] != "99" else "110000"
        hospitals = [home.ljust(6, "0"), f"{home[:2]}9900", away, None]
        if self.document.region[:2] != "00":
            return [(hospital, self.document.region) for hospital in hospitals]
        return [(hospital, person) for person in (home.ljust(6, "0"), away, None) for hospital in hospitals]

    def _age(self) -> list[int | None]:
        """Ages on both sides of every edge that the policy draws; unknown."""
        edges = {30}
        for _, form in forms_of(self.document):
            for span in (getattr(form, "age", None),):
                for edge in (getattr(span, "at_least", None), getattr(span, "below", None)):
                    edges |= {edge - 1, edge} if edge else set()
        return [30, *sorted(edges - {30}), None]

    def _diagnoses(self) -> list[tuple[str, ...]]:
        """No listed disease, each end of every pattern, and pairs where a second diagnosis counts."""
        groups = self.document.diseases.values()
        codes = list(
            dict.fromkeys(end for group in groups for code in group.icd10 for end in code.split("-"))
        )
        beyond = [
            end for group in groups if group.anywhere for code in group.icd10 for end in code.split("-")
        ]
        pairs = [(first, *second) for first in codes for second in self._subsets(beyond) if second]
        alone = [("Z99.9", *second) for second in self._subsets(beyond) if second]
        return [("Z99.9",), *((code,) for code in codes), *alone, *pairs]

    def _procedures(self) -> list[tuple[str, ...]]:
        named = [self.document.procedures[name].icd9cm3[0].split("-")[0] for name in self.asked["procedure"]]
        return list(self._subsets(named))

    def _roster(self) -> list[tuple[str, ...]]:
        return list(self._subsets([name for name, one in self.document.programmes.items() if one.roster]))

    def _designated_for(self) -> list[tuple[str, ...]]:
        named = [*self.asked.get("designated_for", []), *self.asked.get("routed", [])]
        return list(self._subsets(list(dict.fromkeys(named))))

    def _insured(self) -> list[Any]:
        """Not checked, uninsured, and every scheme with every tier that the policy names."""
        schemes = [*self.asked.get("scheme", []), *(self.document.schemes or [])] or ["resident"]
        tiers = [None, *self.asked.get("tier", [])]
        listed = [{"scheme": scheme} | ({"tier": tier} if tier else {}) for scheme in dict.fromkeys(schemes)
                  for tier in tiers]  # fmt: skip
        return [None, *listed, False]

    def _subsets(self, names: list[str]) -> list[tuple[str, ...]]:
        """Sets of names that may be present: all sets, if they are few."""
        names = list(dict.fromkeys(names))
        few = len(names) <= MOST_AT_ONCE
        self.complete = self.complete and few
        sizes = range(len(names) + 1) if few else (0, 1, len(names))
        return [some for size in sizes for some in combinations(names, size)]

    def choices(self, day: date) -> list[Choice]:
        """The sets of categories that differ in some group of people, nobody's first."""
        groups = list(self.document.people.values())
        if "people" not in self.asked and "programme" not in self.asked:
            return [Choice(())]
        codes = _different(groups)
        if self.document.identity.several == "best_single":
            found = [Choice(()), *(Choice((code,)) for code in codes)]
        elif 2 ** len(codes) <= MOST_CHOICES:
            found = [Choice(some) for size in range(len(codes) + 1) for some in combinations(codes, size)]
        else:
            self.complete = False
            found = [Choice(()), *(Choice((code,)) for code in codes), Choice(tuple(codes))]
        kept = [group.keeps.after_exit_until for group in groups if group.keeps is not None]
        if any(day < until for until in kept):
            found += [Choice(choice.codes, ended=True) for choice in found if choice.codes]
        return found


def _different(groups: list[People]) -> list[str]:
    """One code of each kind that the groups tell apart; codes that some `all` joins with others are never alike."""
    alike: dict[tuple[object, ...], str] = {}
    for code in dict.fromkeys(code for group in groups for code in _codes(group)):
        joined = any(code in (group.all_ or []) and len(group.all_ or []) > 1 for group in groups)
        alone = tuple((group.all_ or []) == [code] for group in groups)
        member = tuple((code in (group.any_ or []), code in (group.none or [])) for group in groups)
        alike.setdefault((member, alone, code if joined else ""), code)
    return list(alike.values())


def _codes(group: People) -> list[str]:
    return [*(group.any_ or []), *(group.all_ or []), *(group.none or [])]


def settle_file(document: PolicyDocument, day: date, choice: Choice, values: Assignment) -> File:
    """The settle file of these attributes, without amounts but one fen in scope."""
    hospital, lives = values.get("region", (None, document.region))
    person: File = {"id": "p1"} | ({"region": lives} if lives is not None else {})
    ended = {"until": day.isoformat()} if choice.ended else {}
    person["categories"] = [{"code": code, **ended} for code in choice.codes]
    age = values.get("age", 30)
    if age is not None:
        person["born"] = _born(day, age).isoformat()
    if values.get("insured") is not None:
        person["insured"] = values["insured"]
    if values.get("contract"):
        person["contract"] = True
    facility: File = {
        key: values[key] for key in ("level", "grade", "designated") if values.get(key) is not None
    }
    if hospital is not None:
        facility["region"] = hospital
    if values.get("designated_for"):
        facility["designated_for"] = list(values["designated_for"])
    bill: File = {
        "id": "b1",
        "admitted": day.isoformat(),
        "discharged": day.isoformat(),
        "facility": facility,
    }
    bill |= {key: values[key] for key in ("care", "channel", "admission") if values.get(key) is not None}
    bill |= {key: True for key in ("referred", "emergency", "accident", "assessed") if values.get(key)}
    filed = [
        axis.removeprefix("filing ") for axis, held in values.items() if held and axis.startswith("filing ")
    ]
    if filed:
        bill["filings"] = filed
    for key in ("diagnoses", "procedures", "roster"):
        if values.get(key):
            bill[key] = list(values[key])
    for payer in document.payers:
        if values.get(f"given {payer.payer}"):
            given: Any = "0.00"
            if payer.decided == "case_by_case":
                given = {"amount": given, "approver": payer.approver or "–"}
            bill.setdefault("decided" if payer.decided == "case_by_case" else "recorded", {})[payer.payer] = (
                given
            )
    bill["in_scope"] = "0.01"
    return {"policy": document.policy, "person": person, "bills": [bill]}


def _born(day: date, age: int) -> date:
    """A date of birth that makes a person this old on the day."""
    earlier = day - timedelta(days=1)
    return date(earlier.year - age, earlier.month, min(earlier.day, 28)) if age else earlier


def situation(document: PolicyDocument, file: File) -> Situation:
    """The engine's view of the file's bill."""
    facts = read_facts(file)
    bill: Bill = facts.bills[0]
    law_day, identity_day = bill.day(document.law.as_of), bill.day(document.identity.as_of)
    return Situation(document, facts.person, bill, law_day, identity_day, bill.admission or 1)


def assignments(values: Values, axes: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Every combination of values on some axes."""
    listed = [values.of(axis) for axis in axes]
    for combination in product(*listed):
        yield dict(zip(axes, combination, strict=True))


def days_of(document: PolicyDocument) -> list[date]:
    """One day of every stretch of time within which the law is the same."""
    begins, ends = document.in_force.from_, document.in_force.until
    edges = {begins}
    for _, form in forms_of(document):
        for edge in (getattr(form, "from_", None), getattr(form, "until", None),
                     getattr(form, "after_exit_until", None)):  # fmt: skip
            if isinstance(edge, date) and edge >= begins and (ends is None or edge < ends):
                edges.add(edge)
    return sorted(edges)
