"""A bill and the standing of its person as one settle file (docs/settle-file.md): what the engine reads, and is frozen.

The file is complete: whoever has it and the policy settles the bill again, without this server.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from doudi.engine.data import Balances, Span
from doudi.money import format_percent, format_yuan
from doudi.policy.conditions import PARTS
from doudi.server.entitlement.api import Gathered
from doudi.server.filings.api import bill_facts
from doudi.server.reference.data import FacilityView, ItemPrice
from doudi.server.settlement.data import BillInput, LineInput

CLASSES = {"1": "甲", "2": "乙", "3": "丙", None: "丙"}
"""An item that insurance says nothing of is own pay."""
OWN = "own"
"""The catalogue entry of lines without a code."""


def person_facts(one: Gathered) -> dict[str, Any]:
    """`person` of the file: as gathered, every period of every category, with the department that vouches for it."""
    person = one.subject.person
    told: dict[str, Any] = {
        "id": person.id,
        "born": _day(person.born),
        "sex": person.sex,
        "household": person.household,
        "region": person.region,
        "insured": [
            {"scheme": held.scheme, "tier": held.tier, **_span(held.span)} for held in person.insured or ()
        ],
        "contract": person.contract,
        "categories": [
            {
                "code": held.category,
                "from": _day(held.from_date),
                "until": _day(held.until_date),
                "department": held.source_department or None,
            }
            for held in sorted(one.recognised, key=lambda held: (held.category, held.from_date))
            if held.state == "valid"
        ],
    }
    return told | ({} if told["insured"] else {"insured": False})


def bill_of(
    bill: BillInput, one: Gathered, facility: FacilityView, *, name: str, stay: str, settled_on: date
) -> dict[str, Any]:
    """The bill of the file. What may be claimed at a window is not taken from it: filings say what was filed."""
    content = content_of(bill, name=name, stay=stay, settled_on=settled_on)
    return content | known_of_bill(one, facility, bill.admitted_on)


def known_of_bill(one: Gathered, facility: FacilityView, admitted_on: date) -> dict[str, Any]:
    """What of a bill is known here and not submitted: the hospital as it stood, and what was filed."""
    filed = bill_facts(one.filed, admitted_on=admitted_on, facility=facility.id, level=facility.level or None)
    return {
        "facility": facility_facts(facility, one.scheme),
        "referred": filed.referred,
        "emergency": filed.emergency,
        "accident": filed.accident,
        "filings": [{"kind": held.kind, **_span(held.span)} for held in filed.filings],
    }


def content_of(bill: BillInput, *, name: str, stay: str, settled_on: date) -> dict[str, Any]:
    """What of a bill is submitted."""
    told: dict[str, Any] = {
        "id": name,
        "stay": stay,
        "care": bill.care,
        "admitted": bill.admitted_on.isoformat(),
        "discharged": bill.discharged_on.isoformat(),
        "settled": settled_on.isoformat(),
        "assessed": bill.assessed,
        "diagnoses": list(bill.diagnoses),
        "procedures": list(bill.procedures),
        "portions": _yuan(bill.portions),
        "recorded": _yuan(bill.recorded),
    }
    if bill.lines:
        return told | {"lines": [_line(number, line) for number, line in enumerate(bill.lines, 1)]}
    amounts = (bill.in_scope_fen, bill.first_pay_fen, bill.over_limit_fen, bill.own_pay_fen)
    return told | {part: format_yuan(fen) for part, fen in zip(PARTS, amounts, strict=True)}


def facility_facts(facility: FacilityView, scheme: str) -> dict[str, Any]:
    """The facility of the bill as it stood on the day."""
    return {
        "level": facility.level or None,
        "grade": facility.grade or None,
        "designated": facility.designated(scheme) if scheme else bool(facility.schemes),
        "region": f"{facility.region // 1000:06d}",
        "designated_for": list(facility.programmes),
    }


def catalogue_of(
    lines: Iterable[LineInput], admitted: date, prices: Mapping[date, Mapping[str, ItemPrice]]
) -> list[dict[str, Any]]:
    """The catalogue rows that the lines used, each for its day: frozen with the bill."""
    rows: dict[tuple[str, date], dict[str, Any]] = {}
    for line in lines:
        day = line.day or admitted
        price = prices.get(day, {}).get(line.code)
        if not line.code:
            rows[OWN, date.min] = {"code": OWN, "class": "丙"}
        elif price is not None:
            row: dict[str, Any] = {
                "code": line.code,
                "name": price.name,
                "class": CLASSES[price.item_class],
                "from": day.isoformat(),
                "until": date.fromordinal(day.toordinal() + 1).isoformat(),
            }
            if price.first_pay_bp:
                row["first_pay"] = format_percent(price.first_pay_bp)
            if price.ceiling_fen is not None:
                row["ceiling"] = format_yuan(price.ceiling_fen)
            rows[line.code, day] = row
    return [rows[key] for key in sorted(rows)]


def opening_facts(balances: Balances) -> dict[str, Any]:
    """`opening` of the file: what the year had used before this bill."""
    held = {"person": balances.person, "household": balances.household}
    return {
        "accumulators": {
            scope: {name: _yuan(periods) for name, periods in sorted(names.items())}
            for scope, names in held.items()
        },
        "admissions": dict(sorted(balances.admissions.items())),
        "stays": dict(sorted(balances.stays.items())),
    }


def _line(number: int, line: LineInput) -> dict[str, Any]:
    told: dict[str, Any] = {
        "line": str(number),
        "code": line.code or OWN,
        "name": line.name,
        "quantity": line.quantity,
        "amount": format_yuan(line.amount_fen),
    }
    return told | ({"day": line.day.isoformat()} if line.day is not None and line.code else {})


def _yuan(amounts: Mapping[str, int]) -> dict[str, str]:
    return {name: format_yuan(fen) for name, fen in sorted(amounts.items())}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _span(span: Span) -> dict[str, str | None]:
    return {"from": _day(span.begins), "until": _day(span.ends)}
