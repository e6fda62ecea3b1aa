"""Write entries of a roster in bulk, inside the import's transaction: each step one statement for the whole batch.

Lock: the matched persons were locked when they were judged. Invariant: after it every entry is judged unchanged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import F, Max

from doudi.server.imports.api import Change, Judgement, Task, Verdict
from doudi.server.kernel.arrays import array
from doudi.server.kernel.sealing import seal_all
from doudi.server.people import codes, names, vault
from doudi.server.people.models import Membership, Person, PersonChange
from doudi.server.people.operations import bulk, locked
from doudi.server.people.queries.known import Known
from doudi.server.people.queries.registered import Member
from doudi.server.people.roster.entries import Entry
from doudi.server.people.roster.judging import tells_identity

FIELDS = (
    "name", "initials", "sex", "birth_date", "number_kind", "number_sealed", "number_index", "number_index_next",
    "tail_index", "disability_category", "disability_level", "phone_sealed", "phone_index", "ethnicity",
    "region", "village_code", "changed_at", "changed_by",
)  # fmt: skip

_GUARD = """
UPDATE people_person SET guardian_id = heads.head
FROM unnest(%s::bigint[], %s::bigint[]) AS heads (child, head) WHERE people_person.id = heads.child
"""


@dataclass(slots=True)
class Writing:
    """One batch while it is written."""

    task: Task
    found: Known
    changes: list[Change] = field(default_factory=list)
    people: dict[int, tuple[int, int]] = field(default_factory=dict)
    """The person of each row: id and region."""
    fresh: set[int] = field(default_factory=set)
    """Persons this batch made."""


def write_entries(entries: Sequence[tuple[Entry, Verdict]], found: Known, task: Task) -> list[Change]:
    """New persons, changed fields, households, memberships; what was done, row by row."""
    writing = Writing(task, found)
    homes = _households(writing, [entry for entry, _ in entries])
    _new(writing, [entry for entry, verdict in entries if verdict.judgement is Judgement.NEW])
    _changed(writing, [(e, v) for e, v in entries if v.judgement is Judgement.CHANGED])
    _memberships(writing, [entry for entry, _ in entries], homes)
    return writing.changes


def _households(writing: Writing, entries: Sequence[Entry]) -> dict[tuple[int, str], int]:
    """The households entries name, made where they are missing: their ids."""
    homes = {key: home.pk for key, home in writing.found.household.items()}
    missing: dict[tuple[int, str], Entry] = {}
    for entry in entries:
        key = (entry.region, entry.household)
        if entry.household and key not in homes:
            missing.setdefault(key, entry)
    addresses = _addresses(list(missing.values()))
    made = bulk.insert(
        "people_household",
        bulk.HOUSEHOLD,
        [
            {
                "region": entry.region,
                "number": entry.household,
                "village_code": entry.village_code,
                "address_sealed": address,
            }
            for entry, address in zip(missing.values(), addresses, strict=True)
        ],
        source_import=writing.task.number,
        created_at=writing.task.now,
        created_by=writing.task.actor.user,
    )
    for number, (key, entry) in zip(made, missing.items(), strict=True):
        writing.changes.append(Change(entry.row, "made", "household", number))
        homes[key] = number
    return homes


def _addresses(entries: Sequence[Entry]) -> list[bytes | None]:
    """Sealed, each for the county of its entry; None for no address."""
    sealed: dict[int, bytes] = {}
    for county in {entry.region // 1000 for entry in entries}:
        here = [entry for entry in entries if entry.address and entry.region // 1000 == county]
        texts = [entry.address for entry in here]
        held = seal_all(texts, region=county * 1000, purpose=vault.ADDRESS)
        sealed |= {entry.row: value for entry, value in zip(here, held, strict=True)}
    return [sealed.get(entry.row) for entry in entries]


def _new(writing: Writing, entries: Sequence[Entry]) -> None:
    if not entries:
        return
    orders = _birth_orders(writing, entries)
    new = [
        bulk.NewPerson(
            region=entry.region,
            name=entry.name,
            sex=entry.sex,
            birth_date=entry.birth_date,
            number=entry.number,
            village_code=entry.village_code,
            phone=entry.phone,
            ethnicity=entry.ethnicity,
            guardian=_guardian(writing, entry),
            birth_order=orders.get(entry.row),
        )
        for entry in entries
    ]
    made = bulk.insert_persons(
        new, actor=writing.task.actor, now=writing.task.now, source_import=writing.task.number
    )
    for entry, number in zip(entries, made, strict=True):
        writing.people[entry.row] = (number, entry.region)
        writing.fresh.add(number)
        writing.changes.append(Change(entry.row, "made", "person", number))


def _guardian(writing: Writing, entry: Entry) -> int | None:
    home = writing.found.household.get((entry.region, entry.household))
    return writing.found.head.get(home.pk) if home and entry.number is None else None


def _birth_orders(writing: Writing, entries: Sequence[Entry]) -> dict[int, int]:
    """By row, the next birth order among children without a number of the household and of its head."""
    children = [entry for entry in entries if entry.number is None]
    if not children:
        return {}
    highest: Counter[tuple[int, str]] = Counter()
    keys = {home.pk: key for key, home in writing.found.household.items()}
    nameless = Person.objects.filter(number_sealed__isnull=True)
    inside = nameless.filter(memberships__household_id__in=keys, memberships__until_date__isnull=True)
    for home, order in inside.values_list("memberships__household_id").annotate(Max("birth_order")):
        highest[keys[home]] = order or 0
    heads = {head: keys[home] for home, head in writing.found.head.items()}
    for head, order in (
        nameless.filter(guardian_id__in=heads).values_list("guardian_id").annotate(Max("birth_order"))
    ):
        highest[heads[head]] = max(highest[heads[head]], order or 0)
    orders = {}
    for entry in children:
        highest[entry.region, entry.household] += 1
        orders[entry.row] = highest[entry.region, entry.household]
    return orders


def _changed(writing: Writing, entries: Sequence[tuple[Entry, Verdict]]) -> None:
    models = Person.objects.in_bulk([writing.found.person[entry.row].pk for entry, _ in entries])
    rows: list[Person] = []
    history: list[PersonChange] = []
    for entry, verdict in entries:
        row = models[writing.found.person[entry.row].pk]
        columns = {difference.column for difference in verdict.differences} - {"household", "relation"}
        if not columns:
            writing.people[entry.row] = (row.pk, row.region)
            continue
        before = kept(row)
        _put(row, entry, writing.task)
        after = kept(row)
        writing.people[entry.row] = (row.pk, row.region)
        fields = [word for word in after if after[word] != before[word]]
        old, new = ({word: values[word] for word in fields} for values in (before, after))
        rows.append(row)
        history.append(locked.entry(row, "imported", writing.task.actor, writing.task.now, old, new))
        writing.changes.append(Change(entry.row, "changed", "person", row.pk, old, new))
    if rows:
        Person.objects.bulk_update(rows, FIELDS, batch_size=500)
        along(rows)
        PersonChange.objects.bulk_create(history)


def along(rows: Sequence[Person]) -> None:
    """Records merged into a person stay in the person's region."""
    for row in Person.objects.filter(merged_into_id__in=[row.pk for row in rows]).exclude(
        region=F("merged_into__region")
    ):
        Person.objects.filter(pk=row.pk).update(
            region=next(one.region for one in rows if one.pk == row.merged_into_id)
        )


