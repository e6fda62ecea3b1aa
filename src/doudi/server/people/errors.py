"""Refusals of the vault. None repeats a personal value; none tells where somebody is outside the asker's scope."""

from __future__ import annotations

from doudi.server.kernel.errors import Conflict, Forbidden, NotFound, Refused
from doudi.words import Words


def person_unknown() -> NotFound:
    """No such person in the asker's scope, whether or not elsewhere."""
    return NotFound(
        "person_unknown",
        Words("您的辖区内没有此人。", "There is no such person in your area."),
        remedy=Words("请核对后重试。", "Check and try again."),
        where="person",
    )


def household_unknown() -> NotFound:
    """No such household in scope."""
    return NotFound(
        "household_unknown",
        Words("您的辖区内没有这一户。", "There is no such household in your area."),
        where="household",
    )


def region_out_of_scope() -> Forbidden:
    """The place is not in the actor's scope."""
    return Forbidden(
        "region_out_of_scope",
        Words("该地区不在您的管辖范围内。", "This place is outside your area."),
        remedy=Words(
            "请选择辖区内的乡镇；跨县迁移由上级经办办理。",
            "Choose a township of your area; a move to another county is done by the level above.",
        ),
        where="region",
    )


def name_missing() -> Refused:
    """No name."""
    return Refused("name_missing", Words("没有填写姓名。", "The name is missing."), where="name")


def name_too_long() -> Refused:
    """Longer than any name."""
    return Refused("name_too_long", Words("姓名超过 80 个字。", "The name is longer than 80."), where="name")


def name_strange() -> Refused:
    """Digits or signs in a name."""
    return Refused(
        "name_strange",
        Words("姓名中含有数字或符号。", "The name holds digits or signs."),
        remedy=Words("请对照证件录入姓名。", "Type the name as in the document."),
        where="name",
    )


def phone_wrong() -> Refused:
    """Neither a mobile nor a landline number."""
    return Refused(
        "phone_wrong",
        Words("电话号码不完整：手机 11 位，固定电话加区号。", "The phone number is not whole."),
        remedy=Words("请核对，或留空。", "Check it, or leave it empty."),
        where="phone",
    )


def card_wrong() -> Refused:
    """No account number, or a mistyped one."""
    return Refused(
        "card_wrong",
        Words(
            "银行账号不正确：位数不对或校验不符。", "The account number is wrong: its length or its check."
        ),
        remedy=Words("请对照存折或卡片重新录入。", "Type it again from the book or card."),
        where="card",
    )


def sex_missing() -> Refused:
    """Neither given nor told by a number."""
    return Refused("sex_missing", Words("没有填写性别。", "The sex is missing."), where="sex")


def birth_date_missing() -> Refused:
    """Neither given nor told by a number."""
    return Refused(
        "birth_date_missing",
        Words("没有填写出生日期。", "The date of birth is missing."),
        where="birth_date",
    )


def birth_date_wrong() -> Refused:
    """In the future, or impossibly old."""
    return Refused(
        "birth_date_wrong",
        Words("出生日期不合理：晚于今天或过早。", "The date of birth is in the future, or too early."),
        where="birth_date",
    )


def birth_date_disagrees() -> Refused:
    """The ID says another date."""
    return Refused(
        "birth_date_disagrees",
        Words("出生日期与身份证号不一致。", "The date of birth is not the one in the ID."),
        remedy=Words("请核对身份证号与出生日期。", "Compare the ID and the date."),
        where="birth_date",
    )


def sex_disagrees() -> Refused:
    """The ID says the other sex."""
    return Refused(
        "sex_disagrees",
        Words("性别与身份证号不一致。", "The sex is not the one in the ID."),
        remedy=Words("请核对身份证号与性别。", "Compare the ID and the sex."),
        where="sex",
    )


def guardian_needed() -> Refused:
    """Somebody without a number is known by guardian and birth order."""
    return Refused(
        "guardian_needed",
        Words(
            "暂无证件的人员须填写监护人和出生次序（双胞胎分别为 1、2）。",
            "Somebody without a document needs a guardian and a birth order (twins: 1 and 2).",
        ),
        remedy=Words(
            "新生儿也可用出生医学证明编号登记。",
            "A newborn can also be registered with the number of the birth certificate.",
        ),
        where="guardian",
    )


def child_taken() -> Conflict:
    """The guardian already has a child of this birth order without a number."""
    return Conflict(
        "child_taken",
        Words(
            "该监护人名下已有同一出生次序、暂无证件的孩子。",
            "This guardian already has a child of this birth order without a document.",
        ),
        remedy=Words("双胞胎请填写不同的出生次序。", "Give twins different birth orders."),
        where="birth_order",
    )


def number_taken_here(person: int) -> Conflict:
    """The number belongs to somebody in scope; `where` is that person."""
    return Conflict(
        "number_taken_here",
        Words("该证件号码已登记在辖区内另一人名下。", "The number is registered for somebody in your area."),
        remedy=Words(
            "请打开该人员核对；若是同一人，请更正或合并。",
            "Open that person; if it is the same person, correct or merge.",
        ),
        where=f"person:{person}",
    )


