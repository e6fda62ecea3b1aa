"""Sums of settlements are the plain sums of the rows: kept or not, under every filter, and never of another county."""

import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from doudi.engine.beyond import measure
from doudi.server.access.roles import Role
from doudi.server.entitlement.installed import installed
from doudi.server.kernel import clock
from doudi.server.kernel.errors import Forbidden
from doudi.server.kernel.scope import EVERYWHERE, Scope, scoped
from doudi.server.settlement import api
from doudi.server.settlement.api import OversightFilter
from doudi.server.settlement.models import PeriodTotal, Settlement
from doudi.server.settlement.operations import settle as settle_module
from doudi.server.settlement.operations.total_days import total_days
from doudi.server.settlement.queries.oversight_diseases import CHAPTERS, chapter_of
from doudi.server.settlement.queries.oversight_periods import same_days, shifted
from support import actors, overseeing
from support.overseeing import added, one, written
from support.settling import LIUZHI_POLICY, NOW, TODAY, bill, county, settled

pytestmark = pytest.mark.django_db
MONTH = TODAY.replace(day=1)
LAST = shifted(MONTH, -1)
HERE = OversightFilter(month=MONTH)
Fits = Callable[[Settlement], bool]

NARROWED: tuple[tuple[dict[str, Any], Fits], ...] = (
    ({}, lambda row: True),
    ({"region": 520203101000}, lambda row: row.region == 520203101),
    ({"facility": 9_101}, lambda row: row.facility_id == 9_101),
    ({"care": "inpatient"}, lambda row: row.care == "inpatient"),
    ({"level": "county"}, lambda row: row.level == "county"),
    ({"category": "poor"}, lambda row: "poor" in row.categories),
    ({"category": "none"}, lambda row: not row.categories),
    ({"disease": "I10"}, lambda row: row.main_diagnosis.startswith("I10")),
    ({"disease": "IV"}, lambda row: row.main_diagnosis.startswith("E")),
    ({"disease": "none"}, lambda row: not row.main_diagnosis),
    (
        {"care": "inpatient", "category": "poor", "facility": 9_102, "disease": "IX"},
        lambda row: row.care == "inpatient" and "poor" in row.categories and row.facility_id == 9_102
        and row.main_diagnosis.startswith("I"),
    ),
)  # fmt: skip


def in_county(row: Settlement) -> bool:
    return row.region // 1000 == 520203


def agree(sums: api.Sums, plain: dict[str, Any]) -> None:
    for name, value in plain.items():
        if name not in ("persons", "payers"):
            assert getattr(sums, name) == value, name
    known = {payer: fen for payer, fen in sums.payers.items() if payer != "other"}
    assert all(plain["payers"].get(payer) == fen for payer, fen in known.items())
    assert sum(sums.payers.values()) == plain["paid_fen"]


def folded() -> int:
    days = 0
    while done := total_days(now=NOW):
        days += done
    return days


