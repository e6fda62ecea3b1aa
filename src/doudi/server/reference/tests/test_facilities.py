"""Facilities: what a bill needs on a day, level and designations over time, and refusals."""

from datetime import UTC, date, datetime

import pytest

from doudi.server.kernel.actor import SYSTEM, Actor
from doudi.server.kernel.errors import Conflict, Forbidden, NotFound, Refused
from doudi.server.kernel.regions import Ranges
from doudi.server.kernel.scope import NOTHING, scoped
from doudi.server.reference import api
from doudi.server.reference.models import Designation, Facility

NOW = datetime(2026, 11, 1, 2, tzinfo=UTC)
LIUZHI, RONGJIANG = 520203000, 522632000
CLERK = Actor(user=7, login="clerk", roles=frozenset({"window"}), facility=1)
OFFICER = Actor(user=8, login="liuzhi", roles=frozenset({"county"}), ranges=Ranges.of([520203000000]))


def add(actor: Actor = OFFICER, code: str = "H52020300001", region: int = LIUZHI, **more) -> int:
    facts = {
        "name": "六枝特区示例医院",
        "opened_on": date(2015, 1, 1),
        "level": "county",
        "grade": "2",
    } | more
    return api.add_facility(actor=actor, now=NOW, key=None, code=code, region=region, **facts).id


def on(facility: int, day: date, viewer: Actor = CLERK):
    return api.facility(viewer=viewer, facility=facility, day=day)


def designate(
    facility: int, scheme: str, start: date, until: date | None = None, actor: Actor = OFFICER, **more
):
    return api.designate(
        actor=actor,
        now=NOW,
        key=None,
        facility=facility,
        scheme=scheme,
        from_date=start,
        until_date=until,
        **more,
    )


@pytest.mark.django_db
def test_a_bill_meets_the_level_and_the_designation_of_its_day() -> None:
    hospital = add()
    api.restand_facility(
        actor=OFFICER,
        now=NOW,
        key=None,
        facility=hospital,
        from_date=date(2026, 7, 1),
        level="city",
        grade="3",
        step="b",
    )
    designate(hospital, "resident", date(2017, 1, 1), date(2026, 3, 1))
    designate(hospital, "nine_diseases", date(2017, 6, 1), is_programme=True)
    before, after = on(hospital, date(2026, 6, 30)), on(hospital, date(2026, 7, 1))
    assert (before.level, before.grade, after.level, after.grade) == ("county", "2", "city", "3")
    assert on(hospital, date(2026, 2, 28)).designated("resident")
    assert not on(hospital, date(2026, 3, 1)).designated("resident")
    assert after.programmes == ("nine_diseases",)


@pytest.mark.django_db
def test_designated_again_after_an_end_and_never_twice_at_once() -> None:
    hospital = add()
    designate(hospital, "rural", date(2016, 1, 1))
    with pytest.raises(Conflict, match="time_overlaps"):
        designate(hospital, "rural", date(2020, 1, 1))
    api.end_designation(
        actor=OFFICER,
        now=NOW,
        key=None,
        facility=hospital,
        scheme="rural",
        on=date(2018, 1, 1),
        reason="违规",
    )
    with pytest.raises(Conflict, match="nothing_to_end"):
        api.end_designation(
            actor=OFFICER,
            now=NOW,
            key=None,
            facility=hospital,
            scheme="rural",
            on=date(2018, 6, 1),
            reason="再",
        )
    designate(hospital, "rural", date(2019, 1, 1))
    assert [on(hospital, date(year, 6, 1)).designated("rural") for year in (2015, 2017, 2018, 2019)] == [
        False,
        True,
        False,
        True,
    ]
    times = api.facility_history(viewer=CLERK, facility=hospital).designations
    assert [(one.from_date.year, one.until_date and one.until_date.year) for one in times] == [
        (2016, 2018),
        (2019, None),
    ]
    with pytest.raises(Conflict, match="later_entries"):
        api.end_designation(
            actor=OFFICER,
            now=NOW,
            key=None,
            facility=hospital,
            scheme="rural",
            on=date(2017, 1, 1),
            reason="晚",
        )


