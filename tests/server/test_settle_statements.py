"""What a settlement sends to PostgreSQL: fifteen statements, BEGIN and COMMIT aside. Each says what it is for."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from support import settling

pytestmark = pytest.mark.django_db
EXPECTED = (
    ("the scope", "set_config"),
    ("the person with their household", "people_person"),
    ("records that are the same person", "people_person"),
    ("categories", "recognition_recognition"),
    ("insurance", "enrolment_enrolment"),
    ("filings", "filings_filing"),
    ("households of the records", "people_membership"),
    ("opening balances", "entitlement_openingbalance"),
    ("whether reference data changed", "reference_version"),
    ("the policy in force", "entitlement_policyinforce"),
    ("the lock", "settlement_subject"),
    ("what the year has used; the serial", "settlement_accumulator"),
    ("the entry and its lines", "ledger_entry"),
    ("the version, its record, accumulators, holds, registration", "settlement_settlement"),
    ("the trail", "audit_auditevent"),
)


def test_a_settlement_is_fifteen_statements() -> None:
    county = settling.county()
    persons = [county.person("subsistence_allowance") for _ in range(3)]
    for person in persons[:2]:  # a process that has settled before
        settling.settled(county.first, settling.bill(person))
    with CaptureQueriesContext(connection) as sent:
        settling.settled(county.first, settling.bill(persons[2]))
    told = [one["sql"] for one in sent if not re.match(r"SAVEPOINT|RELEASE", one["sql"])]
    assert len(told) == len(EXPECTED), told
    for (what, table), sql in zip(EXPECTED, told, strict=True):
        assert table in sql, f"{what}: {sql[:200]}"