def number_taken_elsewhere() -> Conflict:
    """The number belongs to somebody outside the asker's scope. Never says where."""
    return Conflict(
        "number_taken_elsewhere",
        Words(
            "该证件号码不能在此登记：已有登记。",
            "The number cannot be registered here: it is registered already.",
        ),
        remedy=Words(
            "请核对号码；若本人已迁入，请由上级经办办理迁移，不要重复登记。",
            "Check the number; if the person has moved here, ask the level above to move the record.",
        ),
        where="number",
    )


def reason_needed() -> Refused:
    """Changes of identity give a reason."""
    return Refused(
        "reason_needed",
        Words("请写明理由（至少 2 个字）。", "Give a reason."),
        where="reason",
    )


def purpose_needed() -> Refused:
    """Unmasking gives a purpose."""
    return Refused(
        "purpose_needed",
        Words("查看完整信息须写明用途（至少 2 个字）。", "To see it whole, say for what purpose."),
        where="purpose",
    )


def trail_late() -> Conflict:
    """The sealing of the trail is far behind: what leaves the vault whole waits for it."""
    return Conflict(
        "trail_late",
        Words(
            "审计日志封存滞后，暂停查看完整信息和导出。",
            "The trail is not sealed in time: unmasking and exports wait.",
        ),
        remedy=Words("请联系系统管理员检查后台任务。", "Ask the system administrator to look at the worker."),
    )


def nothing_to_unmask(field: str) -> Refused:
    """The person has no such value."""
    return Refused(
        "nothing_to_unmask", Words("此人没有登记该项信息。", "Nothing is recorded here."), where=field
    )


def already_merged() -> Conflict:
    """One of the two is merged into somebody already."""
    return Conflict(
        "already_merged",
        Words("其中一人已并入他人。", "One of the two is already merged into somebody."),
        remedy=Words("请打开并入后的人员再操作。", "Open the person it was merged into."),
        where="person",
    )


def not_merged() -> Conflict:
    """Nothing to split."""
    return Conflict("not_merged", Words("此人没有并入他人。", "This person is not merged."), where="person")


def merge_with_oneself() -> Refused:
    """Twice the same person."""
    return Refused("merge_with_oneself", Words("不能与自己合并。", "A person cannot be merged with itself."))


def merge_across_counties() -> Refused:
    """The two belong to two counties."""
    return Refused(
        "merge_across_counties",
        Words("两人不在同一县区，不能合并。", "The two belong to two counties and cannot be merged."),
        remedy=Words("请先办理迁移。", "Move one of them first."),
    )


def merge_of_two_numbers() -> Refused:
    """Two valid and different IDs are two people, until somebody says otherwise."""
    return Refused(
        "merge_of_two_numbers",
        Words(
            "两人的身份证号都有效且不同，一般是两个人。",
            "Both have valid and different IDs: most likely two people.",
        ),
        remedy=Words(
            "确为同一人（如换号）时，请勾选“号码不同，确认为同一人”。",
            "If it is one person whose number was changed, tick “different numbers, the same person”.",
        ),
        where="numbers_differ",
    )


def member_elsewhere() -> Conflict:
    """The person is in another household now."""
    return Conflict(
        "member_elsewhere",
        Words("此人现属另一户。", "This person belongs to another household now."),
        remedy=Words("请先办理退出原户。", "Let them leave it first."),
        where="person",
    )


def not_a_member() -> Conflict:
    """The person is in no household now."""
    return Conflict(
        "not_a_member", Words("此人现不属于任何一户。", "This person is in no household now."), where="person"
    )


def head_taken() -> Conflict:
    """The household has a head."""
    return Conflict(
        "head_taken", Words("这一户已有户主。", "This household has a head already."), where="relation"
    )


def relation_unknown() -> Refused:
    """No such code."""
    return Refused(
        "relation_unknown",
        Words("没有这种与户主的关系（GB/T 4761）。", "There is no such relation to the head (GB/T 4761)."),
        where="relation",
    )


def ethnicity_unknown() -> Refused:
    """No such people of GB/T 3304."""
    return Refused(
        "ethnicity_unknown",
        Words("没有这个民族（GB/T 3304）。", "No such ethnicity (GB/T 3304)."),
        where="ethnicity",
    )


def household_taken() -> Conflict:
    """The number is another household's."""
    return Conflict(
        "household_taken",
        Words("该户编号在本乡镇已有登记。", "The household number is taken in this township."),
        where="number",
    )


def dates_out_of_order(where: str) -> Refused:
    """An end before its beginning, or a date in the future."""
    return Refused(
        "dates_out_of_order",
        Words("日期先后不对，或晚于今天。", "The dates are out of order, or in the future."),
        where=where,
    )


def number_or_card() -> Refused:
    """Exactly one of the two is asked for."""
    return Refused(
        "number_or_card",
        Words("请输入完整证件号码或卡号，二者选一。", "Enter the whole number or the card, one of the two."),
        where="number",
    )
