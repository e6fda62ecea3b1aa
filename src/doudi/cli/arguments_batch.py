"""The arguments of the commands that settle tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

W = Callable[[str, str], str]
_BY = "level,grade,care,channel,year,month,region,scheme,people"


def batch_commands(commands: Any, add: Callable[..., Any], w: W) -> None:
    """`doudi batch` and `doudi warmup`."""
    batch = add(commands, "batch", w("结算整张表的单据", "settle a table of bills"), "batch")
    batch.positional.add_argument(
        "bills",
        metavar="BILLS.parquet",
        help=w("单据表，见 docs/batch.md", "table of bills, see docs/batch.md"),
    )
    option = batch.option.add_argument
    option("--people", metavar="FILE", help=w("人员表（Parquet）", "table of people (Parquet)"))
    option("--opening", metavar="FILE", help=w("此前的累计（Parquet）", "balances brought forward (Parquet)"))
    option("--policy", metavar="ID|FILE", help=w("用这份政策", "use this policy"))
    kept = w("整理好的数据留在这里，下次直接用", "keep the prepared data here for the next run")
    option("--dataset", metavar="DIR", help=kept)
    _modes(batch.option.add_mutually_exclusive_group().add_argument, w)
    option(
        "--person", metavar="ID", help=w("配 --explain：这张单据是谁的", "with --explain: whose bill it is")
    )
    where = w("配 --against：不同的单据写到哪里", "with --against: where to write the bills that differ")
    option("--changed", metavar="OUT.parquet", help=where)
    option("--by", metavar="NAMES", default="", help=w(f"合计的分组：{_BY}", f"groups of the totals: {_BY}"))

    text = w("预先编译政策，第一次批量结算就不用等", "compile policies ahead of the first batch")
    warmup = add(commands, "warmup", text, "warmup")
    ids = w("政策编号；不写为全部", "ids of policies; none: all")
    warmup.positional.add_argument("ids", nargs="*", metavar="ID", help=ids)


def _modes(mode: Callable[..., Any], w: W) -> None:
    """What a batch can give; one at a time."""
    rows = w(
        "写出每张单据的结果；以 / 结尾则写成一个文件夹",
        "write what each bill comes to; with / at its end a folder",
    )
    mode("-o", "--out", metavar="OUT.parquet", help=rows)
    mode("--totals", action="store_true", help=w("只算合计", "only totals"))
    against = w("写出另一份政策会结算得不同的单据", "write the bills that another policy settles differently")
    mode("--against", metavar="ID|FILE", help=against)
    sweep = w("每行一组数，各算一遍合计", "totals for each row of numbers")
    mode("--sweep", metavar="FILE.csv", help=sweep)
    mode("--explain", metavar="BILL", help=w("逐步说明一张单据", "explain one bill"))
