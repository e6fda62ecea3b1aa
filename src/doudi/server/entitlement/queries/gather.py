"""The facts of persons as the library takes them, from the apps below: a fixed number of reads, however many persons."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from doudi.engine.data import Balances, Person
from doudi.engine.entitlement import Subject
from doudi.server.enrolment.api import Enrolment, insurances
from doudi.server.enrolment.api import periods_of_many as enrolments_of
from doudi.server.entitlement.queries.openings import balances_of, households_of, rows_of
from doudi.server.filings.api import Filing, bill_facts, filings_of_many
from doudi.server.kernel.actor import Actor
from doudi.server.people.api import PersonFacts, many_same_person_ids
from doudi.server.recognition.api import Recognition, holdings
from doudi.server.recognition.api import periods_of_many as recognitions_of

SEXES = {"1": "M", "2": "F"}


@dataclass(frozen=True, slots=True)
class Gathered:
    """A person before the law: the subject, where and by which scheme they are insured, what was used before."""

    person: int
    subject: Subject
    region: int
    scheme: str
    opening: Balances
    records: tuple[int, ...] = ()
    """All records of the person, this one among them."""
    household: int | None = None
    recognised: tuple[Recognition, ...] = ()
    filed: tuple[Filing, ...] = ()
    """Filings that hold on the day."""


def gather(viewer: Actor, persons: Iterable[PersonFacts], day: date) -> dict[int, Gathered]:
    """The facts of persons on a day, by number: 认定, 参保, 备案, merged records, households, opening balances."""
    facts = list(persons)
    numbers = [one.id for one in facts]
    recognised = recognitions_of(viewer=viewer, persons=numbers)
    enrolled = enrolments_of(viewer=viewer, persons=numbers)
    filed = filings_of_many(viewer=viewer, persons=numbers, day=day)
    records = many_same_person_ids(numbers)
    members = households_of(record for group in records.values() for record in group)
    rows = rows_of((record for group in records.values() for record in group), set(members.values()))
    found = {}
    for one in facts:
        home = next((members[record] for record in (one.id, *records[one.id]) if record in members), None)
        opening = balances_of(rows, records[one.id], home)
        standing = recognised[one.id], enrolled[one.id], filed[one.id]
        found[one.id] = replace(
            _gathered(one, day, *standing, home, opening),
            records=records[one.id],
            household=home,
            recognised=recognised[one.id],
            filed=filed[one.id],
        )
    return found


def _gathered(
    facts: PersonFacts,
    day: date,
    recognised: tuple[Recognition, ...],
    enrolled: tuple[Enrolment, ...],
    filed: tuple[Filing, ...],
    household: int | None,
    opening: Balances,
) -> Gathered:
    """Whoever has no enrolment that counts on the day is uninsured on it: silence never means insured."""
    insured = tuple(one for one in insurances(enrolled) if one.span.holds(day))
    basic = next((one for one in enrolled if one.state == "valid" and one.basic and one.insures(day)), None)
    region = basic.insured_region if basic is not None else facts.region
    if region == facts.region // 1000 * 1000:
        region = facts.region  # insured in the county where they live: their township says more
    person = Person(
        str(facts.id),
        facts.birth_date,
        SEXES.get(facts.sex),
        str(household) if household is not None else None,
        f"{region // 1000:06d}",
        insured,
        False,
        holdings(recognised),
    )
    told = bill_facts(filed, admitted_on=day, facility=0, level=None).filings
    return Gathered(
        facts.id, Subject(person, told), region, basic.scheme if basic is not None else "", opening
    )