def kept(row: Person) -> dict[str, str | int | None]:
    """The fields an import may change, open: for the history and for undoing, both sealed."""
    return {
        "name": row.name,
        "number": vault.opened(row.number_sealed, vault.NUMBER),
        "number_kind": row.number_kind,
        "sex": row.sex,
        "birth_date": row.birth_date.isoformat(),
        "phone": vault.opened(row.phone_sealed, vault.PHONE),
        "ethnicity": row.ethnicity,
        "region": row.region,
        "village_code": row.village_code,
        "disability_category": row.disability_category,
        "disability_level": row.disability_level,
    }


def _put(row: Person, entry: Entry, task: Task) -> None:
    if entry.region % 1000:
        row.region = entry.region
    if entry.number is not None and not _merged_number(row, entry):
        for word, value in (
            vault.number_columns(entry.number, name=entry.name, region=row.region)._asdict().items()
        ):
            setattr(row, word, value)
    elif row.number_sealed is not None and entry.name != row.name and tells_identity(entry, row):
        row.tail_index = vault.tail_index(vault.opened(row.number_sealed, vault.NUMBER)[-4:], entry.name)
    if entry.number and entry.number.disability:
        row.disability_category, row.disability_level = entry.number.disability
    if tells_identity(entry, row):
        row.name, row.initials = entry.name, names.initials(entry.name)
        row.sex, row.birth_date = entry.sex, entry.birth_date
    if entry.phone:
        row.phone_sealed, row.phone_index = vault.phone_columns(entry.phone, region=row.region)
    row.ethnicity = entry.ethnicity or row.ethnicity
    row.village_code = entry.village_code or row.village_code
    row.changed_at, row.changed_by = task.now, task.actor.user


