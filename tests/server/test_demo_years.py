"""The demo's three years of bills: decided by the law as the engine decides, kept as settling keeps them."""

from datetime import date
from random import Random

import pytest

from doudi.engine.answer import answer
from doudi.engine.data import Holding, Insurance, Person, Span
from doudi.engine.entitlement import law_of
from doudi.engine.read import read_facts
from doudi.engine.settle import Settler
from doudi.policy import Library
from doudi.server.kernel.actor import SYSTEM
from doudi.server.kernel.scope import scoped
from doudi.server.settlement.models import Accumulator, Record, Settlement, Subject
from doudi.server.settlement.packing import unpack
from doudi.server.settlement.telling import HISTORY, same_amounts, whole
from doudi.server.site import demo
from doudi.server.site.demo.families import Member
from doudi.server.site.demo.years.deciding import in_columns, one_by_one
from doudi.server.site.demo.years.drawing import Hospital, draw

POLICY = "guizhou/liuzhi/triple-guarantee-2017"
HOSPITALS = {
    level: [Hospital(place, f"H520203{place:05d}", level, "2", "520203")]
    for place, level in enumerate(("township", "county", "city", "province"), 1)
}


def people(many: int) -> tuple[list[Person], list[Member]]:
    """Some people of every age, a third of them recognised for a part of the time."""
    persons, members = [], []
    for place in range(many):
        born = date(1940 + place % 80, 1 + place % 12, 3)
        member = Member("某", "1", born, "02", "01", None)
        if place % 3 == 0:
            member.standing.append(
                ("subsistence_allowance", date(2025, 1, 1), date(2026, 1, 1) if place % 2 else None)
            )
        held = tuple(Holding(code, Span(start, until)) for code, start, until in member.standing)
        insured = tuple(
            Insurance("resident", None, Span(max(date(year, 1, 1), born), date(year + 1, 1, 1)))
            for year in (2024, 2025, 2026)
        )
        persons.append(Person(str(place), born, "M", f"h{place // 3}", "520203", insured, False, held))
        members.append(member)
    return persons, members


def test_both_engines_decide_the_same() -> None:
    settler: Settler = law_of(Library().load(POLICY)).settler
    persons, members = people(60)
    chance = Random(7)
    drafts = []
    for who, member in enumerate(members):
        span = (date(2024, 1, 1), date(2026, 6, 14))
        drafts += list(draw(who, member, HOSPITALS, span, len(drafts) + 1, chance))
    assert len(drafts) > 200
    alone, columns = list(one_by_one(settler, persons, drafts)), list(in_columns(settler, persons, drafts))
    assert len(alone) == len(drafts)
    for one, other in zip(alone, columns, strict=True):
        one.moved.sort()
        other.moved.sort()
        assert one == other


@pytest.fixture
def filled(db: None, key_file: object) -> tuple:
    return demo.fill(people=120)


def test_what_is_kept_can_be_settled_again_and_adds_up(filled: tuple) -> None:
    with scoped(SYSTEM.scope):
        rows = {row.pk: row for row in Settlement.objects.all()}
        records = [(one.pk, unpack(one.packed)) for one in Record.objects.all()]
        used = {
            (one.scope, one.subject_id, one.name, one.period): one.used_fen
            for one in Accumulator.objects.all()
        }
        subjects = {(one.scope, one.subject_id): one.bills for one in Subject.objects.all()}
    assert len(rows) == len(records) > 100
    moved: dict[tuple, int] = {}
    bills: dict[tuple, int] = {}
    for number, record in records:
        row = rows[number]
        assert record["format"] == HISTORY
        settler = law_of(Library().load(record["policy"]["id"])).settler
        assert same_amounts(answer(settler, read_facts(record["facts"])), record["answer"])
        assert record["sha256"] == row.decision_sha256
        subject = {"person": row.person_id, "household": row.household_id}
        for scope, name, period, fen in row.moved:
            place = scope, subject[scope], name, period
            moved[place] = moved.get(place, 0) + fen
        for scope, one in subject.items():
            bills[scope, one] = bills.get((scope, one), 0) + 1
    assert moved == used
    assert bills == subjects
    assert "explanation" in whole(records[0][1])["answer"]["bills"][0]
    assert len({row.benefit_year for row in rows.values()}) == 3
    by_year: dict[tuple, list[int]] = {}
    for row in rows.values():
        by_year.setdefault((row.person_id, row.benefit_year), []).append(row.posted_no)
    assert all(sorted(places) == list(range(1, len(places) + 1)) for places in by_year.values())
