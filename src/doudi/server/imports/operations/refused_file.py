"""The refused rows as a workbook: the columns of the file, the reason first, the wrong cells red with a comment.

It holds personal data as it stood in the file, so that it can be mended and imported again: making it is in the trail.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from doudi.server.access.api import operation
from doudi.server.audit.api import append
from doudi.server.imports.data import Judgement, Kind
from doudi.server.imports.data_imports import FileMade
from doudi.server.imports.errors import nothing_refused
from doudi.server.imports.models import StagedImport, StagedPart
from doudi.server.imports.operations.locking import locked_for_reading
from doudi.server.imports.operations.upload import MEDIA_TYPES
from doudi.server.imports.records import Record, from_json, opened
from doudi.server.imports.retention import REFUSED_FILE_KEPT
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.papers.api import keep
from doudi.server.kernel.sheets.api import ListCell, ListColumn, Marked, plain, write_workbook
from doudi.words import Language, Words

REASON = Words("未通过原因", "Why refused")
ROW = Words("原行号", "Row in the file")


@operation("imports.make_refused_file")
def make_refused_file(*, actor: Actor, now: datetime, key: str | None, number: int) -> FileMade:
    """Make the file and keep it for some days; `imports.file` reads it."""
    row, kind = locked_for_reading(actor, number)
    if row.refused == 0:
        raise nothing_refused()
    content = annotated(row, kind, actor.language)
    paper = keep(
        actor=actor,
        region=row.region,
        name=f"{row.file_name.rsplit('.', 1)[0][:150]}-未通过.xlsx",
        media_type=MEDIA_TYPES["xlsx"],
        content=content,
        now=now,
        purpose="import",
        until=now + REFUSED_FILE_KEPT,
    )
    append(
        "imports.refused_file_made",
        actor=actor,
        at=now,
        region=row.region,
        object_kind="import",
        object_id=row.pk,
        detail={"rows": row.refused, "paper": paper},
    )
    return FileMade(row.pk, paper, row.refused)


def annotated(row: StagedImport, kind: Kind, language: Language) -> bytes:
    """The workbook. Every cell is a text: numbers of eighteen digits stay what they are."""
    headings = [heading or f"({place + 1})" for place, heading in enumerate(row.layout["headings"])]
    columns = [ListColumn(REASON, width=44), ListColumn(ROW, "whole")]
    columns += [ListColumn(Words(heading, heading), width=0) for heading in headings]
    source = Words(
        f"说明：来自“{row.file_name}”，改正后可直接重新导入本文件。",
        f"Note: from “{row.file_name}”; mend and import this file again.",
    )
    return write_workbook(
        columns,
        (_cells(record, row, kind, len(headings), language) for record in _refused(row, kind)),
        name=Words("未通过", "Refused"),
        language=language,
        footer=(source,),
    )


def _refused(row: StagedImport, kind: Kind) -> Iterator[Record]:
    names = [column.name for column in kind.columns]
    for part in StagedPart.objects.filter(staged=row, holds="rows").order_by("first").iterator(4):
        for data in opened(part.sealed, holds="rows"):
            if data[2] == str(Judgement.REFUSED):
                yield from_json(data, names)


def _cells(record: Record, row: StagedImport, kind: Kind, width: int, language: Language) -> list[ListCell]:
    titles = {column.name: column.words for column in kind.columns}
    wrong: dict[int, Words] = {}
    reasons: list[str] = []
    for problem in record.verdict.problems:
        title = titles.get(problem.column)
        said = problem.words.say(language)
        reasons.append(f"{title.say(language)}：{said}" if title else said)
        if problem.column in row.mapping:
            wrong.setdefault(row.mapping[problem.column], problem.words)
    texts = [plain(cell) or None for cell in (record.cells or [])[:width]]
    texts += [None] * (width - len(texts))
    cells: list[ListCell] = [" ".join(reasons), record.number]
    return cells + [
        Marked(text, wrong[place]) if place in wrong else text for place, text in enumerate(texts)
    ]
