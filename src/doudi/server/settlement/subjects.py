"""The lock of settlement: one row for a household and one for each record of a person, made before it is locked.

`SELECT … FOR UPDATE` on a row that does not exist locks nothing; so the row is written if it is missing and locked in the
same statement, households before persons, each in order of number. Whoever holds these rows is the only one who counts
the bills of these people; the accumulators need no locks of their own (decision 16).
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from django.db import connection

_LOCK = """
INSERT INTO settlement_subject AS held (scope, subject_id, region, bills)
SELECT scope, subject_id, region, 0
  FROM json_to_recordset(%s) AS wanted (place integer, scope text, subject_id bigint, region integer)
 ORDER BY place, subject_id
    ON CONFLICT (scope, subject_id) DO UPDATE SET region = held.region
RETURNING scope, subject_id, bills
"""


def lock(records: Iterable[int], households: Iterable[int], region: int) -> dict[tuple[str, int], int]:
    """Lock all records of a person and their households; answers how many versions were ever posted for each."""
    wanted = [(0, "household", home) for home in households] + [(1, "person", one) for one in records]
    rows = [
        {"place": place, "scope": scope, "subject_id": number, "region": region}
        for place, scope, number in wanted
    ]
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [json.dumps(rows)])
        return {(scope, number): bills for scope, number, bills in cursor.fetchall()}
