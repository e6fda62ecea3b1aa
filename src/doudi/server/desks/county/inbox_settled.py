"""What of settlements waits for the county: holds that end soon, holds that ran out unused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from doudi.server.access.api import allowed
from doudi.server.kernel.actor import Actor
from doudi.server.settlement.api import HoldFilter, holds, parked, stale
from doudi.words import Words

SOON = timedelta(days=3)
"""How near the end of a hold is told. Assumed: time enough to ask the ward."""
LOOKED_BACK = timedelta(days=7)
"""How long a hold that ran out is shown."""
MOST = 200
"""How many are counted."""
Line = tuple[Words, int, bool, date | None, Words, Words, str, dict[str, str]]
"""What, how many, whether there are more, by when, a hint, the verb, the page and its query."""


def held(actor: Actor, today: date) -> Iterator[Line]:
    """Two reads."""
    if not allowed("settlement.history", actor):
        return
    due = holds(viewer=actor, wanted=HoldFilter(due_by=today + SOON), size=1)
    if due.items:
        yield (
            Words("3 天内到期的额度占用", "Holds ending within 3 days"), due.total, due.more, due.items[0].expires_on,
            Words("仍在院的请医院重新占用，到期后额度对其他机构放开。", "Is the patient still in? Then it is held anew."),
            Words("查看", "Look"), "county.holds", {"state": "held"},
        )  # fmt: skip
    expired = holds(
        viewer=actor, wanted=HoldFilter(state="expired", expired_since=today - LOOKED_BACK), size=1
    )
    if expired.items:
        yield (
            Words("近 7 天到期未用、已释放的额度占用", "Holds that ran out in 7 days"), expired.total, expired.more, None,
            Words("请与医院核实病人是否出院未结算。", "Ask whether the patient left without a settlement."),
            Words("查看", "Look"), "county.holds", {"state": "expired"},
        )  # fmt: skip


def otherwise(actor: Actor) -> Iterator[Line]:
    """Two reads: whose bills come out otherwise now; reversals that have waited a day for their original."""
    if not allowed("settlement.stale", actor):
        return
    found = stale(viewer=actor, most=MOST)
    if found:
        bills = sum(one.bills for one in found)
        yield (
            Words("待重新结算的人员", "People whose bills come out otherwise"), len(found), len(found) == MOST, None,
            Words(f"共 {bills:,} 笔与现在所知不符。", f"{bills:,} bills differ from what is known now."),
            Words("看差异", "Look"), "county.readjudications", {},
        )  # fmt: skip
    waiting = [one for one in parked(viewer=actor) if one.days]
    if waiting:
        yield (
            Words("等待原单超过一天的撤销", "Reversals waiting for over a day"), len(waiting), False, None,
            Words("请与医院核实原单据号。", "Ask the hospital for the number of the bill."),
            Words("查看", "Look"), "county.readjudications", {},
        )  # fmt: skip
