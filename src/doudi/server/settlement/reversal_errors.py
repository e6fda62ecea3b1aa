"""Refusals of reversals and of settling again: what is wrong, and what to do."""

from __future__ import annotations

from datetime import datetime

from doudi.server.kernel.clock import SHANGHAI
from doudi.server.kernel.errors import Conflict, Forbidden, NotFound, Refused
from doudi.words import Words


def already_reversed(when: datetime, login: str) -> Conflict:
    """P6: at most once; says when and by whom."""
    at = when.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
    who = Words(f"由 {login} ", f" by {login}") if login else Words("", "")
    return Conflict(
        "already_reversed",
        Words(
            f"这笔结算已于 {at} {who.zh}冲正，不能再次冲正。",
            f"This settlement was reversed at {at}{who.en}; it is reversed at most once.",
        ),
        remedy=Words("需要重新结算的，请用新的单据号。", "To settle it anew, use a new serial."),
        where="settlement",
    )


def reversal_serial_taken(serial: str) -> Conflict:
    """P3: the same number for another reversal."""
    return Conflict(
        "reversal_serial_taken",
        Words(
            f"冲正单号 {serial} 已用于另一笔冲正，或内容不同。",
            f"The serial {serial} was used for another reversal, or with other content.",
        ),
        remedy=Words("请按原内容重发，或换新的冲正单号。", "Send the same again, or use a new serial."),
        where="serial",
    )


def of_another_facility() -> Forbidden:
    """Only the hospital that settled it, or the county that pays."""
    return Forbidden(
        "settled_elsewhere",
        Words("这笔是其他机构结算的。", "Another facility settled this bill."),
        remedy=Words(
            "请由原结算机构冲正，或由参保地县级经办办理。", "That facility reverses it, or the paying county."
        ),
        where="settlement",
    )


def person_not_open() -> Conflict:
    """A window writes only for persons it has found by number."""
    return Conflict(
        "person_not_open",
        Words("此人在本窗口未打开。", "This person is not open at your window."),
        remedy=Words(
            "请先按证件号码查到此人，再办理冲正；患者不在场时请联系县级经办。",
            "Find the person by number first; if they are not there, ask the county.",
        ),
        where="settlement",
    )


def changed_meanwhile() -> Conflict:
    """Bills came while it was found out whose bills belong together."""
    return Conflict(
        "changed_meanwhile",
        Words("办理期间又有新的结算。", "Other bills were settled meanwhile."),
        remedy=Words("请重试。", "Try again."),
    )


def law_missing(policy: str, content: str) -> Conflict:
    """The law of a decision is not here any more."""
    return Conflict(
        "policy_missing",
        Words(
            f"本机没有安装当时的政策“{policy}”（内容 {content[:12]}），后续结算不能照原政策重算。",
            f"The policy “{policy}” ({content[:12]}) of the time is not installed: later bills cannot be settled again.",
        ),
        remedy=Words("请系统管理员安装该版本的政策文件。", "Ask the administrator to install that version."),
    )


def insured_elsewhere(region: int) -> Conflict:
    """Another county would pay it now."""
    county = f"{region // 1000:06d}"
    return Conflict(
        "insured_elsewhere",
        Words(
            f"按现在的参保记录，这笔应由 {county} 支付。",
            f"By what is known of the enrolment now, {county} would have to pay this bill.",
        ),
        remedy=Words(
            "付款统筹区不能在原位更改：请冲正，再按现在的参保重新结算。",
            "Who pays does not change in place: reverse it, and settle it again.",
        ),
    )


def year_changes(before: int, after: int) -> Conflict:
    """A bill keeps its place in its year."""
    return Conflict(
        "benefit_year_changes",
        Words(
            f"这笔从 {before} 年度变到 {after} 年度，不能留在原来的次序。",
            f"The bill moves from the year {before} to {after}: it cannot keep its place.",
        ),
        remedy=Words("请冲正，再用新的单据号重新结算。", "Reverse it, and settle it under a new serial."),
    )


def correction_of_another() -> Refused:
    """Person, care and registration are not corrected in place."""
    return Refused(
        "correction_of_another",
        Words(
            "更正只能改费用、日期、诊断和已在国家平台结算的金额；人员、就医方式和就诊登记不能改。",
            "A correction changes costs, days, diagnoses and recorded amounts; not the person, care or registration.",
        ),
        remedy=Words("请冲正，再重新结算。", "Reverse it, and settle it again."),
        where="corrections",
    )


def correction_of_nothing(settlement: int) -> Refused:
    """Not one of these bills, reversed already, or corrected twice."""
    return Refused(
        "correction_of_nothing",
        Words(
            f"要更正的结算 {settlement} 不是此人有效的结算，或重复列出。",
            f"Settlement {settlement} is no standing bill of this person, or is listed twice.",
        ),
        remedy=Words("请刷新后重新选择。", "Look again and choose anew."),
        where="corrections",
    )


def nothing_may_be_posted(stopped: Words) -> Conflict:
    """The law refuses a bill that stands: it has to be reversed or corrected first."""
    return Conflict(
        "readjudication_stopped",
        stopped,
        remedy=Words(
            "不能一并重算：请先冲正或更正这些结算，再重算其余。",
            "Nothing is posted: reverse or correct these first, then settle the rest again.",
        ),
    )


def fingerprint_differs() -> Conflict:
    """Something changed between the preview and the approval."""
    return Conflict(
        "readjudication_changed",
        Words(
            "预览之后情况有变，重算结果与审批的不同。",
            "Since the preview something has changed: the result is not what was approved.",
        ),
        remedy=Words("请重新预览、重新提交审批。", "Preview again and propose anew."),
        where="fingerprint",
    )


def original_known() -> Conflict:
    """The original has come meanwhile: nothing waits any more."""
    return Conflict(
        "reversal_not_parked",
        Words("这条冲正不在等待中。", "This reversal is not waiting."),
        remedy=Words("请刷新查看其办理情况。", "Look again at what became of it."),
        where="parked",
    )


def unknown_parked() -> NotFound:
    """None of this number in sight."""
    return NotFound(
        "parked_unknown",
        Words("没有这条待冲正，或不在您的范围内。", "No such waiting reversal in your scope."),
        where="parked",
    )
