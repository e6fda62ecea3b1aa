"""The three-payer policy with DuckDB: windows over person and year, Arrow in and out, two threads.

The caps telescope as `numpy_passes` explains, so four windows are enough; SQL has no order of rows, so a sequence
number goes in and the result is sorted by it.
"""

from __future__ import annotations

import numpy as np

from benchmarks import three_payer as law
from benchmarks.bills import Bills, Columns
from benchmarks.table import AID_RATE, DEDUCTIBLE, RATE, THRESHOLD
from benchmarks.threads import THREADS


def _look(table: np.ndarray) -> str:
    """A number of the class by a list of the table."""
    return f"[{', '.join(f'{number}::BIGINT' for number in table.tolist())}][level * 2 + poor + 1]"


def _schedule(position: str) -> str:
    bands = [
        f"greatest({position if high is None else f'least({position}, {high})'} - greatest(threshold, {low}), 0) * {rate}"
        for low, high, rate in law.BANDS
    ]
    return f"(({' + '.join(bands)} + 5000) // 10000)"


def _capped(after: str, amount: str, cap: int) -> str:
    return f"least({after}, {cap}) - least({after} - {amount}, {cap})"


def _running(amount: str) -> str:
    return f"(sum({amount}) OVER w)::BIGINT"


WINDOW = "WINDOW w AS (PARTITION BY person, year ORDER BY seq ROWS UNBOUNDED PRECEDING)"
QUERY = f"""
WITH terms AS (
  SELECT seq, person, year, in_scope, total, {_look(THRESHOLD)} AS threshold, {_look(AID_RATE)} AS aid_rate,
         (greatest(in_scope - {_look(DEDUCTIBLE)}, 0) * {_look(RATE)} + 5000) // 10000 AS shared
  FROM bills),
sums AS (SELECT *, {_running("shared")} AS shared_sum FROM terms {WINDOW}),
basics AS (SELECT *, {_capped("shared_sum", "shared", law.BASIC_CAP)} AS basic FROM sums),
positions AS (SELECT *, in_scope - basic AS left_over, {_running("in_scope - basic")} AS position FROM basics {WINDOW}),
scheduled AS (SELECT *, {_schedule("position")} - {_schedule("(position - left_over)")} AS scheduled FROM positions),
steps AS (SELECT *, {_running("scheduled")} AS scheduled_sum FROM scheduled {WINDOW}),
second AS (SELECT *, {_capped("scheduled_sum", "scheduled", law.CATASTROPHIC_CAP)} AS catastrophic FROM steps),
shares AS (SELECT *, ((left_over - catastrophic) * aid_rate + 5000) // 10000 AS aid_shared FROM second),
aided AS (SELECT *, {_running("aid_shared")} AS aid_sum FROM shares {WINDOW}),
paid AS (SELECT *, {_capped("aid_sum", "aid_shared", law.AID_CAP)} AS aid FROM aided)
SELECT basic, catastrophic, aid, total - basic - catastrophic - aid AS patient FROM paid ORDER BY seq
"""


def settle(bills: Bills) -> Columns:
    import duckdb
    import pyarrow as pa

    table = pa.table({"seq": np.arange(len(bills)), **bills.columns()})
    with duckdb.connect(config={"threads": THREADS}) as connection:
        connection.register("bills", table)
        found = connection.sql(QUERY).to_arrow_table()
    return tuple(column.to_numpy().astype(np.int64, copy=False) for column in found.columns)
