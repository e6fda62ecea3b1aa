"""The conversation of an import by its pages: upload, headings, preview, choosing, deciding, import, undo, refusals."""

import re
from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from doudi.server.access.roles import Role
from doudi.server.desks import urls  # noqa: F401 - declares all pages
from doudi.server.desks.county.imports_rows import attachment
from doudi.server.imports import api as imports
from doudi.server.imports.api import Judgement
from doudi.server.imports.models import StagedImport
from doudi.server.kernel import clock
from doudi.server.kernel.jobs import work_off
from doudi.server.kernel.scope import EVERYWHERE, Scope, scoped
from doudi.server.people import api as people
from support import actors
from support.clients import client_of
from support.pages import HTMX, queries, refused, sent, shown
from support.people import id_number
from support.sheets import RosterKind, entries, roster, roster_kind, with_headings, xlsx

pytestmark = pytest.mark.django_db
COUNTY = 520203000
NEW = "/county/imports/new/"


@pytest.fixture(autouse=True)
def kind() -> RosterKind:
    return roster_kind()


@pytest.fixture
def client() -> Client:
    return client_of(Role.COUNTY)


def upload(client: Client, content: bytes, *, name: str = "名单.xlsx", key: str = "k", **more: str) -> str:
    data = {"kind": "test.roster", "region": str(COUNTY), "key": key, "option-source": "civil"} | more
    address = sent(client, NEW, data | {"file": SimpleUploadedFile(name, content)})
    assert re.fullmatch(r"/county/imports/\d+/", address)
    return address


def examined(client: Client, content: bytes, **more: str) -> str:
    address = upload(client, content, **more)
    sent(client, address + "examine/", {"key": "e" + address})
    work_off()
    return address


def imported(client: Client, address: str, rows: int) -> None:
    sent(client, address + "apply/", {"key": "a" + address, "expected": str(rows)})
    work_off()


def test_the_whole_way_from_file_to_undo(client: Client) -> None:
    content = with_headings([*roster(3), ["R9", "拒绝", "1", ""]])
    address = upload(client, content)
    page = shown(client, address)
    assert "待核对" in page
    assert "核对全部行" in page
    sent(client, address + "map/", {**places(0, 1, 2, 3), "then": "examine", "key": "x"})
    assert "hx-get" in shown(client, address)  # the bar is asked for again
    assert "排队中" in shown(client, address + "progress/")
    work_off()
    done = client.get(address + "progress/", headers=HTMX)
    assert done.headers["HX-Redirect"] == address
    page = shown(client, address)
    assert "待确认" in page
    assert "姓名不被接受" in page
    assert re.search(r"导入 3\s+行", page)
    assert entries() == []
    imported(client, address, 3)
    page = shown(client, address)
    assert "已导入" in page
    assert "改变了什么" in page
    assert len(entries()) == 3
    sent(client, address + "undo/", {"key": "u", "reason": "传错了文件"})
    work_off()
    page = shown(client, address)
    assert "已撤销" in page
    assert "传错了文件" in page
    assert entries() == []


def places(*order: int) -> dict[str, str]:
    return {
        f"column-{name}": str(place)
        for name, place in zip(("code", "name", "amount", "day"), order, strict=False)
    }


def test_only_what_the_role_may_import_is_offered(client: Client) -> None:
    page = shown(client, NEW)
    assert "人员名册" in page
    assert "测试名单" in page
    page = shown(client, NEW + "?kind=people.roster")
    assert "必需" in page
    assert "六枝" in page or str(COUNTY) in page
    assert "没有可以导入的文件" in shown(client_of(Role.HEALTH), NEW)
    assert client.get(NEW + "?kind=no.such").status_code == 422
    # a form made by hand asks the operation, which says no
    status, text = refused(
        client_of(Role.HEALTH), NEW,
        {"kind": "people.roster", "region": str(COUNTY), "key": "k", "file": SimpleUploadedFile("a.xlsx", b"PK")},
    )  # fmt: skip
    assert status == 403
    assert "不能导入" in text


