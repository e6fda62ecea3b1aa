"""Reversals and settling again, as tests ask for them; and what must hold of the books whatever was done."""

from datetime import UTC, datetime
from itertools import count
from typing import Any

from django.db import connection

from doudi.server.access import api as access
from doudi.server.access.guard import run_approved
from doudi.server.kernel.actor import SYSTEM, Actor
from doudi.server.kernel.scope import scoped
from doudi.server.settlement import api as settlement
from support.settling import NOW, County

_reversals = count(1)


def reversed_(who: Actor, number: int, reason: str = "结算有误", **words: Any) -> settlement.Reversed:
    given = {"serial": f"R{next(_reversals):08d}"} | words
    return settlement.reverse(actor=who, now=NOW, key=None, settlement=number, reason=reason, **given)


def preview(county: County, person: int, *corrections: settlement.Correction) -> settlement.Readjudication:
    return settlement.readjudication_preview(viewer=county.officer, person=person, corrections=corrections)


def proposed(county: County, shown: settlement.Readjudication, *corrections: settlement.Correction) -> Any:
    """A proposal of what a preview showed, by an officer whose post is on file."""
    return access.propose(
        actor=county.officer, now=NOW, name="settlement.readjudicate", region=shown.region, summary="重新结算",
        content={
            "person": shown.person, "fingerprint": shown.fingerprint, "reason": "追溯认定",
            "corrections": corrections,
        },
    )  # fmt: skip


def readjudicated(
    county: County, person: int, *corrections: settlement.Correction
) -> settlement.Readjudicated:
    """Previewed and posted."""
    return approved(county, preview(county, person, *corrections), *corrections)


def approved(
    county: County, shown: settlement.Readjudication, *corrections: settlement.Correction
) -> settlement.Readjudicated:
    """What a preview showed, posted as the approval of a proposal runs it."""
    words = {
        "person": shown.person, "fingerprint": shown.fingerprint, "reason": "追溯认定",
        "corrections": corrections,
    }  # fmt: skip
    with scoped(county.approver.scope):
        done = run_approved("settlement.readjudicate", actor=county.approver, now=NOW, words=words)
    assert isinstance(done, settlement.Readjudicated)
    return done


def rows(sql: str, *words: Any) -> list[tuple[Any, ...]]:
    """What stands in the tables, seen by the server itself."""
    with scoped(SYSTEM.scope), connection.cursor() as cursor:
        cursor.execute(sql, words)
        return list(cursor.fetchall())


def shares(number: int) -> dict[str, int]:
    """The shares of the current version, in fen, with `patient`."""
    ((found, patient),) = rows(
        "SELECT shares, patient_fen FROM settlement_settlement WHERE root_id = %s AND superseded_at IS NULL",
        number,
    )
    import json

    told = json.loads(found) if isinstance(found, str) else found
    return {**told, "patient": patient}


FAULTS = {
    "an entry does not sum to zero": "SELECT entry_id FROM ledger_line GROUP BY 1 HAVING sum(fen) <> 0",
    "an accumulator is not the sum of its bills": """
        SELECT scope, subject, name, period, sum(fen) FROM (
            SELECT scope, subject_id AS subject, name, period, used_fen AS fen FROM settlement_accumulator
             UNION ALL
            SELECT m ->> 0, CASE m ->> 0 WHEN 'household' THEN coalesce(household_id, -person_id) ELSE person_id END,
                   m ->> 1, m ->> 2, -(m ->> 3)::bigint
              FROM settlement_settlement, jsonb_array_elements(moved) m WHERE superseded_at IS NULL) x
         GROUP BY 1, 2, 3, 4 HAVING sum(fen) <> 0""",
    "the ledger of a bill is not its current version": """
        SELECT root, kind, fund, sum(fen) FROM (
            SELECT s.root_id AS root, a.kind, a.fund, l.fen FROM settlement_settlement s
              JOIN ledger_line l ON l.entry_id = s.entry_id JOIN ledger_account a ON a.id = l.account_id
             UNION ALL SELECT root_id, 'due', f ->> 1, -(f ->> 2)::bigint
                         FROM settlement_settlement, jsonb_array_elements(funds) f WHERE superseded_at IS NULL
             UNION ALL SELECT root_id, 'own', '', -hospital_fen FROM settlement_settlement WHERE superseded_at IS NULL
             UNION ALL SELECT root_id, 'patient', '', -patient_fen FROM settlement_settlement WHERE superseded_at IS NULL
             UNION ALL SELECT root_id, 'charges', '', total_fen FROM settlement_settlement WHERE superseded_at IS NULL) x
         GROUP BY 1, 2, 3 HAVING sum(fen) <> 0""",
    "the ledger of a fund is not the sum of current shares": """
        SELECT fund, sum(fen) FROM (
            SELECT a.fund, l.fen FROM ledger_line l JOIN ledger_account a ON a.id = l.account_id WHERE a.kind = 'due'
             UNION ALL
            SELECT f ->> 1, -(f ->> 2)::bigint FROM settlement_settlement, jsonb_array_elements(funds) f
             WHERE superseded_at IS NULL) x
         GROUP BY 1 HAVING sum(fen) <> 0""",
    "shares, hospital and patient are not the bill (P8)": """
        SELECT id FROM settlement_settlement
         WHERE paid_fen + hospital_fen + patient_fen <> total_fen
            OR total_fen <> in_scope_fen + first_pay_fen + over_limit_fen + own_pay_fen
            OR paid_fen <> (SELECT coalesce(sum(value::bigint), 0) FROM jsonb_each_text(shares))""",
    "a subject's number of versions is wrong": """
        SELECT scope, subject, sum(bills) FROM (
            SELECT scope, subject_id AS subject, bills FROM settlement_subject
             UNION ALL SELECT 'person', person_id, -1 FROM settlement_settlement
             UNION ALL SELECT 'household', household_id, -1 FROM settlement_settlement WHERE household_id IS NOT NULL) x
         GROUP BY 1, 2 HAVING sum(bills) <> 0""",
    "a bill has no current version, or two": """
        SELECT root_id FROM settlement_settlement GROUP BY 1 HAVING count(*) FILTER (WHERE superseded_at IS NULL) <> 1""",
    "a version has no record": """
        SELECT s.id FROM settlement_settlement s LEFT JOIN settlement_record r ON r.settlement_id = s.id
         WHERE r.settlement_id IS NULL""",
}


def faults() -> list[str]:
    """What does not hold of all books of the database."""
    return [f"{what}: {found[:3]}" for what, sql in FAULTS.items() if (found := rows(sql))]


def at(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 2, tzinfo=UTC)
