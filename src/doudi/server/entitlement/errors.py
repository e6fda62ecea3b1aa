"""Refusals of entitlement: what is wrong, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from doudi.server.kernel.errors import Conflict, NotFound, Refused
from doudi.words import Words


def policy_not_installed(policy: str, hint: Words) -> Refused:
    """No such policy in the library, or its file has errors."""
    return Refused(
        "policy_not_installed",
        Words(
            f"没有安装政策“{policy}”，或其文件有错误。",
            f"The policy “{policy}” is not installed or has errors.",
        ),
        remedy=hint,
        where="policy",
    )


def policy_is_template(policy: str) -> Refused:
    """A template settles no bill."""
    return Refused(
        "policy_is_template",
        Words(f"“{policy}”是模板，不能施行。", f"“{policy}” is a template and cannot be put in force."),
        remedy=Words("请选择以它为上级的政策。", "Choose a policy that extends it."),
        where="policy",
    )


def policy_elsewhere(policy: str, region: str) -> Refused:
    """The policy is made for another place."""
    return Refused(
        "policy_elsewhere",
        Words(
            f"“{policy}”适用于 {region}，不适用于本地区。",
            f"“{policy}” is made for {region}, not for this region.",
        ),
        remedy=Words("请选择本地区或上级地区的政策。", "Choose a policy of this region or of one above it."),
        where="policy",
    )


def region_not_county(region: int) -> Refused:
    """A policy holds for a county, a city or a province, inside the actor's scope."""
    return Refused(
        "region_not_yours",
        Words(
            f"{region:09d} 不是您辖区内的县、市或省。",
            f"{region:09d} is no county, city or province of yours.",
        ),
        remedy=Words("请选择您辖区内的地区。", "Choose a region of your own."),
        where="region",
    )


def dates_outside_policy(begins: date, ends: date | None) -> Refused:
    """The dates lie outside the policy's own time."""
    until = (f"，{ends} 前", f" and before {ends}") if ends is not None else ("", "")
    return Refused(
        "dates_outside_policy",
        Words(f"该政策自 {begins} 起{until[0]}有效。", f"The policy holds from {begins}{until[1]}."),
        remedy=Words("请把施行日期改到这段时间内。", "Choose dates within this time."),
        where="from_date",
    )


def dates_reversed() -> Refused:
    """The end is not after the beginning."""
    return Refused(
        "dates_reversed",
        Words("结束日期要晚于开始日期。", "The end must be after the beginning."),
        where="until_date",
    )


def policy_overlaps(policy: str, begins: date) -> Conflict:
    """Another policy holds for the same people on some of these days."""
    return Conflict(
        "policy_overlaps",
        Words(
            f"“{policy}”自 {begins} 起已在同一地区对同样的险种施行。",
            f"“{policy}” is in force here for the same schemes from {begins}.",
        ),
        remedy=Words("请先结束原政策。", "End that policy first."),
        where="from_date",
    )


def no_such_policy() -> NotFound:
    """No policy in force has this number in the actor's scope."""
    return NotFound(
        "policy_in_force_unknown",
        Words("在您的范围内没有这项施行中的政策。", "No such policy is in force in your scope."),
        where="in_force",
    )


def policy_already_ended(until: date) -> Conflict:
    """It ends already."""
    return Conflict(
        "policy_already_ended",
        Words(f"该政策已定于 {until} 结束。", f"The policy ends on {until} already."),
        where="in_force",
    )


def policy_changed(said: Words) -> Conflict:
    """Nothing can be confirmed of a file that was replaced."""
    return Conflict(
        "policy_changed",
        said,
        remedy=Words("请先重新施行。", "Put it in force anew first."),
        where="in_force",
    )


def assumption_unknown(path: str) -> NotFound:
    """The policy assumes nothing at this place."""
    return NotFound(
        "assumption_unknown",
        Words(f"该政策在 {path} 处没有假定。", f"The policy assumes nothing at {path}."),
        remedy=Words("请从假定清单中选择。", "Choose one from its list of assumptions."),
        where="path",
    )


def text_missing(words: Words, where: str) -> Refused:
    """A reason or note is needed."""
    return Refused(
        "text_missing",
        Words(f"没有填写{words.zh}。", f"{words.en} is missing."),
        remedy=Words("请填写后再提交。", "Fill it in."),
        where=where,
    )


def accumulator_unknown(name: str, known: Iterable[str]) -> Refused:
    """No policy in force counts this."""
    listed = "、".join(known)
    return Refused(
        "accumulator_unknown",
        Words(f"本地施行的政策没有累计项目“{name}”。", f"No policy in force here counts “{name}”."),
        remedy=Words(f"可以填：{listed}。", f"It can be: {listed}.") if listed else None,
        where="accumulator",
    )


def period_wrong(period: str, example: str) -> Refused:
    """The period is not one that the accumulator has."""
    return Refused(
        "period_wrong",
        Words(f"期间“{period}”写法不对。", f"“{period}” is no period of this."),
        remedy=Words(f"请写成 {example}。", f"Write it as {example}."),
        where="period",
    )


def amount_wrong() -> Refused:
    """Negative, or beyond what an accumulator holds."""
    return Refused(
        "amount_wrong",
        Words(
            "已用金额不能为负数，也不能超过上限。", "What was used cannot be negative or beyond the limit."
        ),
        where="used_fen",
    )


def household_missing() -> Refused:
    """The balance belongs to a household and the person is in none."""
    return Refused(
        "household_missing",
        Words(
            "该项按家庭累计，此人未登记家庭。", "This is counted for a household, and the person is in none."
        ),
        remedy=Words("请先登记其家庭。", "Enter the household first."),
        where="person",
    )
