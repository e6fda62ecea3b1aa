"""What settling a person's bills again would change, before it is proposed; and the content of a bill, to correct it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from doudi.money import parse_yuan
from doudi.server.access.api import query
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.people.api import person_facts
from doudi.server.settlement.data import BillInput, LineInput
from doudi.server.settlement.differences import Correction, Readjudication, totals_of
from doudi.server.settlement.facts import OWN
from doudi.server.settlement.heads import opened
from doudi.server.settlement.operations.reverse import mine
from doudi.server.settlement.queries.bills import Posted, current_bill, seen
from doudi.server.settlement.readjudging import readjudged
from doudi.server.settlement.telling_differences import difference_of


@query("settlement.readjudication_preview")
def readjudication_preview(
    *, viewer: Actor, person: int, corrections: tuple[Correction, ...] = ()
) -> Readjudication:
    """The differences in the order of posting, with totals and the fingerprint that an approval names.

    Refused: bills of these people that another county paid and that are out of sight.
    """
    home = person_facts(viewer=viewer, person=person).region
    group, bills = seen(viewer, person)
    found = readjudged(viewer, clock.today(), group, bills, corrections)
    differences = tuple(difference_of(one) for one in found.found)
    return Readjudication(
        person=person,
        region=bills[0].row["region"] if bills else home,
        bills=sum(not one.reversed for one in bills),
        differences=differences,
        totals=totals_of(differences),
        stopped=found.stopped,
        fingerprint=found.fingerprint,
    )


@query("settlement.submitted")
def submitted(*, viewer: Actor, settlement: int) -> BillInput:
    """The content of a bill as it was submitted or last corrected: what a correction begins with."""
    return content_of(mine(viewer, current_bill(settlement)))


def content_of(posted: Posted) -> BillInput:
    """The bill of a record as it is submitted."""
    row, bill = posted.row, posted.bill
    lines = tuple(_line(one) for one in bill.get("lines", ()))
    parts = ("in_scope", "first_pay", "over_limit", "own_pay")
    costs = {} if lines else {f"{part}_fen": parse_yuan(bill.get(part, "0")) for part in parts}
    return BillInput(
        person=row["person_id"],
        care=row["care"],
        admitted_on=date.fromisoformat(bill["admitted"]),
        discharged_on=date.fromisoformat(bill["discharged"]),
        lines=lines,
        portions=_fen(bill.get("portions")),
        recorded=_fen(bill.get("recorded")),
        diagnoses=tuple(bill.get("diagnoses", ())),
        procedures=tuple(bill.get("procedures", ())),
        registration=row["registration_id"],
        department=opened(posted.head).department if posted.head is not None else "",
        assessed=bool(bill.get("assessed")),
        **costs,
    )


def _line(line: Mapping[str, Any]) -> LineInput:
    code = line["code"] if line["code"] != OWN else ""
    day = date.fromisoformat(line["day"]) if "day" in line else None
    return LineInput(line["name"], parse_yuan(line["amount"]), code, line["quantity"], day)


def _fen(amounts: Mapping[str, str] | None) -> dict[str, int]:
    return {name: parse_yuan(text) for name, text in (amounts or {}).items()}
