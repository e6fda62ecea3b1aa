"""Reading imports: the list, one import, its rows, what it changed, its files. Always in the viewer's scope."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import QuerySet

from doudi.server.access.api import query
from doudi.server.imports.data import Judgement, Kind
from doudi.server.imports.data_imports import (
    ChangeView,
    Counts,
    ImportDetail,
    ImportSummary,
    RowView,
    Trouble,
)
from doudi.server.imports.errors import kind_not_yours, no_such_import
from doudi.server.imports.models import ImportChange, StagedImport, StagedPart, StagedRow
from doudi.server.imports.operations.locking import stuck
from doudi.server.imports.operations.upload import missing_columns, seen_before
from doudi.server.imports.records import Record, from_json, opened
from doudi.server.imports.registry import kind_of
from doudi.server.imports.states import STATE_NAMES, STEPS, State, after
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.paging import SIZE, Page, page_of
from doudi.server.kernel.papers.api import Paper, fetch
from doudi.server.kernel.papers.errors import no_such_paper
from doudi.server.kernel.regions import in_ranges
from doudi.server.kernel.sheets.api import Column, Value
from doudi.server.kernel.sheets.write import figure
from doudi.words import Words

OFFICER_STEPS = frozenset({"map", "examine", "choose", "apply", "undo", "discard"})
NEEDS_ROWS = OFFICER_STEPS - {"discard"}


@query("imports.list")
def imports(
    *,
    viewer: Actor,
    kind: str | None = None,
    state: str | None = None,
    region: int | None = None,
    number: int = 0,
    size: int = SIZE,
) -> Page[ImportSummary]:
    """Imports, newest first."""
    rows = StagedImport.objects.filter(in_ranges(viewer.ranges)).order_by("-pk")
    if kind is not None:
        rows = rows.filter(kind=kind)
    if state is not None:
        rows = rows.filter(state=state)
    if region is not None:
        rows = rows.filter(region=region)
    return page_of(rows, lambda row: _summary(row, State(row.state), 0), number=number, size=size)


@query("imports.detail")
def detail(*, viewer: Actor, import_number: int) -> ImportDetail:
    """One import with all that its page shows."""
    row = _row(viewer, import_number)
    kind = kind_of(row.kind)
    chosen = StagedRow.objects.filter(staged=row, chosen=True).count()
    state = State(row.state)
    if stuck(viewer, row):
        state = after(state, "fail") or state
    mine = bool(kind.roles & viewer.roles)
    return ImportDetail(
        summary=_summary(row, state, chosen),
        sheet=row.sheet,
        sheets=tuple(row.layout.get("sheets", ())),
        header_rows=tuple(row.layout.get("rows", ())),
        headings=tuple(row.layout.get("headings", ())),
        mapping=row.mapping,
        missing=missing_columns(kind, row.mapping),
        sample=_sample(row) if mine else (),
        options=_options(kind, row),
        notices=tuple(Words(note[0], note[1]) for note in row.notices),
        seen_before=seen_before(viewer, row.kind, row.content_sm3, but=row.pk),
        job=row.job,
        trouble=_trouble(row),
        steps=_steps(row, state) if mine else frozenset(),
        paper=row.paper,
        until_at=row.until_at,
        removed_at=row.removed_at,
    )


@query("imports.rows")
def rows(
    *,
    viewer: Actor,
    import_number: int,
    judgement: str | None = None,
    number: int = 0,
    size: int = SIZE,
) -> Page[RowView]:
    """A page of the preview, in the order of the file; of one verdict. Personal numbers are masked."""
    row = _row(viewer, import_number)
    kind = _mine(viewer, row)
    some = StagedRow.objects.filter(staged=row).order_by("number")
    if judgement is not None:
        some = some.filter(judgement=judgement)
    page = page_of(some, lambda staged: staged, number=number, size=size)
    records = _records(row, kind, [staged.number for staged in page.items])
    items = tuple(_view(staged, records[staged.number], kind) for staged in page.items)
    return Page(items, page.number, page.size, page.total, page.more)


@query("imports.changes")
def changes(
    *, viewer: Actor, import_number: int, object_kind: str | None = None, number: int = 0, size: int = SIZE
) -> Page[ChangeView]:
    """What the import made and changed."""
    row = _row(viewer, import_number)
    some = ImportChange.objects.filter(staged=row).order_by("number")
    if object_kind is not None:
        some = some.filter(object_kind=object_kind)
    return page_of(
        some,
        lambda change: ChangeView(change.row, change.did, change.object_kind, change.object_id),
        number=number,
        size=size,
    )


@query("imports.of_object")
def imports_of(*, viewer: Actor, object_kind: str, object_id: int) -> tuple[ImportSummary, ...]:
    """The imports in scope that made or changed a thing, newest first, at most twenty: where a record comes from."""
    numbers = (
        ImportChange.objects.filter(in_ranges(viewer.ranges), object_kind=object_kind, object_id=object_id)
        .order_by("-staged_id")
        .values_list("staged_id", flat=True)
        .distinct()[:20]
    )
    found = StagedImport.objects.filter(in_ranges(viewer.ranges), pk__in=list(numbers)).order_by("-pk")
    return tuple(_summary(row, State(row.state), 0) for row in found)


@query("imports.file")
def refused_file(*, viewer: Actor, import_number: int, paper: int) -> Paper:
    """The workbook of refused rows that `make_refused_file` made. The uploaded file itself is not given out again."""
    row = _row(viewer, import_number)
    _mine(viewer, row)
    if paper == row.paper:
        raise no_such_paper()
    found = fetch(viewer=viewer, paper=paper)
    if found.entry.purpose != "import" or found.entry.region != row.region:
        raise no_such_paper()
    return found


def _row(viewer: Actor, number: int) -> StagedImport:
    row = StagedImport.objects.filter(in_ranges(viewer.ranges), pk=number).first()
    if row is None:
        raise no_such_import()
    return row


def _mine(viewer: Actor, row: StagedImport) -> Kind:
    kind = kind_of(row.kind)
    if not kind.roles & viewer.roles:
        raise kind_not_yours(kind.words)
    return kind


def _summary(row: StagedImport, state: State, chosen: int) -> ImportSummary:
    return ImportSummary(
        number=row.pk,
        kind=row.kind,
        kind_words=kind_of(row.kind).words,
        region=row.region,
        state=state,
        state_words=STATE_NAMES[state],
        file_name=row.file_name,
        uploaded_by=row.uploaded_by,
        uploaded_at=row.uploaded_at,
        counts=Counts(row.rows, row.new, row.changed, row.unchanged, row.refused, row.duplicate, chosen),
        applied_rows=row.applied_rows,
        applied_at=row.applied_at,
        undone_at=row.undone_at,
    )


def _steps(row: StagedImport, state: State) -> frozenset[str]:
    steps = {step for from_state, step in STEPS if from_state == state and step in OFFICER_STEPS}
    return frozenset(steps - NEEDS_ROWS if row.removed_at is not None else steps)


def _options(kind: Kind, row: StagedImport) -> dict[str, str]:
    return {
        option.name: "" if row.options.get(option.name) is None else str(row.options[option.name])
        for option in kind.options
    }


def _sample(row: StagedImport) -> tuple[tuple[str, ...], ...]:
    part = StagedPart.objects.filter(staged=row, holds="sample").first()
    return tuple(tuple(cells) for cells in opened(part.sealed, holds="sample")) if part else ()


def _trouble(row: StagedImport) -> Trouble | None:
    if row.problem is None:
        return None
    problem: dict[str, Any] = row.problem
    return Trouble(
        problem["code"],
        Words(problem["zh"], problem["en"]),
        tuple((number, Words(zh, en)) for number, zh, en in problem["rows"]),
    )


def _records(row: StagedImport, kind: Kind, numbers: list[int]) -> Mapping[int, Record]:
    """The records of some rows: only the parts that hold them are opened."""
    if not numbers:
        return {}
    names = [column.name for column in kind.columns]
    wanted = set(numbers)
    parts: QuerySet[StagedPart] = StagedPart.objects.filter(
        staged=row, holds="rows", first__lte=max(numbers), last__gte=min(numbers)
    )
    held = [
        pk
        for pk, first, last in parts.values_list("pk", "first", "last")
        if any(first <= number <= last for number in wanted)
    ]
    return {
        data[0]: from_json(data, names)
        for part in StagedPart.objects.filter(pk__in=held)
        for data in opened(part.sealed, holds="rows")
        if data[0] in wanted
    }


def _view(staged: StagedRow, record: Record, kind: Kind) -> RowView:
    return RowView(
        number=staged.number,
        judgement=Judgement(staged.judgement),
        chosen=staged.chosen,
        decided=staged.decided,
        values={column.name: _shown(column, record.values.get(column.name)) for column in kind.columns},
        problems=record.verdict.problems,
        differences=record.verdict.differences,
        candidates=record.verdict.candidates,
        match=record.verdict.match,
    )


def _shown(column: Column, value: Value) -> str:
    """A value as a person reads it; personal numbers with the middle hidden (前6后4)."""
    text = figure(value, "text" if isinstance(value, str | date) else _form(column))
    if column.personal and column.form in ("id_number", "identifier") and text:
        return masked(text)
    return text


def _form(column: Column) -> Any:
    return column.form if column.form in ("money", "percent") else "text"


def masked(text: str) -> str:
    """The first six and last four signs, stars between; short numbers keep their last two."""
    if len(text) <= 12:
        return "*" * (len(text) - 2) + text[-2:] if len(text) > 2 else "*" * len(text)
    return text[:6] + "*" * (len(text) - 10) + text[-4:]
