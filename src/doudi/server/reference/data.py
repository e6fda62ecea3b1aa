"""What crosses the border of reference. Codes of regions are 12-digit integers, `region` a region key (9 digits)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from doudi.words import Words

REGION_LEVELS: dict[int, str] = {
    0: "country",
    2: "province",
    4: "city",
    6: "county",
    9: "township",
    12: "village",
}
"""Significant digits of a code → the level of the region."""

REGION_LEVEL_NAMES: dict[str, Words] = {
    "country": Words("全国", "Country"),
    "province": Words("省级", "Province"),
    "city": Words("地市级", "City or prefecture"),
    "county": Words("县级", "County"),
    "township": Words("乡级", "Township"),
    "village": Words("村级", "Village"),
}

ITEM_CLASSES: dict[str, Words] = {
    "1": Words("甲类", "Class A"),
    "2": Words("乙类", "Class B"),
    "3": Words("丙类", "Class C"),
}

LIST_TYPES: dict[str, Words] = {
    "101": Words("西药中成药", "Western and Chinese patent medicine"),
    "102": Words("中药饮片", "Prepared slices of Chinese medicine"),
    "103": Words("自制剂", "Preparation of a hospital"),
    "104": Words("民族药", "Ethnic medicine"),
    "105": Words("其他", "Other"),
    "106": Words("中药配方颗粒", "Granules of Chinese medicine"),
    "201": Words("医疗服务项目", "Medical service item"),
    "301": Words("医用耗材", "Consumable"),
}
"""`list_type` of the national interface."""

CLINICAL_KINDS: dict[str, Words] = {
    "diagnosis": Words("疾病诊断", "Diagnosis"),
    "procedure": Words("手术操作", "Procedure"),
    "special_outpatient": Words("门诊慢特病病种", "Special outpatient disease"),
}


@dataclass(frozen=True, slots=True)
class RegionName:
    """One step of a path: the name a division has (or had) on the day asked for."""

    code: int
    name: str
    level: str


@dataclass(frozen=True, slots=True)
class RegionView:
    """A division while it is valid."""

    code: int
    name: str
    level: str
    parent_code: int | None
    from_date: date
    until_date: date | None
    source: str
    is_fictional: bool


@dataclass(frozen=True, slots=True)
class Reorganised:
    """One step of a reorganisation."""

    predecessor_code: int
    successor_code: int
    on_date: date
    basis: str


@dataclass(frozen=True, slots=True)
class FacilityView:
    """A facility as it stands on a day: what a list shows and what a bill needs. `level`, `grade` may be ""."""

    id: int
    code: str
    name: str
    region: int
    level: str
    grade: str
    step: str
    schemes: tuple[str, ...]
    programmes: tuple[str, ...]
    opened_on: date
    closed_on: date | None
    is_fictional: bool

    def designated(self, scheme: str) -> bool:
        """Whether the facility is 定点 for the insurance scheme on that day."""
        return scheme in self.schemes


@dataclass(frozen=True, slots=True)
class DesignationView:
    """One time of designation."""

    id: int
    scheme: str
    is_programme: bool
    from_date: date
    until_date: date | None
    end_reason: str


@dataclass(frozen=True, slots=True)
class FacilityStandingView:
    """Level and grade while they hold."""

    level: str
    grade: str
    step: str
    from_date: date
    until_date: date | None


@dataclass(frozen=True, slots=True)
class FacilityHistory:
    """All that a facility was: levels and grades, and times of designation, oldest first."""

    standings: tuple[FacilityStandingView, ...]
    designations: tuple[DesignationView, ...]


@dataclass(frozen=True, slots=True)
class FundView:
    """A fund and the department that owns it."""

    id: int
    region: int
    code: str
    name: str
    department: str
    from_date: date
    until_date: date | None


@dataclass(frozen=True, slots=True)
class PayerView:
    """A payer and the fund it draws on."""

    id: int
    region: int
    code: str
    name: str
    fund: str
    from_date: date
    until_date: date | None


@dataclass(frozen=True, slots=True)
class ItemView:
    """An item of a catalogue."""

    code: str
    list_type: str
    name: str
    specification: str
    unit: str
    maker: str
    from_date: date
    until_date: date | None
    is_fictional: bool


@dataclass(frozen=True, slots=True)
class ItemPrice:
    """What insurance says of an item on a day, in a region, for a grade of hospital and a scheme.

    `item_class` "1", "2", "3" or None where nothing is said (then own pay); `ceiling_fen` None: no ceiling. `*_region`
    is the region whose rule was taken: the nearest that has one.
    """

    code: str
    name: str
    list_type: str
    item_class: str | None
    class_region: int | None
    first_pay_bp: int
    first_pay_region: int | None
    ceiling_fen: int | None
    ceiling_region: int | None


@dataclass(frozen=True, slots=True)
class ClinicalCodeView:
    """A code and its name."""

    kind: str
    code: str
    name: str
    from_date: date
    until_date: date | None


@dataclass(frozen=True, slots=True)
class ListedDiseaseView:
    """One disease of a list. A diagnosis belongs to it when it begins with a prefix, and the patient is young enough."""

    name: str
    prefixes: tuple[str, ...]
    age_below: int | None
    assumed: str

    def holds(self, diagnosis: str, age: int | None) -> bool:
        """Whether `diagnosis` (an ICD-10 code) at `age` (whole years, None unknown) is this disease."""
        if self.age_below is not None and (age is None or age >= self.age_below):
            return False
        return any(begins(diagnosis, prefix) for prefix in self.prefixes)


@dataclass(frozen=True, slots=True)
class DiseaseListView:
    """A named list of diseases in force."""

    code: str
    region: int
    name: str
    basis: str
    from_date: date
    until_date: date | None
    diseases: tuple[ListedDiseaseView, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """What an operation did: the number of the row it made or changed."""

    id: int


def begins(diagnosis: str, prefix: str) -> bool:
    """Whether an ICD-10 code lies under `prefix`; `C91-C95` is a range of categories, `C91.0` a prefix."""
    if "-" in prefix:
        first, last = prefix.split("-", 1)
        return first <= diagnosis[: len(first)] and diagnosis[: len(last)] <= last
    return diagnosis.startswith(prefix)
