"""What a reversal or a replacement of a bill means for its debt (`ports.py`).

Money that moved stops a reversal: the clerk refunds first, so that nobody's payment disappears behind a paper. What was
only a matter of books is taken back by itself: a write-off, and aid that met the debt (the fund then owes the facility so
much less). Where a replacement leaves a share below what met it, write-offs go back first, then aid, because both were
given for what was owed; what is left over is the patient's own money and shows as "to be refunded".
"""

from __future__ import annotations

from datetime import datetime

from doudi.money import Fen
from doudi.server.audit.api import append
from doudi.server.kernel.actor import Actor
from doudi.server.settlement import debts_errors as errors
from doudi.server.settlement.debts_data import DebtSums
from doudi.server.settlement.models import Settlement
from doudi.server.settlement.models_debts import Agreement, Debt, DebtMove
from doudi.server.settlement.operations.debts_standing import Move, locked, move, sums_of
from doudi.server.settlement.ports import AFTER_REPLACEMENT, BEFORE_REVERSAL


def debts_of_settlement(settlement: int) -> DebtSums:
    """What was charged, paid, written off and given, in the open scope; zeros where nothing was ever owed."""
    debt = Debt.objects.filter(pk=settlement).first()
    return sums_of(debt) if debt is not None else DebtSums(settlement, 0, 0, 0, 0, 0)


def refuse_if_money_moved(actor: Actor, now: datetime, version: Settlement) -> None:
    """Before a reversal. Raises `refund_first` with the amounts; else takes back what is only booked."""
    if not Debt.objects.filter(pk=version.root_id).exists():
        return
    debt = locked(actor, version.root_id)
    if debt.paid_fen or debt.given_fen:
        raise errors.refund_first(debt.paid_fen, debt.given_fen)
    _take_back(actor, now, debt, debt.written_off_fen + debt.individual_fen)
    Agreement.objects.filter(root_id=version.root_id, ended_at__isnull=True).update(ended_at=now)


def trim(actor: Actor, now: datetime, version: Settlement) -> None:
    """After a replacement."""
    debt = Debt.objects.filter(pk=version.root_id).first()
    if debt is not None and debt.open_fen < 0:
        _take_back(actor, now, debt, -debt.open_fen)


def _take_back(actor: Actor, now: datetime, debt: Debt, most: Fen) -> None:
    """Up to `most`, write-offs before aid, the latest aid first."""
    written = min(most, debt.written_off_fen)
    taken = [Move("written_off", -written)] if written else []
    left = most - written
    given: dict[tuple[int | None, str], Fen] = {}
    for row in DebtMove.objects.filter(root_id=debt.root_id, kind="individual").order_by("-pk"):
        given[row.case_id, row.fund] = given.get((row.case_id, row.fund), 0) + row.fen
    for (case, fund), fen in given.items():
        back = min(left, fen)
        if back > 0:
            taken.append(Move("individual", -back, fund=fund, case=case))
            left -= back
    for one in taken:
        move(actor, now, debt, one)
        debt = Debt.objects.get(pk=debt.pk)
    if taken:
        append(
            "settlement.debt_relief_taken_back", actor=actor, at=now, region=debt.region, person=debt.person_id,
            object_kind="settlement", object_id=debt.root_id, detail={"sum_fen": -sum(one.fen for one in taken)},
        )  # fmt: skip


BEFORE_REVERSAL.append(refuse_if_money_moved)
AFTER_REPLACEMENT.append(trim)
