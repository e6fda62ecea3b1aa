"""Refusals about debts: what is wrong, and what to do."""

from __future__ import annotations

from datetime import date

from doudi.money import Fen, format_yuan_en, format_yuan_zh
from doudi.server.kernel.errors import Conflict, NotFound, Refused
from doudi.words import Words


def unknown_debt() -> NotFound:
    """None in sight, or the patient never owed anything of it."""
    return NotFound(
        "debt_unknown",
        Words(
            "没有这笔欠费，或不在您的范围内。",
            "There is no such debt in your scope, or nothing was ever owed.",
        ),
        where="settlement",
    )


def not_your_debt() -> Conflict:
    """Another facility's patient."""
    return Conflict(
        "debt_elsewhere",
        Words("这是其他机构的欠费，本机构不能办理。", "It is owed to another facility."),
        remedy=Words("请到原结算机构办理。", "The facility that settled has to do it."),
        where="settlement",
    )


def nothing_open() -> Conflict:
    """It is settled."""
    return Conflict(
        "debt_settled",
        Words("这笔结算患者已不欠费。", "Nothing is owed of it any more."),
        where="settlement",
    )


def sum_not_positive() -> Refused:
    """Nothing, or less."""
    return Refused(
        "sum_not_positive", Words("金额应大于零。", "The sum must be above zero."), where="sum_fen"
    )


def more_than_open(open_fen: Fen) -> Conflict:
    """More than is owed."""
    return Conflict(
        "more_than_owed",
        Words(
            f"超过尚欠金额，现在只欠 {format_yuan_zh(open_fen)}。",
            f"Only {format_yuan_en(open_fen)} is owed.",
        ),
        remedy=Words("请按尚欠金额办理。", "Enter at most that."),
        where="sum_fen",
    )


def more_than_paid(paid_fen: Fen) -> Conflict:
    """More than came in."""
    return Conflict(
        "more_than_paid",
        Words(
            f"超过患者已付金额，患者共付 {format_yuan_zh(paid_fen)}。",
            f"The patient has paid {format_yuan_en(paid_fen)} only.",
        ),
        remedy=Words("请按已付金额以内办理。", "Enter at most that."),
        where="sum_fen",
    )


def payment_serial_taken(serial: str) -> Conflict:
    """P3: the same number with another content."""
    return Conflict(
        "payment_serial_taken",
        Words(
            f"本机构的收款单号 {serial} 已用于另一笔收退款。",
            f"Receipt number {serial} of this facility was used for another payment.",
        ),
        remedy=Words(
            "如是同一笔，请按原内容重发；如是另一笔，请换新的单号。",
            "Send the same content again for the same payment; use a new number for another one.",
        ),
        where="serial",
    )


def not_entitled(parts: bool) -> Conflict:
    """The policy gives no such right for this bill."""
    zh, en = ("分期付款", "payment by instalments") if parts else ("先诊疗后付费", "payment later")
    return Conflict(
        "not_entitled_to_defer",
        Words(f"按执行政策，这笔结算没有{zh}的待遇。", f"The policy gives no right to {en} for this bill."),
        remedy=Words(
            "确因家庭困难、医院自愿垫付的，请勾选“医院自行同意”并写明理由。",
            "Where the hospital itself agrees, tick that it does and say why.",
        ),
        where="hospital_agrees",
    )


def parts_differ(parts: Fen, open_fen: Fen) -> Refused:
    """Instalments must be the debt."""
    return Refused(
        "instalments_differ",
        Words(
            f"各期合计 {format_yuan_zh(parts)}，尚欠 {format_yuan_zh(open_fen)}，两者应相等。",
            f"The parts sum to {format_yuan_en(parts)}, owed is {format_yuan_en(open_fen)}.",
        ),
        remedy=Words("请调整各期金额。", "Change the parts."),
        where="instalments",
    )


def parts_wrong(most: int) -> Refused:
    """None, too many, or one of nothing."""
    return Refused(
        "instalments_wrong",
        Words(
            f"请约定 1 到 {most} 期，每期金额大于零、按日期先后排列。",
            f"Agree on 1 to {most} parts above zero, in the order of their days.",
        ),
        where="instalments",
    )


def due_wrong(today: date, last: date) -> Refused:
    """A day that is over, or too far."""
    return Refused(
        "due_day_wrong",
        Words(f"付款日期应在 {today} 到 {last} 之间。", f"Parts must be due between {today} and {last}."),
        where="due_on",
    )


