"""The vault through its door: one number one person, corrections with history, merge and split, what each eye may see."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from doudi.server.audit.models import AuditEvent
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.errors import Conflict, Forbidden, NotFound, Refused
from doudi.server.kernel.scope import EVERYWHERE, Scope, scoped
from doudi.server.people import api as people
from doudi.server.people.data import PersonFilter
from doudi.server.people.models import BankCard, Membership, Person, PersonChange
from support.people import (
    GUIZHOU,
    NOW,
    OTHER_TOWN,
    RONGJIANG,
    THERE,
    TODAY,
    TOWN,
    id_number,
    officer,
    registered,
)

pytestmark = pytest.mark.django_db
US, THEM, ABOVE = officer(), officer(RONGJIANG, user=2), officer(GUIZHOU, user=3)
NUMBER = id_number()


def events(name: str) -> list[AuditEvent]:
    with scoped(Scope(EVERYWHERE)):
        return list(AuditEvent.objects.filter(event=name).order_by("id"))


def correct(person: int, actor: Actor = US, **words: Any) -> people.Changed:
    return people.correct(actor=actor, now=NOW, key=None, person=person, reason="对照身份证", **words)


def merge(keep: int, absorb: int, actor: Actor = US, **words: Any) -> people.Changed:
    return people.merge(actor=actor, now=NOW, key=None, keep=keep, absorb=absorb, reason="同一人", **words)


def test_registered_and_shown_masked() -> None:
    one = registered(phone="138 0013 8000", ethnicity="苗族", village_code=520203101201)
    view = people.person(viewer=US, person=one)
    seen = view.summary
    assert (seen.name, seen.sex, seen.birth_year) == ("张三", "2", 1970)
    assert str(seen.number) == f"520203********{NUMBER[-4:]}"
    assert str(seen.phone) == "138****8000"
    assert view.ethnicity == "06"
    assert NUMBER not in repr(view)
    (event,) = events("people.registered")
    assert (event.person_id, event.region) == (one, TOWN)


def test_the_database_holds_no_number_in_any_form_but_sealed() -> None:
    registered(phone="13800138000")
    with scoped(Scope(EVERYWHERE)), connection.cursor() as cursor:
        for table in ("people_person", "audit_auditevent", "kernel_givenanswer"):
            cursor.execute(f"SELECT string_agg(t::text, ' ') FROM {table} t")
            (text,) = cursor.fetchone()
            assert NUMBER not in (text or "")
            assert NUMBER[-4:] not in (text or "").replace(f"{NUMBER[6:14]}", "")
            assert "13800138000" not in (text or "")


def test_a_number_registered_here_is_refused_with_its_person() -> None:
    one = registered()
    with pytest.raises(Conflict, match="number_taken_here") as refused:
        registered(name="李四", number=f"'{NUMBER.lower()} ")
    assert refused.value.where == f"person:{one}"


def test_a_number_registered_elsewhere_is_refused_without_saying_where() -> None:
    registered(THEM, region=THERE)
    with pytest.raises(Conflict, match="number_taken_elsewhere") as refused:
        registered(US)
    said = refused.value.said()
    assert "榕江" not in said.zh
    assert "522632" not in said.zh + said.en + refused.value.where
    assert "迁移" in said.zh
    registered(US, name="李四", number=id_number(order=4))


def test_facts_that_disagree_with_the_number_are_refused() -> None:
    with pytest.raises(Refused, match="sex_disagrees"):
        registered(sex="1")
    with pytest.raises(Refused, match="birth_date_disagrees"):
        registered(birth_date=date(1970, 1, 2))
    with pytest.raises(Forbidden, match="region_out_of_scope"):
        registered(region=THERE)
    with pytest.raises(Refused, match="ethnicity_unknown"):
        registered(ethnicity="火星族")


def test_newborns_without_an_id() -> None:
    mother = registered()
    with pytest.raises(Refused, match="guardian_needed"):
        registered(number="", name="张小宝")
    child = registered(number="", name="张小宝", guardian=mother, birth_order=1)
    by_certificate = registered(number="O520123456", name="张小贝", sex="2", birth_date=date(2026, 6, 1))
    assert people.person(viewer=US, person=child).guardian.id == mother  # type: ignore[union-attr]
    assert [one.id for one in people.person(viewer=US, person=mother).wards] == [child]
    correct(child, number=id_number(date(2026, 5, 1), 1))
    correct(by_certificate, number=id_number(date(2026, 6, 1), 2))
    assert people.search(viewer=US, text=id_number(date(2026, 5, 1), 1)).items[0].id == child


def test_twins_without_an_id_differ_by_their_order() -> None:
    mother = registered()
    first = registered(number="", name="张大宝", guardian=mother, birth_order=1)
    second = registered(number="", name="张二宝", guardian=mother, birth_order=2)
    assert first != second
    with pytest.raises(Conflict, match="child_taken"):
        registered(number="", name="张三宝", guardian=mother, birth_order=2)


def test_a_disability_card_brings_category_and_level() -> None:
    one = registered(number=f"{NUMBER}42")
    view = people.person(viewer=US, person=one)
    assert (view.disability_category, view.disability_level) == (4, 2)
    assert str(view.summary.number).endswith(NUMBER[-4:])


def test_corrections_leave_the_old_values_sealed_in_the_history() -> None:
    one = registered(phone="13800138000")
    done = correct(one, name="张珊", phone="13900139000")
    assert done.fields == ("name", "phone")
    assert correct(one, name="张珊").fields == ()
    history = people.person_history(viewer=US, person=one)
    assert [entry.did for entry in history] == ["corrected", "registered"]
    assert (history[0].before["name"], history[0].after["name"]) == ("张三", "张珊")
    assert history[0].before["phone"] == "138****8000"
    with scoped(Scope(EVERYWHERE)):
        assert "张三".encode() not in bytes(PersonChange.objects.get().values_sealed or b"")
    assert [item.id for item in people.search(viewer=US, text="zs").items] == [one]
    assert people.search(viewer=US, text="张三").items == ()


def test_a_corrected_number_carries_birth_and_sex_and_is_unique() -> None:
    one = registered()
    other = registered(number=id_number(order=4), name="李四")
    done = correct(one, number=id_number(date(1971, 2, 3), 5))
    assert set(done.fields) == {"number", "birth_date", "sex"}
    assert people.person_facts(viewer=US, person=one).birth_date == date(1971, 2, 3)
    with pytest.raises(Conflict, match="number_taken_here"):
        correct(one, number=id_number(order=4))
    assert people.search(viewer=US, text=NUMBER).items == ()
    with pytest.raises(Refused, match="reason_needed"):
        people.correct(actor=US, now=NOW, key=None, person=other, reason=" ", name="李五")


def test_history_is_never_changed() -> None:
    one = registered()
    correct(one, name="张珊")
    with (
        pytest.raises(Exception, match="permission denied"),
        scoped(Scope(EVERYWHERE)),
    ):
        PersonChange.objects.update(reason="别的")


def test_moving_takes_every_record_along() -> None:
    one, other = registered(), registered(number=id_number(order=4), name="张珊")
    merge(one, other, numbers_differ=True)
    correct(one, name="张三丰")
    people.add_card(actor=US, now=NOW, key=None, person=one, number="123456789012")
    home = people.form_household(actor=US, now=NOW, key=None, region=TOWN, head=one, number="H1").household
    with pytest.raises(Forbidden, match="region_out_of_scope"):
        people.move(actor=US, now=NOW, key=None, person=one, region=THERE, reason="搬迁")
    people.move(actor=ABOVE, now=NOW, key=None, person=one, region=THERE, reason="易地搬迁")
    with scoped(Scope(EVERYWHERE)):
        assert set(Person.objects.values_list("region", flat=True)) == {THERE}
        for table in (BankCard, Membership, PersonChange):
            assert set(table.objects.values_list("region", flat=True)) == {THERE}, table
    with pytest.raises(NotFound):
        people.person(viewer=US, person=one)
    shown = people.unmask(actor=THEM, now=NOW, person=one, field="number", purpose="核对证件")
    assert shown.value == NUMBER
    assert people.household(viewer=US, household=home).members == ()
    assert next(entry.did for entry in people.person_history(viewer=THEM, person=one)) == "moved"


def test_merge_and_split() -> None:
    one = registered()
    child = registered(number="", name="张三", guardian=one, birth_order=1)
    third = registered(number=id_number(order=4), name="张珊")
    with pytest.raises(Refused, match="merge_with_oneself"):
        merge(one, one)
    with pytest.raises(Refused, match="merge_of_two_numbers"):
        merge(one, third)
    merge(one, child)
    with pytest.raises(Conflict, match="already_merged"):
        merge(third, child)
    with pytest.raises(Conflict, match="already_merged"):
        merge(child, third)
    merge(third, one, numbers_differ=True)
    with scoped(US.scope):
        for record in (one, child, third):
            assert people.same_person_ids(record) == (third, one, child)
    assert [item.id for item in people.persons(viewer=US).items] == [third]
    assert [item.id for item in people.search(viewer=US, text=NUMBER).items] == [one]
    assert people.match_numbers(viewer=US, numbers=[NUMBER])[NUMBER].id == third
    people.split(actor=US, now=NOW, key=None, person=one, reason="误并")
    with scoped(US.scope):
        assert people.same_person_ids(one) == people.same_person_ids(child) == (one, child)
        assert people.same_person_ids(third) == (third,)
    with pytest.raises(Conflict, match="not_merged"):
        people.split(actor=US, now=NOW, key=None, person=one, reason="误并")
    assert [entry.did for entry in people.person_history(viewer=US, person=one)] == [
        "split", "merged", "absorbed", "registered",
    ]  # fmt: skip


def test_merging_needs_one_county() -> None:
    one, other = registered(), registered(THEM, region=THERE, number=id_number(order=4))
    with pytest.raises(NotFound):
        merge(one, other)
    with pytest.raises(Refused, match="merge_across_counties"):
        merge(one, other, ABOVE, numbers_differ=True)


def test_unmasking_leaves_its_purpose_in_the_trail() -> None:
    one = registered(phone="13800138000")
    with pytest.raises(Refused, match="purpose_needed"):
        people.unmask(actor=US, now=NOW, person=one, field="number", purpose=" ")
    assert events("people.unmasked") == []
    assert (
        people.unmask(actor=US, now=NOW, person=one, field="number", purpose="核对住院证件").value == NUMBER
    )
    assert (
        people.unmask(actor=US, now=NOW, person=one, field="phone", purpose="核对住院证件").value
        == "13800138000"
    )
    assert (
        people.unmask(actor=US, now=NOW, person=one, field="birth_date", purpose="核对").value == "1970-01-01"
    )
    with pytest.raises(Refused, match="nothing_to_unmask"):
        people.unmask(actor=US, now=NOW, person=one, field="card", purpose="核对")
    with pytest.raises(NotFound):
        people.unmask(actor=THEM, now=NOW, person=one, field="number", purpose="好奇心")
    first, *_ = events("people.unmasked")
    assert (first.purpose, first.outcome, first.detail) == ("核对住院证件", "seen", {"field": "number"})


def test_status_has_a_date_that_can_be() -> None:
    one = registered()
    for status, on in (
        ("dead", None),
        ("dead", TODAY + timedelta(days=1)),
        ("dead", date(1969, 1, 1)),
        ("present", TODAY),
    ):
        with pytest.raises(Refused, match="dates_out_of_order"):
            people.set_status(actor=US, now=NOW, key=None, person=one, status=status, on=on, reason="病故")  # type: ignore[arg-type]
    people.set_status(actor=US, now=NOW, key=None, person=one, status="dead", on=TODAY, reason="病故")
    assert people.person(viewer=US, person=one).summary.status == "dead"
    assert people.persons(viewer=US, wanted=PersonFilter(status="dead")).total == 1
    people.set_status(actor=US, now=NOW, key=None, person=one, status="present", reason="误录")
    assert people.person(viewer=US, person=one).summary.status == "present"


def test_households_have_one_head_and_persons_one_household() -> None:
    head, wife, son = (registered(number=id_number(order=order), name="张三") for order in (1, 2, 3))
    home = people.form_household(
        actor=US,
        now=NOW,
        key=None,
        region=TOWN,
        head=head,
        number="5202030001",
        address="六枝特区新窑镇某村 1 号",
    ).household
    people.join_household(actor=US, now=NOW, key=None, household=home, person=wife, relation="配偶")
    with pytest.raises(Conflict, match="head_taken"):
        people.join_household(actor=US, now=NOW, key=None, household=home, person=son, relation="户主")
    people.join_household(actor=US, now=NOW, key=None, household=home, person=son, relation="长子")
    with pytest.raises(Conflict, match="member_elsewhere"):
        people.form_household(actor=US, now=NOW, key=None, region=TOWN, head=wife)
    with pytest.raises(Conflict, match="household_taken"):
        people.form_household(actor=US, now=NOW, key=None, region=TOWN, head=wife, number="5202030001")
    with pytest.raises(Refused, match="relation_unknown"):
        people.join_household(actor=US, now=NOW, key=None, household=home, person=son, relation="朋友")
    view = people.household(viewer=US, household=home)
    assert [(member.person.id, member.relation) for member in view.members] == [
        (head, "02"),
        (wife, "10"),
        (son, "20"),
    ]
    assert str(view.address) == "六枝特区新窑****"
    assert people.person(viewer=US, person=wife).summary.household == home
    people.leave_household(actor=US, now=NOW, key=None, person=wife, reason="离婚")
    with pytest.raises(Conflict, match="not_a_member"):
        people.leave_household(actor=US, now=NOW, key=None, person=wife, reason="离婚")
    people.form_household(actor=US, now=NOW, key=None, region=OTHER_TOWN, head=wife)
    page = people.households(viewer=US)
    assert [(row.members, row.head.id if row.head else 0) for row in page.items] == [(2, head), (1, wife)]
    assert [one.person.id for one in people.household(viewer=US, household=home).former] == [wife]
    with pytest.raises(NotFound):
        people.household(viewer=THEM, household=home)


def test_a_new_card_ends_the_old_one() -> None:
    one = registered()
    people.add_card(
        actor=US,
        now=NOW,
        key=None,
        person=one,
        number="123456789012",
        bank="农信社",
        from_date=date(2026, 1, 1),
    )
    people.add_card(actor=US, now=NOW, key=None, person=one, number="210987654321", holder_name="张大")
    cards = people.person(viewer=US, person=one).cards
    assert [(str(card.number), card.until_date) for card in cards] == [
        ("**** 4321", None),
        ("**** 9012", TODAY),
    ]
    assert cards[0].holder_name == "张大"
    assert (
        people.unmask(actor=US, now=NOW, person=one, field="card", purpose="发放补助").value == "210987654321"
    )
    with pytest.raises(Refused, match="dates_out_of_order"):
        people.add_card(
            actor=US, now=NOW, key=None, person=one, number="123456789012", from_date=date(2025, 1, 1)
        )


def test_contacts_come_and_go() -> None:
    one = registered()
    added = people.add_contact(
        actor=US, now=NOW, key=None, person=one, name="张大", phone="13800138000", relation="兄"
    )
    assert str(people.person(viewer=US, person=one).contacts[0].phone) == "138****8000"
    people.end_contact(actor=US, now=NOW, key=None, contact=added.id)
    assert people.person(viewer=US, person=one).contacts == ()


def test_the_same_request_again_gets_the_same_answer() -> None:
    words: dict[str, Any] = {
        "actor": US,
        "now": NOW,
        "key": "k1",
        "region": TOWN,
        "name": "张三",
        "number": NUMBER,
    }
    assert people.register(**words) == people.register(**words)
    with pytest.raises(Conflict, match="request_key_taken"):
        people.register(**{**words, "name": "李四"})
