"""What the oversight page is narrowed by: read from the address, changed by a click, said in words. Nothing personal."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from doudi.engine.vocabulary import CARES, LEVELS, name_of
from doudi.server.desks import fields
from doudi.server.desks.places import place_name
from doudi.server.recognition.api import category_title
from doudi.server.reference.api import clinical_names, facility_names
from doudi.server.settlement.api import CHAPTERS, OversightFilter
from doudi.words import Words

NONE = "none"
NOT_RECOGNISED = Words("无身份认定", "no category")
NO_DIAGNOSIS = Words("未填诊断", "no diagnosis")
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_DISEASE = re.compile(r"[A-Z][0-9][0-9A-Z]", re.ASCII)


@dataclass(frozen=True, slots=True)
class Chosen:
    """One thing the page is narrowed by: what it says, and the address without it."""

    words: Words
    without: str


def read(data: Mapping[str, Any], today: date) -> OversightFilter:
    """The filter of an address; what is not understood does not narrow. A month after this one is this one."""
    return OversightFilter(
        month=_month(str(data.get("month", "")), today),
        span="year" if data.get("span") == "year" else "month",
        region=fields.number(data, "region", Words("参保地", "region"), required=False),
        facility=fields.number(data, "facility", Words("机构", "facility"), required=False, most=2**31 - 1),
        category=fields.text(data, "category", Words("身份", "category"), required=False, longest=60),
        care=fields.choice(data, "care", Words("就医方式", "care"), CARES, required=False),
        level=fields.choice(data, "level", Words("机构级别", "level"), LEVELS, required=False),
        disease=_disease(str(data.get("disease", ""))),
    )


def _month(text: str, today: date) -> date:
    this = today.replace(day=1)
    found = _MONTH.fullmatch(text)
    if found is None or not 1 <= int(found[2]) <= 12 or int(found[1]) < 2000:
        return this
    return min(this, date(int(found[1]), int(found[2]), 1))


def _disease(text: str) -> str:
    return text if text in CHAPTERS or text == NONE or _DISEASE.fullmatch(text) else ""


def query_of(wanted: OversightFilter, today: date) -> str:
    """The filter as the end of an address, the shortest that means it."""
    told: dict[str, Any] = {
        "month": f"{wanted.month:%Y-%m}" if wanted.month != today.replace(day=1) else "",
        "span": "year" if wanted.span == "year" else "",
        "region": wanted.region, "facility": wanted.facility, "category": wanted.category, "care": wanted.care,
        "level": wanted.level, "disease": wanted.disease,
    }  # fmt: skip
    return urlencode({name: value for name, value in told.items() if value})


def address(wanted: OversightFilter, today: date, **changes: Any) -> str:
    """The page with some of the filter changed."""
    query = query_of(replace(wanted, **changes), today)
    return reverse("oversight.home") + (f"?{query}" if query else "")


def list_address(wanted: OversightFilter, from_date: date, until: date, **changes: Any) -> str:
    """The list of the settlements behind a figure; "" where no list is narrowed so."""
    one = replace(wanted, **changes)
    if NONE in (one.category, one.disease) or one.disease in CHAPTERS:
        return ""
    told: dict[str, Any] = {
        "period": "days", "from": from_date.isoformat(), "until": until.isoformat(), "region": one.region,
        "facility": one.facility, "category": one.category, "care": one.care, "level": one.level,
        "diagnosis": one.disease,
    }  # fmt: skip
    return (
        f"{reverse('county.settlements')}?{urlencode({name: value for name, value in told.items() if value})}"
    )


def last_day(month: date) -> date:
    """The last day of a month."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def disease_words(disease: str, day: date) -> Words:
    """A chapter by its name; three characters by theirs where it is known; else the code."""
    if disease in CHAPTERS:
        return CHAPTERS[disease][2]
    if disease == NONE:
        return NO_DIAGNOSIS
    name = clinical_names("diagnosis", [disease], day).get(disease, "")
    return Words(f"{disease} {name}".strip(), f"{disease} {name}".strip())


def category_words(category: str) -> Words:
    """A category by its name."""
    return NOT_RECOGNISED if category == NONE else category_title(category).words


def chosen(wanted: OversightFilter, today: date) -> list[Chosen]:
    """What the page is narrowed by beside its time, each with the address that takes it away."""
    found: list[Chosen] = []

    def add(words: Words, **without: Any) -> None:
        found.append(Chosen(words, address(wanted, today, **without)))

    if wanted.region:
        name = place_name(wanted.region // 1000)
        add(Words(name, name), region=None)
    if wanted.facility:
        name = facility_names([wanted.facility]).get(wanted.facility, str(wanted.facility))
        add(Words(name, name), facility=None)
    if wanted.category:
        add(category_words(wanted.category), category="")
    if wanted.care:
        add(name_of(wanted.care), care="")
    if wanted.level:
        words = name_of(wanted.level)
        add(Words(f"{words.zh}机构", f"{words.en} facilities"), level="")
    if wanted.disease:
        add(disease_words(wanted.disease, today), disease="")
    return found
