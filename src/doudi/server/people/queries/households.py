"""Households and their members."""

from __future__ import annotations

from django.db.models import Count

from doudi.server.access.api import query
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.paging import SIZE, Page, page_of
from doudi.server.kernel.regions import in_ranges
from doudi.server.people import codes, errors, presenting, vault
from doudi.server.people.data import HouseholdFilter, HouseholdSummary, HouseholdView, MembershipView
from doudi.server.people.models import Household, Membership
from doudi.server.people.queries.visible import inside


@query("people.household")
def household(*, viewer: Actor, household: int) -> HouseholdView:
    """A household and the members the viewer may see, head first."""
    row = Household.objects.filter(in_ranges(viewer.ranges), pk=household).first()
    if row is None:
        raise errors.household_unknown()
    members = Membership.objects.filter(household_id=household).select_related("person")
    views = [
        MembershipView(
            person=presenting.summary(
                member.person, viewer, household if member.until_date is None else None
            ),
            relation=member.relation,
            from_date=member.from_date,
            until_date=member.until_date,
        )
        for member in members.order_by("relation", "from_date", "pk")
    ]
    views.sort(key=lambda view: view.relation not in codes.HEADS)
    return HouseholdView(
        id=row.pk,
        number=row.number,
        region=row.region,
        village_code=row.village_code,
        address=vault.masked_address(row.address_sealed),
        members=tuple(view for view in views if view.until_date is None),
        former=tuple(view for view in views if view.until_date is not None),
    )


@query("people.households")
def households(
    *, viewer: Actor, wanted: HouseholdFilter | None = None, number: int = 0, size: int = SIZE
) -> Page[HouseholdSummary]:
    """A page of the households of the viewer's regions, by region, number and id, with head and number of members."""
    asked = wanted or HouseholdFilter()
    rows = Household.objects.filter(in_ranges(viewer.ranges))
    if asked.region_code:
        rows = rows.filter(inside(asked.region_code))
    if asked.number:
        rows = rows.filter(number=asked.number)
    ordered = rows.order_by("region", "number", "id")
    found = page_of(ordered, lambda row: row, number=number, size=size)
    ids = [row.pk for row in found.items]
    counts = dict(
        Membership.objects.filter(household_id__in=ids, until_date__isnull=True)
        .values_list("household_id")
        .annotate(Count("pk"))
    )
    heads = {
        member.household_id: presenting.summary(member.person, viewer, member.household_id)
        for member in Membership.objects.filter(
            household_id__in=ids, until_date__isnull=True, relation__in=codes.HEADS
        ).select_related("person")
    }
    items = tuple(
        HouseholdSummary(
            row.pk, row.number, row.region, row.village_code, heads.get(row.pk), counts.get(row.pk, 0)
        )
        for row in found.items
    )
    return Page(items, found.number, found.size, found.total, found.more)
