"""What insurance says of an item: class (1312), first pay (1319), price ceiling (1318), by insured division."""

from __future__ import annotations

from doudi.server.imports.api import Column, Row, Task
from doudi.server.reference.import_kinds.columns import (
    CODE,
    FIRST_DAY,
    FROM,
    PLACE,
    UNTIL,
    VALID,
    one_of,
    place,
    text,
    times,
)
from doudi.server.reference.import_kinds.dated import DatedKind, Facts, Unreadable
from doudi.server.reference.models import FirstPay, ItemClass, PriceCeiling
from doudi.server.reference.operations.dated_rows import Table
from doudi.words import Words

CLASSES = {"01": "1", "02": "2", "03": "3", "1": "1", "2": "2", "3": "3", "甲": "1", "乙": "2", "丙": "3"}
CLASSES |= {"甲类": "1", "乙类": "2", "丙类": "3"}
"""Dictionary `chrgitm_lv`, and the words."""

SCHEMES = {"310": "employee", "390": "resident", "380": "rural", "330": "retired_cadre", "99": "", "": ""}
"""Dictionary `selfpay_prop_psn_type` (330 离休人员, 99 其他) → the scheme's identifier; "" is for all."""

GRADES = {"1": "1", "2": "2", "3": "3", "": ""}
"""Dictionary `hilist_lmtpric_type`: 1 一级及以下, 2 二级, 3 三级."""


def read_class(row: Row, task: Task) -> Facts:
    """甲, 乙 or 丙 from a day on."""
    start, until = times(row, task)
    return Facts(
        (text(row, "code").upper(), place(row, task)),
        {"item_class": one_of(row, "class", CLASSES)},
        start,
        until,
    )


def read_first_pay(row: Row, task: Task) -> Facts:
    """A first-pay rate from a day on. Only 目录先自付比例 (10): other kinds of rate are not a first pay."""
    if text(row, "kind") not in ("", "10"):
        raise Unreadable(
            "kind", Words("不是目录先自付比例（10）。", "It is not a first-pay rate of the catalogue (10).")
        )
    start, until = times(row, task)
    rate = row.values.get("rate")
    if not isinstance(rate, int) or not 0 <= rate <= 10_000:
        raise Unreadable(
            "rate", Words("自付比例应在0到100%之间。", "A first-pay rate lies between 0 and 100%.")
        )
    key = (text(row, "code").upper(), place(row, task), one_of(row, "scheme", SCHEMES))
    return Facts(key, {"rate_bp": rate}, start, until)


def read_ceiling(row: Row, task: Task) -> Facts:
    """A price ceiling from a day on."""
    start, until = times(row, task)
    ceiling = row.values.get("ceiling")
    if not isinstance(ceiling, int) or ceiling < 0:
        raise Unreadable(
            "ceiling", Words("限价应为不小于零的金额。", "A ceiling is an amount of zero or more.")
        )
    key = (text(row, "code").upper(), place(row, task), one_of(row, "grade", GRADES))
    return Facts(key, {"ceiling_fen": ceiling}, start, until)


ITEM_CLASSES = DatedKind(
    name="reference.item_classes",
    words=Words("医保目录等级（甲乙丙）", "Classes of catalogue items"),
    guide=Words("国家接口1312查询的医保目录信息。", "What transaction 1312 answers."),
    columns=(
        CODE,
        PLACE,
        Column("class", Words("收费项目等级", "Class"), ("chrgitm_lv",), needed=True),
        FROM,
        UNTIL,
        VALID,
    ),
    options=(FIRST_DAY,),
    table=Table(ItemClass, ("code", "region"), ("item_class",)),
    read=read_class,
)
FIRST_PAY = DatedKind(
    name="reference.first_pay",
    words=Words("医保目录先自付比例", "First-pay rates of catalogue items"),
    guide=Words("国家接口1319查询的先自付比例。", "What transaction 1319 answers."),
    columns=(
        CODE,
        PLACE,
        Column("scheme", Words("医保目录自付比例人员类别", "Insured kind"), ("selfpay_prop_psn_type",)),
        Column("kind", Words("目录自付比例类别", "Kind of rate"), ("selfpay_prop_type",)),
        Column("rate", Words("自付比例", "Rate"), ("selfpay_prop",), form="percent", needed=True),
        FROM,
        UNTIL,
        VALID,
    ),
    options=(FIRST_DAY,),
    table=Table(FirstPay, ("code", "region", "scheme"), ("rate_bp",)),
    read=read_first_pay,
)
PRICE_CEILINGS = DatedKind(
    name="reference.price_ceilings",
    words=Words("医保目录限价", "Price ceilings of catalogue items"),
    guide=Words("国家接口1318查询的限价。", "What transaction 1318 answers."),
    columns=(
        CODE,
        PLACE,
        Column("grade", Words("医保目录限价类型", "Hospital grade"), ("hilist_lmtpric_type",)),
        Column(
            "ceiling",
            Words("医保目录定价上限金额", "Ceiling"),
            ("hilist_pric_uplmt_amt",),
            form="money",
            needed=True,
        ),
        FROM,
        UNTIL,
        VALID,
    ),
    options=(FIRST_DAY,),
    table=Table(PriceCeiling, ("code", "region", "grade"), ("ceiling_fen",)),
    read=read_ceiling,
)
