"""What patients owe: lists by facility and county, by age, one debt with its history. Lists read `Debt` alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from django.db.models import Case, CharField, Count, Q, QuerySet, Sum, Value, When

from doudi.server.access.api import query
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.paging import SIZE, Page, page_of
from doudi.server.kernel.regions import Ranges, in_ranges
from doudi.server.people.api import mask_name, same_person_ids
from doudi.server.settlement import debts_errors as errors
from doudi.server.settlement.data import number_of
from doudi.server.settlement.debts_data import (
    BUCKETS,
    Bucket,
    BucketSum,
    DebtFilter,
    DebtRow,
    DebtView,
    FacilityDebts,
)
from doudi.server.settlement.debts_limits import BUCKET_DAYS
from doudi.server.settlement.heads import opened
from doudi.server.settlement.models import Record, Settlement
from doudi.server.settlement.models_debts import Agreement, Debt, DebtAsk, DebtCase, DebtMove
from doudi.server.settlement.operations.debts_standing import sums_of
from doudi.server.settlement.queries.debts_rights import rights_of
from doudi.server.settlement.queries.debts_shown import agreement_view, ask_view, case_view, move_view
from doudi.server.settlement.slip.data import SlipHead

CHUNK = 1000
OPEN = ~Q(open_fen=0)
TODAY, PAST_30, PAST_90, PAST_180 = (timedelta(days=days) for days in (0, *BUCKET_DAYS))


def bucket_of(open_fen: int, due_on: date, today: date) -> Bucket:
    """Which bucket a debt is in."""
    if open_fen < 0:
        return "to_refund"
    late = today - due_on
    if late <= TODAY or not open_fen:
        return "not_due"
    return (
        "to_30" if late <= PAST_30 else "to_90" if late <= PAST_90 else "to_180" if late <= PAST_180 else "over_180"
    )  # fmt: skip


def _within(bucket: Bucket, today: date) -> Q:
    """The filter of a bucket; the same limits as `bucket_of`."""
    owed = Q(open_fen__gt=0)
    limits: dict[Bucket, Q] = {
        "not_due": owed & Q(due_on__gte=today),
        "to_30": owed & Q(due_on__lt=today, due_on__gte=today - PAST_30),
        "to_90": owed & Q(due_on__lt=today - PAST_30, due_on__gte=today - PAST_90),
        "to_180": owed & Q(due_on__lt=today - PAST_90, due_on__gte=today - PAST_180),
        "over_180": owed & Q(due_on__lt=today - PAST_180),
        "to_refund": Q(open_fen__lt=0),
    }
    return limits[bucket]


def mine(viewer: Actor) -> Q:
    """A facility's own; of a county what its people owe anywhere."""
    return Q(facility_id=viewer.facility) if viewer.facility else in_ranges(viewer.ranges)


def _rows(viewer: Actor, wanted: DebtFilter, today: date) -> QuerySet[Debt]:
    rows = Debt.objects.filter(mine(viewer))
    if wanted.open:
        rows = rows.filter(OPEN)
    if wanted.facility is not None:
        rows = rows.filter(facility_id=wanted.facility)
    if wanted.region is not None:
        rows = rows.filter(in_ranges(Ranges.of([wanted.region])))
    if wanted.person is not None:
        rows = rows.filter(person_id__in=same_person_ids(wanted.person) or (wanted.person,))
    if wanted.bucket is not None:
        rows = rows.filter(_within(wanted.bucket, today))
    return rows


@query("settlement.debts")
def debts(
    *, viewer: Actor, wanted: DebtFilter | None = None, number: int = 0, size: int = SIZE
) -> Page[DebtRow]:
    """A page of debts, those due the longest first. A facility sees its own. Names and numbers are masked."""
    today = clock.today()
    rows = _rows(viewer, wanted or DebtFilter(), today).order_by("due_on", "root_id")
    found = page_of(rows, lambda row: row, number=number, size=size)
    return Page(shown(found.items, today), found.number, found.size, found.total, found.more)


