"""Settlements of two counties over three months as rows, and what they add up to in plain Python."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from itertools import count
from random import Random
from typing import Any

from doudi.server.kernel.scope import EVERYWHERE, Scope, scoped
from doudi.server.settlement.models import Settlement
from support.settling import TODAY

TOWNS = (520203101, 520203102, 522632101)
CATEGORIES = ([], [], ["low_income"], ["poor"], ["disabled", "poor"])
DISEASES = ("I10.x00", "E11.900", "J18.9", "M17.900", "", "C34.9")
PAYERS = ("basic", "catastrophic", "assistance", "charity", "relief_fund")
_numbers = count(900_000_002, 2)


def rows(chance: Random, size: int, days: int = 75, first: date = TODAY) -> list[Settlement]:
    """Current versions over the last `days` days, a few of them reversed or replaced."""
    return [one(chance, first - timedelta(days=chance.randrange(days))) for _ in range(size)]


def one(chance: Random, day: date, **words: Any) -> Settlement:
    """A current version as nobody would settle it: whole numbers that tell one sum from another."""
    number, total = next(_numbers), chance.randrange(10_000, 5_000_000)
    payers = {payer: total // chance.randrange(8, 30) for payer in chance.sample(PAYERS, chance.randrange(4))}
    hospital = chance.choice((0, 0, total // 50))
    paid = sum(payers.values())
    in_scope = total * 9 // 10
    replaced = chance.random() < 0.1
    given: dict[str, Any] = {
        "id": number, "kind": "replaced" if replaced else "reversed" if chance.random() < 0.05 else "settled",
        "root_id": number - 1 if replaced else number, "version": 2 if replaced else 1,
        "replaces_id": number - 1 if replaced else None, "facility_id": chance.choice((9_101, 9_102, 9_201)),
        "serial": f"O{number}", "request_sm3": "", "stay": "", "person_id": chance.randrange(1, 40),
        "region": chance.choice(TOWNS), "scheme": "resident", "benefit_year": day.year, "posted_no": number,
        "care": chance.choice(("inpatient", "inpatient", "outpatient", "pharmacy")),
        "level": chance.choice(("county", "township", "")), "admitted_on": day, "discharged_on": day,
        "settled_on": day, "posted_on": day, "main_diagnosis": chance.choice(DISEASES),
        "categories": chance.choice(CATEGORIES), "total_fen": total, "in_scope_fen": in_scope, "first_pay_fen": 0,
        "over_limit_fen": 0, "own_pay_fen": total - in_scope, "shares": payers, "funds": [], "paid_fen": paid,
        "hospital_fen": hospital, "patient_fen": total - paid - hospital, "patient_in_scope_fen": total // 20,
        "moved": [], "policy": "p", "policy_hash": "h", "decision_sha256": "d", "cause": "bill", "settled_by": 1,
    }  # fmt: skip
    return Settlement(**(given | words))


def written(found: Iterable[Settlement]) -> None:
    """Into the database that is open, as the server would."""
    with scoped(Scope(EVERYWHERE)):
        Settlement.objects.bulk_create(found)


def added(found: Iterable[Settlement], fits: Callable[[Settlement], bool]) -> dict[str, Any]:
    """The plain sums of the rows that fit."""
    mine = [row for row in found if fits(row)]
    stand = [row for row in mine if row.kind != "reversed"]
    stays = [row for row in stand if row.care == "inpatient"]
    payers: dict[str, int] = {}
    for row in stand:
        for payer, fen in row.shares.items():
            payers[payer] = payers.get(payer, 0) + fen
    return {
        "bills": len(stand),
        "reversed": len(mine) - len(stand),
        "readjudicated": sum(row.kind == "replaced" for row in mine),
        **{
            name: sum(getattr(row, name) for row in stand)
            for name in ("total_fen", "in_scope_fen", "hospital_fen", "patient_fen", "patient_in_scope_fen")
        },
        "paid_fen": sum(row.paid_fen for row in stand),
        "payers": {payer: fen for payer, fen in payers.items() if fen},
        "inpatient_bills": len(stays),
        "inpatient_total_fen": sum(row.total_fen for row in stays),
        "inpatient_patient_fen": sum(row.patient_fen for row in stays),
        "persons": len({row.person_id for row in stand}),
    }
