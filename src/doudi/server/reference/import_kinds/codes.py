"""Diagnoses, procedures and special outpatient diseases (1307, 1308, 1309), and divisions from a file."""

from __future__ import annotations

from doudi.server.access.api import Role
from doudi.server.imports.api import Column, Option, Row, Task
from doudi.server.kernel.regions import LEVEL_DIGITS, significant
from doudi.server.reference.data import CLINICAL_KINDS
from doudi.server.reference.import_kinds.columns import VALID, text, times
from doudi.server.reference.import_kinds.dated import DatedKind, Facts, Unreadable
from doudi.server.reference.models import ClinicalCode, Region
from doudi.server.reference.operations.dated_rows import Table
from doudi.words import Words

FIRST_DAY = Option("from_date", Words("从哪天起有效", "Valid from"), form="date")


def read_code(row: Row, task: Task) -> Facts:
    """One code; the layouts carry no dates, so the day is asked at upload."""
    start, until = times(row, task)
    fields = {"name": text(row, "name"), "version": text(row, "version")}
    return Facts((str(task.options["kind"]), text(row, "code")), fields, start, until)


def read_region(row: Row, task: Task) -> Facts:
    """One township or village. Its county must be inside the importer's region."""
    start, until = times(row, task)
    written = text(row, "code")
    if not (written.isascii() and written.isdigit() and len(written) in (6, 9, 12)):
        raise Unreadable(
            "code", Words("区划代码应为6、9或12位数字。", "A division code has 6, 9 or 12 digits.")
        )
    code = int(written.ljust(12, "0"))
    digits = significant(code)
    if code // 1000 not in task.actor.ranges:
        raise Unreadable("code", Words("该地区不在您的辖区内。", "That place is outside your region."))
    above = LEVEL_DIGITS[LEVEL_DIGITS.index(digits) - 1]
    fields = {
        "name": text(row, "name"),
        "parent_code": code // 10 ** (12 - above) * 10 ** (12 - above),
        "source": str(task.options["source"]),
        "is_fictional": False,
    }
    return Facts((code,), fields, start, until)


CLINICAL_CODES = DatedKind(
    name="reference.clinical_codes",
    words=Words("疾病诊断、手术操作、门慢特病种编码", "Codes of diagnoses, procedures, special diseases"),
    guide=Words("国家接口1307、1308、1309下载的编码文件。", "Files of transactions 1307, 1308 and 1309."),
    columns=(
        Column(
            "code",
            Words("诊断代码", "Code"),
            ("手术操作代码", "门慢门特病种目录代码"),
            needed=True,
            longest=40,
        ),
        Column("name", Words("诊断名称", "Name"), ("手术操作名称", "门慢门特病种名称"), needed=True),
        Column("version", Words("版本号", "Version"), longest=60),
        VALID,
    ),
    options=(
        Option(
            "kind",
            Words("编码类别", "Kind of code"),
            form="choice",
            choices=tuple(CLINICAL_KINDS.items()),
            default="diagnosis",
        ),
        FIRST_DAY,
    ),
    table=Table(ClinicalCode, ("kind", "code"), ("name", "version")),
    read=read_code,
)
REGIONS = DatedKind(
    name="reference.regions",
    words=Words("乡镇、村行政区划", "Townships and villages"),
    guide=Words(
        "统计用区划代码：两列，代码（12位）和名称。",
        "Statistical division codes: two columns, code and name.",
    ),
    columns=(
        Column(
            "code",
            Words("统计用区划代码", "Division code"),
            ("区划代码", "代码", "code"),
            form="identifier",
            needed=True,
        ),
        Column("name", Words("名称", "Name"), ("区划名称", "name"), needed=True, longest=60),
    ),
    options=(FIRST_DAY, Option("source", Words("资料来源", "Source"), form="text")),
    table=Table(Region, ("code",), ("name", "parent_code", "source", "is_fictional")),
    read=read_region,
    roles=frozenset({Role.COUNTY, Role.SYSTEM_ADMIN, Role.SYSTEM}),
)
