"""Budgets: how much one user may find, look at, unmask and export in an hour and a day (OWASP ASVS 2.4.1).

A crawl looks like work, only more of it. One row counts a user, a budget and a window of time; adding and reading it
is one statement, so that requests at the same time are all counted. The use that exhausts a budget leaves an alarm in
the trail with it; every use beyond is refused, and the guard leaves an alarm for it too.

Lock: the row of (user, budget, window), until the transaction ends; rows of one budget in the order of its list.
"""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import connection

from doudi.server.access.errors import BudgetExceeded
from doudi.server.access.limits import BUDGETS, OTHER_BUDGET, Allowance
from doudi.server.audit.api import append
from doudi.server.kernel.actor import SYSTEM, Actor
from doudi.server.kernel.errors import invariant

_SPEND = (
    "INSERT INTO access_spent (user_id, budget, seconds, window_at, used) VALUES (%s, %s, %s, %s, %s)"
    " ON CONFLICT (user_id, budget, seconds, window_at)"
    " DO UPDATE SET used = access_spent.used + EXCLUDED.used RETURNING used"
)


def spend(actor: Actor, what: str, *, now: datetime, amount: int = 1) -> None:
    """Use `amount` of the budget `what` in the caller's transaction; `BudgetExceeded` where it is not there.

    A use that is rolled back is not counted: where a refusal must count too, name the budget in the rule
    (`Rule(budget=...)`), and the guard spends it before the work begins.
    """
    invariant(amount >= 0, "budget.negative")
    if actor.user == SYSTEM.user or amount == 0:
        return
    for allowance in BUDGETS.get(what, OTHER_BUDGET):
        used = _add(actor, what, allowance, now, amount)
        if used > allowance.most:
            raise BudgetExceeded(what, allowance.most, allowance.seconds // 3600)
        if used == allowance.most:
            append(
                "budget.exhausted",
                actor=actor,
                at=now,
                object_kind="budget",
                object_id=what,
                detail={"most": allowance.most, "seconds": allowance.seconds},
            )


def _add(actor: Actor, what: str, allowance: Allowance, now: datetime, amount: int) -> int:
    since = int(now.timestamp()) // allowance.seconds * allowance.seconds
    window = datetime.fromtimestamp(since, UTC)
    with connection.cursor() as cursor:
        cursor.execute(_SPEND, [actor.user, what, allowance.seconds, window, amount])
        row = cursor.fetchone()
    return int(row[0])
