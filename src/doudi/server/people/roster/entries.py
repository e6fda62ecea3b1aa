"""A row of a roster as what it says of a person, or the problems that refuse it. Pure but for the names of places."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from doudi.server.imports.api import Problem, Row
from doudi.server.kernel.errors import Refused
from doudi.server.people import codes, identity, names
from doudi.server.people.data import NumberKind
from doudi.server.people.numbers import Number, read_number
from doudi.server.people.roster.columns import KIND_WORDS, SEX_WORDS
from doudi.words import Words


class Problems(Exception):
    """What is wrong with a row."""

    def __init__(self, column: str, words: Words) -> None:
        super().__init__(column)
        self.problem = Problem(column, words)


class KnownPlaces(Protocol):
    """What a row's place names are looked up in."""

    def region(self, township: str | None) -> int:
        """The region key."""
        ...

    def village(self, region: int, village: str | None) -> int | None:
        """The village's code."""
        ...


@dataclass(frozen=True, slots=True)
class Entry:
    """What a row says. Empty texts and None say nothing and change nothing."""

    row: int
    name: str
    number: Number | None
    sex: str
    birth_date: date
    region: int
    village_code: int | None
    phone: str
    ethnicity: str
    household: str
    relation: str
    address: str
    warnings: tuple[Problem, ...] = ()

    @property
    def same(self) -> str:
        """What two rows about one person have in common."""
        if self.number is not None:
            return self.number.key
        return f"{self.region}:{self.household}:{self.name}:{self.birth_date}:{self.sex}"


def read_entry(row: Row, places: KnownPlaces, today: date) -> Entry | tuple[Problem, ...]:
    """The entry, or every problem found."""
    problems: list[Problem] = []
    warnings: list[Problem] = []
    found = _identity(row, today, problems)
    region, village = _place(row, places, problems)
    phone = _phone(row, warnings)
    people = _text(row, "ethnicity")
    ethnicity = codes.ethnicity_code(people) if people else ""
    if ethnicity is None:
        warnings.append(
            Problem("ethnicity", Words("没有这个民族，未导入。", "No such ethnicity; not imported."))
        )
    household = _text(row, "household")
    if found is not None and found.number is None and not household:
        problems.append(
            Problem(
                "number",
                Words(
                    "没有证件号码：暂无证件的人员须填写户编号、性别和出生日期。",
                    "No document number: without one a household number, sex and date of birth are needed.",
                ),
            )
        )
    if problems or found is None:
        return tuple(problems)
    return Entry(
        row=row.number,
        name=found.name,
        number=found.number,
        sex=found.sex,
        birth_date=found.birth_date,
        region=region,
        village_code=village,
        phone=phone,
        ethnicity=ethnicity or "",
        household=household,
        relation=_relation(row, found.name, warnings) if household else "",
        address=_text(row, "address"),
        warnings=tuple(warnings),
    )


def _text(row: Row, column: str) -> str:
    value = row.values.get(column)
    if value is None:
        return ""
    return value.strip() if isinstance(value, str) else str(value).strip()


def _identity(row: Row, today: date, problems: list[Problem]) -> identity.Identity | None:
    number: Number | None = None
    name = ""
    before = len(problems)
    try:
        name = names.read_name(_text(row, "name"))
    except Refused as refused:
        problems.append(Problem("name", refused.said()))
    try:
        number = _number(row, today)
    except Refused as refused:
        problems.append(Problem("number", refused.said()))
    sex = SEX_WORDS.get(_text(row, "sex").upper())
    born = row.values.get("birth_date")
    if len(problems) > before:
        return None
    try:
        return identity.agreed(name, number, sex, born if isinstance(born, date) else None, today)
    except Refused as refused:
        problems.append(Problem(refused.where or "number", refused.said()))
        return None


def _number(row: Row, today: date) -> Number | None:
    text = _text(row, "number")
    kind = KIND_WORDS.get(_text(row, "number_kind"))
    if not text or text in ("无", "暂无", "-", "—"):
        return None
    if kind in (None, "id", "none"):
        return read_number(text, today=today)
    return read_number(text, today=today, kind=NumberKind(kind))


def _place(row: Row, places: KnownPlaces, problems: list[Problem]) -> tuple[int, int | None]:
    try:
        region = places.region(_text(row, "township") or None)
    except Problems as wrong:
        problems.append(wrong.problem)
        return 0, None
    try:
        return region, places.village(region, _text(row, "village") or None)
    except Problems as wrong:
        problems.append(wrong.problem)
        return region, None


def _phone(row: Row, warnings: list[Problem]) -> str:
    """The person's own phone, else the household's; one that cannot be a phone is left out and said."""
    for column in ("phone", "household_phone"):
        text = _text(row, column)
        if not text:
            continue
        try:
            return names.read_phone(text)
        except Refused:
            warnings.append(
                Problem(column, Words("电话号码不完整，未导入。", "The phone is not whole; not imported."))
            )
    return ""


def _relation(row: Row, name: str, warnings: list[Problem]) -> str:
    """The code; without the column, who bears the head's name is the head."""
    text = _text(row, "relation")
    if not text:
        head = _text(row, "head_name")
        return codes.HEAD if head and "".join(head.split()) == name else "97"
    code = codes.relation_code(text)
    if code is None:
        warnings.append(
            Problem(
                "relation",
                Words(f"不认识的关系“{text[:10]}”，记为其他。", "Unknown relation; kept as other."),
            )
        )
        return "97"
    return codes.HEAD if code in codes.HEADS else code
