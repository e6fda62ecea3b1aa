"""Refusals of the ledger."""

from __future__ import annotations

from datetime import date

from doudi.server.kernel.errors import Conflict
from doudi.words import Words


def period_closed(posted_on: date) -> Conflict:
    """The day lies in a closed month, or before the books begin (the trigger's `DL001`)."""
    return Conflict(
        "period_closed",
        Words(
            f"{posted_on:%Y-%m} 已结账或早于启用月份，不能记账。",
            f"{posted_on:%Y-%m} is closed, or before the books begin; nothing can be posted to it.",
        ),
        remedy=Words("请按当前月份记账；更正用冲正。", "Post to the current month; correct by taking back."),
        where="posted_on",
    )