def _merged_number(row: Person, entry: Entry) -> bool:
    """The entry's number is a merged record's: the standing record keeps its own."""
    return bool(
        row.number_index is not None
        and entry.number is not None
        and row.number_kind == "id"
        and vault.number_indexes([entry.number])[0] != bytes(row.number_index)
    )


def _memberships(writing: Writing, entries: Sequence[Entry], homes: dict[tuple[int, str], int]) -> None:
    task = writing.task
    new: list[tuple[Entry, int, int]] = []
    touched: dict[int, dict[str, Any]] = {}
    for entry in entries:
        if not entry.household or entry.row not in writing.people:
            continue
        person, _ = writing.people[entry.row]
        home = homes[entry.region, entry.household]
        current = writing.found.membership.get(person)
        if current is not None and current.household_id == home and current.relation == entry.relation:
            continue
        if current is not None:
            touched[current.pk] = fields = _kept_or_ended(writing, entry, current, home)
            if "relation" in fields:
                continue
        new.append((entry, person, home))
    _touch(touched)
    made = bulk.insert(
        "people_membership",
        bulk.MEMBERSHIP,
        [
            {
                "person_id": person,
                "household_id": home,
                "region": writing.people[entry.row][1],
                "relation": entry.relation,
            }
            for entry, person, home in new
        ],
        from_date=task.today,
        source_import=task.number,
    )
    for number, (entry, _, _) in zip(made, new, strict=True):
        writing.changes.append(Change(entry.row, "made", "membership", number))
    _guard(
        {
            home: person
            for entry, person, home in new
            if entry.relation == codes.HEAD and person in writing.fresh
        }
    )


def _kept_or_ended(writing: Writing, entry: Entry, current: Member, home: int) -> dict[str, Any]:
    """What changes of a membership: in the same household the relation; another household is left today."""
    today = writing.task.today
    fields: dict[str, Any] = {"until_date": today}
    before: dict[str, str | None] = {"until_date": None}
    after: dict[str, str | None] = {"until_date": today.isoformat()}
    if current.household_id == home:
        fields = {"relation": entry.relation}
        before, after = {"relation": current.relation}, {"relation": entry.relation}
    writing.changes.append(Change(entry.row, "changed", "membership", current.pk, before, after))
    return fields


def _touch(fields: Mapping[int, Mapping[str, Any]]) -> None:
    """Memberships by number, with what changes of each."""
    rows = list(Membership.objects.filter(pk__in=fields)) if fields else []
    for row in rows:
        for word, value in fields[row.pk].items():
            setattr(row, word, value)
    Membership.objects.bulk_update(rows, ["relation", "until_date"], batch_size=500)


def _guard(homes: dict[int, int]) -> None:
    """A head who comes after the children of the household becomes their guardian. By household, the new head."""
    if not homes:
        return
    children = Person.objects.filter(
        memberships__household_id__in=homes,
        memberships__until_date__isnull=True,
        number_sealed__isnull=True,
        guardian__isnull=True,
    ).values_list("pk", "memberships__household_id")
    found = list(children)
    if found:
        with connection.cursor() as cursor:
            heads = array(homes[home] for _, home in found)
            cursor.execute(_GUARD, [array(child for child, _ in found), heads])
