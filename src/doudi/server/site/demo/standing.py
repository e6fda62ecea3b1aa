"""Who of the demo is recognised as what, insured how, and has filed what. Shares are assumptions that fill every screen.

No two categories that exclude each other (`recognition.categories.EXCLUSIONS`) meet in one person at one time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from doudi.server.site.demo.families import Family, Member

REGISTER_FROM, REGISTER_UNTIL = date(2014, 12, 1), date(2021, 1, 1)
"""Registered at the end of 2014; the whole country left the register by the end of 2020 (脱贫攻坚 2020年底收官)."""

HOUSEHOLDS = (
    ("subsistence_allowance", 0.085),
    ("registered", 0.14),
    ("low_income_margin", 0.02),
    ("unstable_after_poverty", 0.008),
    ("margin_prone_poverty", 0.006),
    ("sudden_hardship", 0.003),
    ("family_planning_two", 0.025),
)
"""Drawn for a household; everybody in it is recognised. `registered` is the register and what follows it."""


@dataclass(frozen=True, slots=True)
class Alone:
    """A category drawn for one person: its share among those of the age and sex it is for."""

    code: str
    share: float
    youngest: int = 0
    oldest: int = 120
    sex: str = ""


PERSONS = (
    Alone("disabled", 0.028),
    Alone("severely_disabled", 0.009),
    Alone("entitled_veteran", 0.012, 55, 120, "1"),
    Alone("veteran", 0.02, 25, 120, "1"),
    Alone("retired_1960s", 0.01, 84),
    Alone("orphan", 0.002, 0, 17),
    Alone("tuberculosis", 0.0015, 15),
    Alone("dialysis", 0.0008, 20),
    Alone("mental_disorder", 0.003, 16),
    Alone("aids", 0.0004, 18),
    Alone("high_self_pay", 0.002),
    Alone("registered_poor_major_disease", 0.004, 5),
    Alone("family_planning_special", 0.001, 50),
)


def recognise(family: Family, today: date, chance: Random) -> None:
    """Give the members of a household their categories."""
    head = family.members[0]
    destitute = len(family.members) == 1 and head.age(today) >= 60 and chance.random() < 0.22
    if destitute:
        _give(head, "destitute", _before(today, 3000, chance))
    else:
        _household(family, today, chance)
    for member in family.members:
        _alone(member, today, chance)


def _household(family: Family, today: date, chance: Random) -> None:
    drawn = {code for code, share in HOUSEHOLDS if chance.random() < share}
    if "subsistence_allowance" in drawn:
        drawn.discard("low_income_margin")
    for second in ("margin_prone_poverty", "sudden_hardship"):
        if drawn & {"unstable_after_poverty", "margin_prone_poverty", "sudden_hardship"} - {second}:
            drawn.discard(second)
    for code in sorted(drawn - {"registered"}):
        start = _before(today, 1500, chance)
        ended = chance.random() < 0.12
        until = start + timedelta(days=chance.randint(180, 900)) if ended else None
        for member in family.members:
            _give(member, code, start, until)
    if "registered" in drawn:
        for member in family.members:
            _give(member, "registered_poor", REGISTER_FROM, REGISTER_UNTIL)
            _give(member, "left_poverty", REGISTER_UNTIL)


def _alone(member: Member, today: date, chance: Random) -> None:
    age, held = member.age(today), {code for code, _, _ in member.standing}
    for one in PERSONS:
        fits = one.youngest <= age <= one.oldest and one.sex in ("", member.sex)
        if not fits or chance.random() >= one.share:
            continue
        if one.code == "orphan" and (held or member.relation == "02"):
            continue
        if one.code == "registered_poor_major_disease" and "left_poverty" not in held:
            continue
        _give(member, one.code, _before(today, 2500, chance))


def _give(member: Member, code: str, start: date, until: date | None = None) -> None:
    """From a day on, but not before birth."""
    start = max(start, member.born)
    if until is None or until > start:
        member.standing.append((code, start, until))


def _before(today: date, days: int, chance: Random) -> date:
    """The first of some month in the last `days` days."""
    return (today - timedelta(days=chance.randint(31, days))).replace(day=1)


INSURED, UNPAID, LAPSED = "insured", "unpaid", "lapsed"


def insurance(member: Member, today: date, chance: Random) -> tuple[str, str] | None:
    """Scheme and what became of this year's enrolment, or None: not insured at all."""
    kind = chance.random()
    scheme = "employee" if 22 <= member.age(today) < 65 and chance.random() < 0.06 else "resident"
    if kind < 0.955:
        return scheme, INSURED
    if kind < 0.98:
        return scheme, UNPAID
    return (scheme, LAPSED) if kind < 0.985 else None


CHRONIC = ("I10.x00", "E11.900", "I63.900", "J44.900", "N18.001")


def filings(member: Member, today: date, chance: Random) -> list[tuple[str, str]]:
    """Kinds of filing with what they are about: a disease, a level of hospital, or nothing."""
    found = []
    if member.age(today) >= 45 and chance.random() < 0.06:
        found.append(("special_outpatient", chance.choice(CHRONIC)))
    if chance.random() < 0.006:
        found.append(("referral", chance.choice(("city", "province"))))
    if found and chance.random() < 0.3:
        found.append(("chosen_institution", ""))
    if chance.random() < 0.001:
        found.append(("accident", ""))
    return found
