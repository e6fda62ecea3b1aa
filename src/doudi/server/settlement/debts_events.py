"""What the trail calls the events of debts, and their doors where somebody was turned away."""

from __future__ import annotations

from doudi.words import Words

EVENTS = {
    "settlement.paid": Words("收了患者一笔款（{sum_fen} 分）", "took a payment of {sum_fen} fen"),
    "settlement.refunded": Words("退给患者一笔款（{sum_fen} 分）", "refunded {sum_fen} fen"),
    "settlement.payment_answered_again": Words("同一收款单号重发，按原收款回答", "answered a resent payment as before"),
    "settlement.deferred": Words("约定了 {instalments} 期付款（{sum_fen} 分）", "agreed on {instalments} parts"),
    "settlement.written_off": Words("核销了患者欠费（{sum_fen} 分）", "wrote off {sum_fen} fen"),
    "settlement.asked": Words("向县里提出了欠费申请（{kind}，{sum_fen} 分）", "asked the county ({kind}, {sum_fen} fen)"),
    "settlement.ask_declined": Words("未同意医院的欠费申请（{kind}）", "declined a hospital's request ({kind})"),
    "settlement.ask_withdrawn": Words("撤回了欠费申请（{kind}）", "withdrew a request ({kind})"),
    "settlement.case_paper_kept": Words("上传了一份个案材料", "stored a paper of a case"),
    "settlement.case_handled": Words("批准了个案处理（{sum_fen} 分，{fund}）", "approved a case of {sum_fen} fen"),
    "settlement.debt_relief_taken_back": Words("冲回了核销或个案冲抵（{sum_fen} 分）", "took back {sum_fen} fen"),
}  # fmt: skip
DOORS = {
    "settlement.pay": Words("收患者付款", "take a payment"),
    "settlement.refund": Words("给患者退款", "refund a patient"),
    "settlement.defer": Words("约定先诊疗后付费或分期", "agree on later payment"),
    "settlement.write_off": Words("核销患者欠费", "write a debt off"),
    "settlement.ask": Words("向县里申请核销或个案处理", "ask the county about a debt"),
    "settlement.decline_ask": Words("不同意医院的欠费申请", "decline a hospital's request"),
    "settlement.withdraw_ask": Words("撤回欠费申请", "withdraw a request"),
    "settlement.keep_case_paper": Words("上传个案材料", "store a paper of a case"),
    "settlement.handle_case": Words("个案处理", "handle a case"),
    "settlement.open_case_paper": Words("查看个案材料", "see a paper of a case"),
    "settlement.debts": Words("查看患者欠费", "see what patients owe"),
    "settlement.debt": Words("查看一笔欠费", "see a debt"),
    "settlement.debt_buckets": Words("查看欠费账龄", "see debts by age"),
    "settlement.export_debts": Words("导出患者欠费", "export debts"),
    "settlement.asks": Words("查看医院的欠费申请", "see hospitals' requests"),
    "settlement.cases": Words("查看个案处理", "see cases"),
    "settlement.case_sums": Words("查看个案合计", "see the sums of cases"),
    "settlement.export_cases": Words("导出个案处理", "export cases"),
    "settlement.case_limits": Words("查看个案限额", "see the limits of a case"),
    "settlement.prove_debts": Words("核对欠费与账簿", "prove debts against the books"),
}