def test_a_list_of_elsewhere_is_refused(client: Client) -> None:
    data = {"kind": "test.roster", "region": "522632000", "key": "k"}
    file = SimpleUploadedFile("a.xlsx", with_headings(roster(1)))
    status, text = refused(client, NEW, data | {"file": file})
    assert status == 403
    assert "管辖范围" in text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "空"),
        (b"PK\x03\x04 not a workbook", "损坏"),
        (b"%PDF-1.7", "Excel"),
        (b"\x00\x01\x02\x03" * 50, "Excel"),
    ],
)
def test_hostile_files_are_answered_beside_the_form(client: Client, content: bytes, said: str) -> None:
    data = {"kind": "test.roster", "region": str(COUNTY), "key": "k"}
    status, text = refused(client, NEW, data | {"file": SimpleUploadedFile("名单.xlsx", content)})
    assert 400 <= status < 500
    assert said in text
    with scoped(Scope(EVERYWHERE)):
        assert StagedImport.objects.count() == 0


def test_a_form_without_a_file_says_so(client: Client) -> None:
    _, text = refused(client, NEW, {"kind": "test.roster", "region": str(COUNTY), "key": "k"})
    assert "请选择要导入的文件" in text


def test_samples_beside_the_mapping_are_covered(client: Client) -> None:
    number = "520203198001010027"
    content = xlsx(("身份证", "姓名", "金额"), (number, "欧阳小明", "12.50"))
    page = shown(client, upload(client, content))
    assert number not in page
    assert "欧阳小明" not in page
    assert "12.50" in page  # not personal
    assert "身份证" in page


def test_headings_are_put_right_by_hand(client: Client) -> None:
    content = xlsx(("证件号码", "谁", "补助金额"), ("R1", "张三", "1"))
    address = upload(client, content)
    page = shown(client, address)
    assert "有必需的列没有对应到表头" in page
    sent(
        client, address + "map/", {**places(0), "then": "examine", "key": "x"}
    )  # still missing: kept, not checked
    assert "待对应表头" in shown(client, address)
    _, text = refused(client, address + "map/", {**places(0, 0), "then": "save"})
    assert 'data-refusal="import_mapping"' in text
    sent(client, address + "map/", {**places(0, 1, 2), "then": "examine", "key": "y"})
    work_off()
    assert "待确认" in shown(client, address)


def test_another_sheet_may_be_read(client: Client) -> None:
    def second(book: object, page: object) -> None:
        other = book.add_worksheet("第二张")  # type: ignore[attr-defined]
        for place, text in enumerate(("证件号码", "姓名")):
            other.write_string(0, place, text)
            other.write_string(1, place, ("R7", "李四")[place])

    address = upload(client, xlsx(("证件号码", "姓名"), ("R1", "张三"), shape=second))
    assert "第二张" in shown(client, address)
    sent(client, address + "sheet/", {"sheet": "第二张"})
    with scoped(Scope(EVERYWHERE)):
        assert StagedImport.objects.get().sheet == "第二张"


def test_counts_open_their_rows_and_differences_are_plain(client: Client) -> None:
    first = examined(client, with_headings(roster(2)))
    imported(client, first, 2)
    changed = [*roster(2, name="张三丰")[:1], *roster(1, first=1), *roster(1, first=5)]
    address = examined(client, with_headings(changed), key="second")
    page = shown(client, address + "?show=changed")
    assert "<del>张三</del> → <ins>张三丰</ins>" in page
    assert page.count('name="row"') == 1
    assert "没有这样的行" in shown(client, address + "?show=refused")
    assert client.get(address + "?show=whatever").status_code == 422


