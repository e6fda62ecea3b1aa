"""What the vault knows of a batch of roster entries: a fixed number of queries, however many entries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import connection

from doudi.server.imports.api import Task
from doudi.server.kernel.arrays import array
from doudi.server.kernel.regions import in_ranges
from doudi.server.people import codes, vault
from doudi.server.people.data import PossibleDuplicate
from doudi.server.people.duplicates import Traits
from doudi.server.people.models import Household, Membership, Person
from doudi.server.people.names import initials
from doudi.server.people.queries.among import among
from doudi.server.people.queries.near import Unidentified, near
from doudi.server.people.queries.registered import Home, Member, Registered, homes, members, persons
from doudi.server.people.roster.entries import Entry
from doudi.server.reference.api import region_names


@dataclass(slots=True)
class Known:
    """By entry (its row number) and by what it names."""

    person: dict[int, Registered] = field(default_factory=dict)
    """The person an entry is about."""
    elsewhere: set[int] = field(default_factory=set)
    """Entries whose number is registered outside the scope."""
    membership: dict[int, Member] = field(default_factory=dict)
    """The current membership of a person."""
    household: dict[tuple[int, str], Home] = field(default_factory=dict)
    head: dict[int, int] = field(default_factory=dict)
    """The head of a household, by the household's id."""
    near: dict[int, list[PossibleDuplicate]] = field(default_factory=dict)
    by_id: dict[int, Registered] = field(default_factory=dict)
    """The persons entries are about, and those they may be about."""
    places: dict[int, str] = field(default_factory=dict)
    """Names of townships and villages by their code."""
    number_index: dict[int, bytes] = field(default_factory=dict)
    phone_index: dict[int, bytes] = field(default_factory=dict)
    """Of the number and the phone each entry names."""
    household_number: dict[int, str] = field(default_factory=dict)
    """Of the households that persons are in now, by the household's id."""


def known(entries: Sequence[Entry], task: Task, decided: dict[int, int]) -> Known:
    """`decided`: by row, the person it was said to be (not 0)."""
    found = Known()
    reached = [entry for entry in entries if entry.phone]
    phones = vault.phone_indexes([entry.phone for entry in reached])
    found.phone_index = {entry.row: index for entry, index in zip(reached, phones, strict=True)}
    _by_number(found, entries, task)
    _by_decision(found, decided, task)
    _households(found, entries, task)
    _memberships(found)
    _without_number(
        found, [entry for entry in entries if entry.number is None and entry.row not in found.person], task
    )
    _memberships(found)
    return found


def _by_number(found: Known, entries: Sequence[Entry], task: Task) -> None:
    numbered = [entry for entry in entries if entry.number is not None]
    numbers = [entry.number for entry in numbered if entry.number is not None]
    indexes = vault.number_indexes(numbers)
    found.number_index = {entry.row: index for entry, index in zip(numbered, indexes, strict=True)}
    rows = Person.objects.filter(in_ranges(task.actor.ranges), among("number_index", indexes, "bytea"))
    if task.locking:
        rows = rows.select_for_update(no_key=True).order_by("pk")
    by_index = {row.number_index: _standing(row) for row in persons(rows)}
    missing = []
    for entry, index in zip(numbered, indexes, strict=True):
        row = by_index.get(index)
        if row is None:
            missing.append((entry.row, index))
        else:
            found.person[entry.row] = row
            found.by_id[row.pk] = row
    if missing:
        with connection.cursor() as cursor:
            cursor.execute("SELECT people_taken(%s::bytea[])", [array(index for _, index in missing)])
            taken = {bytes(index) for (index,) in cursor.fetchall()}
        found.elsewhere = {row for row, index in missing if index in taken}


def _standing(row: Registered) -> Registered:
    """The record that stands for the person; merged records in a roster are few."""
    while row.merged_into_id is not None:
        above = next(persons(Person.objects.filter(pk=row.merged_into_id)), None)
        if above is None:
            return row
        row = above
    return row