def held(rows: list[Settlement], wanted: OversightFilter, fits: Fits) -> None:
    """Everything the queries tell of a filter is what Python adds up."""
    viewer = actors.actor(Role.OVERSIGHT)
    first = wanted.month if wanted.span == "month" else shifted(wanted.month, -11)
    ends = min(TODAY, shifted(wanted.month, 1) - timedelta(days=1))

    def mine(row: Settlement) -> bool:
        return in_county(row) and first <= row.settled_on <= ends and fits(row)

    found = api.oversight(viewer=viewer, wanted=wanted)
    agree(found.sums, added(rows, mine))
    assert dict(found.sums.payers.items()) == added(rows, mine)["payers"]
    keys: dict[str, Callable[[Settlement], list[str]]] = {
        "region": lambda row: [f"{row.region}000"],
        "facility": lambda row: [str(row.facility_id)],
        "care": lambda row: [row.care],
        "level": lambda row: [row.level],
        "category": lambda row: list(row.categories) or ["none"],
    }
    if wanted.span == "month":
        keys["day"] = lambda row: [row.settled_on.isoformat()]
    else:
        keys["month"] = lambda row: [row.settled_on.replace(day=1).isoformat()]
    for face, key in keys.items():
        parts = found.faces[face]  # type: ignore[index]
        assert {part.key for part in parts} == {name for row in rows if mine(row) for name in key(row)}, face
        for part in parts:
            agree(part.sums, added(rows, lambda row, k=key, p=part: mine(row) and p.key in k(row)))
    for part in found.trend:
        begins = date.fromisoformat(part.key)
        agree(part.sums, added(rows, lambda row, b=begins: in_county(row) and row.settled_on.replace(day=1) == b
                               and row.settled_on <= ends and fits(row)))  # fmt: skip
    if wanted.span == "month":
        days = same_days(wanted.month, ends)
        agree(found.before, added(rows, lambda row: in_county(row) and row.settled_on in days and fits(row)))
        assert api.oversight_persons(viewer=viewer, wanted=wanted) == added(rows, mine)["persons"]
    sick = api.oversight_diseases(viewer=viewer, wanted=wanted)
    assert {part.key for part in sick} == {row.main_diagnosis[:3] or "none" for row in rows if mine(row)}
    for part in sick:
        plain = added(rows, lambda row, p=part: mine(row) and (row.main_diagnosis[:3] or "none") == p.key)
        assert (part.sums.bills, part.sums.total_fen, part.sums.patient_fen, part.sums.inpatient_patient_fen) == (
            plain["bills"], plain["total_fen"], plain["patient_fen"], plain["inpatient_patient_fen"],
        )  # fmt: skip


@pytest.mark.parametrize("seed", range(2))
def test_sums_are_the_plain_sums_whatever_is_kept_and_however_narrowed(seed: int) -> None:
    chance = Random(seed)
    rows = overseeing.rows(chance, 160)
    written(rows)
    kept = [folded() if seed % 2 else 0]
    late = [one(chance, TODAY - timedelta(days=chance.randrange(75))) for _ in range(12)]
    written(late)  # their days are marked, whether or not they were summed before
    rows += late
    for fold in (False, True):
        if fold:
            kept.append(folded())
        for words, fits in NARROWED:
            for month, span in ((MONTH, "month"), (LAST, "month"), (MONTH, "year")):
                held(rows, OversightFilter(month=month, span=span, **words), fits)  # type: ignore[arg-type]
    assert kept[-1] > 0
    viewer = actors.actor(Role.AUDIT)
    for days in range(1, 75):
        proof = api.prove_totals(viewer=viewer, day=TODAY - timedelta(days=days))
        assert proof.differing == 0
    with scoped(Scope(EVERYWHERE)):
        months = PeriodTotal.objects.filter(grain="month").values_list("bills", flat=True)
        days_kept = PeriodTotal.objects.filter(grain="day").values_list("bills", flat=True)
        light = PeriodTotal.objects.filter(grain="day_light").values_list("bills", flat=True)
        sick = PeriodTotal.objects.filter(grain="disease").values_list("bills", flat=True)
        assert sum(months) == sum(days_kept) == sum(light) == sum(sick)


def test_today_is_live_and_a_reversed_bill_adds_no_money() -> None:
    chance = Random(7)
    rows = [one(chance, TODAY, region=520203101, kind="settled", root_id=None, version=1) for _ in range(3)]
    for row in rows:
        row.root_id, row.replaces_id = row.id, None
    written(rows[:2])
    viewer = actors.officer()
    before = api.oversight_today(viewer=viewer, wanted=HERE)
    assert (before.sums.bills, before.persons) == (2, len({row.person_id for row in rows[:2]}))
    written(rows[2:])
    after = api.oversight_today(viewer=viewer, wanted=HERE)
    assert (after.sums.bills, after.sums.total_fen) == (3, sum(row.total_fen for row in rows))
    assert after.last > before.last
    with scoped(Scope(EVERYWHERE)):
        Settlement.objects.filter(pk=rows[0].pk).update(superseded_at=clock.now())
    undone = one(
        chance,
        TODAY,
        region=520203101,
        kind="reversed",
        root_id=rows[0].pk,
        version=2,
        replaces_id=rows[0].pk,
    )
    written([undone])
    last = api.oversight_today(viewer=viewer, wanted=HERE)
    assert (last.sums.bills, last.sums.reversed) == (2, 1)
    assert last.sums.total_fen == sum(row.total_fen for row in rows[1:])


