"""The demo's facilities, funds, payers, catalogue and codes, marked fictional where they are. For a new database."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from doudi.server.access.api import operation
from doudi.server.audit.api import append
from doudi.server.kernel.actor import Actor
from doudi.server.reference.data import Done
from doudi.server.reference.errors import already_filled
from doudi.server.reference.models import (
    CatalogueItem,
    ClinicalCode,
    Designation,
    Facility,
    FacilityStanding,
    FirstPay,
    Fund,
    ItemClass,
    Payer,
    PriceCeiling,
    Region,
)
from doudi.server.reference.operations.load_starting_data import FOLDER, starting
from doudi.server.reference.queries.version import changing

FIRST_SERIAL = 90_001
PROVINCE = 520_000_000


@operation("reference.load_demo")
def load_demo(*, actor: Actor, now: datetime, key: str | None, villages_in_each: int = 6) -> Done:
    """Fill the tables of reference for the demo; refused where there is any facility. The number of facilities made."""
    if Facility.objects.exists():
        raise already_filled()
    demo = starting("demo.yaml")
    day: date = demo["first_day"]
    with changing():
        Region.objects.bulk_create(_villages(villages_in_each))
        facilities = _facilities(demo, day)
        _funds(demo, day)
        _catalogue(day)
        ClinicalCode.objects.bulk_create(
            ClinicalCode(kind=kind, code=code, name=name, version="demo", from_date=day)
            for kind, codes in demo["codes"].items()
            for code, name in codes.items()
        )
    append(
        "reference.demo_loaded",
        actor=actor,
        at=now,
        object_kind="facility",
        detail={"facilities": facilities},
    )
    return Done(facilities)


_VILLAGES = (
    "青杠", "上寨", "岩头", "白果", "河边", "龙井", "田坝", "枫香", "石板", "花红",
    "新寨", "大坪", "水塘", "杉木", "老鹰", "茶园", "桐梓", "麻窝", "半坡", "长冲",
)  # fmt: skip


def _villages(each: int) -> Iterator[Region]:
    """Fictional villages: serials from 901 on in every township, which the statistics codes do not reach."""
    for place, key in enumerate(starting("townships.yaml")["townships"]):
        for number in range(each):
            name = _VILLAGES[(place * 7 + number) % len(_VILLAGES)]
            yield Region(
                code=key * 1000 + 901 + number,
                name=f"{name}示例村",
                parent_code=key * 1000,
                from_date=date(1990, 1, 1),
                source="演示数据",
                is_fictional=True,
            )


def _facilities(demo: dict[str, Any], day: date) -> int:
    townships = [
        {**demo["township_facility"], "area": key, "name": name + demo["township_facility"]["ending"]}
        for key, name in starting("townships.yaml")["townships"].items()
    ]
    serials: dict[str, int] = {}
    rows, facts = [], [*demo["facilities"], *townships]
    for fact in facts:
        area = str(fact["area"])[:6]
        letter = "P" if fact.get("pharmacy") else "H"
        serials[letter + area] = serial = serials.get(letter + area, FIRST_SERIAL - 1) + 1
        rows.append(
            Facility(
                code=f"{letter}{area}{serial}",
                name=fact["name"],
                region=int(str(fact["area"]).ljust(9, "0")),
                opened_on=day,
                is_fictional=True,
            )
        )
    made = list(zip(Facility.objects.bulk_create(rows), facts, strict=True))
    FacilityStanding.objects.bulk_create(
        FacilityStanding(
            facility=row,
            region=row.region,
            level=fact.get("level", ""),
            grade=fact.get("grade", ""),
            step=fact.get("step", ""),
            from_date=day,
        )
        for row, fact in made
    )
    Designation.objects.bulk_create(
        Designation(facility=row, region=row.region, scheme=name, is_programme=is_programme, from_date=day)
        for row, fact in made
        for names, is_programme in ((demo["schemes"], False), (fact.get("programmes", ()), True))
        for name in names
    )
    return len(made)


def _funds(demo: dict[str, Any], day: date) -> None:
    Fund.objects.bulk_create(
        Fund(
            region=place["region"] * 1000,
            code=code,
            name=demo["fund_names"][code],
            department=department,
            from_date=day,
        )
        for place in demo["funds"]
        for code, department in place["departments"].items()
    )
    Payer.objects.bulk_create(
        Payer(region=region * 1000, code=code, name=name, fund=fund, from_date=day)
        for region, code, name, fund in demo["payers"]
    )


def _catalogue(day: date) -> None:
    with (FOLDER / "demo_items.csv").open(encoding="utf-8", newline="") as file:
        next(file)  # the line that names the source
        rows = list(csv.DictReader(file))
    CatalogueItem.objects.bulk_create(
        CatalogueItem(
            code=row["code"],
            list_type=row["list_type"],
            name=row["name"],
            specification=row["specification"],
            unit=row["unit"],
            version="demo",
            from_date=day,
            is_fictional=True,
        )
        for row in rows
    )
    ItemClass.objects.bulk_create(
        ItemClass(code=row["code"], region=PROVINCE, item_class=row["class"], from_date=day) for row in rows
    )
    FirstPay.objects.bulk_create(
        FirstPay(code=row["code"], region=PROVINCE, rate_bp=int(row["first_pay_bp"]), from_date=day)
        for row in rows
        if int(row["first_pay_bp"])
    )
    PriceCeiling.objects.bulk_create(
        PriceCeiling(
            code=row["code"],
            region=PROVINCE,
            grade=grade,
            ceiling_fen=int(row[f"ceiling_{grade}_fen"]),
            from_date=day,
        )
        for row in rows
        for grade in ("1", "2", "3")
        if row[f"ceiling_{grade}_fen"]
    )
