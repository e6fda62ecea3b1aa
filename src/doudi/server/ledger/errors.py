"""Refusals of the ledger."""

from __future__ import annotations

from datetime import date

from doudi.server.kernel.errors import Conflict, Forbidden, NotFound, Refused
from doudi.server.kernel.regions import Ranges
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


def region_out_of_scope() -> Forbidden:
    """The books are not those of the actor's region."""
    return Forbidden(
        "region_out_of_scope",
        Words("该地区的账不在您的管辖范围内。", "These books are outside your region."),
        remedy=Words("请选择本县。", "Choose your own county."),
        where="region",
    )


def county_in_scope(region: int, ranges: Ranges) -> int:
    """The key of the county of a region key, whose books are asked for; refused where not all of it is in scope."""
    county = region // 1000 * 1000
    if not whole_county(county, ranges):
        raise region_out_of_scope()
    return county


def whole_county(region: int, ranges: Ranges) -> bool:
    """Whether the whole county of a region key lies in the ranges. A part of it would show sums that are nobody's."""
    county = region // 1000 * 1000
    return ranges.covers(Ranges(((county, county + 1000),)))


def account_unknown() -> NotFound:
    """No such account in the viewer's scope."""
    return NotFound("account_unknown", Words("没有这个账户。", "There is no such account."))


def entry_unknown() -> NotFound:
    """No such entry in the viewer's scope."""
    return NotFound("entry_unknown", Words("没有这张凭证。", "There is no such entry."))


def sum_not_positive() -> Refused:
    """A deposit or a return of nothing."""
    return Refused(
        "sum_not_positive", Words("金额应大于零。", "The sum must be above zero."), where="sum_fen"
    )


def text_missing(where: str, words: Words) -> Refused:
    """A paper without its number, an agreement without its source."""
    return Refused("text_missing", Words(f"请填写“{words.zh}”。", f"Fill in {words.en}."), where=where)


def fund_missing() -> Refused:
    """A float is always of a fund."""
    return Refused("fund_missing", Words("请选择基金。", "Choose a fund."), where="fund")


def day_ahead() -> Refused:
    """Money that has not come yet."""
    return Refused("day_ahead", Words("日期不能晚于今天。", "The day must not lie ahead."), where="on_date")


def more_than_there_is(balance: str) -> Conflict:
    """A return of more than the float holds."""
    return Conflict(
        "more_than_balance",
        Words(f"退回金额超过周转金余额 {balance} 元。", f"The float holds {balance} yuan only."),
        where="sum_fen",
    )


def levels_out_of_order() -> Refused:
    """A warning level above what was agreed."""
    return Refused(
        "levels_out_of_order",
        Words(
            "预警线应不低于零且不高于约定金额。",
            "The warning level must lie between zero and the agreed sum.",
        ),
        where="warning_fen",
    )


def month_not_over(month: date) -> Conflict:
    """Closing a month that still runs."""
    return Conflict(
        "month_not_over",
        Words(f"{month:%Y-%m} 还没有结束，不能结账。", f"{month:%Y-%m} is not over and cannot be closed."),
        where="month",
    )


def month_not_next(month: date | None) -> Conflict:
    """Months are closed in their order, each once."""
    if month is None:
        return Conflict(
            "month_not_next", Words("没有可以结账的月份。", "There is no month to be closed."), where="month"
        )
    return Conflict(
        "month_not_next",
        Words("月份须依次结账，每月只结一次。", "Months are closed in their order, each once."),
        remedy=Words(f"下一个待结账的月份是 {month:%Y-%m}。", f"The next to be closed is {month:%Y-%m}."),
        where="month",
    )


def books_begun() -> Conflict:
    """The books begin once, and before anything was posted to an earlier month."""
    return Conflict(
        "books_begun",
        Words(
            "账套已启用，或该月份之前已有记账。",
            "The books have begun already, or something was posted to an earlier month.",
        ),
        where="month",
    )


def posting_under_way() -> Conflict:
    """Closing waits for postings of the county; a long one (an import of years) keeps it waiting."""
    return Conflict(
        "posting_under_way",
        Words(
            "有大批记账正在进行，暂不能结账。", "A long posting is under way; the month cannot be closed yet."
        ),
        remedy=Words("请稍后再试。", "Try again later."),
    )
