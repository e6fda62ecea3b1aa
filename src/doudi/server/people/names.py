"""Names, phones and card numbers in one form; initials for finding a name by its pinyin.

Pure. A name of Chinese characters has no spaces; the dot of minority names is `·` whatever was typed.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from pypinyin import Style, pinyin

from doudi.server.people import errors

LONGEST_NAME = 80
LONGEST_INITIALS = 40
SURNAME_READINGS = {
    "单": "s",
    "曾": "z",
    "仇": "q",
    "解": "x",
    "查": "z",
    "区": "o",
    "朴": "p",
    "翟": "z",
    "盖": "g",
    "覃": "q",
    "尉": "y",
    "万": "w",
    "黑": "h",
    "员": "y",
    "乐": "y",
    "缪": "m",
    "折": "s",
    "种": "c",
    "秘": "b",
    "冼": "x",
}
"""Surnames that are read otherwise than the same character in other words."""

_PLAIN = re.compile("[\u4e00-\u9fff]{2,20}")
"""Characters of the basic block have one form: nothing to narrow, to drop or to refuse."""
_DOTS = re.compile("[•・‧∙⋅.。﹒．]")
_HAN_SPACE = re.compile(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0\d{9,11}|[2-8]\d{6,7}")
_CARD = re.compile(r"\d{12,21}")


def read_name(text: str) -> str:
    """A name in one form, or `name_missing`, `name_too_long`, `name_strange`."""
    if _PLAIN.fullmatch(text):
        return text
    plain = unicodedata.normalize("NFKC", text).strip()
    plain = _HAN_SPACE.sub("", _DOTS.sub("·", plain))
    plain = " ".join(plain.split())
    if not plain:
        raise errors.name_missing()
    if len(plain) > LONGEST_NAME:
        raise errors.name_too_long()
    if any(unicodedata.category(letter)[0] in "CNS" and letter != " " for letter in plain):
        raise errors.name_strange()
    return plain


def initials(name: str) -> str:
    """`zs` for 张三: lower-case first letters of the readings; other letters as they are."""
    letters = [_initial(letter) for letter in name]
    if name and name[0] in SURNAME_READINGS:
        letters[0] = SURNAME_READINGS[name[0]]
    return "".join(letters)[:LONGEST_INITIALS]


@lru_cache(maxsize=30_000)
def _initial(letter: str) -> str:
    if letter.isascii():
        return letter.lower() if letter.isalnum() else ""
    readings = pinyin(letter, style=Style.NORMAL, errors="ignore")
    return readings[0][0][:1] if readings else ""


def read_phone(text: str) -> str:
    """A mobile number of 11 digits or a landline, without +86, spaces and dashes; or `phone_wrong`. Empty stays empty."""
    if text.isascii() and _MOBILE.fullmatch(text):
        return text
    plain = re.sub(r"[\s()\-–—'’]", "", unicodedata.normalize("NFKC", text))
    plain = re.sub(r"^(\+|00)?86(?=1\d{10}$)", "", plain).removesuffix(".0")
    if plain and not (_MOBILE.fullmatch(plain) or _LANDLINE.fullmatch(plain)):
        raise errors.phone_wrong()
    return plain


def read_card(text: str) -> str:
    """An account number of 12 to 21 digits; cards that begin with 62 must pass the Luhn check (GB/T 17553)."""
    plain = re.sub(r"[\s'’\-]", "", unicodedata.normalize("NFKC", text))
    if not _CARD.fullmatch(plain) or (plain.startswith("62") and not _luhn(plain)):
        raise errors.card_wrong()
    return plain


def _luhn(number: str) -> bool:
    digits = [int(digit) for digit in reversed(number)]
    return sum(digits[0::2] + [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]) % 10 == 0
