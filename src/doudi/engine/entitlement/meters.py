"""What a period has used of its caps, deductibles and positions, and what is left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from doudi.engine.data import Balances, Bill
from doudi.engine.entitlement.data import Meter
from doudi.engine.entitlement.payers import Counter
from doudi.engine.periods import period_key
from doudi.policy.conditions import PARTS


def meters(
    counters: Iterable[Counter], day: date, balances: Balances, opening: Balances | None
) -> tuple[Meter, ...]:
    """The counters with what stands in the balances on a day."""
    probe = Bill("card", None, day, day, day, dict.fromkeys(PARTS, 0))
    return tuple(
        meter for counter in counters for meter in _shown(counter, probe, balances, opening or Balances())
    )


def _shown(counter: Counter, probe: Bill, balances: Balances, opening: Balances) -> Iterator[Meter]:
    """One meter; where each disease has its own sum, one for each disease of the period."""
    accumulator = counter.accumulator
    held = balances.of(accumulator.scope).get(accumulator.name, {})
    brought = opening.of(accumulator.scope).get(accumulator.name, {})
    key = period_key(accumulator, probe)
    keys = [key]
    if accumulator.each is not None:
        begins = key.removesuffix("-")
        keys = sorted(one for one in held if one.startswith(begins)) or [begins.removesuffix("/")]
    limit = counter.figure.only if counter.figure is not None and not counter.figure.of.zh else None
    for one in keys:
        used = held.get(one, 0)
        if counter.kind == "owed" and not used:
            continue
        yield Meter(
            counter.kind,
            counter.payer,
            accumulator.name,
            counter.title,
            accumulator.period,
            one,
            accumulator.scope == "household",
            used,
            brought.get(one, 0),
            limit,
            max(0, limit - used) if limit is not None else None,
            counter.figure,
        )
