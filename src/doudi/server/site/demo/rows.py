"""Households of the demo as rows: made without a database (`prepare`), so that the next are made while these are written.

A row says *which* person or household it belongs to by their place in the batch; `tables.py` puts the numbers in when it
writes them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from doudi.server.kernel import sealing
from doudi.server.kernel.regions import region_key
from doudi.server.people import vault
from doudi.server.people.names import initials
from doudi.server.recognition.api import category_title
from doudi.server.site.demo import standing
from doudi.server.site.demo.families import HEAD, Family, Member

PREMIUM_FEN = 40_000
"""Personal premium of residents for 2026: 400 yuan (国家医保局等 2025年城乡居民医保通知; check before it is quoted)."""
SUBSIDIES = {"destitute": PREMIUM_FEN, "subsistence_allowance": 20_000, "left_poverty": 10_000}
"""What of it is paid for a person, by category: assumed."""

Row = tuple[Any, ...]
EARLIER = 2
"""So many years before this one are enrolled and billed too; balances brought forward are of the year before them."""
FILED_FROM = 9
"""Where a filing's row says from when."""


@dataclass(frozen=True, slots=True)
class County:
    """What all rows of a county share.

    `sums`: yearly accumulators of its policy, for balances brought forward. `names`: villages by code, from the province
    down, for addresses.
    """

    key: int
    sums: Sequence[str]
    hospital: int
    today: date
    names: dict[int, str]


@dataclass(slots=True)
class Batch:
    """Rows of some households. Persons with a number come first; `homes` gives the place of their household."""

    households: list[Row] = field(default_factory=list)
    persons: list[Row] = field(default_factory=list)
    children: list[tuple[int, int, Row]] = field(default_factory=list)
    """Without a number: place of the guardian, order, the row."""
    homes: list[int] = field(default_factory=list)
    memberships: list[Row] = field(default_factory=list)
    cards: list[Row] = field(default_factory=list)
    recognitions: list[Row] = field(default_factory=list)
    enrolments: list[Row] = field(default_factory=list)
    filings: list[Row] = field(default_factory=list)
    openings: list[Row] = field(default_factory=list)
    members: list[Member] = field(default_factory=list)
    """The persons themselves, in their order."""
    regions: list[int] = field(default_factory=list)
    """The township of each."""
    insured: set[int] = field(default_factory=set)
    """Places of those whose bills insurance settles."""
    filed: dict[int, date] = field(default_factory=dict)
    """Place → the day of the first filing: bills are drawn before it."""


def prepare(county: County, families: Sequence[Family], first: int, chance: Random) -> Batch:
    """The rows of some households, of which `first` went before."""
    batch = Batch()
    addresses = (f"{county.names[family.village]}{family.group}组" for family in families)
    sealed = sealing.seal_all(addresses, region=county.key, purpose=vault.ADDRESS)
    batch.households = [
        (region_key(family.village), f"{county.key // 1000}D{first + place:07d}", family.village, address)
        for place, (family, address) in enumerate(zip(families, sealed, strict=True))
    ]
    numbered = [
        (place, one)
        for place, family in enumerate(families)
        for one in family.members
        if one.number is not None
    ]
    heads = {home: place for place, (home, one) in enumerate(numbered) if one.relation == HEAD}
    unnumbered = [
        (home, order, one)
        for home, family in enumerate(families)
        for order, one in enumerate((one for one in family.members if one.number is None), start=1)
    ]
    _persons(batch, county, families, numbered)
    for home, order, one in unnumbered:
        row = (*_who(families[home], one), None, None, *vault.NO_NUMBER)
        batch.children.append((heads[home], order, row))
    members = [*numbered, *((home, one) for home, _, one in unnumbered)]
    batch.homes = [home for home, _ in members]
    batch.members = [one for _, one in members]
    for place, (home, one) in enumerate(members):
        region = region_key(families[home].village)
        batch.regions.append(region)
        batch.memberships.append((place, region, one.relation, one.born))
        _standing(batch, county, place, region, one, chance)
    _cards(batch, county, families, heads)
    return batch


def _who(family: Family, one: Member) -> Row:
    return (
        region_key(family.village),
        family.village,
        one.name,
        initials(one.name),
        one.sex,
        one.born,
        one.ethnicity,
    )


