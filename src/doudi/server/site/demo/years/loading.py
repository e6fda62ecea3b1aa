"""The bills of a batch of households: drawn, decided, written. Reads and writes in the transaction of the fill."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from django.db import connection
from django.db.models import CharField
from django.db.models.fields import NOT_PROVIDED

from doudi.engine.data import Holding, Insurance, Person, Span
from doudi.engine.entitlement import law_of
from doudi.policy import Library
from doudi.server.kernel.actor import SYSTEM
from doudi.server.ledger.api import post_many
from doudi.server.recognition.api import category_title
from doudi.server.reference.models import Designation, Facility
from doudi.server.settlement.models import Accumulator, Record, Settlement, Subject
from doudi.server.settlement.writing import GIVEN
from doudi.server.site.demo.families import Member
from doudi.server.site.demo.writing import Table
from doudi.server.site.demo.years.deciding import in_columns, one_by_one
from doudi.server.site.demo.years.drawing import Draft, Hospital, draw
from doudi.server.site.demo.years.history import History, Lived, Whose, Written
from doudi.server.site.demo.years.paying import Dues, Payments, patients_pay, payment

ONE_BY_ONE = 10_000
"""Above so many people the batch engine decides."""
YEARS = 3
SCHEME = "resident"


def _untold(field: Any) -> Any:
    """The default of a column as COPY writes it."""
    if field.default is NOT_PROVIDED:
        return "" if isinstance(field, CharField) else None
    value = field.default() if callable(field.default) else field.default
    return json.dumps(value) if isinstance(value, list | dict) else value


UNTOLD = {
    str(field.column): _untold(field)
    for field in Settlement._meta.concrete_fields  # noqa: SLF001 - Django's public API
}
"""What a bill leaves empty of which nothing special is known."""


@dataclass(frozen=True, slots=True)
class Lives:
    """A member of the demo, written: the numbers of person and household, the township, until when bills are drawn."""

    member: Member
    number: int
    household: int
    region: int
    insured: bool
    until: date | None = None


class Years:
    """Three years of one county (`region`: its key), under the policy in force there."""

    def __init__(self, region: int, policy: str, now: datetime, today: date, *, batch: bool) -> None:
        """Columns are named once; hospitals are the county's own and those of city and province."""
        self.region, self.now, self.today = region, now, today
        self.settler = law_of(Library().load(policy)).settler
        self.history = History(self.settler, SCHEME)
        self.batch = batch and self.history.by_payer
        self.hospitals = _hospitals(region)
        self.serial = region // 1000 % 10_000 * 100_000_000  # hospitals of the province treat both counties
        self.span = (date(today.year - YEARS + 1, 1, 1), today - timedelta(days=1))
        self.settlements = Table(Settlement, *GIVEN, "settled_at")
        self.records = Table(
            Record, "settlement_id", "person_id", "facility_id", "region", "packed", key="settlement_id"
        )
        self.accumulators = Table(Accumulator, "scope", "subject_id", "region", "name", "period", "used_fen")
        self.subjects = Table(Subject, "scope", "subject_id", "region", "bills")
        self.payments, self.dues = Payments(), Dues()

    def write(self, lives: Sequence[Lives], chance: Random) -> int:
        """Their bills; how many."""
        drafts: list[Draft] = []
        people = [self._person(one) for one in lives]
        for who, one in enumerate(lives):
            if not one.insured:
                continue
            span = (self.span[0], min(one.until or self.span[1], self.span[1]))
            made = list(draw(who, one.member, self.hospitals, span, self.serial + 1, chance))
            self.serial += len(made)
            drafts += made
        whose = [
            Whose(one.number, one.household, one.region, person, _facts(one, person))
            for one, person in zip(lives, people, strict=True)
        ]
        decide = in_columns if self.batch else one_by_one
        lived: dict[tuple[str, int], Lived] = {}
        decided = list(decide(self.settler, people, drafts))
        rows = list(self.history.rows(iter(decided), whose, lived, _numbers(len(decided))))
        regions = {("person", one.number): one.region for one in lives}
        regions |= {("household", one.household): one.region for one in lives}
        self._load(rows, lived, regions, chance)
        return len(rows)

    def _person(self, one: Lives) -> Person:
        """As entitlement would gather them."""
        born = one.member.born
        insured = tuple(
            Insurance(SCHEME, None, Span(max(date(year, 1, 1), born), date(year + 1, 1, 1)))
            for year in range(max(self.span[0].year, born.year), self.today.year + 1)
        )
        held = sorted(one.member.standing, key=lambda kept: (kept[0], kept[1]))
        return Person(
            str(one.number), born, {"1": "M", "2": "F"}.get(one.member.sex), str(one.household),
            f"{self.region // 1000:06d}", insured, False,
            tuple(Holding(code, Span(start, until)) for code, start, until in held),
        )  # fmt: skip

    def pay_hospitals(self) -> dict[str, list[tuple[date, int]]]:
        """Post what the funds paid by now; answers what each float paid and when, to be filled up again."""
        policy = self.settler.document
        floats = {
            payer.fund or payer.payer for payer in policy.payers if payer.clearing and payer.clearing.float_
        }
        paid = self.dues.payments(self.region, self.today, frozenset(floats))
        post_many(actor=SYSTEM, now=self.now, rows=list(paid))
        return {fund: list(self.dues.by_month(fund, self.today)) for fund in sorted(floats)}

    def _load(
        self,
        rows: Sequence[Written],
        lived: dict[tuple[str, int], Lived],
        regions: dict[tuple[str, int], int],
        chance: Random,
    ) -> None:
        entries = post_many(actor=SYSTEM, now=self.now, rows=[one.posting for one in rows])
        self.settlements.add(
            [
                tuple((UNTOLD | one.row | {"entry_id": entry})[name] for name in self.settlements.columns)
                for one, entry in zip(rows, entries, strict=True)
            ]
        )
        self.records.add(
            [
                (one.row["id"], one.row["person_id"], one.row["facility_id"], one.row["region"], one.packed)
                for one in rows
            ]
        )
        for one in rows:
            self.dues.add(one)
        paid = patients_pay(rows, self.today, chance)
        posted = post_many(actor=SYSTEM, now=self.now, rows=[payment(one) for one, _ in paid])
        self.payments.write(paid, posted)
        self.accumulators.add(
            [
                (scope, subject, regions[scope, subject], name, period, fen)
                for (scope, subject), one in lived.items()
                for (_, name, period), fen in one.used.items()
                if fen
            ]
        )
        self.subjects.add(
            [(scope, subject, regions[scope, subject], one.bills) for (scope, subject), one in lived.items()]
        )