def write_off_too_large(most: Fen) -> Conflict:
    """Beyond what a county decides."""
    return Conflict(
        "write_off_too_large",
        Words(
            f"一笔结算核销不超过 {format_yuan_zh(most)}。",
            f"At most {format_yuan_en(most)} of one bill is written off here.",
        ),
        remedy=Words(
            "超出部分请由医院主管部门决定，或作个案处理。",
            "Its owner decides on more, or handle it as a case.",
        ),
        where="sum_fen",
    )


def case_not_awaited(payer: str) -> Refused:
    """No such payer awaits a decision for this bill."""
    return Refused(
        "case_payer_unknown",
        Words(
            f"这笔结算的政策没有待审批的支付方“{payer}”。",
            f"No payer “{payer}” of the policy awaits a decision for this bill.",
        ),
        remedy=Words("请从列表中选择支付方或基金。", "Choose a payer or a fund of the list."),
        where="payer",
    )


def case_fund_unknown(fund: str) -> Refused:
    """No such fund here."""
    return Refused(
        "case_fund_unknown",
        Words(f"本县没有基金“{fund}”。", f"The county has no fund “{fund}”."),
        remedy=Words("请从列表中选择基金。", "Choose a fund of the list."),
        where="fund",
    )


def case_over_limit(left: Fen) -> Conflict:
    """More than the limit leaves."""
    return Conflict(
        "case_over_limit",
        Words(
            f"超过本年度可批金额，还可批 {format_yuan_zh(left)}。",
            f"The limit of the year leaves {format_yuan_en(left)}.",
        ),
        remedy=Words("请减少金额，或改用其他基金。", "Lower the sum, or use another fund."),
        where="sum_fen",
    )


def policy_differs() -> Conflict:
    """The policy of the decision is not installed as it was: its limit cannot be asked."""
    return Conflict(
        "case_policy_differs",
        Words(
            "本机安装的政策与结算时不同，无法核对个案限额。",
            "The installed policy is not the one of the decision; its limit cannot be checked.",
        ),
        remedy=Words(
            "请政策人员恢复原政策文件，或从政策之外的基金办理。", "Restore it, or use another fund."
        ),
        where="payer",
    )


def papers_wrong(most: int) -> Refused:
    """A case without papers, or with those of something else."""
    return Refused(
        "case_papers_wrong",
        Words(f"请附 1 到 {most} 份本县的个案材料。", f"Attach 1 to {most} papers of a case of this county."),
        where="papers",
    )


def paper_wrong(megabytes: int) -> Refused:
    """Not a file that can be kept."""
    return Refused(
        "case_paper_wrong",
        Words(
            f"材料应为 PDF、JPG 或 PNG 文件，不超过 {megabytes} MB。",
            f"A paper is a PDF, JPG or PNG of at most {megabytes} MB.",
        ),
        where="paper",
    )


def refund_first(paid_fen: Fen, given_fen: Fen) -> Conflict:
    """A bill whose money has moved is not reversed over the patient's head."""
    zh, en = [], []
    if paid_fen:
        zh.append(f"患者已付 {format_yuan_zh(paid_fen)}")
        en.append(f"the patient has paid {format_yuan_en(paid_fen)}")
    if given_fen:
        zh.append(f"个案款已发给患者 {format_yuan_zh(given_fen)}")
        en.append(f"aid of {format_yuan_en(given_fen)} was handed to the patient")
    return Conflict(
        "refund_first",
        Words(f"{'，'.join(zh)}，不能撤销这笔结算。", f"It cannot be reversed: {', '.join(en)}."),
        remedy=Words("请先退款（收回）上述金额，再撤销。", "Refund (or recover) that first, then reverse."),
        where="settlement",
    )


def unknown_ask() -> NotFound:
    """Not there, or decided."""
    return NotFound(
        "ask_unknown",
        Words("没有这条申请，或已处理。", "There is no such request, or it was dealt with."),
        where="ask",
    )


def asked_already() -> Conflict:
    """One at a time."""
    return Conflict(
        "asked_already",
        Words("这笔结算已有同类申请在等县里处理。", "A request of this kind is waiting for the county."),
        remedy=Words("请等待答复，或先撤回。", "Wait for its answer, or withdraw it."),
        where="settlement",
    )