def _by_decision(found: Known, decided: dict[int, int], task: Task) -> None:
    if not decided:
        return
    rows = Person.objects.filter(in_ranges(task.actor.ranges), pk__in=set(decided.values()))
    if task.locking:
        rows = rows.select_for_update(no_key=True).order_by("pk")
    by_id = {row.pk: row for row in persons(rows)}
    for place, number in decided.items():
        if number in by_id and place not in found.person:
            found.person[place] = by_id[number]
            found.by_id[number] = by_id[number]


def _households(found: Known, entries: Sequence[Entry], task: Task) -> None:
    wanted = {(entry.region, entry.household) for entry in entries if entry.household}
    if not wanted:
        return
    rows = Household.objects.filter(
        in_ranges(task.actor.ranges), among("number", {number for _, number in wanted}, "text")
    )
    found.household = {
        (home.region, home.number): home for home in homes(rows) if (home.region, home.number) in wanted
    }
    heads = Membership.objects.filter(
        among("household_id", [home.pk for home in found.household.values()], "bigint"),
        until_date__isnull=True,
        relation__in=codes.HEADS,
    )
    found.head = dict(heads.values_list("household_id", "person_id"))


def _memberships(found: Known) -> None:
    wanted = found.by_id.keys() - found.membership.keys()
    if wanted:
        current = Membership.objects.filter(among("person_id", wanted, "bigint"), until_date__isnull=True)
        rows = list(members(current))
        found.membership |= {row.person_id: row for row in rows}
        known = {home.pk: home.number for home in found.household.values()}
        others = {row.household_id for row in rows} - known.keys()
        if others:
            known |= Household.objects.filter(among("id", others, "bigint")).values_list("id", "number")
        found.household_number |= known


def _without_number(found: Known, entries: Sequence[Entry], task: Task) -> None:
    """A child without a number is the child of that name, birth and sex in the household named."""
    if not entries:
        return
    keys = {home.pk: key for key, home in found.household.items()}
    inside = Membership.objects.filter(
        household_id__in=keys,
        until_date__isnull=True,
        person__number_sealed__isnull=True,
        person__merged_into__isnull=True,
    )
    home_of = dict(inside.values_list("person_id", "household_id"))
    rows = Person.objects.filter(pk__in=home_of, number_sealed__isnull=True, merged_into__isnull=True)
    if task.locking:
        rows = rows.select_for_update(no_key=True).order_by("pk")
    children = {(keys[home_of[row.pk]], row.name, row.birth_date, row.sex): row for row in persons(rows)}
    for entry in entries:
        row = children.get(((entry.region, entry.household), entry.name, entry.birth_date, entry.sex))
        if row is not None:
            found.person[entry.row] = row
            found.by_id[row.pk] = row


def near_entries(entries: Sequence[Entry], found: Known, task: Task) -> dict[int, list[PossibleDuplicate]]:
    """For the rows of entries about nobody known: whom they may be, persons of this import left out."""
    records = [
        Traits(
            key=entry.row,
            name=entry.name,
            initials=initials(entry.name),
            sex=entry.sex,
            birth_date=entry.birth_date,
            identified=entry.number is not None and entry.number.kind.value == "id",
            phone=found.phone_index.get(entry.row),
            household=home.pk if (home := found.household.get((entry.region, entry.household))) else None,
            village=entry.village_code,
        )
        for entry in entries
    ]
    if "unidentified" not in task.memory:
        task.memory["unidentified"] = Unidentified.of(task.actor, leave_out=task.number)
    alike = near(task.actor, records, task.memory["unidentified"], leave_out=task.number)
    candidates = {one.other for ones in alike.values() for one in ones}
    found.by_id |= {row.pk: row for row in persons(Person.objects.filter(pk__in=candidates))}
    return alike


def place_names(entries: Sequence[Entry], found: Known) -> dict[int, str]:
    """The names of all places that entries and persons name."""
    people = found.person.values()
    wanted = {entry.region * 1000 for entry in entries} | {person.region * 1000 for person in people}
    wanted |= {entry.village_code for entry in entries if entry.village_code}
    wanted |= {person.village_code for person in people if person.village_code}
    return region_names(wanted)
