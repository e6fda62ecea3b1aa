"""Versions that follow others are written together: the old ones superseded, deltas posted, accumulators set.

Void and replace: a version is never changed, its successor says what stands instead, and the ledger gets the difference
alone, in one entry that points back to the entry of the version before. All of it is one transaction, under the lock of
all persons whose bills were counted.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import connection

from doudi.server.audit.api import append
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.errors import invariant
from doudi.server.ledger.api import Amount, post
from doudi.server.settlement.data import Kind, number_of
from doudi.server.settlement.differences import Cause, Changed
from doudi.server.settlement.ports import AFTER_REPLACEMENT
from doudi.server.settlement.queries.bills import Posted, Used, last_entry, used_by, version
from doudi.server.settlement.writing import GIVEN

_NUMBERS = "SELECT nextval('settlement_settlement_id_seq') FROM generate_series(1, %s)"
_SUPERSEDE = """
UPDATE settlement_settlement SET superseded_at = statement_timestamp()
 WHERE id = ANY(%s::bigint[]) AND superseded_at IS NULL
"""
_WRITE = f"""
WITH written AS (
    INSERT INTO settlement_settlement ({", ".join(GIVEN)})
    SELECT {", ".join(GIVEN)} FROM json_populate_recordset(NULL::settlement_settlement, %(rows)s::json)
    RETURNING id),
kept AS (
    INSERT INTO settlement_record (settlement_id, person_id, facility_id, region, packed, head)
    SELECT id, person_id, facility_id, region, decode(packed, 'base64'), decode(head, 'base64')
      FROM json_to_recordset(%(records)s) AS x (id bigint, person_id bigint, facility_id int, region int, packed text,
                                                head text)),
used AS (
    INSERT INTO settlement_accumulator AS held (scope, subject_id, region, name, period, used_fen)
    SELECT scope, subject_id, region, name, period, used_fen
      FROM json_to_recordset(%(used)s) AS x (scope text, subject_id bigint, region int, name text, period text,
                                             used_fen bigint)
        ON CONFLICT (scope, subject_id, name, period) DO UPDATE SET used_fen = excluded.used_fen),
counted AS (
    UPDATE settlement_subject s SET bills = s.bills + x.bills
      FROM json_to_recordset(%(subjects)s) AS x (scope text, subject_id bigint, bills int)
     WHERE s.scope = x.scope AND s.subject_id = x.subject_id
    RETURNING 1)
