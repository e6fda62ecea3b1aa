"""The three-payer policy with NumPy, in two ways; both work through stretches that stay in the cache, on two threads.

*Wavefront*: one pass for the first bills of all person-years, one for the second bills, and so on. The state of a
person-year is a row of an array. Any rule can be written so.

*Cumulative sums*: a payment with a yearly cap is `min(share, cap - used)`. As no share is negative, what has been used
after a bill is `min(cap, sum of the shares so far)`: the payments telescope, and no bill needs the one before. The
position on the catastrophic schedule is a sum as well, and the schedule's difference over a bill is a share like any
other. Four sums are enough. This holds for such caps only; a rule that feeds back (a rate that depends on what was
paid) cannot be written so.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import three_payer as law
from benchmarks.bills import Bills, Columns
from benchmarks.table import AID_RATE, DEDUCTIBLE, RATE, THRESHOLD, classes
from benchmarks.threads import THREADS, in_stretches, outputs

Fen = NDArray[np.int64]
STRETCH = 1 << 16


def share(amount: Fen, rate: Any) -> Fen:
    """Half-up, for amounts that are not negative."""
    product: Fen = amount * rate
    product += 5000
    product //= 10_000
    return product


def schedule(position: Fen, threshold: Fen) -> Fen:
    exact = np.zeros_like(position)
    for low, high, rate in law.BANDS:
        top = position if high is None else np.minimum(position, high)
        exact += np.maximum(top - np.maximum(threshold, low), 0) * rate
    exact += 5000
    exact //= 10_000
    return exact


def starts_of(bills: Bills) -> NDArray[np.int64]:
    """The first row of every person-year."""
    new = np.ones(len(bills), bool)
    new[1:] = (bills.person[1:] != bills.person[:-1]) | (bills.year[1:] != bills.year[:-1])
    return np.flatnonzero(new)


def wavefront_of(bills: Bills, out: Columns) -> None:
    """All first bills, then all second bills …"""
    starts = starts_of(bills)
    lengths = np.diff(starts, append=len(bills))
    used_basic, position, used_catastrophic, used_aid = np.zeros((4, len(starts)), np.int64)
    kinds = classes(bills)
    group = np.arange(len(starts))
    for place in range(int(lengths.max(initial=0))):
        group = group[lengths[group] > place]
        rows = starts[group] + place
        kind = kinds[rows]
        scope = bills.in_scope[rows]
        basic = share(np.maximum(scope - DEDUCTIBLE[kind], 0), RATE[kind])
        basic = np.minimum(basic, law.BASIC_CAP - used_basic[group])
        used_basic[group] += basic
        left = scope - basic
        position[group] += left
        threshold = THRESHOLD[kind]
        after = position[group]
        scheduled = schedule(after, threshold) - schedule(after - left, threshold)
        catastrophic = np.minimum(scheduled, law.CATASTROPHIC_CAP - used_catastrophic[group])
        used_catastrophic[group] += catastrophic
        aid = np.minimum(share(left - catastrophic, AID_RATE[kind]), law.AID_CAP - used_aid[group])
        used_aid[group] += aid
        patient = bills.total[rows] - basic - catastrophic - aid
        for column, values in zip(out, (basic, catastrophic, aid, patient), strict=True):
            column[rows] = values


def running(amounts: Fen, starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> Fen:
    """The sum of the amounts of a person-year up to and with every bill."""
    sums: Fen = np.cumsum(amounts)
    sums -= np.repeat(sums[starts] - amounts[starts], lengths)
    return sums


def sums_of(bills: Bills, out: Columns) -> None:
    """Four cumulative sums; see above for why that is enough."""
    starts = starts_of(bills)
    lengths = np.diff(starts, append=len(bills))
    kind = classes(bills)
    basic, catastrophic, aid, patient = out

    def capped(amounts: Fen, cap: int) -> Fen:
        after = running(amounts, starts, lengths)
        before = after - amounts
        paid: Fen = np.minimum(after, cap, out=after) - np.minimum(before, cap, out=before)
        return paid

    basic[:] = capped(share(np.maximum(bills.in_scope - DEDUCTIBLE[kind], 0), RATE[kind]), law.BASIC_CAP)
    left = bills.in_scope - basic
    threshold = THRESHOLD[kind]
    position = running(left, starts, lengths)
    scheduled = schedule(position, threshold) - schedule(position - left, threshold)
    catastrophic[:] = capped(scheduled, law.CATASTROPHIC_CAP)
    left -= catastrophic
    aid[:] = capped(share(left, AID_RATE[kind]), law.AID_CAP)
    np.subtract(bills.total - bills.in_scope + left, aid, out=patient)


def wavefront(bills: Bills, threads: int = THREADS) -> Columns:
    """The wavefront over all stretches."""
    return _over_stretches(wavefront_of, bills, threads)


def sums(bills: Bills, threads: int = THREADS) -> Columns:
    """The cumulative sums over all stretches."""
    return _over_stretches(sums_of, bills, threads)


def _over_stretches(work: Any, bills: Bills, threads: int) -> Columns:
    out = outputs(len(bills))

    def stretch(low: int, high: int) -> None:
        work(bills.part(low, high), tuple(column[low:high] for column in out))

    in_stretches(stretch, bills, threads, STRETCH)
    return out
