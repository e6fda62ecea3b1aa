"""Answers a program's inputs from the facts of a person and a bill, as integers.

Each kind of fact has one small function. What is unknown is UNKNOWN (-1): a table then has no row and a test that
needs it refuses the bill; silence is never read as a yes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from doudi.engine.data import Bill, Person
from doudi.engine.vocabulary import DOMAINS
from doudi.policy.document import PolicyDocument
from doudi.policy.groups import Disease, DiseaseList, Programme, Routing
from doudi.policy.library import region_inside, region_prefix

UNKNOWN = -1


@dataclass(frozen=True)
class Situation:
    """One bill of one person under one policy, with the dates that matter."""

    document: PolicyDocument
    person: Person
    bill: Bill
    law_day: date
    identity_day: date
    admission: int

    def answer(self, kind: str, argument: str) -> int:
        """One fact as an integer; UNKNOWN where the file does not say."""
        return _ANSWERS[kind](self, argument)


def _flag(value: bool | None) -> int:
    return UNKNOWN if value is None else int(value)


def _code(kind: str, value: str | None) -> int:
    return UNKNOWN if value is None else DOMAINS[kind].index(value)


def age_on(born: date, day: date) -> int:
    """Whole years of age on a day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _age(s: Situation, _: str) -> int:
    return UNKNOWN if s.person.born is None else age_on(s.person.born, s.bill.admitted)


def holds_category(s: Situation, code: str, keeps_until: date | None = None) -> bool:
    """Whether the person has the category on the identity date, or had it and still counts."""
    day = s.identity_day
    for holding in s.person.categories:
        if holding.code != code:
            continue
        begun = holding.span.begins is None or holding.span.begins <= day
        kept = keeps_until is not None and day < keeps_until
        if holding.span.holds(day) or (begun and kept):
            return True
    return False


def in_people(s: Situation, name: str) -> bool:
    """Whether the person belongs to a group of categories."""
    group = s.document.people[name]
    until = group.keeps.after_exit_until if group.keeps else None
    if group.any_ and not any(holds_category(s, code, until) for code in group.any_):
        return False
    if group.all_ and not all(holds_category(s, code, until) for code in group.all_):
        return False
    return not (group.none and any(holds_category(s, code) for code in group.none))


def code_matches(code: str, pattern: str) -> bool:
    """Whether a code begins with a prefix or lies in a range of prefixes of equal length; case does not matter."""
    code, pattern = code.upper(), pattern.upper()
    if "-" not in pattern:
        return code.startswith(pattern)
    low, high = pattern.split("-", 1)
    return low <= code[: len(low)] <= high


def has_disease(s: Situation, name: str) -> int:
    """Whether the main diagnosis (or any, where the group says so) belongs to a group of diseases.

    UNKNOWN where only the date of birth is missing to say.
    """
    group: Disease = s.document.diseases[name]
    codes = s.bill.diagnoses if group.anywhere else s.bill.diagnoses[:1]
    if not any(code_matches(code, pattern) for code in codes for pattern in group.icd10):
        return 0
    if group.age is None:
        return 1
    age = _age(s, "")
    return UNKNOWN if age == UNKNOWN else int(_in_span(age, group.age.at_least, group.age.below))


def _in_span(age: int, low: int | None, below: int | None) -> bool:
    return age >= 0 and (low is None or low <= age) and (below is None or age < below)


def _procedure(s: Situation, name: str) -> int:
    patterns = s.document.procedures[name].icd9cm3
    return int(any(code_matches(code, pattern) for code in s.bill.procedures for pattern in patterns))


def _filing(s: Situation, name: str) -> int:
    return int(any(filing.kind == name and filing.span.holds(s.bill.admitted) for filing in s.bill.filings))


def _listed(s: Situation, programme: Programme) -> dict[str, int]:
    """The diseases on the programme's list of the law date that the patient has, or may have (UNKNOWN)."""
    day = s.law_day

    def valid(listed: DiseaseList) -> bool:
        return (listed.from_ is None or listed.from_ <= day) and (listed.until is None or day < listed.until)

    names = [name for listed in programme.diseases if valid(listed) for name in listed.names]
    return {name: found for name in names if (found := has_disease(s, name))}


