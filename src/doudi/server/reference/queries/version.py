"""The version of reference data, and snapshots kept under it: one short query tells whether a snapshot still holds.

Every change raises the number twice, before its first write and after its last, in its own transaction. Numbers come from
a sequence, which never gives one twice even when a transaction is rolled back. So what was read under a number is what
everybody sees under that number, and a number that was rolled back is never seen again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from threading import Lock
from typing import Any, TypeVar

from django.db import connection

from doudi.server.kernel.reading import once
from doudi.server.kernel.scope import NOTHING, active_scope, scoped

T = TypeVar("T")

_RAISE = "UPDATE reference_version SET number = nextval('reference_version_number') WHERE id = 1"

_lock = Lock()
_kept: dict[tuple[str, str], tuple[int, Any]] = {}


@contextmanager
def reading() -> Iterator[None]:
    """Reference data needs a scope, but any will do: the open one, or an empty one of its own."""
    with nullcontext() if active_scope() is not None else scoped(NOTHING):
        yield


@contextmanager
def changing() -> Iterator[None]:
    """What changes reference data stands in this block. Lock: the row of the version; writers wait for each other."""
    _raise()
    yield
    _raise()


def _raise() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_RAISE)


def version() -> int:
    """The number now; on a page, when it was first asked for."""
    with reading():
        return once("reference.version", _now)


def _now() -> int:
    with connection.cursor() as cursor:
        return int(cursor.execute("SELECT number FROM reference_version WHERE id = 1").fetchone()[0])


def snapshot(name: str, load: Callable[[], T]) -> T:
    """What `load` gives, kept in this process until reference data changes. Its reader must not change it."""
    place = (str(connection.settings_dict["NAME"]), name)
    with reading():
        number = version()
        with _lock:
            kept = _kept.get(place)
        if kept is not None and kept[0] == number:
            value: T = kept[1]
            return value
        value = load()
        with _lock:
            _kept[place] = (number, value)
        return value
