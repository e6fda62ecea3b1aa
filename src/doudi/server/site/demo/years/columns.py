"""People and drafts as the tables that the batch engine reads (docs/batch.md)."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from doudi.engine.data import Person
from doudi.policy.conditions import PARTS
from doudi.server.site.demo.years.drawing import Draft

_SPAN = [("from", pa.date32()), ("until", pa.date32())]
_INSURED = pa.list_(pa.struct([("scheme", pa.string()), ("tier", pa.string()), *_SPAN]))
_CATEGORIES = pa.list_(pa.struct([("code", pa.string()), *_SPAN]))


def people_table(people: Sequence[Person]) -> pa.Table:
    """One row a person."""
    insured = [
        [
            {"scheme": one.scheme, "tier": one.tier, "from": one.span.begins, "until": one.span.ends}
            for one in person.insured or ()
        ]
        for person in people
    ]
    held = [
        [{"code": one.code, "from": one.span.begins, "until": one.span.ends} for one in person.categories]
        for person in people
    ]
    return pa.table(
        {
            "id": [person.id for person in people],
            "born": pa.array([person.born for person in people], pa.date32()),
            "household": pa.array([person.household for person in people], pa.string()),
            "region": pa.array([person.region for person in people], pa.string()),
            "insured": pa.array(insured, _INSURED),
            "categories": pa.array(held, _CATEGORIES),
        }
    )


def bills_table(drafts: Sequence[Draft], ids: Sequence[str]) -> pa.Table:
    """One row a draft; `ids`: of the persons by place."""
    return pa.table(
        {
            "id": [draft.name for draft in drafts],
            "person": [ids[draft.who] for draft in drafts],
            "care": [draft.care for draft in drafts],
            "level": [draft.hospital.level for draft in drafts],
            "grade": [draft.hospital.grade for draft in drafts],
            "designated_for": pa.array(
                [list(draft.hospital.programmes) for draft in drafts], pa.list_(pa.string())
            ),
            "designated": pa.array([True] * len(drafts), pa.bool_()),
            "facility_region": [draft.hospital.area for draft in drafts],
            "diagnoses": [[draft.diagnosis] for draft in drafts],
            "admitted": pa.array([draft.admitted for draft in drafts], pa.date32()),
            "discharged": pa.array([draft.discharged for draft in drafts], pa.date32()),
            "settled": pa.array([draft.discharged for draft in drafts], pa.date32()),
            **{
                f"{part}_fen": pa.array([draft.parts[place] for draft in drafts], pa.int64())
                for place, part in enumerate(PARTS)
            },
        }
    )
