"""What crosses the border of people. A value that is personal is `Masked` here already: no template can forget to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from doudi.words import Words

Sex = Literal["0", "1", "2", "9"]
"""GB/T 2261.1: 0 unknown, 1 male, 2 female, 9 not stated."""
Status = Literal["present", "dead", "moved"]
PersonalField = Literal["number", "phone", "birth_date", "name", "address", "card"]
"""What `unmask` gives, one at a time."""


class NumberKind(StrEnum):
    """What a person's number is."""

    ID = "id"
    BIRTH = "birth"
    HK_MACAU = "hk_macau"
    TAIWAN = "taiwan"
    FOREIGN = "foreign"
    PASSPORT = "passport"
    NONE = "none"


NUMBER_KINDS: dict[NumberKind, Words] = {
    NumberKind.ID: Words("居民身份证", "Resident ID"),
    NumberKind.BIRTH: Words("出生医学证明", "Birth certificate"),
    NumberKind.HK_MACAU: Words("港澳居民来往内地通行证", "Hong Kong and Macau permit"),
    NumberKind.TAIWAN: Words("台湾居民来往大陆通行证", "Taiwan permit"),
    NumberKind.FOREIGN: Words("外国人永久居留身份证", "Foreigner's permanent residence ID"),
    NumberKind.PASSPORT: Words("护照", "Passport"),
    NumberKind.NONE: Words("暂无证件", "No document yet"),
}
SEXES: dict[str, Words] = {
    "0": Words("未知", "Unknown"),
    "1": Words("男", "Male"),
    "2": Words("女", "Female"),
    "9": Words("未说明", "Not stated"),
}
STATUSES: dict[str, Words] = {
    "present": Words("在册", "On the roster"),
    "dead": Words("死亡", "Dead"),
    "moved": Words("迁出", "Moved away"),
}


@dataclass(frozen=True, slots=True)
class Masked:
    """A personal value with its middle covered. The whole value comes from `unmask`, with a purpose and a trace."""

    shown: str

    def __str__(self) -> str:
        return self.shown


@dataclass(frozen=True, slots=True)
class PersonSummary:
    """A person as lists and desks see them. `name` is whole or masked by who looks (`masking.sees_names`).

    The year of birth, not its date: with the date, a masked ID number could be completed.
    """

    id: int
    region: int
    village_code: int | None
    name: str
    sex: Sex
    birth_year: int
    number_kind: NumberKind
    number: Masked
    phone: Masked | None
    status: Status
    status_date: date | None
    household: int | None
    merged_into: int | None


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What rules reckon with; never shown as it is."""

    id: int
    region: int
    village_code: int | None
    sex: Sex
    birth_date: date
    status: Status
    status_date: date | None
    disability_category: int | None
    disability_level: int | None


@dataclass(frozen=True, slots=True)
class OnPaper:
    """Whom a paper that the patient takes home names. The name is whole, the number masked."""

    name: str
    number: Masked
    sex: Sex
    birth_date: date


@dataclass(frozen=True, slots=True)
class PersonMatch:
    """A person found by the whole number, in scope. `name` is whole: whoever asks holds a paper with both."""

    id: int
    region: int
    name: str


@dataclass(frozen=True, slots=True)
class MembershipView:
    """One member of a household, as its page shows them."""

    person: PersonSummary
    relation: str
    from_date: date
    until_date: date | None


@dataclass(frozen=True, slots=True)
class HouseholdView:
    """A household with the members the viewer may see, the head first."""

    id: int
    number: str
    region: int
    village_code: int | None
    address: Masked | None
    members: tuple[MembershipView, ...]
    former: tuple[MembershipView, ...]


@dataclass(frozen=True, slots=True)
class CardView:
    """A bank card by its last four digits."""

    id: int
    number: Masked
    bank: str
    holder_name: str
    from_date: date
    until_date: date | None


@dataclass(frozen=True, slots=True)
class ContactView:
    """Whom to reach."""

    id: int
    name: str
    relation: str
    phone: Masked


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person's page."""

    summary: PersonSummary
    ethnicity: str
    disability_category: int | None
    disability_level: int | None
    guardian: PersonSummary | None
    wards: tuple[PersonSummary, ...]
    merged: tuple[PersonSummary, ...]
    cards: tuple[CardView, ...]
    contacts: tuple[ContactView, ...]
    created_at: datetime
    created_by: int


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One entry of a person's history; personal values masked."""

    at: datetime
    user: int
    did: str
    words: Words
    fields: tuple[str, ...]
    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)
    other: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Registered:
    """A new person's number."""

    person: int
    region: int


@dataclass(frozen=True, slots=True)
class Changed:
    """Which fields of a person were really changed; none where nothing differed."""

    person: int
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unmasked:
    """A whole personal value, given once, for a purpose that is in the trail."""

    person: int
    field: PersonalField
    value: str


@dataclass(frozen=True, slots=True)
class FoundAtFacility:
    """What a facility gets for a number or a card: the person, opened for a time, or None: unknown or not findable."""

    person: PersonSummary | None
    until_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PossibleDuplicate:
    """Two records that may be one person, with the reasons, best first. `score` from 0 to 100."""

    person: int
    other: int
    score: int
    reasons: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class PersonFilter:
    """What a list of persons is narrowed by. Empty values narrow nothing. Ages are whole years at `at`."""

    village_code: int | None = None
    region_code: int | None = None
    name: str = ""
    name_prefix: str = ""
    sex: Sex | None = None
    age_from: int | None = None
    age_to: int | None = None
    at: date | None = None
    household: int | None = None
    status: Status | None = None
    merged: bool = False


@dataclass(frozen=True, slots=True)
class ExportBatch:
    """Some rows of an export and where the next batch starts; None at the end."""

    rows: tuple[PersonSummary, ...]
    after: int | None


@dataclass(frozen=True, slots=True)
class HouseholdFilter:
    """What a list of households is narrowed by."""

    region_code: int | None = None
    number: str = ""


@dataclass(frozen=True, slots=True)
class HouseholdSummary:
    """A household in a list. `head` is None where it has none, or none in sight."""

    id: int
    number: str
    region: int
    village_code: int | None
    head: PersonSummary | None
    members: int
