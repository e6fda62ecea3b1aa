"""What can be wrong with a number, one answer for each mistake. None of them repeats the number."""

from __future__ import annotations

from doudi.server.kernel.errors import Refused
from doudi.server.people.data import NUMBER_KINDS, NumberKind
from doudi.words import Words

_RETYPE = Words("请对照证件重新录入。", "Type it again from the document.")
_AS_TEXT = Words(
    "请把原表该列设为“文本”格式，重新录入完整号码。",
    "Set the column to “Text” in the original sheet and enter the whole number again.",
)


class BadNumber(Refused):
    """A number that cannot be a number of its kind."""

    def __init__(self, code: str, words: Words, remedy: Words = _RETYPE) -> None:
        super().__init__(f"number_{code}", words, remedy=remedy, where="number")


def missing() -> BadNumber:
    """No number where one is needed."""
    return BadNumber("missing", Words("没有填写证件号码。", "The number is missing."))


def not_expected() -> BadNumber:
    """A number for somebody without a document."""
    return BadNumber(
        "not_expected",
        Words("选择了“暂无证件”，却填写了号码。", "“No document yet” was chosen, but a number is given."),
        Words("请选择证件类型，或清空号码。", "Choose the kind of document, or clear the number."),
    )


def rounded_by_excel() -> BadNumber:
    """Excel kept fifteen digits: the last three became 000, or the number is in scientific notation."""
    return BadNumber(
        "rounded_by_excel",
        Words(
            "号码被 Excel 当作数字，后几位已经丢失（变成 000 或科学计数法）。",
            "Excel took the number for a quantity and lost its last digits (000, or scientific notation).",
        ),
        _AS_TEXT,
    )


def wrong_length(length: int) -> BadNumber:
    """Neither 18, 15, nor a disability card's 20 to 22."""
    return BadNumber(
        "wrong_length",
        Words(
            f"身份证号应为 18 位（旧号 15 位，残疾人证 20 至 22 位），现为 {length} 位。",
            f"A resident ID has 18 characters (15 before 1999, 20 to 22 on a disability card); this has {length}.",
        ),
        Words(
            "请对照证件重新录入；若是护照、台湾居民通行证等，请选择证件类型。",
            "Type it again from the document; for a passport or a Taiwan permit choose the kind of document.",
        ),
    )


def strange_characters() -> BadNumber:
    """Letters or signs where digits belong."""
    return BadNumber(
        "strange_characters",
        Words(
            "身份证号含有不该有的字符：前 17 位应为数字，末位为数字或 X。",
            "The ID holds characters that do not belong: 17 digits, then a digit or X.",
        ),
        Words("请检查是否把 0 录成字母 O、把 1 录成字母 l。", "See whether 0 was typed as O, or 1 as l."),
    )


def no_such_area() -> BadNumber:
    """The first two digits are no province."""
    return BadNumber(
        "no_such_area",
        Words("身份证号前两位不是任何省份的代码。", "The first two digits of the ID are no province's."),
    )


def no_such_date() -> BadNumber:
    """Digits 7 to 14 are no date somebody alive can be born on."""
    return BadNumber(
        "no_such_date",
        Words(
            "身份证号第 7 至 14 位不是真实的出生日期。", "Digits 7 to 14 of the ID are no real date of birth."
        ),
    )


def born_in_future() -> BadNumber:
    """Born after today."""
    return BadNumber(
        "born_in_future",
        Words("身份证号中的出生日期晚于今天。", "The date of birth in the ID is later than today."),
    )


def wrong_check() -> BadNumber:
    """The last character does not follow from the others."""
    return BadNumber(
        "wrong_check",
        Words(
            "身份证号校验位不符：至少有一位录错或两位颠倒。",
            "The check character of the ID does not fit: a digit is wrong, or two are swapped.",
        ),
    )


def bad_disability_card() -> BadNumber:
    """The category or the level after the ID does not exist."""
    return BadNumber(
        "bad_disability_card",
        Words(
            "残疾人证号第 19 位（类别 1 至 7）或第 20 位（等级 1 至 4）不存在。",
            "The 19th digit (category 1 to 7) or the 20th (level 1 to 4) of the disability card does not exist.",
        ),
    )


def wrong_shape(kind: NumberKind) -> BadNumber:
    """Not a number of the kind that was named."""
    words = NUMBER_KINDS[kind]
    return BadNumber(
        "wrong_shape",
        Words(f"号码不符合{words.zh}的格式。", f"The number has not the form of: {words.en}."),
        Words("请核对证件类型与号码。", "Compare the kind of document and the number."),
    )