def _persons(
    batch: Batch, county: County, families: Sequence[Family], numbered: Sequence[tuple[int, Member]]
) -> None:
    columns = vault.number_columns_of([(one.number, one.name) for _, one in numbered], region=county.key)
    phones = [families[home].phone for home, one in numbered if one.relation == HEAD]
    sealed = sealing.seal_all(phones, region=county.key, purpose=vault.PHONE)
    kept = iter(zip(sealed, sealing.blind_indexes(phones, purpose=vault.PHONE), strict=True))
    for (home, one), number in zip(numbered, columns, strict=True):
        phone = next(kept) if one.relation == HEAD else (None, None)
        batch.persons.append((*_who(families[home], one), *phone, *number))


def _cards(batch: Batch, county: County, families: Sequence[Family], heads: dict[int, int]) -> None:
    """The head's account, where somebody of the household draws a benefit."""
    holders = [
        (heads[home], one)
        for home, one in enumerate(families)
        if any(member.standing for member in one.members)
    ]
    sealed = sealing.seal_all((family.card for _, family in holders), region=county.key, purpose=vault.CARD)
    indexes = sealing.blind_indexes((family.card for _, family in holders), purpose=vault.CARD)
    batch.cards = [
        (place, region_key(family.village), kept, index, family.members[0].name, date(2020, 1, 1))
        for (place, family), kept, index in zip(holders, sealed, indexes, strict=True)
    ]


def _standing(batch: Batch, county: County, place: int, region: int, one: Member, chance: Random) -> None:
    for code, start, until in one.standing:
        department, reason = category_title(code).department, "到期退出（演示）" if until else ""
        batch.recognitions.append((place, region, code, start, until, start, department, reason))
    insured = standing.insurance(one, county.today, chance)
    if insured is not None:
        batch.enrolments.append(_enrolment(place, region, one, *insured, county.today.year))
        if insured == ("resident", standing.INSURED):
            batch.insured.add(place)
            for year in range(max(county.today.year - EARLIER, one.born.year), county.today.year):
                batch.enrolments.append(_enrolment(place, region, one, *insured, year))
        if county.sums and chance.random() < 0.04:
            used, year = chance.randint(5, 90) * 10_000, county.today.year - EARLIER - 1
            batch.openings.append((place, region, str(year), chance.choice(county.sums), used))
    for kind, subject in standing.filings(one, county.today, chance):
        filed = _filing(place, region, kind, subject, county, chance)
        batch.filings.append(filed)
        batch.filed[place] = min(batch.filed.get(place, filed[FILED_FROM]), filed[FILED_FROM])


def _enrolment(place: int, region: int, one: Member, scheme: str, status: str, year: int) -> Row:
    start = max(date(year, 1, 1), one.born)
    lapsed, ends = date(year, 7, 1), date(year + 1, 1, 1)
    until = lapsed if status == standing.LAPSED and lapsed > start else ends
    held = {code for code, _, end in one.standing if end is None}
    helped = next((code for code in SUBSIDIES if code in held), "") if scheme == "resident" else ""
    subsidy = SUBSIDIES.get(helped, 0)
    return (
        place, region, scheme, status, year, start, until, start, PREMIUM_FEN if scheme == "resident" else 0, subsidy,
        "medical_assistance" if subsidy else "", helped, None if status == standing.UNPAID else start,
    )  # fmt: skip


def _filing(place: int, region: int, kind: str, subject: str, county: County, chance: Random) -> Row:
    start = county.today - timedelta(days=chance.randint(1, 200))
    end = start + timedelta(days=90) if kind in ("referral", "accident") else None
    facility = county.hospital if kind in ("referral", "accident") else None
    target = county.hospital if kind == "chosen_institution" else None
    about = {"chosen_institution": f"facility {target}", "accident": f"facility {facility}"}.get(
        kind, subject
    )
    return (
        place, region, kind, about, facility, target, subject if kind == "referral" else "",
        subject if kind == "special_outpatient" else "", 0 if kind == "accident" else None,
        start, end, "演示：病情需要" if end else "", start,
    )  # fmt: skip
