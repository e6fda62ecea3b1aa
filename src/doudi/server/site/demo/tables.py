"""The tables the demo writes, and a prepared batch put into them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from doudi.server.enrolment.models import Enrolment
from doudi.server.entitlement.models import OpeningBalance
from doudi.server.filings.models import Filing
from doudi.server.people.models import BankCard, Household, Membership, Person
from doudi.server.recognition.models import Recognition
from doudi.server.site.demo.rows import Batch, Row
from doudi.server.site.demo.writing import Table

SOURCE = "演示数据"


class Tables:
    """Writes the batches of one county (`county`: its region key) as of `now`."""

    def __init__(self, county: int, now: datetime) -> None:
        """Columns are named once."""
        who = {"created_by": 0, "created_at": now}
        entered: dict[str, Any] = {"state": "valid", "entered_by": 0, "entered_at": now, "retired_reason": ""}
        self.households = Table(Household, "region", "number", "village_code", "address_sealed", constant=who)
        facts = (
            "region", "village_code", "name", "initials", "sex", "birth_date", "ethnicity", "phone_sealed",
            "phone_index", "number_kind", "number_sealed", "number_index", "number_index_next", "tail_index",
        )  # fmt: skip
        kept = {**who, "changed_by": 0, "changed_at": now, "status": "present"}
        self.persons = Table(Person, *facts, constant=kept)
        self.children = Table(Person, "guardian_id", "birth_order", *facts, constant=kept)
        self.memberships = Table(Membership, "person_id", "household_id", "region", "relation", "from_date")
        self.cards = Table(
            BankCard, "person_id", "region", "number_sealed", "number_index", "holder_name", "from_date",
            constant={"bank": "示例农商银行"},
        )  # fmt: skip
        self.recognitions = Table(
            Recognition, "person_id", "household_id", "region", "category", "from_date", "until_date", "known_since",
            "source_department", "ended_reason", constant={**entered, "evidence": SOURCE},
        )  # fmt: skip
        self.enrolments = Table(
            Enrolment, "person_id", "region", "scheme", "status", "year", "from_date", "until_date", "known_since",
            "premium_fen", "subsidy_fen", "subsidy_source", "subsidy_category", "paid_on",
            constant={**entered, "insured_region": county, "basic": True, "tier": "", "evidence": SOURCE,
                      "changed_reason": ""},
        )  # fmt: skip
        self.filings = Table(
            Filing, "person_id", "region", "kind", "subject", "facility_id", "target_facility_id", "target_level",
            "disease_code", "third_party_bp", "from_date", "until_date", "reason", "known_since",
            constant={**entered, "evidence": SOURCE, "ended_reason": ""},
        )  # fmt: skip
        self.openings = Table(
            OpeningBalance, "person_id", "region", "period", "accumulator", "used_fen",
            constant={"source": SOURCE, "set_by": 0, "set_at": now},
        )  # fmt: skip

    def write(self, batch: Batch) -> tuple[list[int], list[int]]:
        """Write the batch; the numbers of its persons, and of the household of each."""
        homes = self.households.add(batch.households)
        persons = self.persons.add(batch.persons)
        persons += self.children.add([(persons[head], order, *row) for head, order, row in batch.children])
        home_of = [homes[place] for place in batch.homes]
        self.memberships.add([(persons[place], home_of[place], *row) for place, *row in batch.memberships])
        self.recognitions.add([(persons[place], home_of[place], *row) for place, *row in batch.recognitions])
        for table, rows in (
            (self.cards, batch.cards),
            (self.enrolments, batch.enrolments),
            (self.filings, batch.filings),
            (self.openings, batch.openings),
        ):
            table.add(_numbered(rows, persons))
        return persons, home_of


def _numbered(rows: Sequence[Row], persons: Sequence[int]) -> list[Row]:
    return [(persons[place], *row) for place, *row in rows]