def test_choosing_rows_moves_the_count_and_the_sentence(client: Client) -> None:
    address = examined(client, with_headings(roster(5)))
    assert (
        sent(client, address + "choose/", {"do": "out", "row": ["2", "3"], "show": "new"})
        == f"{address}?show=new"
    )
    page = shown(client, address)
    assert re.search(r"导入 3\s+行", page)
    assert re.search(r"未选中 2", page)
    status, text = refused(client, address + "apply/", {"key": "k1", "expected": "5"})
    assert status == 409
    assert "已变为 3 行" in text
    _, text = refused(client, address + "choose/", {"do": "in"})
    assert "请先勾选" in text
    sent(client, address + "choose/", {"do": "none"})
    assert "没有选中要导入的行" in shown(client, address)
    sent(client, address + "choose/", {"do": "only_new"})
    imported(client, address, 5)
    assert len(entries()) == 5


def test_possible_duplicates_are_decided_side_by_side(client: Client) -> None:
    first = examined(client, with_headings(roster(1)))
    imported(client, first, 1)
    address = examined(client, with_headings([["", "张三", "7", ""], ["", "张三", "8", ""]]), key="second")
    page = shown(client, address + "?show=duplicate")
    assert "姓名相同" in page
    assert "相似 90 %" in re.sub(r"\s+", " ", page)
    answer = re.search(r'value="(2:\d+)"', page)
    assert answer is not None
    _, text = refused(client, address + "decide/", {"as": "2:999999"})
    assert "不能这样判定" in text
    sent(client, address + "decide/", {"as": answer.group(1), "show": "duplicate"})
    sent(client, address + "decide/", {"as": "new", "row": ["3"], "show": "duplicate"})
    assert "没有待判定的行" in shown(client, address + "?show=duplicate")
    page = shown(client, address)
    assert "变更" in page
    assert "新增" in page


def test_a_double_click_starts_one_job_and_answers_alike(client: Client) -> None:
    address = upload(client, with_headings(roster(2)), key="once")
    assert upload(client, with_headings(roster(2)), key="once") == address
    for _ in range(2):
        assert sent(client, address + "examine/", {"key": "once-too"}) == address
    work_off()
    for _ in range(2):
        assert sent(client, address + "apply/", {"key": "and-once", "expected": "2"}) == address
    work_off()
    assert len(entries()) == 2
    assert (
        client.post(address + "apply/", {"key": "another", "expected": "2"}, headers=HTMX).status_code == 409
    )


def test_refused_rows_come_as_a_workbook_that_nothing_keeps(client: Client) -> None:
    address = examined(client, with_headings([*roster(1), ["R9", "拒绝", "1", ""]]))
    where = sent(client, address + "refused/", {"key": "file"})
    answer = client.get(where)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    assert answer["Content-Disposition"].startswith("attachment;")
    book = load_workbook(BytesIO(answer.content))
    texts = [str(cell) for row in book.active.iter_rows(values_only=True) for cell in row if cell]
    assert any("姓名不被接受" in text for text in texts)
    other = client_of(Role.COUNTY, code=actors.RONGJIANG)
    assert other.get(where).status_code == 404
    assert client_of(Role.AUDIT).get(where).status_code == 403


def test_a_file_name_cannot_break_the_header() -> None:
    said = attachment('坏"名\r\nSet-Cookie: x=1;字.xlsx')
    assert "\r" not in said
    assert "\n" not in said
    assert said.startswith('attachment; filename="rows.xlsx"; filename*=UTF-8')
    assert said.count('"') == 2


def test_another_county_sees_none_of_it_and_an_approver_only_counts(client: Client) -> None:
    address = examined(client, with_headings(roster(2)))
    other = client_of(Role.COUNTY, code=actors.RONGJIANG)
    assert other.get(address).status_code == 404
    assert "名单.xlsx" not in shown(other, "/county/imports/")
    for step in ("examine/", "apply/", "discard/", "choose/"):
        assert (
            other.post(address + step, {"key": "k", "expected": "2", "do": "all"}, headers=HTMX).status_code
            == 404
        )
    page = shown(client_of(Role.COUNTY_APPROVER), address)
    assert "由导入的经办人确认" in page
    assert "R00000000" not in page


