"""A debt under its lock: the first version's row of the settlement, so that two payments of one bill follow each other.

Whoever moves a debt locks that row first, reads what is owed after it, posts to the ledger, and writes the movement last:
its trigger takes the row of `settlement_debt`, which a replacement of the bill takes last too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from doudi.money import Fen
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.clock import business_date
from doudi.server.ledger.api import Amount, post
from doudi.server.settlement import debts_errors as errors
from doudi.server.settlement.debts_data import DebtMoved, DebtSums, MoveKind
from doudi.server.settlement.models import Settlement
from doudi.server.settlement.models_debts import Debt, DebtMove

SOURCE = "settlement"
"""What the source of an entry about a debt is called: the settlement, so that a bill shows all its entries."""
POSTED: dict[str, tuple[str, str]] = {
    "paid": ("patient_paid", "paid"),
    "written_off": ("patient_written_off", "written_off"),
    "individual": ("individual", "to_debt"),
    "given": ("individual", "to_patient"),
}
"""Kind of movement → template and column of the ledger."""


@dataclass(frozen=True, slots=True)
class Move:
    """A movement to be written. `fen` above zero meets the debt, below takes back."""

    kind: MoveKind
    fen: Fen
    channel: str = ""
    serial: str = ""
    request: str = ""
    fund: str = ""
    case: int | None = None
    reason: str = ""


def locked(actor: Actor, settlement: int) -> Debt:
    """The debt, which is nobody else's until the transaction ends. Raises `NotFound`, `Conflict` at another facility."""
    root = Settlement.objects.select_for_update().filter(pk=settlement, version=1).only("pk").first()
    debt = Debt.objects.filter(pk=settlement).first() if root is not None else None
    if debt is None:
        raise errors.unknown_debt()
    if actor.facility and debt.facility_id != actor.facility:
        raise errors.not_your_debt()
    return debt


def current(debt: Debt) -> Settlement:
    """The current version of its bill."""
    return Settlement.objects.get(pk=debt.current_id)


def above_zero(fen: Fen) -> None:
    """Refuse a sum of nothing."""
    if fen <= 0:
        raise errors.sum_not_positive()


def within_open(debt: Debt, fen: Fen) -> None:
    """Refuse more than is owed."""
    if debt.open_fen <= 0:
        raise errors.nothing_open()
    if fen > debt.open_fen:
        raise errors.more_than_open(debt.open_fen)


def move(actor: Actor, now: datetime, debt: Debt, what: Move) -> DebtMoved:
    """Post it and write it down."""
    today = business_date(now)
    template, column = POSTED[what.kind]
    entry = post(
        actor=actor, now=now, posted_on=today, region=debt.region, template=template,
        amounts=[Amount(column, what.fund, what.fen)], facility=debt.facility_id, person=debt.person_id,
        source_kind=SOURCE, source_id=debt.root_id,
    )  # fmt: skip
    left = debt.open_fen - (what.fen if what.kind != "given" else 0)
    row = DebtMove.objects.create(
        root_id=debt.root_id, region=debt.region, facility_id=debt.facility_id, person_id=debt.person_id,
        kind=what.kind, fen=what.fen, channel=what.channel, serial=what.serial, request_sm3=what.request,
        fund=what.fund, case_id=what.case, reason=what.reason, open_after_fen=left, moved_on=today, entry_id=entry,
        by_user=actor.user, by_login=actor.login, at=now,
    )  # fmt: skip
    return told(row)


def told(row: DebtMove) -> DebtMoved:
    """A movement as it was answered first."""
    return DebtMoved(row.pk, row.root_id, row.fen, row.open_after_fen, row.entry_id)


def sums_of(debt: Debt) -> DebtSums:
    """A row as it crosses the border."""
    return DebtSums(
        debt.root_id,
        debt.charged_fen,
        debt.paid_fen,
        debt.written_off_fen,
        debt.individual_fen,
        debt.given_fen,
    )
