"""The insurance schemes, by the identifiers that policies write under `schemes:`; and what can become of an enrolment.

`basic` schemes are the ones of which a person has one at a time; a supplement comes on top. `national` is the code of
险种类型 (insutype) in the national interface.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from doudi.words import Words

Status = Literal["insured", "unpaid", "lapsed", "refunded"]

STATUS_WORDS: dict[Status, Words] = {
    "insured": Words("正常参保", "Insured"),
    "unpaid": Words("未缴费", "Unpaid"),
    "lapsed": Words("已停保", "Lapsed"),
    "refunded": Words("已退费", "Refunded"),
}

COUNTED: frozenset[Status] = frozenset({"insured", "lapsed"})
"""Statuses whose period was insured: a lapsed enrolment ends where it lapsed."""


@dataclass(frozen=True, slots=True)
class Scheme:
    """One scheme of insurance."""

    code: str
    words: Words
    basic: bool
    national: str = ""
    names: tuple[str, ...] = ()
    """What lists call it besides."""


SCHEMES: dict[str, Scheme] = {
    scheme.code: scheme
    for scheme in (
        Scheme(
            "resident",
            Words("城乡居民基本医疗保险", "Resident basic insurance"),
            True,
            "390",
            (
                "居民医保",
                "城乡居民",
                "居民",
                "城乡居民医保",
                "居民基本医疗保险",
                "城乡居民医疗保险",
                "合作医疗保险",
            ),
        ),
        Scheme(
            "employee",
            Words("职工基本医疗保险", "Employee basic insurance"),
            True,
            "310",
            ("职工医保", "职工", "城镇职工", "城镇职工基本医疗保险", "职工基本医保"),
        ),
        Scheme(
            "rural",
            Words("新型农村合作医疗", "New rural cooperative scheme"),
            True,
            "380",
            ("新农合", "农合", "合作医疗", "参合"),
        ),
        Scheme(
            "urban_resident",
            Words("城镇居民基本医疗保险", "Urban resident basic insurance"),
            True,
            "391",
            ("城镇居民", "城镇居民医保"),
        ),
        Scheme(
            "supplement",
            Words("商业补充医疗保险", "Commercial supplement"),
            False,
            "",
            ("商业补充保险", "补充保险", "精准脱贫保", "扶贫特惠保险", "医疗商业补充保险"),
        ),
    )
}
"""380 and 391 were merged into 390 from 2016 on (国发〔2016〕3号); they stand here for the years before."""


def scheme_named(text: str) -> Scheme | None:
    """The scheme that a list calls `text`, by identifier, national code, full name or a usual short one."""
    for scheme in SCHEMES.values():
        if text in (scheme.code, scheme.national, scheme.words.zh, scheme.words.en, *scheme.names):
            return scheme
    return None


def scheme_words(code: str) -> Words:
    """What a scheme is called."""
    return SCHEMES[code].words if code in SCHEMES else Words(code, code)
