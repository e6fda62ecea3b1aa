"""Divisions over time: codes as they were, reorganisations followed, names at once."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection
from hypothesis import given, settings
from hypothesis import strategies as st

from doudi.server.kernel.actor import SYSTEM, Actor
from doudi.server.kernel.errors import Conflict, Forbidden, NotFound, Refused
from doudi.server.kernel.scope import EVERYWHERE, NOTHING, Scope, scoped
from doudi.server.reference import api
from doudi.server.reference.models import Region
from support.reference import NOW, divisions

ANYBODY = Actor(user=3, login="clerk", roles=frozenset({"window"}), facility=1)
DAY = date(2026, 6, 1)


def reorganise(
    on: date, predecessors: list[int], successors: list[tuple[int, str]], basis: str = "省政府批复"
) -> None:
    api.reorganise(
        actor=SYSTEM,
        now=NOW,
        key=None,
        on=on,
        predecessors=tuple(predecessors),
        successors=tuple(api.NewRegion(code, name) for code, name in successors),
        basis=basis,
    )


def now(code: int, day: date = DAY) -> list[tuple[int, str]]:
    return [(one.code, one.name) for one in api.region_now(viewer=ANYBODY, code=code, day=day)]


@pytest.mark.django_db
def test_paths_and_names() -> None:
    divisions()
    assert [step.name for step in api.region_path(520203102000)] == [
        "贵州省",
        "六盘水市",
        "六枝特区",
        "岩脚镇",
    ]
    assert [step.level for step in api.region_path(110101000000)] == ["province", "county"]
    assert api.region_path(990000000000) == ()
    assert api.region_names([520203000000, 522632101000, 1]) == {
        520203000000: "六枝特区",
        522632101000: "忠诚镇",
    }
    assert api.county_of(520203102) == 520203000000
    assert api.regions(viewer=ANYBODY, day=DAY, parent=520203000000).total == 18
    assert api.regions(viewer=ANYBODY, day=DAY, parent=0).total == 34
    with pytest.raises(NotFound, match="region_unknown"):
        api.region(viewer=ANYBODY, code=520203999000, day=DAY)


@pytest.mark.django_db
def test_loading_again_adds_nothing() -> None:
    divisions()
    assert api.load_starting_data(actor=SYSTEM, now=NOW, key=None).id == 0


@pytest.mark.django_db
def test_merged_then_renamed_then_split() -> None:
    """Two townships become a subdistrict, which is renamed, and then divided: an old record finds where it is now."""
    divisions()
    merged, renamed, split = date(2020, 1, 1), date(2022, 1, 1), date(2024, 1, 1)
    new = 520203020000
    reorganise(merged, [520203102000, 520203103000], [(new, "岩木街道")])
    reorganise(renamed, [new], [(new, "新岩街道")])
    reorganise(split, [new], [(520203021000, "东岩街道"), (520203022000, "西岩街道")])
    assert now(520203102000, date(2019, 12, 31)) == [(520203102000, "岩脚镇")]
    assert now(520203102000, merged) == now(520203103000, date(2021, 12, 31)) == [(new, "岩木街道")]
    assert now(520203102000, date(2023, 6, 1)) == [(new, "新岩街道")]
    assert now(520203103000) == [(520203021000, "东岩街道"), (520203022000, "西岩街道")]
    assert api.region(viewer=ANYBODY, code=520203102000, day=date(2019, 1, 1)).name == "岩脚镇"
    with pytest.raises(NotFound):
        api.region(viewer=ANYBODY, code=520203102000, day=merged)
    assert [one.name for one in api.region_history(viewer=ANYBODY, code=new)] == ["岩木街道", "新岩街道"]
    assert [step.name for step in api.region_path(new, renamed)][-1] == "新岩街道"
    assert [step.name for step in api.region_path(new, date(2021, 1, 1))][-1] == "岩木街道"
    assert [one.on_date for one in api.region_changes(viewer=ANYBODY, code=new)] == [
        merged, merged, renamed, split, split
    ]  # fmt: skip


@pytest.mark.django_db
def test_abolished_and_a_code_used_again() -> None:
    divisions()
    reorganise(date(2020, 1, 1), [520203102000], [])
    assert now(520203102000) == []
    reorganise(date(2021, 1, 1), [520203103000], [(520203102000, "木岗新镇")])
    assert now(520203103000) == [(520203102000, "木岗新镇")]
    assert now(520203102000) == [(520203102000, "木岗新镇")]
    assert api.region_now(viewer=ANYBODY, code=520203102000, day=DAY, written=date(2015, 1, 1)) == ()


@pytest.mark.django_db
def test_a_code_that_comes_back_is_followed_once() -> None:
    divisions()
    reorganise(date(2020, 1, 1), [520203102000], [(520203030000, "过渡")])
    reorganise(date(2021, 1, 1), [520203030000], [(520203102000, "岩脚镇")])
    for written in (None, date(2015, 1, 1)):
        (one,) = api.region_now(viewer=ANYBODY, code=520203102000, day=DAY, written=written)
        assert (one.code, one.from_date) == (520203102000, date(2021, 1, 1))
    assert now(520203030000) == [(520203102000, "岩脚镇")]
    assert now(520203102000, date(2020, 6, 1)) == [(520203030000, "过渡")]


@pytest.mark.django_db
def test_what_is_refused() -> None:
    divisions()
    with pytest.raises(NotFound, match="region_unknown"):
        reorganise(date(2020, 1, 1), [520203999000], [(520203030000, "新")])
    with pytest.raises(Conflict, match="time_overlaps"):
        reorganise(date(2020, 1, 1), [520203102000], [(520203103000, "占用")])
    with pytest.raises(Refused, match="region_code_wrong"):
        reorganise(date(2020, 1, 1), [520203102000], [(52020310, "短")])
    with pytest.raises(NotFound, match="region_unknown"):
        reorganise(date(2020, 1, 1), [520203102000], [(990203103000, "无上级")])
    with pytest.raises(Forbidden, match="not_allowed"):
        api.reorganise(
            actor=ANYBODY, now=NOW, key=None, on=DAY, predecessors=(520203102000,), successors=(), basis=""
        )
    assert now(520203102000) == [(520203102000, "岩脚镇")]


@pytest.mark.django_db
def test_villages_are_named_without_the_whole_tree() -> None:
    divisions()
    village = api.NewRegion(520203102901, "白果示例村", is_fictional=True)
    api.add_regions(
        actor=SYSTEM, now=NOW, key=None, regions=(village,), from_date=date(2000, 1, 1), source="演示"
    )
    assert [step.level for step in api.region_path(520203102901)][-2:] == ["township", "village"]
    assert api.region_names([520203102901]) == {520203102901: "白果示例村"}


@pytest.mark.django_db
def test_nobody_without_a_scope_reads_and_everybody_with_one_does() -> None:
    divisions()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('doudi.scope', '', true)")
    assert Region.objects.count() == 0
    with scoped(NOTHING):
        assert Region.objects.count() > 3000


DAYS = st.integers(0, 400).map(lambda number: date(2020, 1, 1) + timedelta(days=number))
TIMES = st.lists(st.tuples(DAYS, st.none() | st.integers(1, 200)), min_size=1, max_size=8)


@pytest.mark.django_db
@settings(max_examples=40, deadline=None)
@given(TIMES)
def test_a_code_names_one_division_a_day_at_most(times: list[tuple[date, int | None]]) -> None:
    """Whatever is tried, PostgreSQL keeps the days of one code apart, and exactly the overlapping tries are refused."""
    from django.db import transaction

    kept: list[tuple[date, date]] = []
    with transaction.atomic(), scoped(Scope(EVERYWHERE)):
        for start, length in times:
            until = start + timedelta(days=length) if length else None
            end = until or date.max
            overlaps = any(start < other_end and other_start < end for other_start, other_end in kept)
            try:
                with transaction.atomic():
                    Region.objects.create(code=990000000000, name="试", from_date=start, until_date=until)
            except IntegrityError:
                assert overlaps
            else:
                assert not overlaps
                kept.append((start, end))
        transaction.set_rollback(True)
