"""An import in a real browser: a roster from the file to the undo, duplicates decided, on a desk and on a phone."""

import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from support.browser import Tab
from support.people import id_number

pytestmark = [pytest.mark.browser, pytest.mark.slow]
HEADINGS = ("姓名", "身份证号码", "户编号", "与户主关系", "联系电话", "性别", "出生日期")
TOWN = "岩脚镇"


def people(seed: int, count: int) -> list[tuple[Any, ...]]:
    """Rows of fictional persons, three to a household."""
    lot = random.Random(seed)
    rows = []
    for order in range(count):
        born = date(1950, 1, 1) + timedelta(days=lot.randrange(20_000))
        name = lot.choice("王李张刘陈") + lot.choice("小大文玉") + lot.choice("英兰平军")
        relation = "子" if order % 3 else "户主"
        household = f"B{seed}{order // 3:04d}"
        rows.append((name, id_number(born, order * 2 + 1), household, relation, f"138{order:08d}", "", ""))
    return rows


def without_number(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """The same person on another list, without the ID."""
    number = row[1]
    return (row[0], "", row[2], "子", "", "男", f"{number[6:10]}-{number[10:12]}-{number[12:14]}")


def file_of(folder: Path, name: str, rows: list[tuple[Any, ...]]) -> Path:
    from openpyxl import Workbook

    book = Workbook()
    for row in (HEADINGS, *rows):
        book.active.append(row)
    book.save(folder / name)
    return folder / name


def upload(tab: Tab, path: Path) -> None:
    tab.go("/county/imports/new/?kind=people.roster")
    tab.page.select_option("#region", label=TOWN)
    tab.page.set_input_files("#file", path)
    tab.page.get_by_role("button", name="上传并识别表头").click()
    tab.page.get_by_role("heading", name="表头对应").wait_for()


def check(tab: Tab) -> None:
    tab.page.get_by_role("button", name="核对全部行").click()
    tab.page.locator("#rows").wait_for()


def test_a_roster_from_the_file_to_the_undo(tab: Tab, tmp_path: Path) -> None:
    rows = people(31, 24)
    wrong = [("错误甲", "520203198001010010", "", "", "", "", "")]
    tab.sign_in("county")
    tab.go("/county/imports/new/")
    tab.accessible()
    upload(tab, file_of(tmp_path, "花名册.xlsx", rows + wrong))
    assert rows[0][1] not in tab.page.content()
    tab.shot("county-import-headings")
    tab.accessible()
    check(tab)
    assert tab.page.locator(".figure.good .value").inner_text() == "24"
    tab.shot("county-import-preview")
    tab.accessible()
    with tab.page.expect_download() as download:
        tab.page.get_by_role("button", name="下载未通过的").click()
    assert download.value.suggested_filename == "花名册-未通过.xlsx"
    tab.page.locator(".decide .primary").dblclick()
    tab.page.get_by_role("heading", name="改变了什么").wait_for()
    assert tab.page.locator(".figure.good .value").inner_text() == "24"
    tab.shot("county-import-result")
    tab.accessible()
    address = tab.page.url.split("?")[0].removeprefix(tab.site.address)

    upload(tab, file_of(tmp_path, "另一份.xlsx", [without_number(rows[0]), without_number(rows[4])]))
    check(tab)
    tab.page.locator(".figure", has_text="疑似重复").click()
    assert tab.page.locator(".pair").count() == 2
    tab.shot("county-import-duplicates")
    tab.accessible()
    tab.page.get_by_role("button", name="就是这一位").first.click()
    tab.page.locator(".pair").nth(1).wait_for(state="detached")
    tab.page.get_by_role("button", name="放弃这次导入").click()
    tab.page.get_by_text("这次导入已放弃").wait_for()

    tab.go(address)
    tab.page.locator("tbody a").first.click()  # what changed leads to the person
    tab.page.wait_for_url("**/county/people/*/")
    tab.go(address)
    tab.page.get_by_text("撤销这次导入").click()
    tab.page.fill("#reason", "传错了文件")
    tab.page.get_by_role("button", name="撤销", exact=True).click()
    tab.page.get_by_text("撤销了什么").wait_for()
    tab.accessible()


def test_a_refused_file_and_the_inbox_on_a_phone_in_the_dark(phone: Tab, tmp_path: Path) -> None:
    phone.page.emulate_media(color_scheme="dark")
    phone.sign_in("county")
    phone.go("/county/imports/new/?kind=people.roster")
    phone.narrow()
    broken = tmp_path / "坏.xlsx"
    broken.write_bytes(b"PK\x03\x04 no workbook")
    phone.page.set_input_files("#file", broken)
    phone.page.get_by_role("button", name="上传并识别表头").click()
    assert "损坏" in phone.page.locator("#message [role=alert]").inner_text()
    upload(phone, file_of(tmp_path, "手机.xlsx", people(77, 3)))
    phone.narrow()
    check(phone)
    phone.narrow()
    phone.accessible()
    phone.shot("county-import-phone-dark")
    phone.go("/county/inbox/")
    assert phone.page.get_by_text("待确认的导入").count() == 1
    phone.narrow()
    phone.accessible()
    phone.shot("county-inbox-phone-dark")
