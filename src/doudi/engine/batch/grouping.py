"""Who shares accumulators, and in which order bills took their place."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from doudi.engine.batch.columns import BillColumns, Codes, PeopleColumns


def groups_of(person: Codes, people: PeopleColumns, *, by_household: bool) -> Codes:
    """The person of each bill, or the household with those who have none as households of one."""
    if not by_household:
        return person
    codes = people.household.codes[person]
    none = np.array([value is None for value in people.household.values] or [True])
    alone = none[codes] if len(codes) else np.zeros(0, np.bool_)
    return np.where(alone, len(none) + person, codes)


def posting_order(group: Codes, bills: BillColumns) -> npt.NDArray[np.intp]:
    """By group, then as posted: by the day of settlement, then by bill id."""
    table = pa.table({"group": group, "settled": bills.days["settled"], "id": bills.ids})
    keys = [("group", "ascending"), ("settled", "ascending"), ("id", "ascending")]
    return np.asarray(pc.sort_indices(table, sort_keys=keys)).astype(np.intp)
