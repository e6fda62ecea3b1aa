"""The three-payer policy in plain Python: `three_payer.Year`, bill after bill, over lists of numbers."""

from __future__ import annotations

import numpy as np

from benchmarks.bills import Bills, Columns
from benchmarks.three_payer import LEVELS, Year


def settle(bills: Bills) -> Columns:
    lists = [column.tolist() for column in bills.columns().values()]
    results: tuple[list[int], ...] = ([], [], [], [])
    basics, catastrophics, assistances, patients = (result.append for result in results)
    group, used = None, Year()
    for person, year, level, poor, in_scope, total in zip(*lists, strict=True):
        if group != (person, year):
            group, used = (person, year), Year()
        basic, catastrophic, assistance = used.settle(in_scope, LEVELS[level], bool(poor))
        basics(basic)
        catastrophics(catastrophic)
        assistances(assistance)
        patients(total - basic - catastrophic - assistance)
    return tuple(np.array(result, np.int64) for result in results)
