"""Writing and taking back imported opening balances, in bulk, inside the import's one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from doudi.server.entitlement.models import OpeningBalance
from doudi.server.imports.api import Change, Obstacle, Task
from doudi.words import Words

Key = tuple[int | None, int | None, str, str]
OBJECT = "opening_balance"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a row of the file says."""

    person: int
    region: int
    household: int | None
    accumulator: str
    period: str
    used_fen: int

    @property
    def key(self) -> Key:
        """What it is the balance of: a household where it has one, else a person."""
        whose = (None, self.household) if self.household is not None else (self.person, None)
        return (*whose, self.accumulator, self.period)


def key_of(row: OpeningBalance) -> Key:
    """The same of a row of the table."""
    whose = (None, row.household_id) if row.household_id is not None else (row.person_id, None)
    return (*whose, row.accumulator, row.period)


def rows_for(wanted: Sequence[Wanted], *, locking: bool) -> dict[Key, OpeningBalance]:
    """The rows that stand where some balances would go. Two reads."""
    persons = [one.person for one in wanted if one.household is None]
    households = [one.household for one in wanted if one.household is not None]
    rows = OpeningBalance.objects.select_for_update() if locking else OpeningBalance.objects.all()
    found = [
        *rows.filter(household_id__isnull=True, person_id__in=persons).order_by("id"),
        *rows.filter(household_id__in=households).order_by("id"),
    ]
    return {key_of(row): row for row in found}


def held(wanted: Sequence[Wanted], *, locking: bool) -> dict[Key, tuple[int, int]]:
    """(number, used fen) of what stands there."""
    return {key: (row.pk, row.used_fen) for key, row in rows_for(wanted, locking=locking).items()}


def write(pairs: Sequence[tuple[int, Wanted]], task: Task) -> list[Change]:
    """Set balances (row of the file, what it says); one change for each."""
    rows = rows_for([one for _, one in pairs], locking=True)
    source = str(task.options.get("source") or "")
    made: list[tuple[int, OpeningBalance]] = []
    changed: list[tuple[int, OpeningBalance, dict[str, int | str | None]]] = []
    for number, one in pairs:
        row = rows.get(one.key)
        if row is None:
            row = OpeningBalance(
                person_id=one.person, region=one.region, household_id=one.household,
                accumulator=one.accumulator, period=one.period,
            )  # fmt: skip
            made.append((number, row))
        else:
            before: dict[str, int | str | None] = {
                "used_fen": row.used_fen,
                "source": row.source,
                "import_number": row.import_number,
            }
            changed.append((number, row, before))
        row.used_fen, row.source, row.import_number = one.used_fen, source, task.number
        row.set_by, row.set_at = task.actor.user, task.now
    OpeningBalance.objects.bulk_create([row for _, row in made])
    OpeningBalance.objects.bulk_update(
        [row for _, row, _ in changed], ["used_fen", "source", "import_number", "set_by", "set_at"]
    )
    return [
        *(Change(number, "made", OBJECT, row.pk, {}, {"used_fen": row.used_fen}) for number, row in made),
        *(
            Change(number, "changed", OBJECT, row.pk, before, {"used_fen": row.used_fen})
            for number, row, before in changed
        ),
    ]


def take_back(changes: Sequence[Change]) -> list[Obstacle]:
    """Give back what stood there; an obstacle for each balance that was set again since."""
    numbers = [change.object_id for change in changes]
    rows = {row.pk: row for row in OpeningBalance.objects.select_for_update().filter(pk__in=numbers)}
    obstacles = [
        Obstacle(change.row, Words("这项期初金额后来被改过。", "This balance was set again since."))
        for change in changes
        if change.object_id not in rows or rows[change.object_id].used_fen != change.after["used_fen"]
    ]
    if obstacles:
        return obstacles
    back = []
    for change in changes:
        if change.did == "changed":
            row = rows[change.object_id]
            for name, value in change.before.items():
                setattr(row, name, value)
            back.append(row)
    OpeningBalance.objects.bulk_update(back, ["used_fen", "source", "import_number"])
    OpeningBalance.objects.filter(pk__in=[one.object_id for one in changes if one.did == "made"]).delete()
    return []
