"""The scope of a transaction: what PostgreSQL lets it see, whatever the code above asks for.

`scoped(...)` opens a transaction and tells PostgreSQL, for that transaction only, which region keys, which facility and
which user it runs for (`set_config(..., is_local => true)`, which a pooled connection cannot leak). The policies that
`kernel/security.py` puts on the tables read these settings. Without them every protected table is empty.

Inside an open scope a second `scoped` with the same scope joins it; with another scope it is a fault.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.db import connection, transaction

from doudi.server.kernel.errors import invariant
from doudi.server.kernel.regions import NOWHERE, Ranges

EVERYWHERE = Ranges(((0, 1_000_000_000),))


@dataclass(frozen=True, slots=True)
class Scope:
    """What a transaction may see: region keys, the openings of one facility (its number, or 0), and for which user."""

    ranges: Ranges = NOWHERE
    facility: int = 0
    user: int = 0


NOTHING = Scope()

_active: ContextVar[Scope | None] = ContextVar("scope", default=None)

_SET = (
    "SELECT set_config('doudi.scope', %s, true), set_config('doudi.facility', %s, true),"
    " set_config('doudi.user', %s, true)"
)


def active_scope() -> Scope | None:
    """The scope this code runs in, or None outside any."""
    return _active.get()


@contextmanager
def scoped(scope: Scope, *, durable: bool = False) -> Iterator[None]:
    """Run the block in one transaction under `scope`; `durable` refuses to be a part of a larger one."""
    open_scope = _active.get()
    if open_scope is not None:
        invariant(not durable, "scope.nested_operation")
        invariant(open_scope == scope, "scope.changed_inside")
        yield
        return
    with transaction.atomic(durable=durable):
        with connection.cursor() as cursor:
            cursor.execute(_SET, [scope.ranges.multirange(), str(scope.facility), str(scope.user)])
        token = _active.set(scope)
        try:
            yield
        finally:
            _active.reset(token)
    if (
        connection.in_atomic_block
    ):  # part of a larger transaction, as in tests: the settings would outlive the block
        connection.connection.execute(_SET, ["", "", ""])  # not one of the caller's queries
