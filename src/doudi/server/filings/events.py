"""What the trail calls the events of filings, and its doors where somebody was turned away."""

from __future__ import annotations

from doudi.words import Words

EVENTS = {
    "filings.entered": Words(
        "登记了备案 {object_id}（{kind}），自 {from_date} 起", "filed {kind} from {from_date}"
    ),
    "filings.ended": Words("提前终止了备案 {object_id}（{kind}）", "ended a filing ({kind})"),
    "filings.withdrawn": Words("撤销了备案 {object_id}（{kind}）", "withdrew a filing ({kind})"),
}

DOORS = {
    "filings.file": Words("登记备案", "file something for a person"),
    "filings.withdraw": Words("撤销备案", "withdraw a filing"),
    "filings.file_late": Words("追溯登记备案", "file something late"),
    "filings.withdraw_late": Words("追溯撤销备案", "withdraw a filing late"),
    "filings.filings_on": Words("查看备案", "see a person's filings"),
    "filings.filings_of_many": Words("批量查看备案", "see the filings of many"),
    "filings.filing_history": Words("查看备案历史", "see a person's filings over time"),
    "filings.referral_for": Words("查看转诊备案", "see a referral"),
    "filings.filed": Words("查看备案名单", "list filings"),
    "filings.counts": Words("查看备案人数", "see how many have filings"),
    "filings.export": Words("导出备案名单", "export filings"),
}
