"""Divisions entered, and reorganised. What a code was before stays; people are moved by their own app."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from doudi.server.access.api import operation
from doudi.server.audit.api import append
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.regions import LEVEL_DIGITS, region_key, significant
from doudi.server.reference.data import Done
from doudi.server.reference.errors import region_code_wrong, unknown_region
from doudi.server.reference.models import Region, RegionChange
from doudi.server.reference.operations.times import begin
from doudi.server.reference.periods import valid_on
from doudi.server.reference.queries.version import changing
from doudi.words import Words

DIVISION = Words("行政区划", "Division")


@dataclass(frozen=True, slots=True)
class NewRegion:
    """A division to enter: 12-digit code and name."""

    code: int
    name: str
    is_fictional: bool = False


@operation("reference.add_regions")
def add_regions(
    *,
    actor: Actor,
    now: datetime,
    key: str | None,
    regions: tuple[NewRegion, ...],
    from_date: date,
    source: str,
) -> Done:
    """Enter divisions valid from a day, with the source they are from. The division above must exist that day."""
    with changing():
        for region in sorted(regions, key=lambda region: region.code):
            enter(region, from_date, source)
    append(
        "reference.regions_added",
        actor=actor,
        at=now,
        object_kind="region",
        detail={"count": len(regions), "from_date": from_date.isoformat(), "source": source},
    )
    return Done(len(regions))


@operation("reference.reorganise")
def reorganise(
    *,
    actor: Actor,
    now: datetime,
    key: str | None,
    on: date,
    predecessors: tuple[int, ...],
    successors: tuple[NewRegion, ...],
    basis: str,
) -> Done:
    """From `on` the successors stand in the place of the predecessors: merged, split, renamed or (none) abolished.

    A successor that keeps a predecessor's code is the same code under its new name. All predecessors must be valid on the
    day before; each becomes a predecessor of each successor. `basis` names the document of the approving government.
    """
    with changing():
        for code in predecessors:
            row = Region.objects.select_for_update().filter(valid_on(on), code=code, from_date__lt=on).first()
            if row is None:
                raise unknown_region(code, on)
            row.until_date = on
            row.save(update_fields=["until_date"])
        for region in sorted(successors, key=lambda region: region.code):
            enter(region, on, basis)
        RegionChange.objects.bulk_create(
            RegionChange(predecessor_code=before, successor_code=region.code, on_date=on, basis=basis)
            for before in predecessors
            for region in successors
        )
    append(
        "reference.regions_reorganised",
        actor=actor,
        at=now,
        region=region_key(predecessors[0]) if predecessors else 0,
        object_kind="region",
        object_id=predecessors[0] if predecessors else "",
        purpose=basis,
        detail={
            "on": on.isoformat(),
            "predecessors": list(predecessors),
            "successors": [region.code for region in successors],
        },
    )
    return Done(len(successors))


def enter(region: NewRegion, from_date: date, source: str) -> None:
    """One division, below one that exists that day."""
    digits = significant(region.code)
    if digits not in LEVEL_DIGITS or not 10**11 <= region.code < 10**12:
        raise region_code_wrong(region.code)
    above = parents_of(region.code)
    parent = max(
        Region.objects.filter(valid_on(from_date), code__in=above).values_list("code", flat=True),
        key=significant,
        default=None,
    )
    if parent is None and above:
        raise unknown_region(above[-1], from_date)
    begin(
        Region,
        DIVISION,
        {"code": region.code},
        from_date=from_date,
        name=region.name,
        parent_code=parent,
        source=source,
        is_fictional=region.is_fictional,
    )


def parents_of(code: int) -> list[int]:
    """The codes above, from the province down. A county of a municipality has only its province above."""
    digits = significant(code)
    return [code // 10 ** (12 - level) * 10 ** (12 - level) for level in LEVEL_DIGITS if level < digits]