def _programme(s: Situation, name: str) -> int:
    programme = s.document.programmes[name]
    if programme.people and not any(in_people(s, group) for group in programme.people):
        return 0
    if programme.roster and name not in s.bill.roster:
        return 0
    return max(_listed(s, programme).values(), default=0) if programme.diseases else 1


def _routed(s: Situation, name: str) -> int:
    programme = s.document.programmes[name]
    if programme.designated and name not in s.bill.facility.designated_for:
        return 0
    mine = _listed(s, programme)
    if UNKNOWN in mine.values() and programme.routing:
        return UNKNOWN
    for routing in programme.routing:
        if _routes(s, routing, set(mine)):
            level = s.bill.facility.level
            return UNKNOWN if level is None else int(level in routing.levels)
    return 1


def _routes(s: Situation, routing: Routing, mine: set[str]) -> bool:
    if routing.diseases is not None and not mine & set(routing.diseases):
        return False
    return routing.age is None or _in_span(_age(s, ""), routing.age.at_least, routing.age.below)


def _in_pooling_area(s: Situation, _: str = "") -> int:
    region = s.bill.facility.region
    if region is None:
        return UNKNOWN
    return int(region.startswith(s.document.pooling_area or region_prefix(s.document.region)))


def _in_province(s: Situation, _: str = "") -> int:
    region = s.bill.facility.region
    if region is None:
        return UNKNOWN
    home = s.document.region if s.document.region[:2] != "00" else (s.person.region or "")
    return int(region_inside(region, f"{home[:2]}0000")) if home else UNKNOWN


def _place(s: Situation, _: str) -> int:
    inside = _in_pooling_area(s)
    if inside == UNKNOWN:
        return UNKNOWN
    name = "pooling_area" if inside else "province" if _in_province(s) == 1 else "elsewhere"
    return _code("place", name)


def _insurance(s: Situation) -> tuple[str | None, str | None]:
    for insurance in s.person.insured or ():
        if insurance.span.holds(s.bill.admitted):
            return insurance.scheme, insurance.tier
    return None, None


_ANSWERS: dict[str, Callable[[Situation, str], int]] = {
    "part": lambda s, part: s.bill.parts[part],
    "portion": lambda s, name: s.bill.portions.get(name, 0),
    "care": lambda s, _: _code("care", s.bill.care),
    "level": lambda s, _: _code("level", s.bill.facility.level),
    "grade": lambda s, _: _code("grade", s.bill.facility.grade),
    "channel": lambda s, _: _code("channel", s.bill.channel),
    "place": _place,
    "scheme": lambda s, name: int(_insurance(s)[0] == name),
    "tier": lambda s, name: int(_insurance(s)[1] == name),
    "designated": lambda s, _: _flag(s.bill.facility.designated),
    "referred": lambda s, _: int(s.bill.referred),
    "emergency": lambda s, _: int(s.bill.emergency),
    "contract": lambda s, _: int(s.person.contract),
    "accident": lambda s, _: int(s.bill.accident),
    "assessed": lambda s, _: int(s.bill.assessed),
    "uninsured": lambda s, _: int(s.person.insured is not None and _insurance(s)[0] is None),
    "in_pooling_area": _in_pooling_area,
    "in_province": _in_province,
    "people": lambda s, name: int(in_people(s, name)),
    "disease": has_disease,
    "procedure": _procedure,
    "filing": _filing,
    "programme": _programme,
    "routed": _routed,
    "designated_for": lambda s, name: int(name in s.bill.facility.designated_for),
    "age": _age,
    "admission": lambda s, _: min(s.admission, len(DOMAINS["admission"])) - 1,
    "given": lambda s, payer: s.bill.recorded.get(payer, s.bill.decisions.get(payer, 0)),
    "given_known": lambda s, payer: int(payer in s.bill.recorded or payer in s.bill.decisions),
}
