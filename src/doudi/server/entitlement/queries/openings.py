"""Opening balances: what had been used before Doudi settled bills."""

from __future__ import annotations

from collections.abc import Iterable

from django.apps import apps
from django.db.models import Q

from doudi.engine.data import Balances
from doudi.server.access.api import query
from doudi.server.entitlement.data import OpeningLine
from doudi.server.entitlement.models import OpeningBalance
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.compiled import rows_where
from doudi.server.kernel.reading import once
from doudi.server.people.api import many_same_person_ids


def households_of(persons: Iterable[int]) -> dict[int, int]:
    """The household that each person is in now; those in none are left out. One query, once a page."""
    asked = tuple(sorted(set(persons)))
    members = apps.get_model("people", "Membership").objects.all
    now = Q(person_id__in=asked, until_date__isnull=True)

    def read() -> dict[int, int]:
        rows = rows_where("entitlement.households", members, now)
        return {row.person_id: row.household_id for row in rows}

    return once(("entitlement.households", asked), read)


def rows_of(persons: Iterable[int], households: Iterable[int]) -> list[OpeningBalance]:
    """The balances of some persons and of some households. One query, once a page."""
    asked, homes = tuple(sorted(set(persons))), tuple(sorted(set(households)))
    own = Q(household_id__isnull=True, person_id__in=asked)
    wanted, order = own | Q(household_id__in=homes), ("accumulator", "period", "id")

    def read() -> list[OpeningBalance]:
        return rows_where("entitlement.openings", OpeningBalance.objects.all, wanted, *order)

    return once(("entitlement.openings", asked, homes), read)


def balances_of(rows: Iterable[OpeningBalance], records: Iterable[int], household: int | None) -> Balances:
    """The balances of one person as the engine takes them; those of records merged into one person add up."""
    found, own = Balances(), set(records)
    for row in rows:
        if row.household_id is None and row.person_id in own:
            held = found.person.setdefault(row.accumulator, {})
            held[row.period] = held.get(row.period, 0) + row.used_fen
        elif row.household_id is not None and row.household_id == household:
            found.household.setdefault(row.accumulator, {})[row.period] = row.used_fen
    return found


def opening_of(records: Iterable[int], household: int | None) -> Balances:
    """What a person with these records had used, counted with a household they need not be in any more. One query."""
    own = tuple(records)
    return balances_of(rows_of(own, [household] if household is not None else []), own, household)


@query("entitlement.opening_balances")
def opening_balances(*, viewer: Actor, person: int) -> tuple[OpeningLine, ...]:
    """The opening balances of a person and their household."""
    del viewer
    records = many_same_person_ids([person])[person]
    households = households_of(records)
    return tuple(line(row) for row in rows_of(records, households.values()))


def line(row: OpeningBalance) -> OpeningLine:
    """A balance as it crosses the border."""
    return OpeningLine(
        row.pk,
        row.person_id,
        row.household_id,
        row.period,
        row.accumulator,
        row.used_fen,
        row.source,
        row.import_number,
    )
