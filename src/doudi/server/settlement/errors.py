"""Refusals of settlement: what is wrong, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from doudi.engine.refusals import Refused as EngineRefused
from doudi.money import Fen, format_yuan_en, format_yuan_zh
from doudi.server.kernel.errors import Conflict, NotFound, Refused
from doudi.words import Words


def by_the_law(refusal: EngineRefused) -> Refused:
    """What the engine refuses, in its own words."""
    where = refusal.path.removeprefix("bills[0].") if refusal.path else ""
    return Refused(refusal.code, refusal.what, remedy=refusal.mend, where=where)


def no_policy(region: int, day: date) -> Refused:
    """Nothing is in force where the person is insured."""
    county = f"{region // 1000:06d}"
    return Refused(
        "no_policy_in_force",
        Words(f"{day} 参保地 {county} 没有施行中的政策。", f"No policy is in force in {county} on {day}."),
        remedy=Words("请参保地县级审批人员先施行政策。", "The county's approver has to put one in force."),
        where="discharged_on",
    )


def policy_replaced(warning: Words) -> Conflict:
    """The installed file is not what was put in force: nothing is settled by it."""
    return Conflict("policy_replaced", warning)


def assumptions_open(open_: int, differing: int) -> Conflict:
    """The county has not confirmed what the policy assumes."""
    return Conflict(
        "assumptions_unconfirmed",
        Words(
            f"政策有 {open_} 处假定未经本县确认、{differing} 处本县认为不符，不能正式结算。",
            f"{open_} assumptions of the policy are unconfirmed and {differing} are said to differ: no live settlement.",
        ),
        remedy=Words(
            "请县级经办在“执行政策”中逐条确认；不符的由政策人员改正后重新施行。可以先试算。",
            "A county officer confirms them under Policies; what differs has to be amended. A trial is possible.",
        ),
    )


def day_in_future(field: str, day: date) -> Refused:
    """A service cannot end after today."""
    return Refused(
        "day_in_future",
        Words(f"日期 {day} 晚于今天。", f"{day} is after today."),
        remedy=Words("请核对日期；在院期间做中途结算，出院日期填结算当天。", "Check the date."),
        where=field,
    )


def days_reversed() -> Refused:
    """Discharge before admission."""
    return Refused(
        "days_reversed",
        Words("出院（就诊结束）日期早于入院日期。", "Discharge is before admission."),
        remedy=Words("请核对两个日期。", "Check both dates."),
        where="discharged_on",
    )


def parts_and_lines() -> Refused:
    """Both forms of a bill at once."""
    return Refused(
        "parts_and_lines",
        Words("费用明细和四项费用只能填一种。", "Give either fee lines or the four cost parts."),
        remedy=Words("有明细时不填四项费用，由目录算出。", "With lines, the catalogue gives the parts."),
        where="lines",
    )


def serial_taken(serial: str) -> Conflict:
    """P3: the same number with another content."""
    return Conflict(
        "serial_taken",
        Words(
            f"本机构的单据号 {serial} 已用于另一内容的结算。",
            f"Serial {serial} of this facility was used for a settlement with other content.",
        ),
        remedy=Words(
            "如是同一笔，请按原内容重发；如是另一笔，请换新的单据号。",
            "Send the same content again for the same bill; use a new serial for another one.",
        ),
        where="serial",
    )


def trial_differs(expected: Fen, now: Fen) -> Conflict:
    """Since the trial something has changed; the patient was told another amount."""
    return Conflict(
        "trial_differs",
        Words(
            f"试算后情况有变：患者应付从 {format_yuan_zh(expected)} 变为 {format_yuan_zh(now)}。",
            f"Since the trial the patient's share went from {format_yuan_en(expected)} to {format_yuan_en(now)}.",
        ),
        remedy=Words("请重新试算，向患者说明后再结算。", "Try again, tell the patient, then settle."),
        where="expected_patient_fen",
    )


def notices_unseen(notices: Iterable[Words]) -> Conflict:
    """What the clerk has to see first."""
    found = list(notices)
    return Conflict(
        "notices_unseen",
        Words("；".join(one.zh for one in found), "; ".join(one.en for one in found)),
        remedy=Words("核实后勾选“已核实”再结算。", "Check, mark them as seen, then settle."),
        where="seen",
    )


def stopped(words: Words, remedy: Words | None) -> Conflict:
    """A notice that stops."""
    return Conflict("settlement_stopped", words, remedy=remedy)


def unknown_settlement() -> NotFound:
    """None of this number in sight."""
    return NotFound(
        "settlement_unknown",
        Words("没有这笔结算，或不在您的范围内。", "No such settlement in your scope."),
        where="settlement",
    )


def slip_missing() -> Conflict:
    """A history that was loaded from another system."""
    return Conflict(
        "slip_missing",
        Words(
            "这笔结算由历史数据导入，没有本系统的结算单。",
            "It was loaded as history: this system made no slip for it.",
        ),
        remedy=Words("请向原经办系统索取结算单。", "Ask the system it came from."),
        where="settlement",
    )


def unknown_registration() -> NotFound:
    """None of this number in sight."""
    return NotFound(
        "registration_unknown",
        Words("没有这条就诊登记，或不在您的范围内。", "No such registration in your scope."),
        where="registration",
    )


def registration_closed(state: str) -> Conflict:
    """Nothing more is settled on it."""
    shown = {"discharged": ("已出院结清", "closed by its last bill"), "cancelled": ("已取消", "cancelled")}
    zh, en = shown.get(state, (state, state))
    return Conflict(
        "registration_closed",
        Words(f"这条就诊登记{zh}。", f"This registration is {en}."),
        remedy=Words("请核对登记；需要时先冲正原结算。", "Check it; reverse its settlement where needed."),
        where="registration",
    )


def registration_differs() -> Refused:
    """A bill of somebody else, or of another stay."""
    return Refused(
        "registration_differs",
        Words(
            "账单与就诊登记的人员、机构、就医方式或入院日期不一致。",
            "The bill does not fit its registration.",
        ),
        remedy=Words("请选择正确的登记，或先更正登记。", "Choose the right one, or correct it first."),
        where="registration",
    )


def registration_serial_taken(serial: str) -> Conflict:
    """The same number with another content."""
    return Conflict(
        "registration_serial_taken",
        Words(
            f"本机构的登记号 {serial} 已用于另一次就诊。",
            f"Number {serial} of this facility was used for another stay or visit.",
        ),
        remedy=Words("请核对登记号，或换一个新的。", "Check the number, or use a new one."),
        where="serial",
    )


def stay_open(since: date) -> Conflict:
    """One bed at a time."""
    return Conflict(
        "stay_open",
        Words(
            f"此人 {since} 起在本机构有未结清的住院登记，不能再登记一次住院。",
            f"An inpatient stay is open at this facility since {since}; a second one cannot be.",
        ),
        remedy=Words(
            "请在原登记上结算；登记有误的，先更正或取消原登记。",
            "Settle on that one; where it is wrong, amend or cancel it first.",
        ),
        where="care",
    )


def registration_settled(count: int) -> Conflict:
    """What was settled rests on it."""
    return Conflict(
        "registration_settled",
        Words(
            f"这条登记上已有 {count} 笔结算，不能取消，也不能改入院日期。",
            f"{count} bills were settled on it: it can neither be cancelled nor begin on another day.",
        ),
        remedy=Words("请先撤销这些结算。", "Reverse them first."),
        where="registration",
    )


def registration_held(count: int) -> Conflict:
    """A limit is reserved for it."""
    return Conflict(
        "registration_held",
        Words(f"这条登记上有 {count} 笔额度占用。", f"{count} holds stand on it."),
        remedy=Words("请先释放额度占用，再取消。", "Release them first, then cancel."),
        where="registration",
    )


def nothing_settled() -> Conflict:
    """A stay that ends without any bill is cancelled, not closed."""
    return Conflict(
        "nothing_settled",
        Words("这条登记上还没有结算，不能办理出院结清。", "Nothing was settled on it: it cannot be closed."),
        remedy=Words(
            "请先做出院结算；没有发生费用的，取消登记。",
            "Settle its last bill; where there is none, cancel it.",
        ),
        where="registration",
    )


def not_your_registration() -> Conflict:
    """Another facility's stay."""
    return Conflict(
        "not_your_registration",
        Words(
            "这是其他机构的就诊登记，本机构不能改动。",
            "It is another facility's: this one may not change it.",
        ),
        where="registration",
    )


def not_all_in_sight() -> Conflict:
    """Some bills of the person belong to another county."""
    return Conflict(
        "not_all_in_sight",
        Words(
            "此人有部分结算由其他统筹区支付，本岗位看不全，不能重算。",
            "Some of this person's bills were paid by another county; this post does not see all, and may not replay.",
        ),
        remedy=Words("请由上级（市或省）经办办理。", "An officer of the city or province has to do it."),
    )


def facility_missing() -> Refused:
    """A bill is of a hospital."""
    return Refused(
        "facility_missing",
        Words("没有说明是哪家医疗机构的账单。", "Whose bill is it? No facility is given."),
        remedy=Words("请选择医疗机构。", "Choose the facility."),
        where="facility",
    )
