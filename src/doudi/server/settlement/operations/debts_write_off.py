"""核销: a debt is given up. Proposed by a county officer, approved by another from an amount on.

Lock: the settlement's first row. Invariant: nothing is written off that is not owed, nor more than the limit of a bill.
"""

from __future__ import annotations

from datetime import datetime

from doudi.money import Fen
from doudi.server.access.api import operation
from doudi.server.audit.api import append
from doudi.server.kernel.actor import Actor
from doudi.server.recognition.api import needed
from doudi.server.settlement import debts_errors as errors
from doudi.server.settlement.debts_data import DebtMoved
from doudi.server.settlement.debts_limits import WRITE_OFF_AT_MOST
from doudi.server.settlement.operations.debts_ask import granted
from doudi.server.settlement.operations.debts_standing import Move, above_zero, locked, move, within_open
from doudi.words import Words

REASON = Words("核销原因", "The reason")


@operation("settlement.write_off")
def write_off(
    *,
    actor: Actor,
    now: datetime,
    key: str | None,
    settlement: int,
    sum_fen: Fen,
    reason: str,
) -> DebtMoved:
    """Give up `sum_fen` of what is owed. A request of the hospital that waits for it is granted by it."""
    del key
    above_zero(sum_fen)
    reason = needed(reason, REASON, "reason")
    debt = locked(actor, settlement)
    within_open(debt, sum_fen)
    if debt.written_off_fen + sum_fen > WRITE_OFF_AT_MOST:
        raise errors.write_off_too_large(WRITE_OFF_AT_MOST)
    done = move(actor, now, debt, Move("written_off", sum_fen, reason=reason))
    granted(debt, "write_off", now)
    append(
        "settlement.written_off", actor=actor, at=now, region=debt.region, person=debt.person_id,
        object_kind="settlement", object_id=debt.root_id,
        detail={"sum_fen": sum_fen, "open_fen": done.open_fen, "entry": done.entry},
    )  # fmt: skip
    return done
