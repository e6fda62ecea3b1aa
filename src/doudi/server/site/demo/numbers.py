"""Numbers that look right and belong to nobody."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from doudi.server.people.api import Number, NumberKind
from doudi.server.people.numbers import check_character

FIRST_PHONE = 15_400_000_000
"""154 is not given to any operator as far as is known (assumed): a call reaches nobody."""
FIRST_CARD = 62_999_900_000_000_000
"""A card number of 19 digits begins so; 629999 is not known as a bank's (assumed)."""


class Numbers:
    """Deals out numbers: each once, in the order asked for."""

    def __init__(self, area: str) -> None:
        """`area`: six digits that begin every ID, of no county."""
        self.area = area
        self._dealt: defaultdict[tuple[date, str], int] = defaultdict(int)
        self._phones = FIRST_PHONE + int(area) % 100_000 * 1_000_000 % 90_000_000
        self._cards = FIRST_CARD + int(area) * 1_000_000

    def identity(self, born: date, sex: str) -> Number:
        """A resident ID of this birth and sex with a right check character. 499 a day and sex, then the day before."""
        while self._dealt[born, sex] >= 499:
            born = date.fromordinal(born.toordinal() - 1)
        self._dealt[born, sex] += 1
        order = self._dealt[born, sex] * 2 - (sex == "1")
        first = f"{self.area}{born:%Y%m%d}{order:03d}"
        return Number(NumberKind.ID, first + check_character(first), born, sex)

    def phone(self) -> str:
        """A mobile number."""
        self._phones += 1
        return str(self._phones)

    def card(self) -> str:
        """A card number of 19 digits with its Luhn digit."""
        self._cards += 1
        digits = [int(digit) for digit in reversed(str(self._cards) + "0")]
        total = sum(digits[0::2]) + sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2])
        return f"{self._cards}{-total % 10}"
