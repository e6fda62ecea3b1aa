"""What the trail calls the events of settlement, and its doors where somebody was turned away."""

from __future__ import annotations

from doudi.words import Words

EVENTS = {
    "settlement.settled": Words(
        "结算了一笔（{total_fen} 分，患者 {patient_fen} 分）",
        "settled a bill of {total_fen} fen, {patient_fen} of it the patient's",
    ),
    "settlement.answered_again": Words("同一单据号重发，按原结算回答", "answered a resent bill as before"),
    "settlement.registered": Words(
        "登记了就诊（{care}），{admitted_on} 起", "registered a stay or visit ({care}) from {admitted_on}"
    ),
    "settlement.registration_answered_again": Words(
        "同一登记号重发，按原登记回答", "answered a resent registration as before"
    ),
    "settlement.registration_amended": Words("更正了就诊登记（{changed}）", "amended a registration ({changed})"),
    "settlement.registration_cancelled": Words("取消了就诊登记", "cancelled a registration"),
    "settlement.registration_closed": Words("办理了出院结清", "closed a registration"),
    "settlement.held": Words("占用额度 {fen} 分（{name}，至 {until}）", "held {fen} fen of {name} until {until}"),
    "settlement.hold_answered_again": Words("同一占用单号重发，按原占用回答", "answered a resent hold as before"),
    "settlement.hold_released": Words("释放了额度占用（{name}，{fen} 分）", "released a hold ({name}, {fen} fen)"),
    "settlement.hold_expired": Words("额度占用到期释放（{name}，{fen} 分）", "a hold ran out ({name}, {fen} fen)"),
    "settlement.look_asked": Words("要求查找需重新结算的人员", "asked to look for bills that come out otherwise"),
    "settlement.holds_expired": Words("释放到期额度占用 {holds} 笔", "released {holds} holds that ran out"),
}  # fmt: skip

DOORS = {
    "settlement.trial": Words("试算", "try a bill"),
    "settlement.settle": Words("结算", "settle a bill"),
    "settlement.register": Words("就诊登记", "register a stay or visit"),
    "settlement.amend_registration": Words("更正就诊登记", "amend a registration"),
    "settlement.cancel_registration": Words("取消就诊登记", "cancel a registration"),
    "settlement.discharge": Words("办理出院结清", "close a registration after its last bill"),
    "settlement.settlement": Words("查看结算", "see a settlement"),
    "settlement.slip": Words("打印结算单", "print a slip"),
    "settlement.registrations": Words("查看本机构就诊登记", "list the facility's registrations"),
    "settlement.registrations_of": Words("查看此人就诊登记", "see a person's registrations"),
    "settlement.hold": Words("占用额度", "hold a part of a limit"),
    "settlement.release_hold": Words("释放额度占用", "release a hold"),
    "settlement.expire_holds": Words("释放到期额度占用", "release holds that ran out"),
    "settlement.holds": Words("查看额度占用", "list holds"),
    "settlement.limit_rooms": Words("查看可占用额度", "see what can be held"),
    "settlement.ask_look": Words("查找需重新结算的人员", "look for bills that come out otherwise"),
    "settlement.history": Words("查看结算各版本", "see the versions of a settlement"),
    "settlement.verify": Words("核验一笔结算", "verify a settlement"),
    "settlement.settlements": Words("查看结算清单", "list settlements"),
    "settlement.sums": Words("查看结算合计", "add up settlements"),
    "settlement.export": Words("导出结算清单", "export settlements"),
}
