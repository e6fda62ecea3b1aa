"""Settles columns of bills: the same instructions, wrapped for arrays (`pip install 'doudi[batch]'`).

from doudi.engine import Settler
from doudi.engine.batch import Tables, settle_tables

done = settle_tables(Settler(policy), Tables(bills, people))
done.table(), done.rejected
"""

from __future__ import annotations

from doudi.engine.batch.job import Counts, Job, settle_files
from doudi.engine.batch.modes import differ_files, sweep_files, total_files
from doudi.engine.batch.ready import Settled, Tables, settle_tables
from doudi.engine.batch.replay import replay
from doudi.engine.batch.totals import Totals

__all__ = [
    "Counts",
    "Job",
    "Settled",
    "Tables",
    "Totals",
    "differ_files",
    "replay",
    "settle_files",
    "settle_tables",
    "sweep_files",
    "total_files",
]
