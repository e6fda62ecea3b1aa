"""Cases of a county, the requests of its hospitals, from what a case may be paid, and the papers of one."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, F, QuerySet, Sum

from doudi.server.access.api import query
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.paging import SIZE, Page, page_of
from doudi.server.kernel.papers.api import Paper, fetch
from doudi.server.settlement import debts_errors as errors
from doudi.server.settlement.debts_data import AskView, CaseFilter, CaseLimit, CaseSum, CaseView
from doudi.server.settlement.models import Settlement
from doudi.server.settlement.models_debts import Debt, DebtAsk, DebtCase
from doudi.server.settlement.operations.debts_case import PURPOSE
from doudi.server.settlement.queries.debts import CHUNK, mine
from doudi.server.settlement.queries.debts_awaited import limits_of
from doudi.server.settlement.queries.debts_shown import ask_view, case_view


def _rows(viewer: Actor, wanted: CaseFilter) -> QuerySet[DebtCase]:
    rows = DebtCase.objects.filter(mine(viewer))
    if wanted.facility is not None:
        rows = rows.filter(facility_id=wanted.facility)
    if wanted.fund:
        rows = rows.filter(fund=wanted.fund)
    if wanted.year is not None:
        rows = rows.filter(
            approved_on__gte=date(wanted.year, 1, 1), approved_on__lt=date(wanted.year + 1, 1, 1)
        )
    return rows


@query("settlement.cases")
def cases(
    *, viewer: Actor, wanted: CaseFilter | None = None, number: int = 0, size: int = SIZE
) -> Page[CaseView]:
    """A page of approved cases, the latest first."""
    rows = _rows(viewer, wanted or CaseFilter())
    found = page_of(rows.order_by("-pk"), lambda row: row, number=number, size=size)
    return Page(_views(found.items), found.number, found.size, found.total, found.more)


@query("settlement.case_sums")
def case_sums(*, viewer: Actor, wanted: CaseFilter | None = None) -> tuple[CaseSum, ...]:
    """What each fund gave by all cases that the filter finds."""
    rows = _rows(viewer, wanted or CaseFilter()).annotate(county=F("region") / 1000 * 1000)
    sums = (
        rows.values_list("county", "fund")
        .annotate(count=Count("pk"), sum=Sum("fen"))
        .order_by("county", "fund")
    )
    return tuple(CaseSum(*row) for row in sums)


@query("settlement.export_cases")
def export_cases(*, viewer: Actor, wanted: CaseFilter, after: int = 0) -> tuple[CaseView, ...]:
    """The next cases for an export, by number after `after`; fewer than `CHUNK` are the last."""
    return _views(tuple(_rows(viewer, wanted).filter(pk__gt=after).order_by("pk")[:CHUNK]))


def _views(rows: tuple[DebtCase, ...]) -> tuple[CaseView, ...]:
    days = _days([row.root_id for row in rows])
    return tuple(case_view(row, days[row.root_id]) for row in rows if row.root_id in days)


def _days(roots: list[int]) -> dict[int, date]:
    return dict(Debt.objects.filter(pk__in=roots).values_list("root_id", "settled_on"))


@query("settlement.asks")
def asks(*, viewer: Actor, number: int = 0, size: int = SIZE) -> Page[AskView]:
    """Requests of hospitals that wait, the oldest first."""
    rows = DebtAsk.objects.filter(mine(viewer), state="asked").order_by("pk")
    found = page_of(rows, lambda row: row, number=number, size=size)
    days = _days([row.root_id for row in found.items])
    items = tuple(ask_view(row, days[row.root_id]) for row in found.items if row.root_id in days)
    return Page(items, found.number, found.size, found.total, found.more)


@query("settlement.case_limits")
def case_limits(*, viewer: Actor, settlement: int) -> tuple[CaseLimit, ...]:
    """From what a case of this bill may be paid, and how much of it, up to what is owed or was paid."""
    debt = Debt.objects.filter(mine(viewer), pk=settlement).first()
    if debt is None:
        raise errors.unknown_debt()
    most = max(debt.open_fen, debt.paid_fen - debt.given_fen)
    return limits_of(viewer, Settlement.objects.get(pk=debt.current_id), most, clock.today())


@query("settlement.open_case_paper")
def open_case_paper(*, viewer: Actor, paper: int) -> Paper:
    """A paper of a case, whole: for who proposes, approves or checks it. Raises `NotFound`."""
    found = fetch(viewer=viewer, paper=paper)
    if found.entry.purpose != PURPOSE:
        raise errors.unknown_debt()
    return found
