"""Headings, sheets, options, notices and the file of refused rows: what an officer sees and may correct."""

import io

import openpyxl
import pytest

from doudi.server.audit.models import AuditEvent
from doudi.server.imports import api as imports
from doudi.server.imports.api import State
from doudi.server.imports.models import StagedImport
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.errors import Refused
from doudi.server.kernel.jobs import work_off
from doudi.server.kernel.papers.models import StoredPaper
from doudi.server.kernel.regions import Ranges
from doudi.server.kernel.scope import scoped
from support.importing import LIUZHI, NEIGHBOUR, NOW, OFFICER, detail, examined, rows, upload
from support.sheets import HEADINGS, RosterKind, entries, roster, roster_kind, with_headings, xlsx

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kind() -> RosterKind:
    return roster_kind()


def code_of(call):
    with pytest.raises(Refused) as caught:
        call()
    return caught.value.code


def remap(number, mapping=None, sheet=""):
    return imports.map_columns(actor=OFFICER, now=NOW, key=None, number=number, mapping=mapping, sheet=sheet)


def test_a_needed_heading_that_is_not_found_is_asked_for() -> None:
    uploaded = upload(xlsx(["证件号码", "名字"], ["R1", "张三"]))
    assert (uploaded.state, uploaded.missing) == (State.UPLOADED, ("name",))
    assert (
        code_of(lambda: imports.examine(actor=OFFICER, now=NOW, key=None, number=uploaded.number))
        == "import_state"
    )
    found = detail(uploaded.number)
    assert found.headings == ("证件号码", "名字")
    assert found.sample == (("R1", "张三"),)
    assert found.steps == {"map", "discard"}

    mapped = remap(uploaded.number, {"code": 0, "name": 1})
    assert (mapped.state, mapped.missing) == (State.MAPPED, ())
    imports.examine(actor=OFFICER, now=NOW, key=None, number=uploaded.number)
    work_off()
    assert rows(uploaded.number)[0].values["name"] == "张三"


@pytest.mark.parametrize("mapping", [{"nothing": 0}, {"name": 9}, {"name": -1}, {"name": 1, "code": 1}])
def test_a_mapping_that_makes_no_sense(mapping) -> None:
    number = upload(with_headings(roster(1))).number
    assert code_of(lambda: remap(number, mapping)) == "import_mapping"


def test_mapping_anew_throws_the_verdicts_away() -> None:
    number = examined(with_headings(roster(2))).summary.number
    assert remap(number, {"name": 1}).state == State.MAPPED
    found = detail(number)
    assert found.summary.counts.rows == 0
    assert rows(number) == ()


def test_the_sheet_with_known_headings_is_found_and_another_can_be_chosen() -> None:
    book = openpyxl.Workbook()
    for line in range(40):
        book.active.append([f"填写说明第 {line} 条"])
    for title, name in (("一月", "张三"), ("二月", "李四")):
        page = book.create_sheet(title)
        page.append(HEADINGS)
        page.append(["R1", name, "1", None])
    out = io.BytesIO()
    book.save(out)
    uploaded = upload(out.getvalue())
    assert uploaded.sheet == "一月"
    assert "3 个工作表" in detail(uploaded.number).notices[0].zh
    assert code_of(lambda: remap(uploaded.number, sheet="三月")) == "sheet_missing"
    remap(uploaded.number, sheet="二月")
    assert detail(uploaded.number).sample[0][1] == "李四"


def test_what_should_be_known_before_trusting_the_preview_is_said() -> None:
    def shape(book, page) -> None:
        page.set_row(1, None, None, {"hidden": True})
        page.write_formula(2, 2, "=1+1", None, 2)

    headings = (*HEADINGS, "姓名")
    found = examined(xlsx(headings, *roster(2), ["合计", None, 3000], shape=shape))
    said = "".join(words.zh for words in found.notices)
    assert "隐藏的 1 行" in said
    assert "1 个公式" in said
    assert "重复的表头：姓名" in said
    assert "第 4 行像是合计" in said
    assert found.summary.counts.rows == 2