SELECT (SELECT count(*) FROM written), (SELECT count(*) FROM counted)
"""  # noqa: S608 - the names of our own columns


@dataclass(frozen=True, slots=True)
class Next:
    """The version that follows `before`. `columns`: what it has otherwise; `packed` None: the record stays the same."""

    before: Posted
    kind: Kind
    cause: Cause
    columns: Mapping[str, Any]
    packed: bytes | None = None
    head: bytes | None = None
    event: str = "settlement.replaced"
    detail: Mapping[str, Any] = field(default_factory=dict)


def post_versions(
    actor: Actor,
    now: datetime,
    following: Sequence[Next],
    used: Used,
    *,
    reason: str,
) -> tuple[Changed, ...]:
    """Write them, in the order given. `used`: the accumulators they touch, as they are after them.

    All name the first of them as their cause.
    """
    if not following:
        return ()
    numbers = _numbers(len(following))
    rows = [
        _row(actor, now, one, number, reason, numbers[0])
        for one, number in zip(following, numbers, strict=True)
    ]
    changes = [_changed(actor, now, one, row) for one, row in zip(following, rows, strict=True)]
    _write(rows, following, used)
    for one, row, change in zip(following, rows, changes, strict=True):
        append(
            one.event, actor=actor, at=now, region=row["region"], person=row["person_id"],
            object_kind="settlement", object_id=row["root_id"],
            detail={
                "version": row["version"], "cause": row["cause"], "patient_fen": change.patient_fen,
                "paid_fen": sum(change.payers.values()), "decision": row["decision_sha256"], **one.detail,
            },
        )  # fmt: skip
    for row in rows:
        if row["kind"] == "replaced":
            current = version(row["id"])
            for listener in AFTER_REPLACEMENT:
                listener(actor, now, current)
    return tuple(changes)


def _numbers(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_NUMBERS, [count])
        return [number for (number,) in cursor.fetchall()]


def _row(actor: Actor, now: datetime, one: Next, number: int, reason: str, cause_id: int) -> dict[str, Any]:
    before = one.before.row
    invariant(before["kind"] != "reversed", "settlement.after_reversal")
    return {
        **before,
        **one.columns,
        "id": number,
        "kind": one.kind,
        "version": before["version"] + 1,
        "replaces_id": before["id"],
        "posted_on": clock.business_date(now),
        "cause": one.cause,
        "cause_id": cause_id,
        "reason": reason,
        "case_id": None,
        "entry_id": None,
        "settled_by": actor.user,
    }


def _changed(actor: Actor, now: datetime, one: Next, row: dict[str, Any]) -> Changed:
    """Post what moved, if anything did; the number of the entry goes into the row."""
    before = one.before.row
    change = change_of(before, row)
    amounts = [Amount("share", fund, fen) for fund, fen in change.funds.items()]
    amounts += [Amount("hospital", "", change.hospital_fen), Amount("patient", "", change.patient_fen)]
    if any(amount.fen for amount in amounts):
        row["entry_id"] = post(
            actor=actor, now=now, posted_on=row["posted_on"], region=row["region"], template="settle",
            amounts=[amount for amount in amounts if amount.fen], facility=row["facility_id"],
            person=row["person_id"], source_kind="settlement", source_id=row["root_id"],
            back=before["entry_id"] or last_entry(row["root_id"]),
        )  # fmt: skip
    return replace(change, entry=row["entry_id"])


def change_of(before: Mapping[str, Any], after: Mapping[str, Any]) -> Changed:
    """What a version changed, from the columns of both."""
    return Changed(
        settlement=after["root_id"],
        number=number_of(after["root_id"], after["settled_on"]),
        version=after["version"],
        kind=after["kind"],
        entry=after["entry_id"],
        payers=delta(before["shares"], after["shares"]),
        funds=delta(by_fund(before), by_fund(after)),
        hospital_fen=after["hospital_fen"] - before["hospital_fen"],
        patient_fen=after["patient_fen"] - before["patient_fen"],
    )


def used_after(bills: Iterable[Posted], following: Sequence[Next]) -> Used:
    """The accumulators that these versions touch, as the sum of all current versions of all who share them (`bills`)."""
    replaced = {one.before.root: used_by(one.before.row, one.columns["moved"]) for one in following}
    touched: Used = {}
    for one in following:
        touched |= dict.fromkeys((*one.before.used(), *replaced[one.before.root]), 0)
    for posted in bills:
        for place, fen in replaced.get(posted.root, posted.used()).items():
            if place in touched:
                touched[place] += fen
    return touched


def _write(rows: Sequence[Mapping[str, Any]], following: Sequence[Next], used: Used) -> None:
    records, subjects = [], dict[tuple[str, int], int]()
    for row, one in zip(rows, following, strict=True):
        packed, head = one.packed or one.before.packed, one.head or one.before.head
        records.append(
            {key: row[key] for key in ("id", "person_id", "facility_id", "region")}
            | {"packed": _text(packed), "head": _text(head) if head is not None else None}
        )
        for scope, number in (("person", row["person_id"]), ("household", row["household_id"])):
            if number is not None:
                subjects[scope, number] = subjects.get((scope, number), 0) + 1
    region = rows[0]["region"]
    words = {
        "rows": json.dumps(rows, ensure_ascii=False, default=str),
        "records": json.dumps(records),
        "used": json.dumps(
            [
                {"scope": scope, "subject_id": subject, "region": region, "name": name, "period": period, "used_fen": fen}
                for (scope, subject, name, period), fen in sorted(used.items())
            ],
            ensure_ascii=False,
        ),
        "subjects": json.dumps(
            [{"scope": scope, "subject_id": number, "bills": bills} for (scope, number), bills in subjects.items()]
        ),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_SUPERSEDE, [[one.before.row["id"] for one in following]])
        invariant(cursor.rowcount == len(following), "settlement.superseded_meanwhile")
        cursor.execute(_WRITE, words)
        written, counted = cursor.fetchone()
    invariant(written == len(rows) and counted == len(subjects), "settlement.versions_written")


def _text(content: bytes) -> str:
    return b64encode(content).decode()


def by_fund(row: Mapping[str, Any]) -> dict[str, int]:
    """Fund → fen of a version."""
    found: dict[str, int] = {}
    for _, fund, fen in row["funds"]:
        found[fund] = found.get(fund, 0) + fen
    return found


def delta(before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, int]:
    """After less before; what is the same is left out."""
    names = sorted({*before, *after})
    moved = {name: after.get(name, 0) - before.get(name, 0) for name in names}
    return {name: fen for name, fen in moved.items() if fen}
