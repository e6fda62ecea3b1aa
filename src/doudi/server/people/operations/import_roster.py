"""Write entries of a roster in bulk, inside the import's transaction: each step one statement for the whole batch.

Lock: the matched persons were locked when they were judged. Invariant: after it every entry is judged unchanged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import F, Max

from doudi.server.imports.api import Change, Judgement, Task, Verdict
from doudi.server.kernel.sealing import seal
from doudi.server.people import codes, names, vault
from doudi.server.people.models import Household, Membership, Person, PersonChange
from doudi.server.people.operations import locked
from doudi.server.people.queries.known import Known
from doudi.server.people.roster.entries import Entry
from doudi.server.people.roster.judging import tells_identity

FIELDS = (
    "name", "initials", "sex", "birth_date", "number_kind", "number_sealed", "number_index", "number_index_next",
    "tail_index", "disability_category", "disability_level", "phone_sealed", "phone_index", "ethnicity",
    "region", "village_code", "changed_at", "changed_by",
)  # fmt: skip


@dataclass(slots=True)
class Writing:
    """One batch while it is written."""

    task: Task
    found: Known
    changes: list[Change] = field(default_factory=list)
    people: dict[int, Person] = field(default_factory=dict)
    """The person of each row."""


def write_entries(entries: Sequence[tuple[Entry, Verdict]], found: Known, task: Task) -> list[Change]:
    """New persons, changed fields, households, memberships; what was done, row by row."""
    writing = Writing(task, found)
    homes = _households(writing, [entry for entry, _ in entries])
    _new(writing, [entry for entry, verdict in entries if verdict.judgement is Judgement.NEW])
    _changed(writing, [(e, v) for e, v in entries if v.judgement is Judgement.CHANGED])
    _memberships(writing, [entry for entry, _ in entries], homes)
    return writing.changes


def _households(writing: Writing, entries: Sequence[Entry]) -> dict[tuple[int, str], Household]:
    """The households entries name, made where they are missing."""
    homes = dict(writing.found.household)
    missing: dict[tuple[int, str], Entry] = {}
    for entry in entries:
        key = (entry.region, entry.household)
        if entry.household and key not in homes:
            missing.setdefault(key, entry)
    made = Household.objects.bulk_create(
        Household(
            region=entry.region,
            number=entry.household,
            village_code=entry.village_code,
            address_sealed=seal(entry.address, region=entry.region, purpose=vault.ADDRESS)
            if entry.address
            else None,
            source_import=writing.task.number,
            created_at=writing.task.now,
            created_by=writing.task.actor.user,
        )
        for entry in missing.values()
    )
    for home, entry in zip(made, missing.values(), strict=True):
        writing.changes.append(Change(entry.row, "made", "household", home.pk))
        homes[home.region, home.number] = home
    return homes


def _new(writing: Writing, entries: Sequence[Entry]) -> None:
    if not entries:
        return
    orders = _birth_orders(writing, entries)
    rows = [_row(writing, entry, orders.get(entry.row)) for entry in entries]
    for region in {entry.region for entry in entries}:
        here = [place for place, entry in enumerate(entries) if entry.region == region]
        columns = vault.number_columns_of([(entries[p].number, entries[p].name) for p in here], region=region)
        for place, sealed in zip(here, columns, strict=True):
            for word, value in sealed._asdict().items():
                setattr(rows[place], word, value)
    made = Person.objects.bulk_create(rows)
    for entry, row in zip(entries, made, strict=True):
        writing.people[entry.row] = row
        writing.changes.append(Change(entry.row, "made", "person", row.pk))


def _row(writing: Writing, entry: Entry, birth_order: int | None) -> Person:
    sealed, index = vault.phone_columns(entry.phone, region=entry.region)
    category, level = entry.number.disability if entry.number and entry.number.disability else (None, None)
    home = writing.found.household.get((entry.region, entry.household))
    return Person(
        region=entry.region,
        village_code=entry.village_code,
        name=entry.name,
        initials=names.initials(entry.name),
        sex=entry.sex,
        birth_date=entry.birth_date,
        disability_category=category,
        disability_level=level,
        phone_sealed=sealed,
        phone_index=index,
        ethnicity=entry.ethnicity,
        guardian_id=writing.found.head.get(home.pk) if home and entry.number is None else None,
        birth_order=birth_order,
        source_import=writing.task.number,
        created_at=writing.task.now,
        created_by=writing.task.actor.user,
        changed_at=writing.task.now,
        changed_by=writing.task.actor.user,
    )


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
    rows: list[Person] = []
    history: list[PersonChange] = []
    for entry, verdict in entries:
        row = writing.found.person[entry.row]
        writing.people[entry.row] = row
        columns = {difference.column for difference in verdict.differences} - {"household", "relation"}
        if not columns:
            continue
        before = kept(row)
        _put(row, entry, writing.task)
        after = kept(row)
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


def _memberships(writing: Writing, entries: Sequence[Entry], homes: dict[tuple[int, str], Household]) -> None:
    task, found = writing.task, writing.found
    made: list[tuple[int, Membership]] = []
    touched: list[Membership] = []
    for entry in entries:
        person = writing.people.get(entry.row)
        if person is None or not entry.household:
            continue
        home = homes[entry.region, entry.household]
        current = found.membership.get(person.pk)
        if current is not None and current.household_id == home.pk:
            if current.relation != entry.relation:
                before = {"relation": current.relation}
                current.relation = entry.relation
                touched.append(current)
                after = {"relation": entry.relation}
                writing.changes.append(Change(entry.row, "changed", "membership", current.pk, before, after))
            continue
        if current is not None:
            current.until_date = task.today
            touched.append(current)
            after_end = {"until_date": task.today.isoformat()}
            writing.changes.append(
                Change(entry.row, "changed", "membership", current.pk, {"until_date": None}, after_end)
            )
        member = Membership(
            person_id=person.pk,
            household_id=home.pk,
            region=person.region,
            relation=entry.relation,
            from_date=task.today,
            source_import=task.number,
        )
        made.append((entry.row, member))
    Membership.objects.bulk_update(touched, ["relation", "until_date"], batch_size=500)
    Membership.objects.bulk_create(member for _, member in made)
    writing.changes += [Change(row, "made", "membership", member.pk) for row, member in made]
    _guard(writing, [member for _, member in made if member.relation == codes.HEAD])


def _guard(writing: Writing, heads: Sequence[Membership]) -> None:
    """A head who comes after the children of the household becomes their guardian."""
    fresh = {person.pk for person in writing.people.values() if person.source_import == writing.task.number}
    homes = {member.household_id: member.person_id for member in heads if member.person_id in fresh}
    if not homes:
        return
    children = Person.objects.filter(
        memberships__household_id__in=homes,
        memberships__until_date__isnull=True,
        number_sealed__isnull=True,
        guardian__isnull=True,
    ).values_list("pk", "memberships__household_id")
    for child, home in children:
        Person.objects.filter(pk=child).update(guardian_id=homes[home])
