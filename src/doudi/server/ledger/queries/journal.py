"""From an account to its lines, from a line to its entry, from an entry to what it was posted for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, Sum

from doudi.server.access.api import query
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.paging import LARGEST, SIZE, page_of
from doudi.server.ledger.data import AccountLines, AccountView, EntryLine, EntryView, LineView
from doudi.server.ledger.errors import account_unknown, entry_unknown, whole_county
from doudi.server.ledger.models import Account, Entry, Line
from doudi.server.ledger.queries.sums import EVER, NEVER, stands_at


@query("ledger.account_lines")
def account_lines(
    *,
    viewer: Actor,
    account: int,
    from_date: date | None = None,
    until_date: date | None = None,
    number: int = 0,
    size: int = SIZE,
) -> AccountLines:
    """A page of the lines posted from a day until a day (exclusive), in the order of days, with the running balance.

    A facility sees the lines that concern it. Raises `NotFound`.
    """
    row = Account.objects.filter(pk=account).first()
    if row is None or not _concerns(row.region, row.facility, viewer):
        raise account_unknown()
    since, until = from_date or EVER, until_date or NEVER
    opening = stands_at(account, since)
    lines = Line.objects.filter(account_id=account, posted_on__gte=since, posted_on__lt=until)
    page = page_of(
        lines.select_related("entry").order_by("posted_on", "entry_id", "position"),
        _line_view,
        number=number,
        size=size,
    )
    balance = opening
    if page.items and page.number:
        first = page.items[0]
        before = Q(posted_on__lt=first.posted_on) | Q(posted_on=first.posted_on, entry_id__lt=first.entry)
        balance += lines.filter(before).aggregate(fen=Sum("fen"))["fen"] or 0
    running = []
    for item in page.items:
        balance += item.fen
        running.append(_with_balance(item, balance))
    shown = type(page)(tuple(running), page.number, page.size, page.total, page.more)
    return AccountLines(account_view(row), opening, shown)


def _concerns(region: int, facility: int, viewer: Actor) -> bool:
    """Whether books are shown whole: to whom the county belongs, and to the facility they are about."""
    return facility == viewer.facility > 0 or whole_county(region, viewer.ranges)


def account_view(row: Account) -> AccountView:
    """What crosses the border of an account."""
    return AccountView(row.pk, row.region, row.kind, row.fund, row.facility)


def _line_view(row: Line) -> LineView:
    entry = row.entry
    return LineView(
        entry.pk,
        row.position,
        row.region,
        row.posted_on,
        entry.template,
        row.facility,
        row.person_id,
        entry.source_kind,
        entry.source_id,
        entry.back_id,
        row.fen,
        0,
    )


def _with_balance(line: LineView, balance: int) -> LineView:
    return LineView(
        line.entry,
        line.position,
        line.region,
        line.posted_on,
        line.template,
        line.facility,
        line.person,
        line.source_kind,
        line.source_id,
        line.back,
        line.fen,
        balance,
    )


@query("ledger.entry")
def entry(*, viewer: Actor, entry: int) -> EntryView:
    """One entry with its lines. Raises `NotFound`."""
    found = _views(Entry.objects.filter(pk=entry), viewer)
    if not found:
        raise entry_unknown()
    return found[0]


@query("ledger.entries_of")
def entries_of(*, viewer: Actor, source_kind: str, source_id: int) -> tuple[EntryView, ...]:
    """What was posted for one source, in order."""
    rows = Entry.objects.filter(source_kind=source_kind, source_id=source_id).order_by("pk")[:LARGEST]
    return _views(rows, viewer)


def _views(rows: Iterable[Entry], viewer: Actor) -> tuple[EntryView, ...]:
    entries = [row for row in rows if _concerns(row.region, row.facility, viewer)]
    numbers = [row.pk for row in entries]
    lines: dict[int, list[EntryLine]] = {}
    for line in (
        Line.objects.filter(entry__in=numbers).select_related("account").order_by("entry_id", "position")
    ):
        lines.setdefault(line.entry_id, []).append(EntryLine(account_view(line.account), line.fen))
    back: dict[int, list[int]] = {}
    for number, of in (
        Entry.objects.filter(back__in=numbers).order_by("pk").values_list("pk", "back_id").iterator()
    ):
        back.setdefault(of or 0, []).append(number)
    return tuple(
        EntryView(
            row.pk,
            row.region,
            row.posted_on,
            row.posted_at,
            row.template,
            row.facility,
            row.person_id,
            row.source_kind,
            row.source_id,
            row.back_id,
            tuple(back.get(row.pk, ())),
            row.by_user,
            tuple(lines.get(row.pk, ())),
        )
        for row in entries
    )
