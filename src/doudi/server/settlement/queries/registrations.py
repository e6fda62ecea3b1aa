"""Registrations as people see them: with how many bills and holds stand on each."""

from __future__ import annotations

from typing import Literal

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from doudi.server.access.api import query
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.paging import SIZE, Page, page_of
from doudi.server.people.api import same_person_ids
from doudi.server.settlement.data import RegistrationView
from doudi.server.settlement.models import Hold, Registration, Settlement

RegistrationState = Literal["open", "discharged", "cancelled"]


@query("settlement.registrations")
def registrations(
    *,
    viewer: Actor,
    state: RegistrationState | None = "open",
    serial: str = "",
    number: int = 0,
    size: int = SIZE,
) -> Page[RegistrationView]:
    """A page of the facility's own, the latest first. `serial`: the one with exactly this number."""
    rows = counted(Registration.objects.filter(facility_id=viewer.facility))
    if state is not None:
        rows = rows.filter(state=state)
    if serial:
        rows = rows.filter(serial=serial)
    return page_of(rows.order_by("-id"), seen, number=number, size=size)


@query("settlement.registrations_of")
def registrations_of(
    *, viewer: Actor, person: int, state: RegistrationState | None = None
) -> tuple[RegistrationView, ...]:
    """Those of a person (of all their records) at any facility, open ones first, then the latest."""
    del viewer
    rows = counted(Registration.objects.filter(person_id__in=same_person_ids(person)))
    if state is not None:
        rows = rows.filter(state=state)
    found = [seen(row) for row in rows.order_by("-admitted_on", "-id")[:200]]
    return tuple(sorted(found, key=lambda one: one.state != "open"))


def counted(rows: QuerySet[Registration]) -> QuerySet[Registration]:
    """With `settled` and `held`: what stands on each, counted in the same statement."""
    return rows.annotate(
        settled=_number(Settlement.objects.filter(current("registration_id"))),
        held=_number(Hold.objects.filter(registration_id=OuterRef("pk"), state="held")),
    )


def current(field: str) -> Q:
    """Bills of the outer row that stand: the current version, not reversed."""
    return Q(**{field: OuterRef("pk")}, superseded_at__isnull=True) & ~Q(kind="reversed")


def _number(rows: QuerySet[Settlement] | QuerySet[Hold]) -> Coalesce:
    one = rows.order_by().annotate(of=Value(1)).values("of").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(one, output_field=IntegerField()), 0)


def seen(row: Registration) -> RegistrationView:
    """A row with its counts as it crosses the border."""
    return RegistrationView(
        registration=row.pk,
        facility=row.facility_id,
        serial=row.serial,
        person=row.person_id,
        region=row.region,
        care=row.care,
        admitted_on=row.admitted_on,
        discharged_on=row.discharged_on,
        department=row.department,
        diagnoses=tuple(row.diagnoses),
        state=row.state,
        opened_at=row.opened_at,
        close_reason=row.close_reason,
        settled=getattr(row, "settled", 0),
        held=getattr(row, "held", 0),
    )


def state_of(registration: int) -> str:
    """The state of a registration in sight; "": there is none."""
    return Registration.objects.filter(pk=registration).values_list("state", flat=True).first() or ""
