"""资金台账: the trial balance of a month, from there to an account, its lines, an entry, what it was posted for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from doudi.server.access.api import allowed
from doudi.server.desks import fields
from doudi.server.desks.county.ledger_names import (
    Names,
    Sided,
    books_of,
    month_asked,
    month_facts,
    names_for,
    sided,
    source_address,
    source_words,
    template_words,
)
from doudi.server.desks.pages import page
from doudi.server.desks.places import place_name
from doudi.server.kernel.actor import Actor
from doudi.server.ledger.api import (
    KINDS,
    EntryView,
    TrialLine,
    account_lines,
    entries_of,
    entry,
    later,
    trial_balance,
)
from doudi.words import Words

KIND, FUND = Words("账户类别", "kind of account"), Words("基金", "fund")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the trial balance: one account, or all of a kind."""

    words: Words
    of: str
    address: str
    opening: Sided
    debit_fen: int
    credit_fen: int
    closing: Sided
    accounts: int = 1


def _row(words: Words, of: str, address: str, lines: Iterable[TrialLine]) -> Row:
    found = list(lines)
    return Row(
        words,
        of,
        address,
        sided(sum(line.opening_fen for line in found)),
        sum(line.debit_fen for line in found),
        sum(line.credit_fen for line in found),
        sided(sum(line.closing_fen for line in found)),
        len(found),
    )


@page("county/ledger/", name="county.ledger", rule="ledger.trial_balance")
def ledger(request: HttpRequest, actor: Actor) -> HttpResponse:
    """One row for each kind of account; a kind or a fund opens its accounts, an account its lines."""
    books, month = books_of(actor, request), month_asked(request.GET)
    county = books.county
    kind = fields.choice(request.GET, "kind", KIND, KINDS, required=False)
    fund = fields.text(request.GET, "fund", FUND, required=False, longest=60)
    found = trial_balance(viewer=actor, region=county, month=month)
    lines = [one for one in found.lines if kind in ("", one.account.kind) and fund in ("", one.account.fund)]
    names = names_for(actor, county, [one.account for one in lines])
    kinds, codes = {one.account.kind for one in found.lines}, {one.account.fund for one in found.lines}
    facts = {
        "found": found, "books": books, "county": county, "place": books.place, "kind": kind, "fund": fund,
        "kinds": [(code, one.words) for code, one in KINDS.items() if code in kinds],
        "funds": sorted((code, names.funds.get(code, code)) for code in codes if code),
        "rows": _accounts(lines, names) if kind or fund else _kinds(lines),
        "narrowed": bool(kind or fund),
        "total": _row(Words("合计", "Total"), "", "", lines),
    }  # fmt: skip
    return render(request, "county/ledger.html", facts | month_facts(month))


def _kinds(lines: list[TrialLine]) -> list[Row]:
    return [
        _row(kind.words, "", f"kind={code}", [one for one in lines if one.account.kind == code])
        for code, kind in KINDS.items()
        if any(one.account.kind == code for one in lines)
    ]


def _accounts(lines: list[TrialLine], names: Names) -> list[Row]:
    order = list(KINDS)
    ordered = sorted(lines, key=lambda one: (order.index(one.account.kind), names.of(one.account)))
    return [
        _row(names.kind(one.account), names.of(one.account), str(one.account.id), [one]) for one in ordered
    ]


@page("county/ledger/account/<int:number>/", name="county.ledger_account", rule="ledger.account_lines")
def account(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """The lines of an account in a month, with the balance after each."""
    month = month_asked(request.GET)
    found = account_lines(
        viewer=actor, account=number, from_date=month, until_date=later(month), number=fields.page_number(request)
    )  # fmt: skip
    names = names_for(
        actor, found.account.region, [found.account], [one.facility for one in found.page.items]
    )
    facts = {
        "found": found, "account": found.account, "kind": names.kind(found.account), "of": names.of(found.account),
        "county": found.account.region, "place": place_name(found.account.region),
        "opening": sided(found.opening_fen),
        "rows": [
            (
                one, template_words(one.template), source_words(one.source_kind),
                source_address(actor, one.source_kind, one.source_id), sided(one.balance_fen),
                names.facility(one.facility), max(one.fen, 0), max(-one.fen, 0),
            )
            for one in found.page.items
        ],
    }  # fmt: skip
    return render(request, "county/ledger_account.html", facts | month_facts(month))


@page("county/ledger/entry/<int:number>/", name="county.ledger_entry", rule="ledger.entry")
def entry_page(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """One entry: its lines, what it was posted for, what it takes back."""
    found = entry(viewer=actor, entry=number)
    facts = {"found": found} | _entry_facts(actor, [found])
    return render(request, "county/ledger_entry.html", facts)


@page("county/ledger/of/<slug:kind>/<int:number>/", name="county.ledger_of", rule="ledger.entries_of")
def of_source(request: HttpRequest, actor: Actor, kind: str, number: int) -> HttpResponse:
    """All that was posted for one bill, one deposit."""
    found = entries_of(viewer=actor, source_kind=kind, source_id=number)
    facts = {
        "source": source_words(kind),
        "number": number,
        "address": source_address(actor, kind, number),
    } | _entry_facts(actor, found)
    return render(request, "county/ledger_of.html", facts)


def _entry_facts(actor: Actor, found: Iterable[EntryView]) -> dict[str, Any]:
    entries = list(found)
    region = entries[0].region if entries else 0
    names = names_for(
        actor,
        region,
        [line.account for one in entries for line in one.lines],
        [one.facility for one in entries],
    )
    return {
        "entries": [
            {
                "entry": one,
                "words": template_words(one.template),
                "source": source_words(one.source_kind),
                "address": source_address(actor, one.source_kind, one.source_id),
                "facility": names.facility(one.facility),
                "lines": [(line, names.kind(line.account), names.of(line.account)) for line in one.lines],
                "total": sum(line.fen for line in one.lines if line.fen > 0),
            }
            for one in entries
        ],
        "drills": allowed("ledger.account_lines", actor),
        "sees_person": allowed("people.person", actor) and bool(actor.ranges.pairs),
    }