def test_what_stands_in_the_way_of_undoing_is_listed(client: Client) -> None:
    address = examined(client, with_headings(roster(2)))
    imported(client, address, 2)
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("UPDATE roster SET held = true WHERE code = 'R00000001'")
    sent(client, address + "undo/", {"key": "u", "reason": "试一试"})
    work_off()
    page = shown(client, address)
    assert "已有救助记录" in page
    assert "没有撤销任何内容" in page
    assert len(entries()) == 2
    _, text = refused(client, address + "undo/", {"key": "u2", "reason": ""})
    assert "撤销原因" in text


def test_discarding_and_the_same_file_again(client: Client) -> None:
    address = upload(client, with_headings(roster(1)))
    sent(client, address + "discard/", {"key": "d"})
    assert "已放弃" in shown(client, address)
    again = upload(client, with_headings(roster(1)), key="again")
    assert "曾经导入过" in shown(client, again)
    assert "已放弃" in shown(client, "/county/imports/?state=cancelled")
    assert "没有符合条件的导入" in shown(client, "/county/imports/?state=applied")


def test_stopping_a_step_leaves_nothing(client: Client) -> None:
    address = upload(client, with_headings(roster(2)))
    sent(client, address + "examine/", {"key": "e"})
    sent(client, address + "stop/")
    work_off()
    assert "待核对" in shown(client, address)


def test_pages_make_the_same_number_of_queries_however_long_the_list(client: Client) -> None:
    few = examined(client, with_headings(roster(2)))
    many = examined(client, with_headings(roster(1200, first=100)), key="many")
    for address in (few, many):
        shown(client, address)
    counted = [queries(lambda a=address: shown(client, a)) for address in (few, many)]
    assert counted[1] <= counted[0] + 1  # a full page is counted, a short one needs no counting
    listed = queries(lambda: shown(client, "/county/imports/"))
    for number in range(4):
        upload(client, with_headings(roster(1, first=5000 + number)), key=f"more{number}")
    assert queries(lambda: shown(client, "/county/imports/")) == listed


def test_every_verdict_state_and_event_has_its_words() -> None:
    from doudi.server.desks.county import imports_words

    assert set(imports_words.JUDGEMENTS) == set(Judgement)
    for state in imports.State:
        assert 0 <= imports_words.step_of(state) < len(imports_words.STEPS)


def test_the_pages_speak_english_too(client: Client) -> None:
    client.cookies["language"] = "en"
    address = examined(client, with_headings(roster(1)))
    for page in (shown(client, "/county/imports/"), shown(client, NEW), shown(client, address)):
        assert "<h1>导入" not in page
        assert "Imports" in page


def test_what_a_list_of_recognitions_changed_leads_to_the_persons(client: Client) -> None:
    number = id_number(date(1970, 5, 1), 7)
    person = people.register(
        actor=actors.officer(), now=clock.now(), key=None, region=actors.LIUZHI_TOWN, name="王小明", number=number
    ).person  # fmt: skip
    content = xlsx(
        ("姓名", "证件号码", "人员类别"), ("王小明", number, "最低生活保障对象"), ("无此人", "1", "特困")
    )
    data = {
        "kind": "recognition.list", "region": str(COUNTY), "key": "k", "option-evidence": "民发〔2026〕1号",
        "option-from_date": clock.today().isoformat(), "option-category": "subsistence_allowance",
        "file": SimpleUploadedFile("低保.xlsx", content),
    }  # fmt: skip
    address = sent(client, NEW, data)
    sent(client, address + "examine/", {"key": "e"})
    work_off()
    assert "民发〔2026〕1号" in shown(client, address)
    imported(client, address, 1)
    page = shown(client, address)
    assert f'href="/county/people/{person}/"' in page
    today = " ".join(shown(client, "/county/inbox/").split())
    assert '<div class="value">1</div><div class="label">新认定</div>' in today
    sent(client, address + "undo/", {"key": "u", "reason": "发错了"})
    work_off()
    assert f'href="/county/people/{person}/"' not in shown(client, address)
    today = " ".join(shown(client, "/county/inbox/").split())
    assert '<div class="value">0</div><div class="label">新认定</div>' in today
