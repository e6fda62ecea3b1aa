"""The three-payer policy with Polars as one lazy query on all its threads, in two ways.

The caps telescope as `numpy_passes` explains, so four sums over a person-year are enough. *Windows* write them as
`cum_sum().over(group)`; the group is a run-length id, which Polars is told is sorted. *Cumulative sums* run over the
whole column and take off what had been summed where the person-year begins: quicker, and not what one would first write.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from benchmarks import three_payer as law
from benchmarks.bills import Bills, Columns
from benchmarks.table import AID_RATE, DEDUCTIBLE, RATE, THRESHOLD, classes

if TYPE_CHECKING:
    import polars as pl

    from benchmarks.numpy_passes import Fen


def windows(bills: Bills) -> Columns:
    import polars as pl

    return _settle(bills, lambda name: pl.col(name).cum_sum().over("group"))


def sums(bills: Bills) -> Columns:
    import polars as pl

    begins = pl.col("group") != pl.col("group").shift(1, fill_value=pl.lit(2**32 - 1, pl.UInt32))

    def running(name: str) -> pl.Expr:
        total = pl.col(name).cum_sum()
        return total - pl.when(begins).then(total - pl.col(name)).forward_fill()

    return _settle(bills, running)


def _share(amount: pl.Expr, rate: pl.Expr | int) -> pl.Expr:
    return (amount * rate + 5000) // 10_000


def _capped(after: str, amounts: str, cap: int) -> pl.Expr:
    import polars as pl

    return pl.min_horizontal(after, cap) - pl.min_horizontal(pl.col(after) - pl.col(amounts), cap)


def _schedule(position: pl.Expr) -> pl.Expr:
    import polars as pl

    exact = pl.lit(0, pl.Int64)
    for low, high, rate in law.BANDS:
        top = position if high is None else pl.min_horizontal(position, high)
        exact += pl.max_horizontal(top - pl.max_horizontal("threshold", low), 0) * rate
    return (exact + 5000) // 10_000


def _look(table: Fen, name: str) -> pl.Expr:
    import polars as pl

    return pl.lit(pl.Series(table)).gather(pl.col("kind").cast(pl.UInt32)).alias(name)


def _settle(bills: Bills, running: Callable[[str], pl.Expr]) -> Columns:
    import polars as pl

    frame = pl.DataFrame(bills.columns() | {"kind": classes(bills)})
    found = (
        frame.lazy()
        .with_columns(
            pl.struct("person", "year").rle_id().set_sorted().alias("group"),
            _look(DEDUCTIBLE, "deductible"),
            _look(RATE, "rate"),
            _look(THRESHOLD, "threshold"),
            _look(AID_RATE, "aid_rate"),
        )
        .with_columns(
            _share((pl.col("in_scope") - pl.col("deductible")).clip(0), pl.col("rate")).alias("shared")
        )
        .with_columns(running("shared").alias("shared_sum"))
        .with_columns(_capped("shared_sum", "shared", law.BASIC_CAP).alias("basic"))
        .with_columns((pl.col("in_scope") - pl.col("basic")).alias("left"))
        .with_columns(running("left").alias("position"))
        .with_columns(
            (_schedule(pl.col("position")) - _schedule(pl.col("position") - pl.col("left"))).alias(
                "scheduled"
            )
        )
        .with_columns(running("scheduled").alias("scheduled_sum"))
        .with_columns(_capped("scheduled_sum", "scheduled", law.CATASTROPHIC_CAP).alias("catastrophic"))
        .with_columns(_share(pl.col("left") - pl.col("catastrophic"), pl.col("aid_rate")).alias("aid_shared"))
        .with_columns(running("aid_shared").alias("aid_sum"))
        .with_columns(_capped("aid_sum", "aid_shared", law.AID_CAP).alias("aid"))
        .select(
            "basic",
            "catastrophic",
            "aid",
            (pl.col("total") - pl.col("basic") - pl.col("catastrophic") - pl.col("aid")).alias("patient"),
        )
        .collect()
    )
    return tuple(column.to_numpy() for column in found.get_columns())
