"""Catalogues on a day: class, first pay and ceiling of the nearest region, and a change in the middle of a stay."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doudi.policy.library import Library
from doudi.server.kernel.actor import SYSTEM, Actor
from doudi.server.kernel.errors import Conflict, Forbidden
from doudi.server.kernel.regions import Ranges
from doudi.server.kernel.scope import EVERYWHERE, Scope, scoped
from doudi.server.reference import api
from doudi.server.reference.models import CatalogueItem, Facility, FirstPay, ItemClass, PriceCeiling
from doudi.server.reference.operations.load_starting_data import starting
from support.reference import LIUZHI, NOW, RONGJIANG, divisions

ANYBODY = Actor(user=3, login="clerk", roles=frozenset({"window"}), facility=1)
OFFICER = Actor(user=8, login="liuzhi", roles=frozenset({"county"}), ranges=Ranges.of([520203000000]))
CODE = "XN02BEZ991A9010101900010"
DAY = date(2026, 3, 1)
GUIZHOU = 520_000_000


def price(day: date = DAY, region: int = LIUZHI, code: str = CODE, **more) -> tuple:
    found = api.price_of(viewer=ANYBODY, codes=[code], day=day, region=region, **more).get(code)
    return (found.item_class, found.first_pay_bp, found.ceiling_fen) if found else ()


def say(model, **facts) -> None:
    with scoped(Scope(EVERYWHERE)):
        model.objects.create(**{"code": CODE, "from_date": date(2020, 1, 1)} | facts)


@pytest.mark.django_db
def test_the_nearest_region_and_the_very_scheme_and_grade_rule() -> None:
    say(CatalogueItem, list_type="101", name="试药")
    assert price() == (None, 0, None)
    say(ItemClass, region=0, item_class="2")
    say(FirstPay, region=0, rate_bp=1000)
    say(FirstPay, region=GUIZHOU, rate_bp=500)
    say(FirstPay, region=GUIZHOU, scheme="employee", rate_bp=300)
    say(PriceCeiling, region=GUIZHOU, grade="3", ceiling_fen=3000)
    say(PriceCeiling, region=GUIZHOU, grade="2", ceiling_fen=2000)
    say(PriceCeiling, region=LIUZHI, ceiling_fen=1500)
    say(ItemClass, region=LIUZHI, item_class="1")
    assert price(grade="2") == ("1", 500, 1500)
    assert price(grade="2", scheme="employee") == ("1", 300, 1500)
    assert price(region=RONGJIANG, grade="2") == ("2", 500, 2000)
    assert price(region=RONGJIANG, level="city") == ("2", 500, 3000)
    assert price(region=RONGJIANG, level="village") == ("2", 500, None)
    assert price(region=350_000_000, grade="3") == ("2", 1000, None)
    assert price(region=520_203_102) == ("1", 500, 1500)
    assert price(code="XNOTHING") == ()


@pytest.mark.django_db
def test_a_change_of_the_catalogue_in_the_middle_of_a_stay() -> None:
    """Each line is priced by the day it was used on: by the old rule until the change, then by the new."""
    change = date(2026, 3, 10)
    say(CatalogueItem, list_type="101", name="试药")
    for start, until, kind, rate, ceiling in (
        (date(2020, 1, 1), change, "2", 1000, 5000),
        (change, None, "1", 0, 4000),
    ):
        say(ItemClass, region=GUIZHOU, item_class=kind, from_date=start, until_date=until)
        say(FirstPay, region=GUIZHOU, rate_bp=rate, from_date=start, until_date=until)
        say(PriceCeiling, region=GUIZHOU, ceiling_fen=ceiling, from_date=start, until_date=until)
    stay = [date(2026, 3, 8) + timedelta(days=number) for number in range(4)]
    assert [price(day) for day in stay] == [("2", 1000, 5000)] * 2 + [("1", 0, 4000)] * 2


@pytest.mark.django_db
def test_many_codes_cost_four_queries(django_assert_num_queries) -> None:
    with scoped(Scope(EVERYWHERE)):
        CatalogueItem.objects.bulk_create(
            CatalogueItem(code=f"X{number:022d}", list_type="101", name="药", from_date=date(2020, 1, 1))
            for number in range(300)
        )
    with scoped(ANYBODY.scope), django_assert_num_queries(4):
        found = api.price_of(
            viewer=ANYBODY, codes=[f"X{number:022d}" for number in range(300)], day=DAY, region=LIUZHI
        )
    assert len(found) == 300


@pytest.mark.django_db
def test_the_demo_is_whole_and_agrees_with_the_policies() -> None:
    divisions()
    api.load_demo(actor=SYSTEM, now=NOW, key=None)
    for place in starting("demo.yaml")["funds"]:
        region = place["region"] * 1000
        law = Library().load(place["policy"])
        payers = api.payers(viewer=ANYBODY, region=region, day=DAY)
        funds = {fund.code: fund.name for fund in api.funds(viewer=ANYBODY, region=region, day=DAY)}
        assert [(one.code, one.name, one.fund) for one in payers] == sorted(
            (one.payer, one.name.zh, one.fund) for one in law.document.payers
        )
        assert funds == {one.fund: law.funds[one.fund].zh for one in law.document.payers}
    levels = {one.level for one in api.facilities(viewer=ANYBODY, day=DAY, size=100).items}
    assert levels == {"", "township", "county", "city", "province"}
    with scoped(ANYBODY.scope):
        assert not Facility.objects.filter(is_fictional=False).exists()
    items = api.items(viewer=ANYBODY, day=DAY, size=100)
    assert items.total == 50
    assert all(one.is_fictional for one in items.items)
    assert api.items(viewer=ANYBODY, day=DAY, text="血液透析").total == 1
    assert api.items(viewer=ANYBODY, day=DAY, list_type="301").total == 6
    codes = api.clinical_codes(viewer=ANYBODY, kind="diagnosis", day=DAY, text="i")
    assert [one.code for one in codes.items] == ["I10.x00", "I21.900", "I63.900"]
    assert api.clinical_codes(viewer=ANYBODY, kind="diagnosis", day=DAY, text="脑").total == 1
    with pytest.raises(Conflict, match="already_filled"):
        api.load_demo(actor=SYSTEM, now=NOW, key=None)


@pytest.mark.django_db
def test_a_fund_changes_its_owner_and_ends() -> None:
    def put(day: date, department: str) -> None:
        api.set_fund(
            actor=OFFICER, now=NOW, key=None, region=LIUZHI, code="civil_affairs", name="民政医疗救助资金",
            department=department, from_date=day,
        )  # fmt: skip

    put(date(2017, 1, 1), "民政局")
    put(date(2019, 1, 1), "医疗保障局")
    with pytest.raises(Conflict, match="later_entries"):
        put(date(2018, 1, 1), "财政局")
    api.end_fund(actor=OFFICER, now=NOW, key=None, region=LIUZHI, code="civil_affairs", on=date(2026, 1, 1))
    owners = [
        [fund.department for fund in api.funds(viewer=ANYBODY, region=520_203_102, day=date(year, 6, 1))]
        for year in (2016, 2018, 2019, 2026)
    ]
    assert owners == [[], ["民政局"], ["医疗保障局"], []]
    with pytest.raises(Forbidden, match="region_out_of_scope"):
        api.end_payer(actor=OFFICER, now=NOW, key=None, region=RONGJIANG, code="basic", on=DAY)


@pytest.mark.django_db
def test_a_county_s_payer_comes_before_the_province_s() -> None:
    for region, name in ((GUIZHOU, "省"), (LIUZHI, "县")):
        api.set_payer(
            actor=SYSTEM,
            now=NOW,
            key=None,
            region=region,
            code="basic",
            name=name,
            fund="f",
            from_date=date(2017, 1, 1),
        )
    assert [one.name for one in api.payers(viewer=ANYBODY, region=LIUZHI, day=DAY)] == ["县"]
    assert [one.name for one in api.payers(viewer=ANYBODY, region=RONGJIANG, day=DAY)] == ["省"]


@pytest.mark.django_db
def test_the_list_of_major_diseases_grew() -> None:
    divisions()
    days = (date(2017, 6, 1), date(2018, 12, 1), date(2019, 12, 1), date(2026, 1, 1))
    lists = [api.disease_lists(viewer=ANYBODY, region=LIUZHI, day=day) for day in days]
    assert [len(one.diseases) for (one,) in lists] == [9, 21, 25, 30]
    assert api.disease_lists(viewer=ANYBODY, region=LIUZHI, day=date(2016, 1, 1)) == ()
    (now,) = lists[3]
    named = {disease.name: disease for disease in now.diseases}
    assert named["胃癌"].holds("C16.900", 60)
    assert not named["胃癌"].holds("C17.900", 60)
    assert named["儿童白血病"].holds("C92.400", 14)
    assert not named["儿童白血病"].holds("C92.400", 15)
    assert not named["儿童白血病"].holds("C92.400", None)
    assert named["脑卒中"].holds("I63.900x002", 70)
    assert not named["脑卒中"].holds("I65.000", 70)
    assert all(disease.assumed for disease in now.diseases)
    document = starting("disease_lists.yaml")
    used = {name for one in document["lists"] for name in [*one.get("diseases", []), *one.get("and", [])]}
    assert used == set(document["diseases"])


DAYS = st.integers(0, 300).map(lambda number: date(2024, 1, 1) + timedelta(days=number))


@pytest.mark.django_db
@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(DAYS, st.integers(0, 10_000)), min_size=1, max_size=6), DAYS)
def test_on_every_day_the_last_rule_that_began_holds(changes: list[tuple[date, int]], asked: date) -> None:
    from django.db import transaction

    steps = dict(sorted(changes))
    with transaction.atomic():
        with scoped(Scope(EVERYWHERE)):
            CatalogueItem.objects.create(code=CODE, list_type="101", name="药", from_date=date(2000, 1, 1))
            days = list(steps)
            for start, until in zip(days, [*days[1:], None], strict=True):
                FirstPay.objects.create(
                    code=CODE, region=LIUZHI, rate_bp=steps[start], from_date=start, until_date=until
                )
            begun = [steps[day] for day in days if day <= asked]
        assert price(asked)[1] == (begun[-1] if begun else 0)
        transaction.set_rollback(True)
