"""Funds and payers of a region: from a day on they are as said; what held before ends there. Or they end altogether."""

from __future__ import annotations

from datetime import date, datetime

from doudi.server.access.api import operation
from doudi.server.audit.api import append
from doudi.server.kernel.actor import Actor
from doudi.server.reference.data import Done
from doudi.server.reference.models import Fund, Payer
from doudi.server.reference.operations.times import end, in_scope, supersede
from doudi.server.reference.queries.version import changing
from doudi.words import Words

FUND, PAYER = Words("基金", "Fund"), Words("支付方", "Payer")


@operation("reference.set_fund")
def set_fund(
    *,
    actor: Actor,
    now: datetime,
    key: str | None,
    region: int,
    code: str,
    name: str,
    department: str,
    from_date: date,
) -> Done:
    """From `from_date` on the fund `code` of `region` has this name and this owner."""
    in_scope(actor, region)
    with changing():
        row = supersede(
            Fund,
            FUND,
            {"region": region, "code": code},
            from_date=from_date,
            name=name,
            department=department,
        )
    _trail("reference.fund_set", actor, now, region, code, from_date)
    return Done(row.pk)


@operation("reference.end_fund")
def end_fund(*, actor: Actor, now: datetime, key: str | None, region: int, code: str, on: date) -> Done:
    """The fund no longer exists from `on` on."""
    in_scope(actor, region)
    with changing():
        row = end(Fund, FUND, {"region": region, "code": code}, on)
    _trail("reference.fund_ended", actor, now, region, code, on)
    return Done(row.pk)


@operation("reference.set_payer")
def set_payer(
    *,
    actor: Actor,
    now: datetime,
    key: str | None,
    region: int,
    code: str,
    name: str,
    fund: str,
    from_date: date,
) -> Done:
    """From `from_date` on the payer `code` of `region` has this name and draws on `fund`."""
    in_scope(actor, region)
    with changing():
        row = supersede(
            Payer, PAYER, {"region": region, "code": code}, from_date=from_date, name=name, fund=fund
        )
    _trail("reference.payer_set", actor, now, region, code, from_date)
    return Done(row.pk)


@operation("reference.end_payer")
def end_payer(*, actor: Actor, now: datetime, key: str | None, region: int, code: str, on: date) -> Done:
    """The payer no longer pays from `on` on."""
    in_scope(actor, region)
    with changing():
        row = end(Payer, PAYER, {"region": region, "code": code}, on)
    _trail("reference.payer_ended", actor, now, region, code, on)
    return Done(row.pk)


def _trail(event: str, actor: Actor, now: datetime, region: int, code: str, day: date) -> None:
    append(
        event,
        actor=actor,
        at=now,
        region=region,
        object_kind="fund",
        object_id=code,
        detail={"day": day.isoformat()},
    )
