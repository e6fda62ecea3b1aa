"""Disease and procedure codes by beginning or name, and the named lists of diseases in force on a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import partial

from django.db.models import Q

from doudi.server.access.api import query
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.paging import SIZE, Page, page_of
from doudi.server.reference.data import ClinicalCodeView, DiseaseListView, ListedDiseaseView
from doudi.server.reference.models import ClinicalCode, DiseaseList, ListedDisease
from doudi.server.reference.periods import valid_on
from doudi.server.reference.queries.funds import nearest, regions_above
from doudi.server.reference.queries.version import reading, snapshot


@query("reference.clinical_codes")
def clinical_codes(
    *, viewer: Actor, kind: str, day: date, text: str = "", page: int = 0, size: int = SIZE
) -> Page[ClinicalCodeView]:
    """Codes of `kind` valid on `day`. Text that begins like a code (a letter or a digit) finds codes that begin so."""
    rows = ClinicalCode.objects.filter(valid_on(day), kind=kind)
    text = text.strip()
    if text and text[0].isascii():
        rows = rows.filter(code__startswith=text[0].upper() + text[1:])
    elif text:
        rows = rows.filter(Q(name__contains=text))
    return page_of(
        rows.order_by("code"),
        lambda row: ClinicalCodeView(row.kind, row.code, row.name, row.from_date, row.until_date),
        number=page,
        size=size,
    )


def clinical_names(kind: str, codes: Iterable[str], day: date) -> dict[str, str]:
    """The names of codes on `day`, from memory while reference data does not change; unknown ones are left out."""
    found = {}
    with reading():
        for code in dict.fromkeys(codes):
            rows = snapshot(f"clinical:{kind}:{code}", partial(_times, kind, code))
            name = next(
                (one for one, begins, ends in rows if begins <= day and (ends is None or day < ends)), ""
            )
            if name:
                found[code] = name
    return found


def _times(kind: str, code: str) -> list[tuple[str, date, date | None]]:
    rows = ClinicalCode.objects.filter(kind=kind, code=code)
    return list(rows.values_list("name", "from_date", "until_date"))


@query("reference.disease_lists")
def disease_lists(*, viewer: Actor, region: int, day: date) -> tuple[DiseaseListView, ...]:
    """The lists that hold in `region` (a region key) on `day`, by code; a county's own before the country's."""
    rows = DiseaseList.objects.filter(valid_on(day), region__in=regions_above(region)).prefetch_related(
        "diseases"
    )
    return nearest(_view(row) for row in rows)


def _view(row: DiseaseList) -> DiseaseListView:
    diseases = sorted(row.diseases.all(), key=lambda disease: disease.position)
    return DiseaseListView(
        code=row.code,
        region=row.region,
        name=row.name,
        basis=row.basis,
        from_date=row.from_date,
        until_date=row.until_date,
        diseases=tuple(_disease(disease) for disease in diseases),
    )


def _disease(row: ListedDisease) -> ListedDiseaseView:
    return ListedDiseaseView(row.name, tuple(row.prefixes.split()), row.age_below, row.assumed)
