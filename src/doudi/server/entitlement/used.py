"""A port: what bills settled here have used of the named sums, which a higher app keeps. Joined in `site/wiring.py`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from doudi.engine.data import Balances

Sums = Mapping[tuple[str, int], Mapping[str, Mapping[str, int]]]
"""(`person`, record) or (`household`, number) → name of the sum → period → fen."""
UsedOf = Callable[[Collection[int], Collection[int]], Sums]
"""Asked for records of persons and for households, in the open scope: one query for all."""


def _nothing(records: Collection[int], households: Collection[int]) -> Sums:
    """Until the port is joined no bill was settled."""
    del records, households
    return {}


_used: list[UsedOf] = [_nothing]


def join_used(used: UsedOf) -> None:
    """Let `used` answer from now on."""
    _used[0] = used


def used_of(records: Collection[int], households: Collection[int]) -> Sums:
    """What was used."""
    return _used[0](records, households)


def with_used(opening: Balances, used: Sums, records: Collection[int], household: int | None) -> Balances:
    """Opening balances and what bills used since, of one person: all their records, and the household."""
    found = opening.copy()
    asked = [("person", record) for record in records]
    if household is not None:
        asked.append(("household", household))
    for scope, number in asked:
        for name, periods in used.get((scope, number), {}).items():
            held = found.of(scope).setdefault(name, {})
            for period, fen in periods.items():
                held[period] = held.get(period, 0) + fen
    return found
