"""Set an opening balance: what a person (or their household) had used of a period before Doudi settled bills."""

from __future__ import annotations

from datetime import datetime

from django.apps import apps

from doudi.money import MAX_ACCUMULATOR
from doudi.server.access.api import operation
from doudi.server.audit.api import append
from doudi.server.entitlement import errors
from doudi.server.entitlement.accumulators import counted_by, named
from doudi.server.entitlement.data import OpeningSet
from doudi.server.entitlement.models import OpeningBalance
from doudi.server.entitlement.queries.openings import households_of
from doudi.server.entitlement.queries.places import policies_at
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.clock import business_date
from doudi.server.kernel.errors import NotFound
from doudi.server.kernel.regions import in_ranges
from doudi.words import Words


@operation("entitlement.set_opening_balance")
def set_opening_balance(
    *,
    actor: Actor,
    now: datetime,
    key: str | None,
    person: int,
    accumulator: str,
    period: str,
    used_fen: int,
    source: str,
) -> OpeningSet:
    """One balance a person (or household), sum and period: set again, it is replaced; what stood there is in the trail.

    `accumulator`: a sum that a policy in force where the person belongs keeps, by its name or by what people call it.
    """
    del key
    home = _home(person, actor)
    one = named(accumulator, counted_by(policies_at(home, business_date(now))))
    one.check_period(period)
    if not 0 <= used_fen <= MAX_ACCUMULATOR:
        raise errors.amount_wrong()
    if not source.strip():
        raise errors.text_missing(Words("数据来源", "The source"), "source")
    household = households_of([person]).get(person) if one.household else None
    if one.household and household is None:
        raise errors.household_missing()
    rows = OpeningBalance.objects.select_for_update().filter(accumulator=one.name, period=period)
    own = {"household_id": household} if one.household else {"household_id": None, "person_id": person}
    row = rows.filter(**own).first()
    before = row.used_fen if row is not None else None
    if row is None:
        row = OpeningBalance(
            person_id=person, region=home, household_id=household, accumulator=one.name, period=period
        )
    row.used_fen, row.source, row.import_number = used_fen, source.strip(), None
    row.set_by, row.set_at = actor.user, now
    row.save()
    append(
        "entitlement.opening_balance_set",
        actor=actor,
        at=now,
        region=home,
        person=person,
        object_kind="opening_balance",
        object_id=row.pk,
        detail={"accumulator": one.name, "period": period, "before_fen": before, "used_fen": used_fen},
    )
    return OpeningSet(row.pk, used_fen, before)


def _home(person: int, actor: Actor) -> int:
    """The region key of a person of the actor's regions; locked, so that two clerks wait for each other."""
    rows = (
        apps.get_model("people", "Person")
        .objects.select_for_update()
        .filter(in_ranges(actor.ranges), pk=person)
    )
    region = rows.values_list("region", flat=True).first()
    if region is None:
        raise NotFound(
            "person_not_found",
            Words("在您的范围内没有这个人。", "There is no such person in your scope."),
            where="person",
        )
    return int(region)
