"""Refusals of enrolment."""

from __future__ import annotations

from datetime import date

from doudi.server.enrolment.schemes import SCHEMES, STATUS_WORDS, Status, scheme_words
from doudi.server.kernel.errors import Conflict, NotFound, Refused
from doudi.words import Words, did_you_mean


def no_such_enrolment() -> NotFound:
    """The enrolment is not in the actor's scope, or nowhere."""
    return NotFound(
        "enrolment_not_found",
        Words("在您的范围内没有这条参保记录。", "There is no such enrolment in your scope."),
        remedy=Words("请从人员页面打开。", "Open it from the page of the person."),
        where="enrolment",
    )


def no_such_scheme(code: str) -> Refused:
    """The identifier names no scheme."""
    return Refused(
        "scheme_unknown",
        Words(f"没有“{code}”这个险种。", f"There is no scheme “{code}”."),
        remedy=did_you_mean(code, list(SCHEMES)),
        where="scheme",
    )


def not_valid() -> Conflict:
    """The version was replaced or voided."""
    return Conflict(
        "enrolment_not_valid",
        Words("这条参保记录已被更正或作废，不能再改。", "This enrolment was replaced or voided."),
        remedy=Words("请刷新页面，在有效的一条上办理。", "Reload the page and use the valid one."),
        where="enrolment",
    )


def enrolled_already(scheme: str, year: int) -> Conflict:
    """One enrolment for a person, scheme and year."""
    words = scheme_words(scheme)
    return Conflict(
        "enrolled_already",
        Words(f"此人{year}年已参加{words.zh}。", f"In {year} the person is already in: {words.en}."),
        remedy=Words("请在原有记录上缴费或更正。", "Pay for or correct the one that is there."),
        where="year",
    )


def insured_elsewhere(scheme: str, county: int, begins: date, ends: date) -> Conflict:
    """One basic insurance on any day, whichever scheme or county."""
    words = scheme_words(scheme)
    return Conflict(
        "insured_elsewhere",
        Words(
            f"此人 {begins} 起至 {ends} 前已在 {county // 1000} 参加{words.zh}，基本医保不能重复参保。",
            f"From {begins} until {ends} the person is in: {words.en} (county {county // 1000}); nobody is in two"
            " basic insurances at once.",
        ),
        remedy=Words("请先在原参保地停保，再办理。", "Let the other one lapse first."),
        where="from_date",
    )


def wrong_status(status: Status, wanted: Status) -> Conflict:
    """The verb needs another status."""
    is_now, needs = STATUS_WORDS[status], STATUS_WORDS[wanted]
    return Conflict(
        "wrong_status",
        Words(
            f"这条记录是“{is_now.zh}”，只有“{needs.zh}”的才能这样办理。",
            f"This enrolment is {is_now.en.lower()}; only one that is {needs.en.lower()} can be changed like this.",
        ),
        remedy=Words("如果状态有误，请用“更正”。", "If the status is wrong, correct it."),
        where="enrolment",
    )


def period_beside_year(year: int) -> Refused:
    """The period is too long, or lies outside the year it is for."""
    return Refused(
        "period_beside_year",
        Words(
            f"参保期间必须落在{year}年内或与其相交，且不超过一年。",
            f"The period must share days with {year} and last no longer than a year.",
        ),
        remedy=Words("跨年的请按年度分别登记。", "Enter each year by itself."),
        where="until_date",
    )


def wrong_money(where: str) -> Refused:
    """A premium or subsidy that cannot be."""
    return Refused(
        "premium_wrong",
        Words("资助金额不能为负，也不能超过保费。", "A subsidy is not negative and not above the premium."),
        remedy=Words("请核对保费和资助金额。", "Check the premium and the subsidy."),
        where=where,
    )


def subsidy_without_source() -> Refused:
    """Who pays the subsidy is missing."""
    return Refused(
        "subsidy_without_source",
        Words("有资助金额，但没有写由谁资助。", "There is a subsidy, but not who pays it."),
        remedy=Words("请填写资助的部门或资金。", "State the department or fund."),
        where="subsidy_source",
    )


def paid_in_future(day: date) -> Refused:
    """Payment on a day to come."""
    return Refused(
        "paid_in_future",
        Words(f"缴费日期 {day} 在今天之后。", f"The day of payment, {day}, is yet to come."),
        remedy=Words("请填写实际缴费日期。", "State the day it was really paid."),
        where="paid_on",
    )


def ends_before(until: date) -> Conflict:
    """The enrolment ends before the day asked for anyway."""
    return Conflict(
        "enrolment_ends_before",
        Words(f"这条参保到 {until} 为止，停保日期不能更晚。", f"This enrolment ends on {until} anyway."),
        remedy=Words("请核对停保日期。", "Check the day of the lapse."),
        where="until_date",
    )
