"""The lock of settlement: one row for a household and one for each record of a person, made before it is locked.

`SELECT … FOR UPDATE` on a row that does not exist locks nothing; so the row is written if it is missing and locked in the
same statement, households before persons, each in order of number. Whoever holds these rows is the only one who counts
the bills of these people; the accumulators need no locks of their own (decision 16).
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from django.db import DatabaseError, connection

from doudi.server.settlement import errors

OUT_OF_SIGHT = "42501"
"""insufficient_privilege: a row of this subject is there, and not in the scope."""

_LOCK = """
INSERT INTO settlement_subject AS held (scope, subject_id, region, bills)
SELECT scope, subject_id, region, 0
  FROM (SELECT CASE WHEN %(facility)s > 0 THEN pg_advisory_xact_lock(-%(facility)s, hashtext(%(serial)s)) END) AS serial,
       json_to_recordset(%(wanted)s) AS wanted (place integer, scope text, subject_id bigint, region integer)
 ORDER BY place, subject_id
    ON CONFLICT (scope, subject_id) DO UPDATE SET region = held.region
RETURNING scope, subject_id, bills
"""


def lock(
    records: Iterable[int], households: Iterable[int], region: int, *, facility: int = 0, serial: str = ""
) -> dict[tuple[str, int], int]:
    """Lock all records of a person and their households; answers how many versions were ever posted for each.

    With a facility its `serial` is locked first: a reversal that looks for this number waits, or is waited for.
    `not_all_in_sight` where one of the rows belongs to another county.
    """
    wanted = [(0, "household", home) for home in households] + [(1, "person", one) for one in records]
    rows = [
        {"place": place, "scope": scope, "subject_id": number, "region": region}
        for place, scope, number in wanted
    ]
    try:
        with connection.cursor() as cursor:
            cursor.execute(_LOCK, {"wanted": json.dumps(rows), "facility": facility, "serial": serial})
            return {(scope, number): bills for scope, number, bills in cursor.fetchall()}
    except DatabaseError as fault:
        if getattr(fault.__cause__, "sqlstate", "") == OUT_OF_SIGHT:
            raise errors.not_all_in_sight() from None
        raise


def lock_serial(facility: int, serial: str) -> None:
    """Lock a facility's number alone, before it is known whose bill it is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [-facility, serial])