@pytest.mark.django_db
def test_a_closed_hospital_is_designated_for_nothing() -> None:
    hospital = add()
    designate(hospital, "rural", date(2016, 1, 1))
    designate(hospital, "resident", date(2027, 1, 1))
    api.close_facility(
        actor=OFFICER, now=NOW, key=None, facility=hospital, on=date(2026, 6, 1), reason="撤并"
    )
    assert on(hospital, date(2026, 5, 31)).schemes == ("rural",)
    assert on(hospital, date(2026, 6, 1)).schemes == ()
    assert on(hospital, date(2027, 2, 1)).schemes == ()
    with pytest.raises(Conflict, match="facility_closed"):
        designate(hospital, "employee", date(2026, 1, 1))
    listed = api.facilities(viewer=CLERK, day=date(2026, 6, 1)).items
    assert hospital not in {one.id for one in listed}


@pytest.mark.django_db
def test_an_officer_changes_the_facilities_of_their_own_county_only() -> None:
    elsewhere = add(SYSTEM, code="H52263200001", region=RONGJIANG)
    with pytest.raises(Forbidden, match="region_out_of_scope"):
        add(OFFICER, code="H52263200002", region=RONGJIANG)
    with pytest.raises(Forbidden, match="region_out_of_scope"):
        designate(elsewhere, "rural", date(2016, 1, 1))
    with pytest.raises(Forbidden, match="not_allowed"):
        add(CLERK)
    assert on(elsewhere, date(2026, 1, 1), OFFICER).region == RONGJIANG


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"code": "H5202030001"}, "facility_code_wrong"),
        ({"code": "X52020300001"}, "facility_code_wrong"),
        ({"level": "district"}, "value_unknown"),
        ({"grade": "4"}, "value_unknown"),
        ({"step": "甲"}, "value_unknown"),
    ],
)
def test_what_a_bill_could_not_use_is_refused(facts: dict[str, str], code: str) -> None:
    with pytest.raises(Refused, match=code):
        add(**facts)


@pytest.mark.django_db
def test_lists_are_narrowed_and_cost_a_fixed_number_of_queries(django_assert_max_num_queries) -> None:
    for number in range(12):
        hospital = add(code=f"H5202030{number:04d}", name=f"卫生院{number}", level="township", grade="1")
        designate(hospital, "rural", date(2016, 1, 1))
    add(code="P52020300001", name="药店", level="", grade="")
    day = date(2026, 1, 1)
    with django_assert_max_num_queries(7):
        page = api.facilities(viewer=CLERK, day=day, where=api.FacilityFilter(scheme="rural"), size=5)
    assert (len(page.items), page.total, page.has_next) == (5, 12, True)
    assert all(one.designated("rural") for one in page.items)
    for where, count in (
        (api.FacilityFilter(kind="P"), 1),
        (api.FacilityFilter(level="township"), 12),
        (api.FacilityFilter(text="卫生院11"), 1),
        (api.FacilityFilter(text="p5202"), 1),
        (api.FacilityFilter(ranges=Ranges.of([522632000000])), 0),
    ):
        assert api.facilities(viewer=CLERK, day=day, where=where).total == count
    with pytest.raises(NotFound):
        on(999_999, day)


@pytest.mark.django_db
def test_names_are_kept_in_memory_and_a_change_is_seen_at_once(django_assert_num_queries) -> None:
    first = add()
    with scoped(NOTHING):
        assert api.facility_names([first]) == {first: "六枝特区示例医院"}
        with django_assert_num_queries(1):
            api.facility_names([first])
    second = add(code="H52020300002", name="乙院")
    assert api.facility_names([first, second, 0]) == {first: "六枝特区示例医院", second: "乙院"}


@pytest.mark.django_db
def test_the_database_refuses_overlapping_times_whatever_the_code_asks() -> None:
    from django.db import IntegrityError

    hospital = add()
    facts = {"facility_id": hospital, "region": LIUZHI, "scheme": "rural"}
    with scoped(OFFICER.scope):
        Designation.objects.create(**facts, from_date=date(2016, 1, 1), until_date=date(2017, 1, 1))
        Designation.objects.create(**facts, from_date=date(2017, 1, 1))
        with pytest.raises(IntegrityError, match="no_overlap"):
            Designation.objects.create(**facts, from_date=date(2016, 12, 31), until_date=date(2017, 1, 1))


@pytest.mark.django_db
def test_every_change_is_in_the_trail() -> None:
    from doudi.server.audit.models import AuditEvent

    hospital = add()
    designate(hospital, "rural", date(2016, 1, 1))
    with scoped(OFFICER.scope):
        kept = AuditEvent.objects.filter(object_kind="facility").order_by("pk")
        events = list(kept.values_list("event", "object_id"))
        assert Facility.objects.count() == 1
    assert events == [
        ("reference.facility_added", str(hospital)),
        ("reference.facility_designated", str(hospital)),
    ]
