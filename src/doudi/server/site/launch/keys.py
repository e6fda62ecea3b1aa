"""The drill of the master key, for the operator: a new master, everything sealed again, the old one retired.

`rotate` makes a new master current at once; the server goes on and notices the changed file. `reseal` goes through every
column in batches of their own transactions, while the server works; broken off, it is begun again and does what is
left. `retire` forgets a master that no value needs: never one that history was sealed with, and not before every
transaction is over that may have sealed with it. Each act is the server's own, with the operator's reason in the trail.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from doudi.server.access.api import operation
from doudi.server.audit.api import append
from doudi.server.kernel import sealing
from doudi.server.kernel.actor import SYSTEM, Actor
from doudi.server.kernel.clock import now as clock_now
from doudi.server.kernel.scope import scoped
from doudi.server.kernel.sealing.keys import key_path, keys
from doudi.server.people.api import reseal as reseal_people
from doudi.server.site.launch import keys_errors as errors
from doudi.server.site.launch.keys_columns import (
    AGAIN,
    Column,
    can_be_sealed_again,
    counts,
    current_header,
    named,
    of_people,
    outstanding,
    sealed_columns,
)

Progress = Callable[[int, int], None]
SETTLING = timedelta(minutes=10)
"""How long after a new master the one before is kept in any case; longer than anything is held between sealing and
writing (assumed)."""
PASSES = 3
"""A row written while its column was gone through is found by the next pass."""
LONGEST_REASON = 200


def checked(reason: str) -> str:
    """The operator's reason. Refused where there is none."""
    said = reason.strip()
    if not 0 < len(said) <= LONGEST_REASON:
        raise errors.reason_missing()
    return said


@contextmanager
def alone() -> Iterator[None]:
    """One change of keys at a time on this machine. Refused where another is under way."""
    path = key_path().with_name(f"{key_path().name}.lock")
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise errors.busy() from None
        yield


@operation("keys.add_master")
def add_master(*, actor: Actor, now: datetime, reason: str, key: None = None) -> int:
    """A new master, current at once: its version. The file is written last, so that the trail always knows of it."""
    del key
    version = max(master.version for master in keys().masters) + 1
    _append("keys.master_added", actor, now, reason, version=version)
    sealing.rotate_master(now=now)
    return version


@operation("keys.record")
def record(
    *, actor: Actor, now: datetime, event: str, reason: str, changed: int = 0, key: None = None
) -> int:
    """The operator's reason for a step that other operations take in batches."""
    del key
    _append(event, actor, now, reason, changed=changed)
    return changed


_NEXT = """
SELECT id, {column}, {beside} FROM {table}
WHERE id >= %s AND {column} IS NOT NULL AND substring({column} FROM 1 FOR 4) <> %s
ORDER BY id LIMIT %s FOR NO KEY UPDATE
"""
_WRITE = "UPDATE {table} SET {column} = %s WHERE id = %s"


@dataclass(frozen=True, slots=True)
class Batch:
    """How many values of a column were sealed again, and the row the next batch starts from; None at its end."""

    changed: int
    first: int | None


@operation("keys.seal_again")
def seal_again(*, actor: Actor, now: datetime, table: str, name: str, first: int, key: None = None) -> Batch:
    """Seal the next values of a column of `AGAIN` again, from row `first` on."""
    del key
    column = Column(table, name)
    how = AGAIN[column]
    query = named(_NEXT, column, beside=how.beside or "id")
    with connection.cursor() as cursor:
        cursor.execute(query, [first, current_header(), how.batch])
        rows = cursor.fetchall()
        for number, sealed, beside in rows:
            fresh = sealing.reseal_all([sealed], purpose=how.purpose(str(beside)))[0]
            cursor.execute(named(_WRITE, column), [fresh, number])
    append(
        "keys.sealed_again",
        actor=actor,
        at=now,
        object_kind="keys",
        detail={"column": str(column), "rows": len(rows)},
    )
    return Batch(len(rows), int(rows[-1][0]) + 1 if rows else None)


def rotate(*, reason: str) -> int:
    """A new master now: its version."""
    return add_master(actor=SYSTEM, now=clock_now(), reason=checked(reason))


def retire(*, version: int, reason: str) -> int:
    """Forget a master now."""
    return retire_master(actor=SYSTEM, now=clock_now(), version=version, reason=checked(reason))


def reseal(*, reason: str, progress: Progress) -> int:
    """Seal again whatever is not of the current master: how many values. Also while the server works."""
    said = checked(reason)
    total, done = left(), 0
    if not total:
        return 0
    record(actor=SYSTEM, now=clock_now(), event="keys.reseal_begun", reason=said)
    for _ in range(PASSES):
        for column in filter(can_be_sealed_again, sealed_columns()):
            for changed in _through(column):
                done += changed
                progress(min(done, total), total)
        if not left():
            break
    record(actor=SYSTEM, now=clock_now(), event="keys.reseal_ended", reason=said, changed=done)
    return done


def left() -> int:
    """How many values are to be sealed again."""
    with scoped(SYSTEM.scope):
        return sum(outstanding(column)[0] for column in sealed_columns() if can_be_sealed_again(column))


def _through(column: Column) -> Iterator[int]:
    """Batch after batch of a column, each a transaction of its own: how many values each changed."""
    with scoped(SYSTEM.scope):
        count, place = outstanding(column)
    number = of_people().get(column)
    first: int | None = place if count else None
    while first is not None:
        if number is None:
            batch = seal_again(
                actor=SYSTEM, now=clock_now(), table=column.table, name=column.name, first=first
            )
            first = batch.first
            yield batch.changed
        else:
            some = reseal_people(actor=SYSTEM, now=clock_now(), column=number, after=first - 1)
            first = None if some.after is None else some.after + 1
            yield some.changed


@operation("keys.retire_master")
def retire_master(*, actor: Actor, now: datetime, version: int, reason: str, key: None = None) -> int:
    """Forget a master that no value needs any more. Refused while one does, or may yet be written."""
    del key
    held = keys()
    versions = tuple(master.version for master in held.masters)
    if version not in versions:
        raise errors.no_such_master(version, versions)
    if version == held.master:
        raise errors.master_current(version)
    succeeded_at = min(master.created_at for master in held.masters if master.version > version)
    if (wait := settling(succeeded_at, now)) > timedelta(0):
        raise errors.too_early(wait)
    found = {column: of[version] for column, of in counts().items() if version in of}
    if found:
        again = {str(column): count for column, count in found.items() if can_be_sealed_again(column)}
        kept = {str(column): count for column, count in found.items() if not can_be_sealed_again(column)}
        raise errors.master_in_use(version, again, kept)
    _append("keys.master_retired", actor, now, reason, version=version)
    sealing.retire_master(version)
    return version


def settling(succeeded_at: datetime, now: datetime) -> timedelta:
    """How long to wait yet after a new master: some minutes, and until each transaction from before it is over."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(xact_start) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        (oldest,) = cursor.fetchone()
    wait = max(succeeded_at + SETTLING - now, timedelta(0))
    if oldest is not None and oldest < succeeded_at:
        wait = max(wait, timedelta(minutes=1))
    return wait


def _append(event: str, actor: Actor, now: datetime, reason: str, **detail: int) -> None:
    append(event, actor=actor, at=now, object_kind="keys", purpose=checked(reason), detail=detail)
