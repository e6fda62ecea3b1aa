"""Drugs, service items and consumables in the layouts of transactions 1301–1306 and 1320."""

from __future__ import annotations

from doudi.server.imports.api import Column, Option, Row, Task
from doudi.server.reference.data import LIST_TYPES
from doudi.server.reference.import_kinds.columns import CODE, FIRST_DAY, FROM, UNTIL, VALID, text, times
from doudi.server.reference.import_kinds.dated import DatedKind, Facts
from doudi.server.reference.models import CatalogueItem
from doudi.server.reference.operations.dated_rows import Table
from doudi.words import Words


def read(row: Row, task: Task) -> Facts:
    """One item."""
    start, until = times(row, task)
    fields = {name: text(row, name) for name in ("name", "specification", "unit", "maker", "version")}
    fields["list_type"] = str(task.options["list_type"])
    return Facts((text(row, "code").upper(),), fields, start, until)


ITEMS = DatedKind(
    name="reference.items",
    words=Words("医保目录：药品、项目、耗材", "Catalogue: drugs, services, consumables"),
    guide=Words(
        "国家接口1301–1306、1320下载的目录文件；文件无表头时系统按接口规范补上。",
        "Catalogue files of transactions 1301–1306 and 1320; missing headings are supplied by the layout.",
    ),
    columns=(
        CODE,
        Column(
            "name",
            Words("目录名称", "Name"),
            (
                "注册名称",
                "单味药名称",
                "医疗服务项目名称",
                "耗材名称",
                "中药配方颗粒名称",
                "drug_genname",
                "hilist_name",
            ),
            needed=True,
        ),
        Column("specification", Words("规格", "Specification"), ("药品规格", "drug_spec")),
        Column("unit", Words("最小计价单位", "Unit"), ("计价单位名称", "包装单位", "min_prcunt"), longest=60),
        Column("maker", Words("生产企业名称", "Maker")),
        Column("version", Words("版本号", "Version"), ("ver",), longest=60),
        FROM,
        UNTIL,
        VALID,
    ),
    options=(
        Option(
            "list_type",
            Words("目录类别", "Catalogue"),
            form="choice",
            choices=tuple(LIST_TYPES.items()),
            default="101",
        ),
        FIRST_DAY,
    ),
    table=Table(CatalogueItem, ("code",), ("list_type", "name", "specification", "unit", "maker", "version")),
    read=read,
)
