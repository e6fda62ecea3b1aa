"""The trial balance of a month and the lines of an account as Excel, counted and in the trail like every list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from django.http import HttpRequest, HttpResponse

from doudi.server.desks import fields
from doudi.server.desks.county.ledger_names import month_asked, names_for, sided, source_words, template_words
from doudi.server.desks.exports import Listing, counted, in_words, purpose_of, workbook
from doudi.server.desks.pages import page
from doudi.server.desks.places import place_name
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.paging import LARGEST
from doudi.server.kernel.sheets.api import ListCell, ListColumn
from doudi.server.ledger.api import KINDS, LineView, account_lines, later, trial_balance
from doudi.words import Words

TRIAL = (
    ListColumn(Words("账户类别", "Kind"), width=20),
    ListColumn(Words("基金与机构", "Fund and facility"), width=36),
    ListColumn(Words("期初方向", "Opening side")),
    ListColumn(Words("期初余额", "Opening"), "money"),
    ListColumn(Words("本期借方", "Debit"), "money"),
    ListColumn(Words("本期贷方", "Credit"), "money"),
    ListColumn(Words("期末方向", "Closing side")),
    ListColumn(Words("期末余额", "Closing"), "money"),
)
LINES = (
    ListColumn(Words("日期", "Date"), "date"),
    ListColumn(Words("凭证号", "Entry"), "whole"),
    ListColumn(Words("摘要", "What"), width=18),
    ListColumn(Words("来源", "Source")),
    ListColumn(Words("来源编号", "Number"), "whole"),
    ListColumn(Words("医药机构", "Facility"), width=28),
    ListColumn(Words("借方", "Debit"), "money"),
    ListColumn(Words("贷方", "Credit"), "money"),
    ListColumn(Words("方向", "Side")),
    ListColumn(Words("余额", "Balance"), "money"),
)
FUND, KIND = Words("基金", "fund"), Words("账户类别", "kind")


@page("county/ledger/export/", name="county.ledger_export", rule="ledger.trial_balance", methods=("POST",))
def trial_export(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All accounts of the month, as the page is narrowed."""
    data, month = request.POST, month_asked(request.POST)
    asked = fields.number(data, "county", Words("县", "county"), required=False)
    county = (asked or actor.ranges.pairs[0][0]) // 1000 * 1000
    kind = fields.choice(data, "kind", KIND, KINDS, required=False)
    fund = fields.text(data, "fund", FUND, required=False, longest=60)
    found = trial_balance(viewer=actor, region=county, month=month)
    lines = [one for one in found.lines if kind in ("", one.account.kind) and fund in ("", one.account.fund)]
    names = names_for(actor, county, [one.account for one in lines])
    place, text = place_name(county), f"{month:%Y-%m}"
    filters = in_words(
        Words(place, place), Words(text, text), KINDS[kind].words if kind else None,
        Words(names.funds.get(fund, fund), fund) if fund else None,
    )  # fmt: skip
    listing = Listing("trial", TRIAL, filters)
    rows: list[Sequence[ListCell]] = [
        (
            names.kind(one.account).zh, names.of(one.account), sided(one.opening_fen).side.zh, abs(one.opening_fen),
            one.debit_fen, one.credit_fen, sided(one.closing_fen).side.zh, abs(one.closing_fen),
        )
        for one in lines
    ]  # fmt: skip
    batches = counted([rows], listing, actor, purpose_of(request))
    return workbook(request, actor, listing, (row for batch in batches for row in batch))


@page(
    "county/ledger/account/<int:number>/export/",
    name="county.ledger_account_export",
    rule="ledger.account_lines",
    methods=("POST",),
)
def lines_export(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """The lines of an account in the month."""
    month = month_asked(request.POST)
    first = account_lines(viewer=actor, account=number, from_date=month, until_date=later(month), size=1)
    names = names_for(actor, first.account.region, [first.account])
    kind, of, text = names.kind(first.account), names.of(first.account), f"{month:%Y-%m}"
    listing = Listing("account", LINES, in_words(kind, Words(of, of) if of else None, Words(text, text)))
    batches = counted(_batches(actor, number, month), listing, actor, purpose_of(request))
    return workbook(request, actor, listing, _line_rows(actor, batches))


def _batches(actor: Actor, number: int, since: date) -> Iterator[Sequence[LineView]]:
    place, more = 0, True
    while more:
        found = account_lines(
            viewer=actor, account=number, from_date=since, until_date=later(since), number=place, size=LARGEST
        )
        if found.page.items:
            yield found.page.items
        place, more = place + 1, found.page.has_next


def _line_rows(actor: Actor, batches: Iterator[Sequence[LineView]]) -> Iterator[Sequence[ListCell]]:
    for batch in batches:
        names = names_for(actor, 0, [], [one.facility for one in batch])
        for one in batch:
            yield (
                one.posted_on, one.entry, template_words(one.template).zh, source_words(one.source_kind).zh,
                one.source_id, names.facility(one.facility), max(one.fen, 0), max(-one.fen, 0),
                sided(one.balance_fen).side.zh, abs(one.balance_fen),
            )  # fmt: skip
