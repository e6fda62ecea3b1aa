"""The columns of a list of enrolments, and what lists call a status."""

from __future__ import annotations

from collections.abc import Mapping

from doudi.server.enrolment.schemes import STATUS_WORDS, Status
from doudi.server.imports.api import Column
from doudi.server.recognition.api import NAME, NUMBER
from doudi.words import Words

COLUMNS = (
    NUMBER,
    NAME,
    Column("scheme", Words("险种", "Scheme"), ("险种类型", "参保险种", "保险类型", "参保类型")),
    Column("year", Words("参保年度", "Year"), ("年度", "缴费年度", "参保年份"), form="year"),
    Column(
        "status",
        Words("参保状态", "Status"),
        ("缴费状态", "人员参保状态", "是否缴费", "是否参保", "缴费情况"),
    ),
    Column("tier", Words("缴费档次", "Tier"), ("档次", "缴费档")),
    Column(
        "premium_fen",
        Words("应缴金额", "Premium"),
        ("缴费标准", "个人缴费标准", "缴费金额", "参保费", "保费", "参合费"),
        form="money",
    ),
    Column(
        "subsidy_fen",
        Words("资助金额", "Subsidy"),
        ("补助金额", "资助参保金额", "政府资助", "减免金额"),
        form="money",
    ),
    Column(
        "subsidy_source", Words("资助部门", "Subsidised by"), ("资助单位", "资助来源", "资金来源"), longest=60
    ),
    Column("paid_on", Words("缴费日期", "Paid on"), ("缴费时间", "到账日期"), form="date"),
    Column(
        "from_date",
        Words("待遇开始日期", "From"),
        ("参保日期", "个人参保日期", "享受待遇开始时间"),
        form="date",
    ),
    Column("last_day", Words("待遇截止日期", "Last day"), ("待遇结束日期", "享受待遇结束时间"), form="date"),
)

STATUS_NAMES: Mapping[str, Status] = {
    **{words.zh: status for status, words in STATUS_WORDS.items()},
    **{words.en: status for status, words in STATUS_WORDS.items()},
    **{status: status for status in STATUS_WORDS},
    # 人员参保状态 (psn_insu_stas) of the national interface
    "0": "unpaid",
    "1": "insured",
    "2": "lapsed",
    "4": "lapsed",
    "未参保": "unpaid",
    "暂停参保": "lapsed",
    "终止参保": "lapsed",
    "已参保": "insured",
    "参保": "insured",
    "已缴费": "insured",
    "已缴": "insured",
    "是": "insured",
    "未缴": "unpaid",
    "欠费": "unpaid",
    "否": "unpaid",
    "停保": "lapsed",
    "退费": "refunded",
}
