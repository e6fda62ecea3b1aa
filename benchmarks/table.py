"""The numbers of the three-payer policy as a table: one row a class of bills, `level * 2 + poor`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from benchmarks import three_payer as law
from benchmarks.bills import Bills

EDGES = tuple(high for _, high, _ in law.BANDS if high is not None)
RATES = tuple(rate for _, _, rate in law.BANDS)


def row(level: str, poor: bool) -> tuple[int, ...]:
    """Deductible, rate, cap; threshold, edges, rates, cap; rate and cap of aid: the order that c_loop.c reads."""
    aid = (law.AID_RATE, law.AID_CAP) if poor else (0, 0)
    basic = (*law.TERMS[level, poor], law.BASIC_CAP)
    return (*basic, law.THRESHOLD[poor], *EDGES, *RATES, law.CATASTROPHIC_CAP, *aid)


TABLE = np.array([row(level, poor) for level in law.LEVELS for poor in (False, True)], np.int64)
DEDUCTIBLE, RATE, THRESHOLD, AID_RATE = TABLE[:, 0], TABLE[:, 1], TABLE[:, 3], TABLE[:, 10]


def classes(bills: Bills) -> NDArray[np.int8]:
    """The row of the table of every bill."""
    return bills.level * np.int8(2) + bills.poor
