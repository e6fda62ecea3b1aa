"""What the trail calls reversals and settling again, and their doors where somebody was turned away."""

from __future__ import annotations

from doudi.words import Words

REVERSAL_EVENTS = {
    "settlement.reversed": Words("冲正了一笔结算", "reversed a settlement"),
    "settlement.replaced": Words(
        "重算了一笔结算（患者 {patient_fen} 分，各方 {paid_fen} 分）",
        "settled a bill again (patient {patient_fen} fen, payers {paid_fen} fen)",
    ),
    "settlement.reversal_parked": Words("登记了先于原结算到达的冲正", "parked a reversal that came first"),
    "settlement.parked_withdrawn": Words("撤回了待冲正", "withdrew a parked reversal"),
    "settlement.reversal_waits": Words(
        "提醒：一条冲正已等待原结算 {days} 天",
        "gives notice: a reversal has waited for its original for {days} days",
    ),
    "settlement.proved": Words("核对了结算与账簿（{bills} 笔）", "proved settlements against the books ({bills} bills)"),
    "settlement.proof_failed": Words("结算与账簿不符，请核查", "settlements and books do not agree: look into it"),
    "settlement.parked_told": Words(
        "查看了待冲正（超时 {waiting} 条）", "looked at parked reversals ({waiting} overdue)"
    ),
    "settlement.readjudicated": Words("重新结算了此人的 {bills} 笔", "settled {bills} bills of the person again"),
    "settlement.looked_for_stale": Words(
        "检查了 {looked} 人的结算，{stale} 人需要重新结算",
        "looked at the bills of {looked} persons; {stale} would be settled otherwise",
    ),
}  # fmt: skip

REVERSAL_DOORS = {
    "settlement.reverse": Words("冲正", "reverse a settlement"),
    "settlement.reverse_by_serial": Words("按原单据号冲正", "reverse by the original's serial"),
    "settlement.withdraw_parked": Words("撤回待冲正", "withdraw a parked reversal"),
    "settlement.prove": Words("核对结算与账簿", "prove settlements against the books"),
    "settlement.tell_parked": Words("提醒待冲正", "tell of parked reversals"),
    "settlement.reversal_preview": Words("预览冲正", "preview a reversal"),
    "settlement.parked": Words("查看待冲正", "see parked reversals"),
    "settlement.readjudication_preview": Words("预览重新结算", "preview settling again"),
    "settlement.readjudicate": Words("重新结算", "settle a person's bills again"),
    "settlement.submitted": Words("查看账单原内容", "see a bill as submitted"),
    "settlement.look_for_stale": Words("检查需重新结算的人员", "look for bills to be settled again"),
    "settlement.stale": Words("查看需重新结算的人员", "see whose bills would be settled otherwise"),
}