def _facts(one: Lives, person: Person) -> dict[str, Any]:
    """`person` of the settle file."""
    return {
        "id": person.id,
        "born": person.born.isoformat() if person.born else None,
        "sex": person.sex,
        "household": person.household,
        "region": person.region,
        "insured": [
            {
                "scheme": held.scheme,
                "tier": None,
                "from": _day(held.span.begins),
                "until": _day(held.span.ends),
            }
            for held in person.insured or ()
        ],
        "contract": False,
        "categories": [
            {
                "code": held.code,
                "from": _day(held.span.begins),
                "until": _day(held.span.ends),
                "department": category_title(held.code).department or None,
            }
            for held in person.categories
        ],
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _numbers(many: int) -> int:
    """Take so many numbers of settlements, one after the other; the first."""
    if not many:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('settlement_settlement_id_seq') FROM generate_series(1, %s)", [many])
        found = [number for (number,) in cursor.fetchall()]
    if found != list(range(found[0], found[0] + many)):
        raise RuntimeError("somebody else settles while the demo is filled")
    return int(found[0])


def _hospitals(region: int) -> dict[str, Sequence[Hospital]]:
    """By level: those of the county, then the city's and the province's."""
    found: dict[str, list[Hospital]] = {}
    programmes: dict[int, list[str]] = {}
    held = Designation.objects.filter(is_programme=True, until_date__isnull=True).order_by("scheme")
    for facility, programme in held.values_list("facility_id", "scheme"):
        programmes.setdefault(facility, []).append(programme)
    rows = Facility.objects.filter(standings__level__gt="").order_by("pk")
    for row in rows.values_list("pk", "code", "standings__level", "standings__grade", "region"):
        number, code, level, grade, key = row
        area = f"{key // 1000:06d}"
        near = {"village": 1000, "township": 1000, "county": 1000, "city": 100_000, "province": 10_000_000}[
            level
        ]
        if key // near == region // near and not code.startswith("P"):
            found.setdefault(level, []).append(
                Hospital(number, code, level, grade, area, tuple(programmes.get(number, ())))
            )
    fallback = found.get("county") or [one for level in found.values() for one in level]
    return {level: found.get(level) or fallback for level in ("township", "county", "city", "province")}