def test_options_are_read_in_their_forms_and_refused_by_name() -> None:
    uploaded = upload(with_headings(roster(1)), options={"year": "2025年", "source": "rural"})
    assert dict(detail(uploaded.number).options) == {"year": "2025", "source": "rural"}
    for wrong in ({"year": "去年"}, {"source": "nobody"}, {"unknown": "1"}):
        with pytest.raises(Refused) as caught:
            upload(with_headings(roster(1)), options=wrong)
        assert caught.value.where == f"options.{next(iter(wrong))}"


def test_the_kind_is_told_the_options_and_where_it_is(
    kind: RosterKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = []
    whole = RosterKind.examine
    monkeypatch.setattr(
        RosterKind, "examine", lambda self, some, task: (told.append(task), whole(self, some, task))[1]
    )
    examined(with_headings(roster(1)), options={"year": "2025"})
    (task,) = told
    assert (task.options, task.region, task.locking) == ({"year": 2025, "source": "civil"}, LIUZHI, False)
    assert str(task.today) == "2026-03-02" or task.today  # the business date of the worker's now


def test_refused_rows_come_back_as_a_workbook_with_the_reason_in_a_red_cell() -> None:
    headings = ("序号", *HEADINGS, "备用")
    content = xlsx(
        headings,
        [1, "520203198001010000", "张三", "1", "1980-01-01", "原样保留"],
        [2, 520203198001010027, "李四", "12.345", "1980-13-01", None],
        [3, "R3", "王五", "1", "1980-01-01", None],
        [4, "R4", "拒绝", "=1+1", "1980-01-01", None],
    )
    number = examined(content, file_name="C:\\名单\\岩脚镇.xlsx").summary.number
    made = imports.make_refused_file(actor=OFFICER, now=NOW, key=None, number=number)
    paper = imports.refused_file(viewer=OFFICER, import_number=number, paper=made.paper)
    assert paper.entry.name == "岩脚镇-未通过.xlsx"
    sheet = openpyxl.load_workbook(io.BytesIO(paper.content)).active
    assert [cell.value for cell in sheet[1]] == ["未通过原因", "原行号", *headings]
    assert [sheet.cell(row, 2).value for row in (2, 3, 4)] == [2, 3, 5]
    assert "Excel 已把后三位变成 000" in sheet["A2"].value
    assert "Excel 已把后三位变成 000" in sheet["D2"].comment.text
    assert sheet["D2"].fill.fgColor.rgb == "FFFFC7CE"
    assert (sheet["D2"].value, sheet["D2"].data_type) == ("520203198001010000", "s")
    assert sheet["H2"].value == "原样保留"
    assert {cell.coordinate for cell in sheet[3] if cell.comment} == {"D3", "F3", "G3"}
    assert sheet["F4"].value == "=1+1"
    assert sheet["F4"].data_type != "f"


def test_the_file_of_refused_rows_can_be_mended_and_imported() -> None:
    number = examined(with_headings([["R1", None, "1", ""], ["R2", "李四", "1", ""]])).summary.number
    made = imports.make_refused_file(actor=OFFICER, now=NOW, key=None, number=number)
    book = openpyxl.load_workbook(
        io.BytesIO(imports.refused_file(viewer=OFFICER, import_number=number, paper=made.paper).content)
    )
    assert book.active["D2"].value is None
    book.active["D2"] = "张三"
    out = io.BytesIO()
    book.save(out)
    again = examined(out.getvalue())
    counts = again.summary.counts
    assert (counts.rows, counts.new, counts.refused) == (1, 1, 0)


def test_the_uploaded_file_and_other_papers_are_not_given_out() -> None:
    found = examined(with_headings([["R1", "拒绝", "1", ""]]))
    for paper in (found.paper, 999_999):
        assert (
            code_of(
                lambda paper=paper: imports.refused_file(
                    viewer=OFFICER, import_number=found.summary.number, paper=paper
                )
            )
            == "paper_not_found"
        )
    assert code_of(
        lambda: imports.make_refused_file(actor=NEIGHBOUR, now=NOW, key=None, number=found.summary.number)
    ) == ("import_not_found")
    clean = examined(with_headings(roster(1))).summary.number
    assert code_of(lambda: imports.make_refused_file(actor=OFFICER, now=NOW, key=None, number=clean)) == (
        "import_nothing_refused"
    )


def test_nothing_of_a_hostile_file_is_kept() -> None:
    for content in (b"%PDF-1.7", b"", with_headings(roster(1))[:300], "甲,乙\n1,2\n".encode()):
        with pytest.raises(Refused):
            upload(content)
    with scoped(OFFICER.scope):
        assert StoredPaper.objects.count() == 0
        assert StagedImport.objects.count() == 0


def test_a_file_with_headings_alone_is_refused_in_the_end() -> None:
    found = examined(xlsx(HEADINGS))
    assert found.summary.state == State.REFUSED
    assert found.trouble is not None
    assert found.trouble.code == "import_no_rows"
    assert found.steps == frozenset()


def test_rows_lie_sealed_and_the_trail_names_nobody() -> None:
    examined(with_headings([["11010519491231002X", "张三丰", "1", "1980-01-01"], ["R2", "拒绝", "1", ""]]))
    with scoped(OFFICER.scope):
        for statement in (
            "SELECT string_agg(encode(sealed, 'escape'), '') FROM imports_stagedpart",
            "SELECT string_agg(s::text, '') FROM imports_stagedimport s",
            "SELECT string_agg(s::text, '') FROM imports_stagedrow s",
        ):
            (text,) = entries(statement)[0]
            assert "张三丰" not in text
            assert "11010519491231002X" not in text
        events = [str(event.detail) for event in AuditEvent.objects.all()]
    assert len(events) >= 3
    assert not any("张三丰" in event or "11010519491231002X" in event for event in events)


def test_a_scope_narrower_than_the_list_cannot_import_it() -> None:
    township = Actor(9, "township", frozenset({"county"}), Ranges.of([520203101000]))
    assert code_of(lambda: upload(with_headings(roster(1)), actor=township)) == "import_region_not_allowed"
    assert upload(with_headings(roster(1)), actor=township, region=520203101).state == State.MAPPED


@pytest.mark.parametrize("role", ["window", "audit", "county_approver", "system_admin", "health"])
def test_roles_without_the_right_cannot_import(role: str) -> None:
    somebody = Actor(9, role, frozenset({role}), OFFICER.ranges)
    expected = "import_kind_not_allowed" if role == "health" else "not_allowed"
    assert code_of(lambda: upload(with_headings(roster(1)), actor=somebody)) == expected


def test_an_auditor_sees_that_something_was_imported_and_not_the_rows() -> None:
    number = examined(with_headings(roster(1))).summary.number
    auditor = Actor(9, "auditor", frozenset({"audit"}), OFFICER.ranges)
    found = imports.detail(viewer=auditor, import_number=number)
    assert (found.summary.counts.new, found.sample, found.steps) == (1, (), frozenset())
    assert code_of(lambda: rows(number, actor=auditor)) == "not_allowed"


def test_the_list_is_filtered_and_paged() -> None:
    numbers = [upload(with_headings(roster(n + 1))).number for n in range(3)]
    imports.discard(actor=OFFICER, now=NOW, key=None, number=numbers[0])
    page = imports.imports(viewer=OFFICER, size=2)
    assert ([each.number for each in page.items], page.total) == ([numbers[2], numbers[1]], 3)
    cancelled = imports.imports(viewer=OFFICER, state="cancelled").items
    assert [each.number for each in cancelled] == [numbers[0]]
    assert imports.imports(viewer=OFFICER, kind="test.other").items == ()


def test_a_page_of_verdicts_far_apart_opens_only_their_parts() -> None:
    wanted = [[f"X{n}", "拒绝", "1", ""] for n in range(3)]
    body = [wanted[0], *roster(700), wanted[1], *roster(700, first=700), wanted[2]]
    number = examined(with_headings(body)).summary.number
    assert [row.number for row in rows(number, "refused")] == [2, 703, 1404]
    page = imports.rows(viewer=OFFICER, import_number=number, number=14, size=100)
    assert (page.items[0].number, len(page.items), page.total) == (1402, 3, 1403)
