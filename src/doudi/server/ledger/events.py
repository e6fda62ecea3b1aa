"""What the trail calls the events of the ledger, and its doors where somebody was turned away."""

from __future__ import annotations

from doudi.server.audit.api import register_words
from doudi.words import Words

EVENTS = {
    "ledger.float_deposited": Words("登记了周转金拨入（{fund}）", "recorded a deposit to a float ({fund})"),
    "ledger.float_returned": Words("登记了周转金退回（{fund}）", "recorded a return from a float ({fund})"),
    "ledger.float_level_set": Words("设定了周转金约定金额（{fund}）", "set the levels of a float ({fund})"),
    "ledger.period_opened": Words("启用了账套，自 {month} 起", "began the books with {month}"),
    "ledger.period_closed": Words("办理了 {month} 结账", "closed {month}"),
    "ledger.days_summed": Words(
        "汇总了每日发生额（{lines} 行）", "summed the journal by day ({lines} lines)"
    ),
    "ledger.proved": Words("核对了账簿（{entries} 张凭证）", "proved the books ({entries} entries)"),
    "ledger.proof_failed": Words("发现账簿不符（{found} 处）", "found books that do not agree ({found})"),
}
DOORS = {
    "ledger.deposit_float": Words("登记周转金拨入", "record a deposit to a float"),
    "ledger.return_float": Words("登记周转金退回", "record a return from a float"),
    "ledger.set_float_level": Words("设定周转金约定金额", "set the levels of a float"),
    "ledger.open_period": Words("启用账套", "begin the books"),
    "ledger.close_period": Words("办理月度结账", "close a month"),
    "ledger.sum_days": Words("汇总每日发生额", "sum the journal by day"),
    "ledger.prove": Words("核对账簿", "prove the books"),
    "ledger.floats": Words("查看周转金", "see the floats"),
    "ledger.float_movements": Words("查看周转金收付", "see movements of floats"),
    "ledger.periods": Words("查看会计期间", "see the periods"),
    "ledger.counties": Words("查看哪些县有账", "see which counties have books"),
    "ledger.trial_balance": Words("查看试算平衡表", "see the trial balance"),
    "ledger.account_lines": Words("查看账户明细", "see the lines of an account"),
    "ledger.entry": Words("查看记账凭证", "see an entry"),
    "ledger.entries_of": Words("查看业务的记账凭证", "see what was posted for something"),
    "ledger.owed_here": Words("查看本机构应收款", "see what is owed to one's own facility"),
    "ledger.owed_to": Words("查看应付医疗机构款", "see what is owed to a facility"),
}


def register() -> None:
    """Called when the app is ready."""
    register_words(EVENTS)
    register_words(DOORS)