@query("settlement.export_debts")
def export_debts(*, viewer: Actor, wanted: DebtFilter, after: int = 0) -> tuple[DebtRow, ...]:
    """The next debts for an export, by number after `after`; fewer than `CHUNK` are the last."""
    today = clock.today()
    rows = _rows(viewer, wanted, today).filter(pk__gt=after).order_by("pk")[:CHUNK]
    return shown(rows, today)


@query("settlement.debt_buckets")
def debt_buckets(
    *, viewer: Actor, region: int | None = None, facility: int | None = None
) -> tuple[FacilityDebts, ...]:
    """Open debts by facility and age, the largest overdue first. One statement. `region`: a 12-digit code."""
    today = clock.today()
    wanted = DebtFilter(region=region, facility=facility)
    which = Case(
        *(When(_within(bucket, today), then=Value(bucket)) for bucket in BUCKETS), output_field=CharField()
    )
    found = (
        _rows(viewer, wanted, today)
        .annotate(bucket=which)
        .values("facility_id", "bucket")
        .annotate(count=Count("pk"), fen=Sum("open_fen"))
        .order_by()
    )
    held: dict[int, dict[str, tuple[int, int]]] = {}
    for row in found:
        held.setdefault(row["facility_id"], {})[row["bucket"]] = (row["count"], row["fen"])
    all_ = [
        FacilityDebts(of, tuple(BucketSum(bucket, *sums.get(bucket, (0, 0))) for bucket in BUCKETS))
        for of, sums in held.items()
    ]
    return tuple(sorted(all_, key=lambda one: (-one.overdue_fen, -one.fen, one.facility)))


@query("settlement.debt")
def debt(*, viewer: Actor, settlement: int) -> DebtView:
    """One debt: what the policy allows, the agreement, every movement. Raises `NotFound` where nothing was ever owed."""
    row = Debt.objects.filter(mine(viewer), pk=settlement).first()
    if row is None:
        raise errors.unknown_debt()
    version = Settlement.objects.get(pk=row.current_id)
    agreements = [
        agreement_view(one, list(one.instalments.all()), row.open_fen)
        for one in Agreement.objects.filter(root_id=row.pk).prefetch_related("instalments").order_by("-pk")
    ]
    moves = [move_view(one) for one in DebtMove.objects.filter(root_id=row.pk).order_by("pk")]
    return DebtView(
        row=shown([row], clock.today())[0],
        sums=sums_of(row),
        reversed=version.kind == "reversed",
        rights=rights_of(version) if row.open_fen > 0 else (),
        agreement=next((one for one in agreements if one.ended_at is None), None),
        earlier=tuple(one for one in agreements if one.ended_at is not None),
        moves=tuple(moves),
        cases=tuple(case_view(one, row.settled_on) for one in DebtCase.objects.filter(root_id=row.pk).order_by("pk")),
        asks=tuple(ask_view(one, row.settled_on) for one in DebtAsk.objects.filter(root_id=row.pk).order_by("-pk")[:20]),
        refundable_fen=max(0, row.paid_fen - row.given_fen),
    )  # fmt: skip


def shown(rows: Iterable[Debt], today: date) -> tuple[DebtRow, ...]:
    """Rows as they cross the border, with whom the slips name. One statement."""
    found: Sequence[Debt] = list(rows)
    heads = Record.objects.filter(pk__in=[row.current_id for row in found], head__isnull=False)
    named = {pk: opened(head) for pk, head in heads.values_list("pk", "head") if head is not None}
    return tuple(_shown(row, named, today) for row in found)


def _shown(row: Debt, named: Mapping[int, SlipHead], today: date) -> DebtRow:
    head = named.get(row.current_id)
    late = (today - row.due_on).days
    return DebtRow(
        id=row.pk,
        number=number_of(row.pk, row.settled_on),
        region=row.region,
        facility=row.facility_id,
        person=row.person_id,
        name=mask_name(head.name) if head is not None else "",
        masked_number=head.masked_number if head is not None else "",
        settled_on=row.settled_on,
        charged_fen=row.charged_fen,
        met_fen=row.charged_fen - row.open_fen,
        open_fen=row.open_fen,
        due_on=row.due_on,
        days_overdue=late if late > 0 and row.open_fen > 0 else 0,
        bucket=bucket_of(row.open_fen, row.due_on, today),
    )
