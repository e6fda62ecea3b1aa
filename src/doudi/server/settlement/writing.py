"""The one statement that writes a version of a settlement: row, record, accumulators, holds, registration.

Everything or nothing: it runs in the transaction of its operation, after the subjects are locked.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from doudi.server.kernel.errors import invariant
from doudi.server.settlement.models import Settlement

GIVEN = tuple(
    str(field.column)
    for field in Settlement._meta.concrete_fields  # noqa: SLF001 - Django's public API
    if field.column not in ("settled_at", "superseded_at")
)
"""The columns of a settlement that its writer gives; when it was written the database says itself."""
_WRITE = f"""
WITH written AS (
    INSERT INTO settlement_settlement ({", ".join(GIVEN)})
    SELECT {", ".join(GIVEN)} FROM json_populate_record(NULL::settlement_settlement, %(row)s::json)
    RETURNING id),
kept AS (
    INSERT INTO settlement_record (settlement_id, person_id, facility_id, region, packed, head)
    VALUES (%(id)s, %(person)s, %(facility)s, %(region)s, %(packed)s, %(head)s)),
used AS (
    INSERT INTO settlement_accumulator AS held (scope, subject_id, region, name, period, used_fen)
    SELECT scope, subject_id, %(region)s, name, period, used_fen
      FROM json_to_recordset(%(used)s) AS x (scope text, subject_id bigint, name text, period text, used_fen bigint)
        ON CONFLICT (scope, subject_id, name, period) DO UPDATE SET used_fen = excluded.used_fen),
counted AS (
    UPDATE settlement_subject SET bills = bills + 1
     WHERE (scope, subject_id) IN (SELECT scope, subject_id FROM json_to_recordset(%(subjects)s)
                                       AS x (scope text, subject_id bigint))),
released AS (
    UPDATE settlement_hold h SET posted_fen = h.posted_fen + x.posted, settlement_id = %(id)s,
           state = CASE WHEN %(final)s THEN 'posted' ELSE h.state END,
           ended_at = CASE WHEN %(final)s THEN statement_timestamp() ELSE h.ended_at END
      FROM json_to_recordset(%(holds)s) AS x (id bigint, posted bigint) WHERE h.id = x.id),
closed AS (
    UPDATE settlement_registration
       SET state = 'discharged', discharged_on = %(discharged)s, closed_by = %(user)s,
           closed_at = statement_timestamp()
     WHERE id = %(registration)s AND state = 'open' AND %(final)s)
SELECT id FROM written
"""  # noqa: S608 - the names of our own columns


@dataclass(frozen=True, slots=True)
class Written:
    """What is to be written. `row`: the columns of the settlement. `used`: accumulators → their new value, fen."""

    row: Mapping[str, Any]
    packed: bytes
    head: bytes | None
    used: Mapping[tuple[str, int, str, str], int]
    subjects: Iterable[tuple[str, int]]
    holds: Mapping[int, int]
    final: bool
    discharged: date | None = None


def write(one: Written) -> None:
    """Write it. One statement."""
    row = one.row
    invariant(set(row) == set(GIVEN), "settlement.columns")
    used = [
        {"scope": scope, "subject_id": subject, "name": name, "period": period, "used_fen": fen}
        for (scope, subject, name, period), fen in sorted(one.used.items())
    ]
    words = {
        "row": json.dumps(row, ensure_ascii=False, default=str),
        "id": row["id"],
        "person": row["person_id"],
        "facility": row["facility_id"],
        "region": row["region"],
        "packed": one.packed,
        "head": one.head,
        "used": json.dumps(used, ensure_ascii=False),
        "subjects": json.dumps([{"scope": scope, "subject_id": subject} for scope, subject in one.subjects]),
        "holds": json.dumps([{"id": hold, "posted": fen} for hold, fen in sorted(one.holds.items())]),
        "final": one.final,
        "discharged": one.discharged,
        "user": row["settled_by"],
        "registration": row["registration_id"],
    }
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, words)
