"""Whole households at once; possible duplicates among many; what identity is made of."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doudi.server.kernel.actor import SYSTEM
from doudi.server.kernel.errors import Forbidden
from doudi.server.people import api as people
from doudi.server.people.data import PersonFilter
from doudi.server.people.duplicates import Traits, compared, possible_duplicates
from doudi.server.people.names import initials
from support.people import NOW, THERE, TODAY, TOWN, id_number, numbers, officer, registered

US = officer()


def member(name: str, number: str = "", relation: str = "02", **more: object) -> people.NewMember:
    read = people.read_number(number, today=TODAY) if number else None
    born = read.birth_date if read and read.birth_date else date(2026, 1, 5)
    return people.NewMember(
        people.NewPerson(
            TOWN, name, (read.sex if read and read.sex else "1"), born, read, phone=str(more.get("phone", ""))
        ),
        relation,
        card=str(more.get("card", "")),
    )


@pytest.mark.django_db
def test_households_are_loaded_whole_and_in_order() -> None:
    first, second, third = list(numbers(3))
    done = people.load(
        actor=SYSTEM,
        now=NOW,
        from_date=TODAY,
        households=[
            people.NewHousehold(
                TOWN,
                "H1",
                (
                    member("张小宝", relation="20"),
                    member("张三", first, phone="13800138000", card="123456789012"),
                    member("李四", second, "10"),
                ),
                address="六枝特区新窑镇一号",
            ),
            people.NewHousehold(
                TOWN,
                "H2",
                (member("王五", third), member("王小", relation="20"), member("王二", relation="20")),
            ),
        ],
    )
    assert len(done.persons) == 6
    assert [people.person(viewer=US, person=number).summary.name for number in done.persons] == [
        "张小宝", "张三", "李四", "王五", "王小", "王二",
    ]  # fmt: skip
    child = people.person(viewer=US, person=done.persons[0])
    assert child.guardian is not None
    assert child.guardian.id == done.persons[1]
    for text, number in ((first, 1), (second, 2), (third, 3), ("13800138000", 1), (f"{first[-4:]} 张三", 1)):
        assert people.search(viewer=US, text=text).items[0].id == done.persons[number]
    assert (
        people.unmask(actor=US, now=NOW, person=done.persons[1], field="number", purpose="核对").value
        == first
    )
    assert (
        people.unmask(actor=US, now=NOW, person=done.persons[1], field="card", purpose="核对").value
        == "123456789012"
    )
    assert people.persons(viewer=US, wanted=PersonFilter(household=done.households[1])).total == 3
    with pytest.raises(Forbidden):
        people.load(actor=US, now=NOW, from_date=TODAY, households=[])


@pytest.mark.django_db
def test_possible_duplicates_of_a_county_with_their_reasons() -> None:
    mother = registered()
    child = registered(
        number="", name="张小宝", guardian=mother, birth_order=1, village_code=TOWN * 1000 + 201
    )
    with_id = registered(number=id_number(date(2026, 5, 1), 1), name="张晓宝", village_code=TOWN * 1000 + 201)
    registered(number=id_number(date(2026, 5, 1), 3), name="李大宝")
    registered(
        officer(522632000000, user=2), region=THERE, number=id_number(date(2026, 5, 1), 5), name="张小宝"
    )
    (found,) = people.duplicates(viewer=US, region_code=520203000000)
    assert {found.person, found.other} == {child, with_id}
    assert [reason.zh for reason in found.reasons] == ["姓名读音相近", "出生日期相同", "同一村"]


def traits(key: int, **words: object) -> Traits:
    given: dict[str, object] = {
        "name": "张三",
        "sex": "1",
        "birth_date": date(1970, 1, 1),
        "identified": False,
    }
    given |= words
    return Traits(key=key, initials=initials(str(given["name"])), **given)  # type: ignore[arg-type]


def test_two_valid_and_different_ids_are_two_people() -> None:
    assert compared(traits(1, identified=True), traits(2, identified=True)) is None
    assert compared(traits(1, identified=True), traits(2)) is not None


@pytest.mark.parametrize(
    ("other", "score"),
    [
        ({}, 80),
        ({"name": "张山"}, 70),
        ({"birth_date": date(1970, 1, 2)}, 60),
        ({"birth_date": date(1971, 1, 1)}, 60),
        ({"name": "张山", "birth_date": date(1970, 1, 2)}, None),
        ({"sex": "2"}, None),
        ({"birth_date": date(1990, 5, 5)}, None),
        ({"name": "李四"}, None),
    ],
)
def test_what_makes_two_records_alike(other: dict[str, object], score: int | None) -> None:
    found = compared(traits(1), traits(2, **other))
    assert (found.score if found else None) == score


@given(st.lists(st.integers(0, 6), min_size=2, max_size=30))
def test_comparing_is_symmetric_and_finds_each_pair_once(picks: list[int]) -> None:
    pool = [traits(0), traits(0, name="张山"), traits(0, name="李四"), traits(0, birth_date=date(1970, 1, 2)),
            traits(0, phone=b"1"), traits(0, sex="2"), traits(0, identified=True)]  # fmt: skip
    records = [Traits(key, *_rest(pool[pick])) for key, pick in enumerate(picks)]
    found = possible_duplicates(records)
    pairs = [(min(one.person, one.other), max(one.person, one.other)) for one in found]
    assert len(pairs) == len(set(pairs))
    backwards = possible_duplicates(records[::-1])
    assert set(pairs) == {(min(one.person, one.other), max(one.person, one.other)) for one in backwards}


def _rest(one: Traits) -> tuple[object, ...]:
    return (
        one.name,
        one.initials,
        one.sex,
        one.birth_date,
        one.identified,
        one.phone,
        one.household,
        one.village,
    )


def test_a_duplicate_finder_never_compares_all_pairs() -> None:
    """85,000 records are 3.6 thousand million pairs; those that share a block are a few hundred thousand."""
    chance = random.Random(7)
    compared_pairs = 0
    names = ["".join(chance.choices("王李张刘陈杨黄赵伟芳娜敏静丽强磊军洋", k=3)) for _ in range(4000)]
    records = [
        Traits(
            key,
            name := chance.choice(names),
            name,
            "1",
            date(1935, 1, 1) + timedelta(days=chance.randrange(32_000)),
            identified=chance.random() < 0.97,
        )
        for key in range(85_000)
    ]
    from doudi.server.people import duplicates

    def counted(first: Traits, second: Traits) -> None:
        nonlocal compared_pairs
        compared_pairs += 1

    before = duplicates.compared
    duplicates.compared = counted  # type: ignore[assignment]
    try:
        possible_duplicates(records)
    finally:
        duplicates.compared = before
    assert 0 < compared_pairs < 400_000
