"""The books of a county begin with a month; months are closed one after the other, each once, and never opened again.

Lock: the books of the county alone (`ledger_lines_hold` shares it), waited for a few seconds at most, because postings
behind it wait too. Invariant: what the closing holds is the journal of the month, and no line can be added to it (P11).
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import OperationalError, connection

from doudi.server.access.api import operation
from doudi.server.audit import api as audit
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.clock import business_date
from doudi.server.kernel.locks import Within
from doudi.server.ledger import errors
from doudi.server.ledger.data import PeriodSet
from doudi.server.ledger.models import Closing, Period
from doudi.server.ledger.months import later, month_of
from doudi.server.ledger.queries.sums import first_month, trial_lines

LOCK_TIMEOUT = "5s"
"""How long closing waits for postings under way, and at most holds up those that come after it."""
BUSY = "55P03"
"""PostgreSQL's lock_not_available."""


@operation("ledger.open_period")
def open_period(*, actor: Actor, now: datetime, key: str | None, region: int, month: date) -> PeriodSet:
    """The books of the county begin with the month of a day: nothing is posted before it. Once, and not backwards."""
    del key
    county, month = errors.county_in_scope(region, actor.ranges), month_of(month)
    _lock(county)
    first = first_month(county)
    if Period.objects.filter(region=county).exists() or (first is not None and first < month):
        raise errors.books_begun()
    _write(actor, now, county, month, "begun")
    _tell("ledger.period_opened", actor, now, county, month)
    return PeriodSet(county, month, 0)


@operation("ledger.close_period")
def close_period(*, actor: Actor, now: datetime, key: str | None, region: int, month: date) -> PeriodSet:
    """Close the month of a day: its trial balance is kept, and nothing is posted to it, or before it, any more."""
    del key
    county, month = errors.county_in_scope(region, actor.ranges), month_of(month)
    if month >= month_of(business_date(now)):
        raise errors.month_not_over(month)
    _lock(county)
    following = _next(county)
    if following != month:
        raise errors.month_not_next(following)
    lines = trial_lines(county, month)
    period = _write(actor, now, county, month, "closed")
    Closing.objects.bulk_create(
        [
            Closing(
                period=period,
                account_id=line.account.id,
                region=county,
                facility=line.account.facility,
                opening_fen=line.opening_fen,
                debit_fen=line.debit_fen,
                credit_fen=line.credit_fen,
            )
            for line in lines
        ]
    )
    _tell("ledger.period_closed", actor, now, county, month, accounts=len(lines))
    return PeriodSet(county, month, len(lines))


def _lock(county: int) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [LOCK_TIMEOUT])
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [Within.BOOKS, county // 1000])
            cursor.execute("SELECT set_config('lock_timeout', '0', true)")
    except OperationalError as fault:
        if getattr(fault.__cause__, "sqlstate", "") == BUSY:
            raise errors.posting_under_way() from fault
        raise


def _next(county: int) -> date | None:
    """The month after the last closed; else with which the books begin, or the first with something in it."""
    rows = list(Period.objects.filter(region=county).values_list("state", "month"))
    closed = [month for state, month in rows if state == "closed"]
    if closed:
        return later(max(closed))
    return next((month for _, month in rows), None) or first_month(county)


def _write(actor: Actor, now: datetime, county: int, month: date, state: str) -> Period:
    return Period.objects.create(
        region=county, month=month, state=state, at=now, by_user=actor.user, by_login=actor.login
    )


def _tell(event: str, actor: Actor, now: datetime, county: int, month: date, **more: int) -> None:
    audit.append(
        event,
        actor=actor,
        at=now,
        region=county,
        object_kind="period",
        object_id=f"{month:%Y-%m}",
        detail={"month": f"{month:%Y-%m}", **more},
    )
