"""Households of one to seven with relations, ages and sexes that fit; pure: a chance, villages and today give a county.

Sizes, ages and shares are rough assumptions for trying screens; no statistic was copied.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from doudi.server.people.api import Number
from doudi.server.site.demo.names import DOTTED, dotted, given, surname
from doudi.server.site.demo.numbers import Numbers

SIZES = (1, 2, 3, 4, 5, 6, 7)
SIZE_WEIGHTS = (10, 20, 22, 24, 13, 8, 3)
ETHNICITIES = ("01", "06", "07", "09", "12", "25", "37")
"""汉, 苗, 彝, 布依, 侗, 水, 仡佬 by GB/T 3304."""
HEAD, SPOUSE, SON, DAUGHTER, FATHER, MOTHER = "02", "10", "20", "30", "51", "52"
NEWBORN_WITHOUT_NUMBER = 0.3
"""Of children under a year."""


@dataclass(slots=True)
class Member:
    """One person of a household. `number` None: a child that has none yet."""

    name: str
    sex: str
    born: date
    relation: str
    ethnicity: str
    number: Number | None
    standing: list[tuple[str, date, date | None]] = field(default_factory=list)
    """Categories: code, from, until."""

    def age(self, today: date) -> int:
        """Whole years."""
        return today.year - self.born.year - ((today.month, today.day) < (self.born.month, self.born.day))


@dataclass(slots=True)
class Family:
    """A household in a village."""

    village: int
    group: int
    members: list[Member]
    phone: str
    card: str


@dataclass(frozen=True, slots=True)
class Weights:
    """How the county differs from another: the shares of its ethnicities, in the order of `ETHNICITIES`."""

    ethnicities: tuple[int, ...]


LIUZHI_WEIGHTS = Weights((64, 10, 9, 12, 0, 0, 5))
RONGJIANG_WEIGHTS = Weights((16, 28, 0, 1, 38, 15, 2))
"""六枝 is mostly Han with Yi, Miao and Buyi; 榕江 mostly Dong and Miao. Rough."""


def families(
    people: int, villages: Sequence[int], numbers: Numbers, weights: Weights, today: date, chance: Random
) -> Iterator[Family]:
    """Households until there are exactly `people` persons."""
    left = people
    while left > 0:
        size = min(left, chance.choices(SIZES, SIZE_WEIGHTS)[0])
        yield _family(size, chance.choice(villages), numbers, weights, today, chance)
        left -= size


def _family(
    size: int, village: int, numbers: Numbers, weights: Weights, today: date, chance: Random
) -> Family:
    ethnicity = chance.choices(ETHNICITIES, weights.ethnicities)[0]
    name = surname(chance)
    alone = size == 1 and chance.random() < 0.7
    age = chance.randint(60, 92) if alone else min(88, max(20, int(chance.gauss(47, 13))))
    sex = "1" if chance.random() < (0.55 if size == 1 else 0.82) else "2"
    members = [_member(name, sex, _born(age, today, chance), HEAD, ethnicity, numbers, today, chance)]
    for relation in _relations(size - 1, age, chance):
        members.append(_relative(relation, members[0], name, ethnicity, numbers, today, chance))
    return Family(village, chance.randint(1, 9), members, numbers.phone(), numbers.card())


def _relations(others: int, age: int, chance: Random) -> list[str]:
    """Spouse first, then parents of a younger head, then children; never two of what there is one of."""
    found = []
    if others and (age > 24 and chance.random() < 0.9):
        found.append(SPOUSE)
    for parent in (FATHER, MOTHER) if age < 68 else ():
        if len(found) < others and chance.random() < 0.22:
            found.append(parent)
    while len(found) < others:
        found.append(SON if chance.random() < 0.52 else DAUGHTER)
    return found


def _relative(
    relation: str, head: Member, name: str, ethnicity: str, numbers: Numbers, today: date, chance: Random
) -> Member:
    age = head.age(today)
    if relation == SPOUSE:
        sex, own = ("2" if head.sex == "1" else "1"), surname(chance)
        return _member(own, sex, _born(max(20, age + chance.randint(-6, 4)), today, chance), relation,
                       ethnicity, numbers, today, chance)  # fmt: skip
    if relation in (FATHER, MOTHER):
        sex = "1" if relation == FATHER else "2"
        own = name if sex == "1" else surname(chance)
        return _member(own, sex, _born(min(98, age + chance.randint(20, 34)), today, chance), relation,
                       ethnicity, numbers, today, chance)  # fmt: skip
    sex = "1" if relation == SON else "2"
    years = max(0, age - chance.randint(20, 40))
    return _member(name, sex, _born(years, today, chance), relation, ethnicity, numbers, today, chance)


def _born(age: int, today: date, chance: Random) -> date:
    return today - timedelta(days=int(age * 365.25) + chance.randint(1, 364))


def _member(
    name: str,
    sex: str,
    born: date,
    relation: str,
    ethnicity: str,
    numbers: Numbers,
    today: date,
    chance: Random,
) -> Member:
    newborn = (today - born).days < 365 and relation in (SON, DAUGHTER)
    number = None if newborn and chance.random() < NEWBORN_WITHOUT_NUMBER else numbers.identity(born, sex)
    if number is not None and number.birth_date is not None:
        born = number.birth_date
    is_dotted = ethnicity == "07" and chance.random() < DOTTED * 8
    whole = dotted(chance) if is_dotted else name + given(chance, sex, born.year)
    return Member(whole, sex, born, relation, ethnicity, number)
