"""The explanation of any bill of a batch: its person's bills are settled again, one by one, up to it.

Nothing is kept of a batch but its results: what led to one of them is cheaper to compute again than to store.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from doudi.engine.batch.alone import decisions
from doudi.engine.batch.dataset import Dataset
from doudi.engine.batch.job import Job
from doudi.engine.batch.ready import Tables, read
from doudi.engine.decision import Decision
from doudi.engine.refusals import Refused


def replay(job: Job, bill_id: str, person: str | None = None) -> Decision:
    """The decision of a bill. Raises Refused: with why the bill is refused, or because there is no such bill."""
    dataset = job.open()
    for bucket in range(dataset.buckets):
        found = _rows(dataset, bucket, bill_id, person)
        if len(found):
            return _decide(job, dataset, bucket, bill_id, found)
    raise Refused("bill_not_found", bill_id, key=bill_id)


def _rows(dataset: Dataset, bucket: int, bill_id: str, person: str | None) -> pa.Table:
    """The rows of a bucket with an id (and a person)."""
    table = dataset.bills(bucket)
    test = pc.equal(table.column("id").cast(pa.string()), bill_id)
    if person is not None:
        test = pc.and_(test, pc.equal(table.column("person").cast(pa.string()), person))
    return table.filter(test)


def _decide(job: Job, dataset: Dataset, bucket: int, bill_id: str, found: pa.Table) -> Decision:
    if len(found) > 1:
        owners = "、".join(str(one) for one in found.column("person").to_pylist()[:5])
        raise Refused("bill_of_many", bill_id, key=bill_id, people=owners)
    table = dataset.bills(bucket)
    key = "group" if "group" in table.column_names else "person"
    own = table.filter(pc.equal(table.column(key), found.column(key)[0]))
    bills, people, openings = read(Tables(own, dataset.people_of(bucket), job.opened()))
    wanted = int(np.flatnonzero(bills.bills.row == found.column("row")[0].as_py())[0])
    for fault in bills.faults.found:
        if wanted in fault.rows:
            raise fault.why(wanted)
    for row, decision in decisions(job.settler, bills.bills, people, openings, bills.faults.free):
        if row == wanted:
            if isinstance(decision, Refused):
                raise decision
            return decision
    raise Refused("bill_not_found", bill_id, key=bill_id)
