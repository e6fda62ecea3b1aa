"""The bills that are settled again together: who belongs to them, their current versions with what they rest on.

A person's bills are one sequence, under whatever record they were settled. Where the law counts anything for households,
the bills of all who were ever settled in one of these households are one sequence with them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

from django.db import connection
from django.db.models import Count, Q

from doudi.engine.settle import Settler
from doudi.server.entitlement.api import law_at, settler_of
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.arrays import array
from doudi.server.people.api import many_same_person_ids
from doudi.server.settlement import errors, reversal_errors, subjects
from doudi.server.settlement.models import Hold, Record, Settlement, Subject
from doudi.server.settlement.packing import unpack
from doudi.server.settlement.state import home_of
from doudi.server.settlement.writing import GIVEN

Used = dict[tuple[str, int, str, str], int]
"""(scope, subject, name, period) → fen."""


@dataclass(frozen=True)
class Posted:
    """The current version of a bill: its columns, its record as it is kept, the head of its slip."""

    row: Mapping[str, Any]
    packed: bytes
    head: bytes | None

    @property
    def root(self) -> int:
        """Its number."""
        return int(self.row["root_id"])

    @property
    def person(self) -> int:
        """Whose it is."""
        return int(self.row["person_id"])

    @property
    def reversed(self) -> bool:
        """Whether it was taken back."""
        return bool(self.row["kind"] == "reversed")

    @cached_property
    def record(self) -> Mapping[str, Any]:
        """What it rests on."""
        return unpack(self.packed)

    @property
    def facts(self) -> Mapping[str, Any]:
        """The settle file it was decided on."""
        found: Mapping[str, Any] = self.record["facts"]
        return found

    @property
    def bill(self) -> Mapping[str, Any]:
        """The bill of that file."""
        found: Mapping[str, Any] = self.facts["bills"][0]
        return found

    def used(self) -> Used:
        """What it added to the accumulators, by subject."""
        return used_by(self.row, self.row["moved"])


def used_by(row: Mapping[str, Any], moved: Iterable[Iterable[Any]]) -> Used:
    """What a version of this bill that moved so much adds, by subject."""
    person, home = row["person_id"], home_of(row["household_id"], row["person_id"])
    return {
        (scope, home if scope == "household" else person, name, period): fen
        for scope, name, period, fen in moved
    }


@dataclass(frozen=True, slots=True)
class Group:
    """Whose bills are settled again together. `records`: by person, all records of that person, in order."""

    records: Mapping[int, tuple[int, ...]]
    households: tuple[int, ...]
    shared: bool
    """Whether the law counts for households here: then all versions of the households belong to the sequence."""

    @property
    def persons(self) -> tuple[int, ...]:
        """All records."""
        return tuple(sorted(set(chain.from_iterable(self.records.values()))))


def group_of(person: int) -> Group:
    """Who belongs together with a person."""
    persons = set(many_same_person_ids([person])[person])
    households = _households(persons)
    shared = bool(households) and _counts_for_households(persons, households)
    while shared:
        members = set(_bills(Q(household_id__in=households)).values_list("person_id", flat=True).distinct())
        more = set(chain.from_iterable(many_same_person_ids(members).values())) | persons
        homes = _households(more)
        if (more, homes) == (persons, households):
            break
        persons, households = more, homes
    return Group(many_same_person_ids(persons), tuple(sorted(households)), shared)


def _bills(condition: Q) -> Any:
    return Settlement.objects.filter(condition, superseded_at__isnull=True)


def _households(persons: Iterable[int]) -> set[int]:
    found = _bills(Q(person_id__in=sorted(persons), household_id__isnull=False))
    return set(found.values_list("household_id", flat=True).distinct())


def _counts_for_households(persons: Iterable[int], households: Iterable[int]) -> bool:
    concerned = _bills(Q(person_id__in=sorted(persons)) | Q(household_id__in=sorted(households)))
    if concerned.filter(moved__contains=[["household"]]).exists():
        return True
    laws = concerned.values_list("policy", "policy_hash").distinct()
    if any(_household_sums(settler_of(*law)) for law in laws):
        return True
    days = concerned.values_list("region", "scheme", "discharged_on").distinct()
    now = (law_at(*day) for day in days)
    return any(law is not None and _household_sums(law.settler) for law in now)


def _household_sums(settler: Settler | None) -> bool:
    if settler is None:
        return False
    return any(one.scope == "household" for _, one, _ in settler.machine()[0].program.accumulators)


def seen(actor: Actor, person: int) -> tuple[Group, list[Posted]]:
    """The group of a person and its bills in the order of posting, read without a lock: for what is only shown.

    `not_all_in_sight` where some of their versions are not.
    """
    group = group_of(person)
    scopes = Q(scope="person", subject_id__in=group.persons) | Q(
        scope="household", subject_id__in=group.households
    )
    rows = Subject.objects.filter(scopes).values_list("scope", "subject_id", "bills")
    check_in_sight(group, {(scope, number): bills for scope, number, bills in rows})
    return group, bills_of(actor, group)


def locked(actor: Actor, person: int) -> tuple[Group, list[Posted]]:
    """The same under the lock of all of them, households first: nobody else counts their bills until the end.

    Who has no bill in sight is not locked: there is nothing to settle again.
    """
    group = group_of(person)
    first = _bills(Q(person_id__in=group.persons)).values_list("region", flat=True).first()
    if first is None:
        return seen(actor, person)
    counts = subjects.lock(group.persons, group.households, first)
    if group_of(person) != group:
        raise reversal_errors.changed_meanwhile()
    check_in_sight(group, counts)
    return group, bills_of(actor, group)


def check_in_sight(group: Group, counts: Mapping[tuple[str, int], int]) -> None:
    """As many versions are visible as were ever posted for these people; otherwise nothing is settled again."""
    whose = [("person", "person_id", group.persons)]
    if group.shared:
        whose.append(("household", "household_id", group.households))
    for scope, column, numbers in whose:
        rows = Settlement.objects.filter(**{f"{column}__in": numbers}).values_list(column)
        visible = dict(rows.annotate(versions=Count("pk")))
        if any(counts.get((scope, number), 0) != visible.get(number, 0) for number in numbers):
            raise errors.not_all_in_sight()


def bills_of(actor: Actor, group: Group) -> list[Posted]:
    """The current versions in the order of posting. Two reads."""
    rows = list(_bills(Q(person_id__in=group.persons)).order_by("root_id").values(*GIVEN))
    if actor.ranges.pairs and any(row["region"] not in actor.ranges for row in rows):
        raise errors.not_all_in_sight()
    return [_posted(row, kept) for row, kept in zip(rows, _records(rows), strict=True)]


def _records(rows: Iterable[Mapping[str, Any]]) -> list[Record]:
    numbers = [row["id"] for row in rows]
    found = Record.objects.in_bulk(numbers)
    if len(found) != len(numbers):
        raise errors.not_all_in_sight()
    return [found[number] for number in numbers]


def _posted(row: Mapping[str, Any], kept: Record) -> Posted:
    return Posted(row, bytes(kept.packed), bytes(kept.head) if kept.head is not None else None)


def current_bill(number: int) -> Posted:
    """The current version of a bill by its number; `settlement_unknown` where none is in sight."""
    row = _bills(Q(root_id=number)).values(*GIVEN).first()
    if row is None:
        raise errors.unknown_settlement()
    return _posted(row, _records([row])[0])


def holds_now(bills: Iterable[Posted]) -> dict[int, int]:
    """What is still to be counted of holds that bills were judged beside: all of one that stands, else what it posted."""
    numbers = {reserved[0] for one in bills for reserved in one.row["reserved"]}
    if not numbers:
        return {}
    rows = Hold.objects.filter(pk__in=sorted(numbers)).values_list("pk", "state", "held_fen", "posted_fen")
    return {number: held if state == "held" else posted for number, state, held, posted in rows}


def last_entry(number: int) -> int | None:
    """The last entry of a bill in the ledger, where its current version moved no money; None: it never had one."""
    rows = Settlement.objects.filter(root_id=number, entry_id__isnull=False).order_by("-version")
    return rows.values_list("entry_id", flat=True).first()


def version(number: int) -> Settlement:
    """A version as a row, for the ports."""
    return Settlement.objects.get(pk=number)


def not_open_here(persons: Iterable[int]) -> bool:
    """Whether some of these persons are not open at the facility of the scope: it could read and not write."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT unnest(%s::bigint[]) EXCEPT SELECT doudi_opened_here())",
            [array(sorted(set(persons)))],
        )
        return bool(cursor.fetchone()[0])
