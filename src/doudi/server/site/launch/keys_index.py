"""The drill of the index key: a next key, its second column filled while the server works, the switch while it does not.

The switch changes every index in one transaction and promotes the key in the file as its last line. Should the machine
die between the two, the file is ahead of the database: the copy made just before is put back by the next attempt.
"""

from __future__ import annotations

import os
import shutil
from datetime import datetime
from pathlib import Path
from time import monotonic, sleep

from django.db import connection

from doudi.server.access.api import operation
from doudi.server.audit.api import append
from doudi.server.kernel import sealing
from doudi.server.kernel.actor import SYSTEM, Actor
from doudi.server.kernel.clock import now as clock_now
from doudi.server.kernel.jobs import workers_alive
from doudi.server.kernel.scope import scoped
from doudi.server.kernel.sealing.keys import key_path
from doudi.server.people import vault
from doudi.server.people.api import fill_next_index, switch_index
from doudi.server.people.data import NumberKind
from doudi.server.people.numbers import Number
from doudi.server.site.launch import keys_errors as errors
from doudi.server.site.launch.keys import Progress, checked, record

MOMENT = 1.0
"""Seconds a closed connection is given to leave."""
_UNFILLED = "SELECT count(*) FROM people_person WHERE number_sealed IS NOT NULL AND number_index_next IS NULL"
_NUMBERED = "SELECT count(*) FROM people_person WHERE number_sealed IS NOT NULL"
_ONE = """
SELECT number_kind, number_sealed, number_index FROM people_person WHERE number_sealed IS NOT NULL
ORDER BY id DESC LIMIT 1
"""
_OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()
  AND backend_type = 'client backend'
"""


@operation("keys.begin_next_index")
def begin_next_index(*, actor: Actor, now: datetime, reason: str, key: None = None) -> int:
    """A next index key: from now on writes fill the second column too. Repeated, the one under way."""
    del key
    append("keys.next_index_begun", actor=actor, at=now, object_kind="keys", purpose=checked(reason))
    return sealing.begin_index_rotation(now=now)


def fill(*, reason: str, progress: Progress) -> int:
    """Begin a change of the index key, or go on with it, and fill what has no next index: how many persons."""
    checked(reason)
    if not sealing.rotating_index():
        begin_next_index(actor=SYSTEM, now=clock_now(), reason=reason)
    total, done = unfilled(), 0
    after: int | None = 0
    while after is not None and total:
        batch = fill_next_index(actor=SYSTEM, now=clock_now(), after=after)
        done, after = done + batch.changed, batch.after
        progress(min(done, total), total)
    return done


def switch(*, reason: str) -> int:
    """Make the next index key the current one: how many persons. Refused while the server runs or an index is missing."""
    checked(reason)
    _put_back_if_ahead()
    if not sealing.rotating_index():
        raise errors.no_index_rotation()
    if others := staying_connections():
        raise errors.server_runs(others)
    if missing := unfilled():
        raise errors.index_missing(missing)
    if not fits():
        raise errors.file_does_not_fit()
    record(actor=SYSTEM, now=clock_now(), event="keys.index_switch_begun", reason=reason)
    copy = kept_copy()
    _copy(key_path(), copy)
    try:
        changed = switch_index(actor=SYSTEM, now=clock_now()).changed
    except BaseException:
        _put_back_if_ahead()
        raise
    copy.unlink()
    return changed


def kept_copy() -> Path:
    """The key file as it was before a switch; gone after it."""
    return key_path().with_name(f"{key_path().name}.before-switch")


def _put_back_if_ahead() -> None:
    """A switch that did not end: take back the key file if the database did not follow it."""
    copy = kept_copy()
    if not copy.exists():
        return
    if fits():
        copy.unlink()
        return
    copy.replace(key_path())


def _copy(source: Path, target: Path) -> None:
    making = target.with_name(f"{target.name}.{os.getpid()}")
    with (
        source.open("rb") as read,
        os.fdopen(os.open(making, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as written,
    ):
        shutil.copyfileobj(read, written)
        written.flush()
        os.fsync(written.fileno())
    making.replace(target)


def fits() -> bool:
    """Whether the file is the one of the database: one person's number tells. True where nobody is."""
    with scoped(SYSTEM.scope), connection.cursor() as cursor:
        cursor.execute(_ONE)
        row = cursor.fetchone()
    if row is None:
        return True
    kind, sealed, index = row
    try:
        number = Number(NumberKind(kind), vault.opened(sealed, vault.NUMBER))
    except sealing.SealBroken:
        return False
    return vault.number_indexes([number])[0] == bytes(index)


def unfilled() -> int:
    """How many persons have a number and no next index."""
    return _count(_UNFILLED)


def numbered() -> int:
    """How many persons have a number."""
    return _count(_NUMBERED)


def connections() -> int:
    """How many others use the database as the server does, workers that beat included."""
    return max(_count(_OTHERS), len(workers_alive()))


def staying_connections() -> int:
    """`connections`, where one that was closed this instant may take a moment to leave PostgreSQL's list."""
    until = monotonic() + MOMENT
    while (others := connections()) and monotonic() < until:
        sleep(MOMENT / 20)
    return others


def _count(query: str) -> int:
    with scoped(SYSTEM.scope), connection.cursor() as cursor:
        cursor.execute(query)
        return int(cursor.fetchone()[0])
