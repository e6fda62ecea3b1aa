"""Refusals of filings."""

from __future__ import annotations

from datetime import date

from doudi.server.filings.kinds import KINDS, FilingKind
from doudi.server.kernel.errors import Conflict, Forbidden, NotFound, Refused
from doudi.words import Words, did_you_mean

FACTS: dict[str, Words] = {
    "target": Words("转往的医院或级别（二者选一）", "the hospital or the level it leads to (one of them)"),
    "target_facility": Words("选定的医疗机构", "the institution chosen"),
    "disease_code": Words("病种", "the disease"),
    "until_date": Words("截止日期", "the end"),
    "third_party_bp": Words("第三方责任比例（没有写0）", "the share of a liable third party (0 if none)"),
    "facility": Words("医院", "the hospital"),
    "reason": Words("理由", "the reason"),
}


def no_such_filing() -> NotFound:
    """The filing is not in the actor's scope, or nowhere."""
    return NotFound(
        "filing_not_found",
        Words("在您的范围内没有这条备案。", "There is no such filing in your scope."),
        remedy=Words("请从人员页面打开。", "Open it from the page of the person."),
        where="filing",
    )


def no_such_kind(kind: str) -> Refused:
    """The identifier names no kind."""
    return Refused(
        "filing_kind_unknown",
        Words(f"没有“{kind}”这种备案。", f"There is no filing “{kind}”."),
        remedy=did_you_mean(kind, list(KINDS)),
        where="kind",
    )


def fact_missing(kind: FilingKind, fact: str) -> Refused:
    """A fact that a filing of the kind must state."""
    words, missing = KINDS[kind].words, FACTS[fact]
    return Refused(
        "filing_fact_missing",
        Words(f"{words.zh}没有写{missing.zh}。", f"{words.en}: {missing.en} is missing."),
        remedy=Words("请填写后再提交。", "Fill it in."),
        where="target_facility" if fact == "target" else fact,
    )


def level_unknown(level: str, levels: tuple[str, ...]) -> Refused:
    """The level of a referral is none of the vocabulary."""
    return Refused(
        "level_unknown",
        Words(f"没有“{level}”这个机构层级。", f"There is no level “{level}”."),
        remedy=did_you_mean(level, list(levels)),
        where="target_level",
    )


def share_out_of_range() -> Refused:
    """A third party's share that is no share."""
    return Refused(
        "third_party_out_of_range",
        Words("第三方责任比例应在0%到100%之间。", "The share of a third party lies between 0 % and 100 %."),
        remedy=Words("请按责任认定书填写。", "State it as the finding of liability does."),
        where="third_party_bp",
    )


def not_by_facility(kind: FilingKind) -> Forbidden:
    """Only the county office files this kind."""
    words = KINDS[kind].words
    return Forbidden(
        "filing_by_county_only",
        Words(f"{words.zh}由县级经办机构办理。", f"{words.en}: only the county office files it."),
        remedy=Words("请把材料交给县级经办机构。", "Hand the papers to the county office."),
        where="kind",
    )


def not_your_facility() -> Forbidden:
    """A facility files and withdraws for itself only."""
    return Forbidden(
        "not_your_facility",
        Words("只能办理本机构的备案。", "A facility files and withdraws its own filings only."),
        remedy=Words(
            "请由原机构或县级经办机构办理。", "Ask the facility that filed it, or the county office."
        ),
        where="facility",
    )


def filed_already(kind: FilingKind, begins: date, ends: date | None) -> Conflict:
    """The same thing is filed for some day of the period."""
    words = KINDS[kind].words
    zh, en = (f"至 {ends} 前", f"until {ends}") if ends else ("，长期有效", "and open")
    return Conflict(
        "filed_already",
        Words(
            f"同样的{words.zh}已有一条（{begins} 起{zh}），期间重叠。",
            f"The same is filed already: {words.en} (from {begins} {en}); the periods overlap.",
        ),
        remedy=Words("请使用原有备案，或先撤销。", "Use the one that is there, or withdraw it first."),
        where="from_date",
    )


def not_valid() -> Conflict:
    """The version was replaced or withdrawn."""
    return Conflict(
        "filing_not_valid",
        Words("这条备案已撤销或已被更正。", "This filing was withdrawn or replaced."),
        remedy=Words("请刷新页面。", "Reload the page."),
        where="filing",
    )


def ends_before(until: date) -> Conflict:
    """The filing ends before the day asked for anyway."""
    return Conflict(
        "filing_ends_before",
        Words(f"这条备案到 {until} 为止。", f"This filing ends on {until} anyway."),
        remedy=Words("请核对日期。", "Check the date."),
        where="until_date",
    )