def test_a_superseded_version_changes_its_day_too() -> None:
    """Without a new version of that day, which nothing writes: the mark does not rest on how versions are written."""
    chance = Random(8)
    row = one(
        chance, TODAY - timedelta(days=3), region=520203101, kind="settled", version=1, replaces_id=None
    )
    row.root_id = row.id
    written([row])
    folded()
    viewer = actors.officer()
    assert (
        api.oversight(viewer=viewer, wanted=OversightFilter(month=row.settled_on.replace(day=1))).sums.bills
        == 1
    )
    with scoped(Scope(EVERYWHERE)):
        Settlement.objects.filter(pk=row.pk).update(superseded_at=clock.now())
    assert (
        api.oversight(viewer=viewer, wanted=OversightFilter(month=row.settled_on.replace(day=1))).sums.bills
        == 0
    )
    assert folded() == 1
    assert (
        api.oversight(viewer=viewer, wanted=OversightFilter(month=row.settled_on.replace(day=1))).sums.bills
        == 0
    )


def test_the_other_county_is_seen_by_itself_and_by_those_above() -> None:
    chance = Random(9)
    rows = [
        one(chance, LAST, region=region, kind="settled", version=1, replaces_id=None)
        for region in overseeing.TOWNS
    ]
    for row in rows:
        row.root_id = row.id
    written(rows)
    wanted = OversightFilter(month=LAST)
    for keep in (False, True):
        if keep:
            folded()
        for code, of in ((actors.LIUZHI, rows[:2]), (actors.RONGJIANG, rows[2:]), (actors.PROVINCE, rows)):
            viewer = actors.actor(Role.OVERSIGHT, code)
            found = api.oversight(viewer=viewer, wanted=wanted)
            assert found.sums.total_fen == sum(row.total_fen for row in of)
            assert sum(
                part.sums.total_fen for part in api.oversight_diseases(viewer=viewer, wanted=wanted)
            ) == sum(row.total_fen for row in of)
        province = api.oversight(viewer=actors.actor(Role.OVERSIGHT, actors.PROVINCE), wanted=wanted)
        assert [part.key for part in province.faces["region"]] == ["520200000000", "522600000000"]
        outside = replace(wanted, region=actors.RONGJIANG)
        assert api.oversight(viewer=actors.officer(), wanted=outside).sums.bills == 0
        assert api.oversight_persons(viewer=actors.officer(), wanted=outside) == 0
        assert api.oversight_today(viewer=actors.officer(), wanted=outside).sums.bills == 0


def test_facilities_and_administrators_see_no_sums() -> None:
    for viewer in (actors.clerk(), actors.actor(Role.SYSTEM_ADMIN), actors.actor(Role.FAMILY_DOCTOR)):
        for read in (api.oversight, api.oversight_today, api.oversight_diseases, api.oversight_persons):
            with pytest.raises(Forbidden):
                read(viewer=viewer, wanted=HERE)
    with pytest.raises(Forbidden):
        api.oversight(viewer=actors.nowhere(Role.OVERSIGHT), wanted=HERE)


def test_a_hundred_bills_cost_as_many_statements_as_three() -> None:
    chance = Random(10)
    viewer = actors.officer()
    counted = []
    for size in (3, 100):
        written([*overseeing.rows(chance, size), one(chance, TODAY, region=520203101)])
        folded()
        with CaptureQueriesContext(connection) as caught:
            api.oversight(viewer=viewer, wanted=HERE)
        with CaptureQueriesContext(connection) as today:
            api.oversight_today(viewer=viewer, wanted=HERE)
        counted.append((len(caught), len(today)))
    assert counted[0] == counted[1]
    assert counted[0][1] <= 6  # savepoint and scope of the test included


