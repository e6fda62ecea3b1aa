"""Numbers of persons as they are typed, pasted and mangled: read into one form, or refused with the mistake named.

Resident ID: GB 11643-1999: six digits of area, eight of birth, three of order (odd: male), one check character
(ISO 7064 MOD 11-2). The 15-digit form before 1999 lacks the century (19) and the check; it is completed. A disability
card is the ID followed by category (1–7), level (1–4) and, if reissued, a count (中国残联 第二代残疾人证 编号规则).
Birth certificate: one letter and nine digits. Permits: H or M and eight digits (ten on old ones); Taiwan eight digits.

Pure: the day is given.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from operator import mul

from doudi.server.people import number_errors as errors
from doudi.server.people.data import NumberKind

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
PROVINCES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83".split()  # noqa: SIM905
)
"""GB/T 2260: the first two digits; 81–83 begin the residence IDs of Hong Kong, Macau and Taiwan residents."""
OLDEST = 1850
DISABILITY_CATEGORIES = range(1, 8)
DISABILITY_LEVELS = range(1, 5)

_DROPPED = re.compile(r"[\s'‘’`´\"“”\u200b-\u200f\u202a-\u202e\ufeff\u00ad-]")
_DISABLED = re.compile(r"\d{17}[\dX](\d)(\d)(B?\d{0,2})")
_SCIENTIFIC = re.compile(r"\d(\.\d+)?E\+?\d+")
_SHAPES: dict[NumberKind, re.Pattern[str]] = {
    NumberKind.BIRTH: re.compile(r"[A-Z]\d{9}"),
    NumberKind.HK_MACAU: re.compile(r"[HM]\d{8}(\d{2})?"),
    NumberKind.TAIWAN: re.compile(r"\d{8}|\d{10}"),
    NumberKind.FOREIGN: re.compile(r"[A-Z]{3}\d{12}|9\d{16}[\dX]"),
    NumberKind.PASSPORT: re.compile(r"(?=.*\d)[A-Z0-9]{5,17}"),
}
_TOLD_BY_SHAPE = (NumberKind.BIRTH, NumberKind.HK_MACAU)
"""Shapes that nothing else has. The others must be named."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number in its one form. For IDs with what it says of birth and sex; `tail` is its last four characters."""

    kind: NumberKind
    text: str
    birth_date: date | None = None
    sex: str | None = None
    disability: tuple[int, int] | None = None
    completed: bool = False
    """Made from a 15-digit number."""

    @property
    def key(self) -> str:
        """What the blind index is made of."""
        return f"{self.kind}:{self.text}"

    @property
    def tail(self) -> str:
        """The last four characters."""
        return self.text[-4:]


def check_character(first_17: str) -> str:
    """The 18th character of an ID."""
    return CHECKS[sum(map(mul, map(int, first_17), WEIGHTS)) % 11]


def normal(text: object) -> str:
    """Narrow, without spaces, apostrophes and invisible characters, upper case; letters that look like X become X."""
    if isinstance(text, str) and text.isascii() and text.isalnum():
        return text.upper()
    narrow = unicodedata.normalize("NFKC", str(text))
    return _DROPPED.sub("", narrow).upper().replace("×", "X").replace("Х", "X")


def read_number(text: object, *, today: date, kind: NumberKind | None = None) -> Number:
    """The number in one form; a kind of its own shape is recognised, any other must be named. Raises `BadNumber`.

    `today` is the business date: nobody is born after it.
    """
    plain = normal(text)
    if not plain:
        raise errors.missing()
    if kind is NumberKind.NONE:
        raise errors.not_expected()
    if kind in (None, NumberKind.ID):
        for told in _TOLD_BY_SHAPE if kind is None else ():
            if _SHAPES[told].fullmatch(plain):
                return Number(told, plain)
        if kind is None and _SHAPES[NumberKind.FOREIGN].fullmatch(plain):
            return _foreign(plain, today)
        return _resident(plain, today)
    if kind is NumberKind.FOREIGN:
        return _foreign(plain, today)
    if not _SHAPES[kind].fullmatch(plain):
        raise errors.wrong_shape(kind)
    return Number(kind, plain)


def _foreign(plain: str, today: date) -> Number:
    if not _SHAPES[NumberKind.FOREIGN].fullmatch(plain):
        raise errors.wrong_shape(NumberKind.FOREIGN)
    if plain[0] != "9":
        return Number(NumberKind.FOREIGN, plain)
    return _checked(plain, today, NumberKind.FOREIGN)


def _resident(plain: str, today: date) -> Number:
    if _SCIENTIFIC.fullmatch(plain) or plain.endswith(".0"):
        raise errors.rounded_by_excel()
    disability = None
    if len(plain) >= 20 and (card := _DISABLED.fullmatch(plain)):
        category, level = int(card[1]), int(card[2])
        if category not in DISABILITY_CATEGORIES or level not in DISABILITY_LEVELS:
            raise errors.bad_disability_card()
        disability, plain = (category, level), plain[:18]
    if len(plain) == 15 and plain.isascii() and plain.isdigit():
        longer = f"{plain[:6]}19{plain[6:]}"
        number = _checked(longer + check_character(longer), today, NumberKind.ID)
        return Number(number.kind, number.text, number.birth_date, number.sex, completed=True)
    if len(plain) != 18:
        raise errors.wrong_length(len(plain)) if plain.isalnum() else errors.strange_characters()
    number = _checked(plain, today, NumberKind.ID)
    return Number(number.kind, number.text, number.birth_date, number.sex, disability)


def _checked(plain: str, today: date, kind: NumberKind) -> Number:
    """An 18-character number whose area, date, order and check hold."""
    if not (plain[:17].isascii() and plain[:17].isdigit() and plain[17] in "0123456789X"):
        raise errors.strange_characters()
    wrong = check_character(plain[:17]) != plain[17]
    if wrong and plain.endswith("000"):
        raise errors.rounded_by_excel()
    if kind is NumberKind.ID and plain[:2] not in PROVINCES:
        raise errors.no_such_area()
    try:
        birth = date(int(plain[6:10]), int(plain[10:12]), int(plain[12:14]))
    except ValueError:
        raise errors.no_such_date() from None
    if birth > today:
        raise errors.born_in_future()
    if birth.year < OLDEST:
        raise errors.no_such_date()
    if wrong:
        raise errors.wrong_check()
    return Number(kind, plain, birth, "1" if int(plain[16]) % 2 else "2")
