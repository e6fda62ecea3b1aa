"""A parked reversal meets its original: it is applied in the same transaction, right after the bill was written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from doudi.server.kernel.actor import Actor
from doudi.server.settlement.models import ParkedReversal, Settlement
from doudi.server.settlement.operations.reverse import Asked, asked_for, open_again
from doudi.server.settlement.ports import BEFORE_REVERSAL
from doudi.server.settlement.posting import Next, post_versions
from doudi.server.settlement.queries.bills import current_bill
from doudi.server.settlement.rows import NOTHING
from doudi.server.settlement.state import State


def apply_parked(actor: Actor, now: datetime, number: int, before: State, parked: Mapping[str, Any]) -> None:
    """Take the bill back that was written just now; `before`: the state it was judged on, which stands again.

    No bill can be later than it: the subjects are still locked.
    """
    posted = current_bill(number)
    asked: Asked = asked_for(number, parked["serial"], parked["reason"])
    for listener in BEFORE_REVERSAL:
        listener(actor, now, Settlement.objects.get(pk=number))
    columns = {**NOTHING, "request_sm3": asked.request, "reversal_serial": asked.serial}
    undone = Next(posted, "reversed", "parked", columns, event="settlement.reversed")
    used = {place: before.own.get((place[0], place[2], place[3]), 0) for place in posted.used()}
    post_versions(actor, now, [undone], used, reason=asked.reason)
    open_again(posted)
    ParkedReversal.objects.filter(pk=parked["id"]).update(state="applied", settlement_id=number, ended_at=now)
