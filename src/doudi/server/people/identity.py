"""What makes one identity: name, number, sex and birth in agreement, or a guardian and a birth order. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from doudi.server.people import errors, names
from doudi.server.people.data import SEXES, NumberKind
from doudi.server.people.numbers import OLDEST, Number, read_number


@dataclass(frozen=True, slots=True)
class Identity:
    """Facts of a person that agree with one another."""

    name: str
    number: Number | None
    sex: str
    birth_date: date


def read_identity(
    *,
    name: str,
    number: str,
    number_kind: NumberKind | None,
    sex: str | None,
    birth_date: date | None,
    today: date,
) -> Identity:
    """Read and compare. An ID tells sex and birth; what is given beside it must agree. Raises `Refused`."""
    plain_name = names.read_name(name)
    read = None
    if number.strip() or number_kind not in (None, NumberKind.NONE):
        read = read_number(number, today=today, kind=number_kind)
    return agreed(plain_name, read, sex, birth_date, today)


def agreed(
    name: str, number: Number | None, sex: str | None, birth_date: date | None, today: date
) -> Identity:
    """The identity of facts read before, or the refusal of what disagrees."""
    told_sex, told_birth = (number.sex, number.birth_date) if number else (None, None)
    if told_birth and birth_date and told_birth != birth_date:
        raise errors.birth_date_disagrees()
    if told_sex and sex in ("1", "2") and told_sex != sex:
        raise errors.sex_disagrees()
    birth = told_birth or birth_date
    final_sex = told_sex or sex
    if birth is None:
        raise errors.birth_date_missing()
    if birth > today or birth.year < OLDEST:
        raise errors.birth_date_wrong()
    if final_sex not in SEXES:
        raise errors.sex_missing()
    return Identity(name, number, final_sex, birth)
