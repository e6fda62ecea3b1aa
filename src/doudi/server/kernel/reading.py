"""Reading: a page or a query in one transaction, in which what was read once need not be read again.

A page is made of queries of several apps that know nothing of each other and ask the same: which records are one person,
whether reference data has changed. `once` keeps the answer until the outermost page or query ends. Nothing is kept while
an operation writes, nor from one request to the next.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from doudi.server.kernel.scope import Scope, scoped

T = TypeVar("T")

_kept: ContextVar[dict[Hashable, Any] | None] = ContextVar("kept", default=None)


@contextmanager
def reading(scope: Scope) -> Iterator[None]:
    """Run the block, which only reads, in a transaction under `scope`. Inside another `reading` it is a part of that."""
    with scoped(scope):
        if _kept.get() is not None:
            yield
            return
        token = _kept.set({})
        try:
            yield
        finally:
            _kept.reset(token)


def once(what: Hashable, load: Callable[[], T]) -> T:
    """What `load` gives; inside a `reading` it is called once for each `what`. Its reader must not change it."""
    kept = _kept.get()
    if kept is None:
        return load()
    if what not in kept:
        kept[what] = load()
    found: T = kept[what]
    return found
