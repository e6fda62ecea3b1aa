"""Refusals of reference."""

from __future__ import annotations

from datetime import date

from doudi.server.kernel.errors import Conflict, Forbidden, NotFound, Refused
from doudi.words import Words


def unknown_region(code: int, day: date) -> NotFound:
    """No division had this code on the day."""
    return NotFound(
        "region_unknown",
        Words(f"{day}没有代码为{code}的行政区划。", f"On {day} no division had the code {code}."),
        remedy=Words("请核对代码和日期。", "Check the code and the date."),
        where="code",
    )


def unknown_facility() -> NotFound:
    """There is no such facility."""
    return NotFound(
        "facility_unknown",
        Words("没有这家医药机构。", "There is no such facility."),
        remedy=Words("请按国家编码查找。", "Look it up by its national code."),
        where="facility",
    )


def facility_code_wrong(code: str) -> Refused:
    """Not the shape of a national facility code."""
    return Refused(
        "facility_code_wrong",
        Words(f"机构编码“{code}”不合规定。", f"The facility code “{code}” is not well formed."),
        remedy=Words(
            "编码为H（医疗机构）或P（零售药店）加6位区划代码加5位顺序号。",
            "It is H (hospital) or P (pharmacy), 6 digits of the area and 5 of the serial number.",
        ),
        where="code",
    )


def facility_exists(code: str) -> Conflict:
    """The code is taken."""
    return Conflict(
        "facility_exists",
        Words(f"编码{code}已有机构。", f"There is already a facility with the code {code}."),
        remedy=Words("请在原有机构上变更。", "Change the facility that is there."),
        where="code",
    )


def region_out_of_scope() -> Forbidden:
    """The place is outside the actor's region."""
    return Forbidden(
        "region_out_of_scope",
        Words("该地区不在您的辖区内。", "That place is outside your region."),
        remedy=Words("请由当地经办机构办理。", "The office of that place can do it."),
        where="region",
    )


def value_unknown(where: str, value: str, known: tuple[str, ...]) -> Refused:
    """A value outside its list."""
    return Refused(
        "value_unknown",
        Words(f"“{value}”不是可用的取值。", f"“{value}” is not one of the possible values."),
        remedy=Words(f"可用：{'、'.join(known)}。", f"Possible: {', '.join(known)}."),
        where=where,
    )


def dates_reversed() -> Refused:
    """It would end before it begins, or end on the day it begins."""
    return Refused(
        "dates_reversed",
        Words("结束日期须晚于开始日期。", "It must end after it begins."),
        remedy=Words("结束日期当天不再有效。", "The day of the end is no longer part of it."),
        where="until_date",
    )


def overlapping(what: Words) -> Conflict:
    """The same thing already holds at that time."""
    return Conflict(
        "time_overlaps",
        Words(f"{what.zh}与已有记录的有效期重叠。", f"{what.en}: an entry for that time exists already."),
        remedy=Words(
            "请先终止原记录，再从终止之日起登记。", "End the old entry first, and begin on the day it ends."
        ),
        where="from_date",
    )


def not_in_force(what: Words) -> Conflict:
    """There is nothing to end."""
    return Conflict(
        "nothing_to_end",
        Words(f"{what.zh}在该日没有生效的记录。", f"{what.en}: nothing is in force on that day."),
        remedy=Words("请核对日期。", "Check the date."),
        where="on",
    )


def later_entries(what: Words) -> Conflict:
    """Ending it now would leave entries after the end."""
    return Conflict(
        "later_entries",
        Words(f"{what.zh}在该日之后还有记录。", f"{what.en}: there are entries after that day."),
        remedy=Words("请先更正较晚的记录。", "Correct the later entries first."),
        where="on",
    )


def facility_closed(on: date) -> Conflict:
    """The facility is closed at that time."""
    return Conflict(
        "facility_closed",
        Words(f"该机构自{on}起已关闭。", f"The facility is closed from {on} on."),
        remedy=Words("定点期限须止于关闭之日。", "The designation must end on that day."),
        where="until_date",
    )


def region_code_wrong(code: int) -> Refused:
    """Not a 12-digit division code."""
    return Refused(
        "region_code_wrong",
        Words(f"“{code}”不是12位区划代码。", f"“{code}” is not a 12-digit division code."),
        remedy=Words(
            "乡级及以上代码请在末尾补零至12位。",
            "Fill the code of a township or above with zeros to 12 digits.",
        ),
        where="code",
    )


def already_filled() -> Conflict:
    """Demo data goes into an empty database only."""
    return Conflict(
        "already_filled",
        Words(
            "库中已有数据，不能再装入演示数据。", "The database already holds data: no demo data is added."
        ),
        remedy=Words("请换一个空的数据库。", "Use an empty database."),
    )
