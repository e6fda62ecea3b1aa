"""Lists, the one box, filters, exports: whole for whom they concern, empty for everybody else."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from doudi.server.audit.models import AuditEvent
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.errors import Conflict, Forbidden, NotFound, Refused
from doudi.server.kernel.scope import EVERYWHERE, Scope, scoped
from doudi.server.people import api as people
from doudi.server.people.data import PersonFilter
from doudi.server.people.models import Person
from support.people import (
    NOW,
    OTHER_TOWN,
    RONGJIANG,
    THERE,
    TODAY,
    TOWN,
    clerk,
    id_number,
    officer,
    registered,
)

pytestmark = pytest.mark.django_db
US, THEM = officer(), officer(RONGJIANG, user=2)
NUMBER = id_number()


def events(name: str) -> list[AuditEvent]:
    with scoped(Scope(EVERYWHERE)):
        return list(AuditEvent.objects.filter(event=name).order_by("id"))


def test_one_box_finds_by_everything() -> None:
    one = registered(phone="13800138000", village_code=520203101201)
    registered(name="张珊", number=id_number(order=4))
    old = NUMBER[:6] + NUMBER[8:17]

    def ids(text: str) -> list[int]:
        return [item.id for item in people.search(viewer=US, text=text).items]

    for text in (
        NUMBER,
        f" '{NUMBER.lower()}",
        old,
        "138-0013-8000",
        f"{NUMBER[-4:]} 张三",
        f"张三 {NUMBER[-4:]}",
        "张三",
    ):
        assert ids(text) == [one], text
    assert len(ids("张")) == len(ids("ZS")) == 2
    for text in ("", " ", NUMBER[-4:], "李", "x", "13800138001", "张三 某村", "%", "张_", "a b c"):
        assert ids(text) == [], text


def test_filters() -> None:
    one = registered()
    two = registered(
        number=id_number(date(2000, 2, 29), 1), name="李四", region=OTHER_TOWN, village_code=520203102201
    )
    home = people.form_household(actor=US, now=NOW, key=None, region=TOWN, head=one).household

    def ids(**words: Any) -> list[int]:
        return [item.id for item in people.persons(viewer=US, wanted=PersonFilter(**words)).items]

    assert ids() == [one, two]
    assert (
        ids(region_code=OTHER_TOWN * 1000)
        == ids(village_code=520203102201)
        == ids(region_code=520203102201)
        == [two]
    )
    assert ids(name="张三") == ids(name_prefix="张") == ids(sex="2") == ids(household=home) == [one]
    assert ids(age_from=27, at=TODAY) == [one]
    assert ids(age_to=26, at=TODAY) == [two]
    assert ids(age_to=25, at=date(2026, 2, 28)) == [two]
    assert ids(age_to=25, at=date(2026, 3, 1)) == []
    assert ids(region_code=RONGJIANG) == []


def test_nobody_of_another_county_is_in_any_answer() -> None:
    registered()
    theirs = registered(THEM, region=THERE, number=id_number(order=4), name="张三", phone="13900139000")
    for text in (id_number(order=4), "张三", "zs", "13900139000", f"{id_number(order=4)[-4:]} 张三"):
        assert theirs not in [item.id for item in people.search(viewer=US, text=text).items]
    assert people.persons(viewer=US).total == 1
    assert people.match_numbers(viewer=US, numbers=[id_number(order=4)]) == {}
    batch = people.export_persons(actor=US, now=NOW, purpose="月报")
    assert theirs not in [item.id for item in batch.rows]
    for door in (people.person, people.person_facts, people.person_history):
        with pytest.raises(NotFound, match="person_unknown"):
            door(viewer=US, person=theirs)
    assert people.many_facts(viewer=US, persons=(theirs,)) == {}
    with pytest.raises(NotFound):
        people.correct(actor=US, now=NOW, key=None, person=theirs, reason="改名", name="改名")


def test_an_empty_scope_and_other_roles_see_nothing() -> None:
    registered()
    for actor in (
        officer(role="system_admin"),
        officer(role="security_admin"),
        Actor(9, "x", frozenset({"county"})),
    ):
        with pytest.raises(Forbidden):
            people.persons(viewer=actor)
    with pytest.raises(Forbidden):
        people.persons(viewer=clerk())
    masked = people.persons(viewer=officer(role="audit")).items[0]
    assert masked.name == "张**"


def test_exports_leave_their_purpose_and_count() -> None:
    registered()
    with pytest.raises(Refused, match="purpose_needed"):
        people.export_persons(actor=US, now=NOW, purpose="")
    batch = people.export_persons(actor=US, now=NOW, purpose="月报")
    assert (len(batch.rows), batch.after) == (1, None)
    assert NUMBER not in repr(batch)
    assert events("people.exported")[0].detail == {"rows": 1, "after": 0}


def test_200_persons_are_listed_with_a_fixed_number_of_queries(django_assert_max_num_queries: Any) -> None:
    with scoped(US.scope):
        Person.objects.bulk_create(
            Person(region=TOWN, name=f"张{place}", sex="1", birth_date=TODAY, number_kind="none")
            for place in range(200)
        )
    with django_assert_max_num_queries(6):
        assert len(people.persons(viewer=US, size=200).items) == 200


def test_unmasking_and_exports_wait_while_the_trail_is_not_sealed() -> None:
    one = registered()
    late = NOW + timedelta(days=400)
    with pytest.raises(Conflict, match="trail_late"):
        people.unmask(actor=US, now=late, person=one, field="number", purpose="核对证件")
    with pytest.raises(Conflict, match="trail_late"):
        people.export_persons(actor=US, now=late, purpose="月报")


def test_every_event_and_door_has_its_words() -> None:
    from doudi.server.access.api import all_rules
    from doudi.server.people.events import DOORS

    server_only = {"people.reseal", "people.fill_next_index", "people.switch_index"}
    assert {name for name in all_rules() if name.startswith("people.")} - server_only == set(DOORS)