def test_the_job_sums_what_changed_and_leaves_today() -> None:
    chance = Random(11)
    written([one(chance, day, region=520203101) for day in (TODAY, TODAY - timedelta(days=1), LAST)])
    assert folded() == 2
    assert folded() == 0
    with scoped(Scope(EVERYWHERE)):
        assert PeriodTotal.objects.filter(grain="day", begins_on=TODAY).count() == 0


def test_shares_have_an_interval_that_narrows_with_more_bills() -> None:
    chance = Random(12)
    few = [
        one(chance, LAST, region=520203101, facility_id=9_101, care="inpatient", kind="settled")
        for _ in range(4)
    ]
    many = [
        one(chance, LAST, region=520203101, facility_id=9_102, care="inpatient", kind="settled")
        for _ in range(150)
    ]
    for row in (*few, *many):
        row.root_id, row.version, row.replaces_id = row.id, 1, None
    written([*few, *many])
    found = api.oversight(viewer=actors.officer(), wanted=OversightFilter(month=LAST))
    small, large = found.faces["facility"]
    narrow, wide = large.sums.interval_bp, small.sums.interval_bp
    assert narrow is not None
    assert wide is not None
    assert narrow[0] <= (large.sums.burden_bp or 0) <= narrow[1]
    assert narrow[1] - narrow[0] < wide[1] - wide[0]
    # against the definition, in floating point
    own = [row.patient_fen / 100 for row in many]
    total = [row.total_fen / 100 for row in many]
    ratio = sum(own) / sum(total)
    spread = sum((o - ratio * t) ** 2 for o, t in zip(own, total, strict=True)) * 150 / 149
    half = 1.96 * spread**0.5 / sum(total)
    assert abs((narrow[1] - narrow[0]) / 2 - half * 10_000) < 3


def test_every_three_characters_belong_to_at_most_one_chapter() -> None:
    assert chapter_of("A00") == "I"
    assert chapter_of("D48") == "II"
    assert chapter_of("D50") == "III"
    assert chapter_of("H59") == "VII"
    assert chapter_of("H60") == "VIII"
    assert chapter_of("") == "" == chapter_of("D49")
    spans = sorted((first, last) for first, last, _ in CHAPTERS.values())
    assert all(before[1] < after[0] for before, after in itertools.pairwise(spans))
    assert len(CHAPTERS) == 22


def test_targets_are_what_the_engine_measures_bill_by_bill(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[Any] = []
    original = settle_module.try_bill

    def kept(*words: Any, **named: Any) -> Any:
        tried.append(original(*words, **named))
        return tried[-1]

    monkeypatch.setattr(settle_module, "try_bill", kept)
    made = county()
    found = installed(LIUZHI_POLICY)
    assert found is not None
    document = found.policy.document
    for place, categories in enumerate(
        (
            ("registered_poor_major_disease",),
            ("low_income_serious",),
            (),
            ("low_income_serious", "registered_poor_major_disease"),
        )
    ):
        person = made.person(*categories)
        settled(made.first, bill(person, 9_000_00 + place * 77_31))
        settled(
            made.second,
            bill(person, 1_200_00 + place * 13, care="outpatient", admitted_on=TODAY, discharged_on=TODAY),
        )
    assert len(tried) == 8
    measured = measure(document, [one.judged.decision for one in tried])
    told = api.oversight(viewer=actors.actor(Role.OVERSIGHT), wanted=HERE).targets
    assert [(one.numerator_fen, one.denominator_fen, one.met) for one in told] == [
        (one.numerator, one.denominator, one.met) for one in measured
    ]
    assert told[0].denominator_fen > 0
    assert api.oversight(viewer=actors.actor(Role.OVERSIGHT, actors.PROVINCE), wanted=HERE).targets == ()
