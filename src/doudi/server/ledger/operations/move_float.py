"""A department pays into its float, or is paid back.

Lock: one movement of a fund in a county at a time, so that two returns cannot take the same money. Invariant: nothing is
returned that is not there.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import connection

from doudi.server.access.api import operation
from doudi.server.audit import api as audit
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.clock import business_date
from doudi.server.kernel.locks import Within
from doudi.server.ledger import errors
from doudi.server.ledger.data import Amount, FloatMoved
from doudi.server.ledger.models import FloatMovement
from doudi.server.ledger.operations.post import post
from doudi.server.ledger.queries.sums import moved_by_month
from doudi.words import Words

SOURCE = "float"
"""What the source of an entry is called that a movement made."""
VOUCHER = Words("银行凭证号", "the number of the bank paper")


@operation("ledger.deposit_float")
def deposit_float(
    *,
    actor: Actor,
    now: datetime,
    key: str | None,
    region: int,
    fund: str,
    sum_fen: int,
    on_date: date,
    voucher: str,
) -> FloatMoved:
    """Money has come in from the department of `fund`. `region`: the county's key."""
    del key
    county = _checked(actor, now, region, fund, sum_fen, on_date, voucher)
    return _moved(actor, now, county, fund, sum_fen, on_date, voucher, "float_deposit")


@operation("ledger.return_float")
def return_float(
    *,
    actor: Actor,
    now: datetime,
    key: str | None,
    region: int,
    fund: str,
    sum_fen: int,
    on_date: date,
    voucher: str,
) -> FloatMoved:
    """Money is paid back to the department; at most what the float holds."""
    del key
    county = _checked(actor, now, region, fund, sum_fen, on_date, voucher)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [Within.FLOATS, county // 1000])
    balance = -sum(fen for of, _, fen in moved_by_month(("float",), county=county) if of.fund == fund)
    if sum_fen > balance:
        raise errors.more_than_there_is(f"{balance // 100}.{balance % 100:02d}")
    return _moved(actor, now, county, fund, -sum_fen, on_date, voucher, "float_return")


def _checked(
    actor: Actor, now: datetime, region: int, fund: str, sum_fen: int, on_date: date, voucher: str
) -> int:
    county = errors.county_in_scope(region, actor.ranges)
    if not fund:
        raise errors.fund_missing()
    if sum_fen <= 0:
        raise errors.sum_not_positive()
    if not voucher.strip():
        raise errors.text_missing("voucher", VOUCHER)
    if on_date > business_date(now):
        raise errors.day_ahead()
    return county


def _moved(
    actor: Actor,
    now: datetime,
    county: int,
    fund: str,
    fen: int,
    on_date: date,
    voucher: str,
    template: str,
) -> FloatMoved:
    row = FloatMovement.objects.create(
        region=county,
        fund=fund,
        on_date=on_date,
        fen=fen,
        voucher=voucher.strip(),
        at=now,
        by_user=actor.user,
        by_login=actor.login,
    )
    entry = post(
        actor=actor,
        now=now,
        posted_on=on_date,
        region=county,
        template=template,
        amounts=[Amount("sum", fund, abs(fen))],
        source_kind=SOURCE,
        source_id=row.pk,
    )
    audit.append(
        "ledger.float_deposited" if fen > 0 else "ledger.float_returned",
        actor=actor,
        at=now,
        region=county,
        object_kind=SOURCE,
        object_id=row.pk,
        detail={"fund": fund, "fen": abs(fen), "entry": entry},
    )
    return FloatMoved(row.pk, entry)
