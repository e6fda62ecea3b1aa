"""A roster from upload to undo: every mistake of real rosters, the same file twice, one person in two townships."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from doudi.server.imports import api as imports
from doudi.server.kernel.actor import SYSTEM
from doudi.server.kernel.errors import Refused
from doudi.server.kernel.jobs import work_off
from doudi.server.kernel.scope import scoped
from doudi.server.people import api as people
from doudi.server.people.models import Household, Membership, Person, PersonChange
from doudi.server.reference.operations.reorganise import NewRegion, add_regions
from support.importing import LIUZHI, NOW, OFFICER, applied, examined, rows, undone
from support.people import RONGJIANG, id_number, officer, registered
from support.sheets import xlsx

pytestmark = pytest.mark.django_db
HEADINGS = (
    "乡(镇)",
    "行政村",
    "户编号",
    "姓名",
    "证件号码",
    "与户主关系",
    "民族",
    "性别",
    "出生日期",
    "人联系电话",
)
A, B = "新窑镇", "岩脚镇"
BORN = date(2026, 1, 5)


@pytest.fixture(autouse=True)
def divisions() -> None:
    add_regions(
        actor=SYSTEM,
        now=NOW,
        key=None,
        from_date=date(2020, 1, 1),
        source="test",
        regions=tuple(
            NewRegion(code, name)
            for code, name in (
                (520000000000, "贵州省"),
                (520200000000, "六盘水市"),
                (520203000000, "六枝特区"),
                (520203101000, A),
                (520203102000, B),
                (520203101201, "联合村"),
            )
        ),
    )


def line(
    name: str,
    number: Any = None,
    household: Any = "H1",
    relation: str = "户主",
    *,
    town: str = A,
    **more: Any,
) -> list[Any]:
    return [
        town, more.get("village"), household, name, number, relation, more.get("ethnicity"),
        more.get("sex"), more.get("born"), more.get("phone"),
    ]  # fmt: skip


def judged(*lines: list[Any], **options: Any) -> imports.ImportDetail:
    return examined(xlsx(HEADINGS, *lines), kind="people.roster", **options)


def counts(found: imports.ImportDetail) -> tuple[int, ...]:
    c = found.summary.counts
    return (c.rows, c.new, c.changed, c.unchanged, c.refused, c.duplicate)


def problem(found: imports.ImportDetail, judgement: str = "refused") -> str:
    return "".join(one.words.zh for row in rows(found.summary.number, judgement) for one in row.problems)


def family() -> list[list[Any]]:
    return [
        line("张三", id_number(date(1970, 1, 1), 1), ethnicity="苗族", village="联合村", phone="13800138000"),
        line("李四", id_number(date(1972, 1, 1), 2), relation="配偶"),
        line("张小宝", None, relation="之子", sex="男", born=BORN),
    ]


def test_a_family_is_imported_and_taken_back() -> None:
    found = judged(*family())
    assert counts(found) == (3, 3, 0, 0, 0, 0)
    applied(found.summary.number)
    (home,) = people.households(viewer=OFFICER).items
    view = people.household(viewer=OFFICER, household=home.id)
    assert [(one.person.name, one.relation) for one in view.members] == [
        ("张三", "02"),
        ("李四", "10"),
        ("张小宝", "20"),
    ]
    child = people.person(viewer=OFFICER, person=view.members[2].person.id)
    assert child.guardian is not None
    assert child.guardian.name == "张三"
    head = view.members[0].person
    assert (head.region, head.village_code, str(head.phone)) == (520203101, 520203101201, "138****8000")
    undone(found.summary.number)
    with scoped(OFFICER.scope):
        assert (Person.objects.count(), Household.objects.count(), Membership.objects.count()) == (0, 0, 0)


def test_the_same_file_again_changes_nothing() -> None:
    applied(judged(*family()).summary.number)
    assert counts(judged(*family())) == (3, 0, 0, 3, 0, 0)


def test_changed_rows_name_each_difference_and_undo_restores_them() -> None:
    applied(judged(*family()).summary.number)
    changed = [
        line("张珊", id_number(date(1970, 1, 1), 1), ethnicity="侗族", phone="13900139000"),
        line("李四", id_number(date(1972, 1, 1), 2), relation="其他"),
        line("张小宝", None, "H2", relation="户主", sex="男", born=BORN),
    ]
    found = judged(*changed)
    assert counts(found) == (3, 0, 2, 0, 0, 1)
    shown = {d.column: (d.before, d.after) for d in rows(found.summary.number, "changed")[0].differences}
    assert shown == {
        "name": ("张三", "张珊"),
        "phone": ("138****8000", "139****9000"),
        "ethnicity": ("苗族", "侗族"),
    }
    applied(found.summary.number)
    (head,) = people.search(viewer=OFFICER, text="张珊").items
    assert [entry.did for entry in people.person_history(viewer=OFFICER, person=head.id)] == [
        "imported",
        "registered",
    ]
    assert people.search(viewer=OFFICER, text=f"{id_number(date(1970, 1, 1), 1)[-4:]} 张珊").items == (head,)
    undone(found.summary.number)
    assert people.search(viewer=OFFICER, text="张三").items[0].id == head.id
    assert people.search(viewer=OFFICER, text="13800138000").items[0].id == head.id
    assert counts(judged(*family())) == (3, 0, 0, 3, 0, 0)


def test_mangled_numbers_are_read_or_refused_by_name() -> None:
    good = id_number(date(1980, 5, 5), 1)
    x = next(n for n in (id_number(date(1981, 1, 1), order) for order in range(99)) if n.endswith("X"))
    found = judged(
        line("甲", f"'{good}", "1"),
        line("乙", x.lower(), "2"),
        line("丙", id_number(date(1982, 1, 1), 3) + "42", "3"),
        line("丁", "520203830101003", "4"),
        line("戊", "O520123456", "5", sex="女", born=BORN),
        line("己", good[:15] + "000", "6"),
        line("庚", 5.20203198005050016e17, "7"),
        line("辛", good[:17] + ("1" if good[17] != "1" else "2"), "8"),
        line("壬", None, None, sex="男", born=BORN),
        line("癸", id_number(date(1984, 1, 1), 4), "9", sex="男"),
        line("", id_number(date(1985, 1, 1), 4), "10"),
        line("子", id_number(date(1986, 1, 1), 4), "11", town="别的镇"),
    )
    assert counts(found) == (12, 5, 0, 0, 7, 0)
    said = problem(found)
    for words in (
        "Excel",
        "校验位不符",
        "暂无证件的人员须填写户编号",
        "性别与身份证号不一致",
        "本县没有这个乡镇",
    ):
        assert words in said, words
    assert good not in said
    applied(found.summary.number)
    with scoped(OFFICER.scope):
        assert Person.objects.get(name="丙").disability_level == 2
        assert Person.objects.get(name="丁").birth_date == date(1983, 1, 1)


def test_one_person_in_two_townships_lists() -> None:
    applied(judged(line("张三", id_number())).summary.number)
    again = line("张三", id_number(), "H9", town=B)
    found = judged(again)
    assert counts(found) == (1, 0, 0, 0, 1, 0)
    assert "另一乡镇" in problem(found)
    moving = judged(again, options={"moves": "move"})
    assert counts(moving) == (1, 0, 1, 0, 0, 0)
    applied(moving.summary.number)
    (person,) = people.persons(viewer=OFFICER).items
    assert person.region == 520203102
    undone(moving.summary.number)
    (person,) = people.persons(viewer=OFFICER).items
    assert person.region == 520203101


def test_one_person_twice_in_a_file() -> None:
    found = judged(
        line("张三", id_number()), line("张三", id_number()), line("张三", id_number(), "H2", town=B)
    )
    assert counts(found) == (3, 1, 0, 0, 2, 0)
    assert "重复" in problem(found)


def test_a_number_registered_in_another_county_is_refused_without_saying_where() -> None:
    registered(officer(RONGJIANG, user=2), region=522632101)
    found = judged(line("张三", id_number()))
    assert counts(found) == (1, 0, 0, 0, 1, 0)
    assert "已有登记" in problem(found)
    assert "榕江" not in problem(found)


def test_a_number_under_quite_another_name_is_refused() -> None:
    applied(judged(line("张三", id_number())).summary.number)
    assert "另一个姓名" in problem(judged(line("王五", id_number())))


def test_a_household_has_one_head() -> None:
    found = judged(line("张三", id_number(order=1)), line("李四", id_number(order=3)))
    assert counts(found) == (2, 1, 0, 0, 1, 0)
    assert "两个户主" in problem(found)
    applied(found.summary.number)
    assert "另一位户主" in problem(judged(line("李四", id_number(order=3))))


def test_a_child_that_gets_an_id_is_a_possible_duplicate_that_an_officer_decides() -> None:
    applied(judged(*family()).summary.number)
    grown = line("张小宝", id_number(BORN, 1), relation="之子")
    found = judged(grown)
    assert counts(found) == (1, 0, 0, 0, 0, 1)
    (row,) = rows(found.summary.number, "duplicate")
    (candidate,) = row.candidates
    assert candidate.reason.zh == "姓名相同，出生日期相同，同一户"
    assert candidate.title.startswith("张小宝 男 2026")
    imports.decide(
        actor=OFFICER,
        now=NOW,
        key=None,
        number=found.summary.number,
        rows=[row.number],
        as_number=candidate.number,
    )
    work_off()
    applied(found.summary.number)
    assert people.search(viewer=OFFICER, text=id_number(BORN, 1)).items[0].id == candidate.number
    assert len(people.persons(viewer=OFFICER).items) == 3
    assert counts(judged(grown)) == (1, 0, 0, 1, 0, 0)


def test_twins_in_one_file_are_two_persons() -> None:
    lines = [
        *family()[:2],
        line("张大宝", None, relation="之子", sex="男", born=BORN),
        line("张小贝", None, relation="之子", sex="男", born=BORN),
    ]
    found = judged(*lines)
    assert counts(found) == (4, 4, 0, 0, 0, 0)
    applied(found.summary.number)
    with scoped(OFFICER.scope):
        assert sorted(Person.objects.filter(number_kind="none").values_list("birth_order", flat=True)) == [
            1,
            2,
        ]
    assert counts(judged(*lines)) == (4, 0, 0, 4, 0, 0)


def test_an_import_that_something_depends_on_is_not_undone() -> None:
    found = judged(*family())
    applied(found.summary.number)
    (head,) = people.search(viewer=OFFICER, text="张三").items
    people.correct(actor=OFFICER, now=NOW, key=None, person=head.id, reason="更正电话", phone="13900139000")
    after = undone(found.summary.number)
    assert str(after.summary.state) == "applied"
    assert len(people.persons(viewer=OFFICER).items) == 3
    with scoped(OFFICER.scope):
        assert Membership.objects.count() == 3
        assert PersonChange.objects.count() == 1


def test_a_township_s_import_takes_only_its_own_rows() -> None:
    found = examined(
        xlsx(HEADINGS, line("张三", id_number(order=1)), line("李四", id_number(order=3), "H2", town=B)),
        kind="people.roster",
        region=520203101,
    )
    assert counts(found) == (2, 1, 0, 0, 1, 0)


def test_rosters_in_use_and_their_headings_are_understood() -> None:
    """已脱贫人口名单 (2022) and an earlier form with 户主, and a plain list of names and numbers."""
    full = (
        "序号", "数据日期", "县(市、区、旗)", "乡(镇)", "行政村", "自然村", "户编号", "人编号", "姓名",
        "证件号码", "人数", "与户主关系", "民族", "文化程度", "在校生状况", "健康状况", "劳动技能",
        "务工时间（月）", "是否参加大病保险", "致贫原因1", "危房户", "是否解决安全饮用水", "人均纯收入",
        "户联系电话", "人联系电话", "首次识别时间", "人员识别时间", "户类型",
    )  # fmt: skip
    values: dict[str, Any] = {
        "乡(镇)": A, "行政村": "联合村", "户编号": "5202030001", "姓名": "张三", "证件号码": id_number(order=1),
        "与户主关系": "户主", "民族": "苗族", "户联系电话": "13800138000", "序号": 1, "人数": 3,
    }  # fmt: skip
    found = examined(xlsx(full, [values.get(heading) for heading in full]), kind="people.roster")
    assert counts(found) == (1, 1, 0, 0, 0, 0)
    applied(found.summary.number)
    older = examined(
        xlsx(("姓名", "身份证号", "户编号", "户主"), ["李四", id_number(order=2), "5202030002", "李四"]),
        kind="people.roster",
    )
    applied(older.summary.number)
    with scoped(OFFICER.scope):
        assert Membership.objects.get(household__number="5202030002").relation == "02"
    plain = examined(xlsx(("人员姓名", "身份证号码"), ["王五", id_number(order=5)]), kind="people.roster")
    assert counts(plain) == (1, 1, 0, 0, 0, 0)


def test_only_the_county_imports_people() -> None:
    with pytest.raises(Refused):
        judged(line("张三", id_number()), actor=officer(role="health", user=9))


def test_a_batch_takes_a_fixed_number_of_queries(django_assert_max_num_queries: Any) -> None:
    from doudi.server.imports.api import Row, Task
    from doudi.server.people.import_kinds import ROSTER

    def batch(count: int) -> list[Row]:
        return [
            Row(
                place,
                {
                    "name": "张三",
                    "number": id_number(date(1970, 1, 1 + place // 900), place % 900),
                    "household": f"H{place}",
                },
            )
            for place in range(count)
        ]

    task = Task(1, OFFICER, NOW, date(2026, 3, 2), LIUZHI, {}, locking=True)
    with scoped(OFFICER.scope):
        ROSTER.examine(batch(1), task)
        with django_assert_max_num_queries(14):
            verdicts = ROSTER.examine(batch(2000), task)
        with django_assert_max_num_queries(14):
            ROSTER.apply(list(zip(batch(2000), verdicts, strict=True)), task)
