"""资金台账, 周转金, 会计期间 and a hospital's 应收款 by their pages."""

import re
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from doudi.server.access.roles import Role
from doudi.server.kernel import clock
from doudi.server.kernel.actor import SYSTEM
from doudi.server.ledger.api import Amount, later, month_of, prove
from doudi.server.reference.api import add_facility, set_fund
from support import actors
from support.clients import client_of
from support.ledger import COUNTY, HOSPITAL, THERE, shares, write

pytestmark = pytest.mark.django_db
NOW = clock.now()
TODAY = clock.today()
MONTH, BEFORE = month_of(TODAY), later(month_of(TODAY), -1)


@pytest.fixture
def hospital() -> int:
    """A hospital, two funds, a bill of last month and one of this, a payment: 100.00 of 140.00 is open."""
    number = add_facility(
        actor=SYSTEM, now=NOW, key=None, code="H52020300001", name="六枝特区人民医院", region=COUNTY,
        opened_on=date(2015, 1, 1), level="county", grade="2",
    ).id  # fmt: skip
    for code, name in (("nrcms", "新农合基金"), ("civil_affairs", "医疗救助基金")):
        set_fund(
            actor=SYSTEM,
            now=NOW,
            key=None,
            region=COUNTY,
            code=code,
            name=name,
            department="民政局",
            from_date=date(2015, 1, 1),
        )
    write(facility=number, posted_on=BEFORE, amounts=shares(nrcms=6_000, civil_affairs=2_000, patient=1_500))
    write(facility=number, posted_on=MONTH, amounts=shares(nrcms=6_000), source_id=2)
    write(
        facility=number, posted_on=MONTH, template="hospital_paid", person=None, source_kind="",
        amounts=[Amount("from_fund", "nrcms", 4_000)],
    )  # fmt: skip
    return number


def text_of(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[:3000]
    body = answer.content.decode().split("<main", 1)[-1]
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def officer(role: Role = Role.COUNTY, **words: Any) -> Client:
    return client_of(role, **words)


def test_from_the_trial_balance_to_the_entry(hospital: int) -> None:
    client = officer()
    page = text_of(client.get("/county/ledger/"))
    assert "平衡" in page
    assert "应付医疗机构" in page
    assert "未结账" in page
    opened = client.get("/county/ledger/", {"kind": "due"})
    assert "医疗救助基金 · 六枝特区人民医院 20.00 借" in text_of(opened)
    account = re.search(r"/county/ledger/account/\d+/\?month=[\d-]+", opened.content.decode())
    assert account
    lines = client.get(account[0])
    assert "期初余额 20.00 借" in text_of(lines)
    assert "这个月没有发生额" in text_of(lines)
    lines = client.get(account[0].split("?")[0], {"month": f"{BEFORE:%Y-%m}"})
    assert "结算 1" in text_of(lines)
    entry = re.search(r"/county/ledger/entry/\d+/", lines.content.decode())
    assert entry
    page = text_of(client.get(entry[0]))
    assert "应付医疗机构 新农合基金 · 六枝特区人民医院 60.00" in page
    assert "合计 95.00 95.00" in page
    assert "结算 1 的记账凭证" in text_of(client.get("/county/ledger/of/settlement/1/"))
    assert "没有记账凭证" in text_of(client.get("/county/ledger/of/settlement/99/"))


def test_a_month_before_anything_is_empty_and_says_so(hospital: int) -> None:
    page = text_of(officer().get("/county/ledger/", {"month": "2015-01"}))
    assert "到这个月为止没有记账" in page


@pytest.mark.parametrize("role", [Role.COUNTY_APPROVER, Role.OVERSIGHT, Role.AUDIT])
def test_who_else_reads_the_books(hospital: int, role: Role) -> None:
    client = officer(role)
    for address in ("/county/ledger/", "/county/floats/", "/county/periods/"):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("role", [Role.WINDOW, Role.HEALTH, Role.SYSTEM_ADMIN])
def test_who_does_not(hospital: int, role: Role) -> None:
    client = officer(role)
    for address in ("/county/ledger/", "/county/floats/", "/county/periods/"):
        assert client.get(address).status_code == 403


def test_the_books_of_another_county_are_not_shown(hospital: int) -> None:
    client = officer()
    assert client.get("/county/ledger/", {"county": THERE}).status_code == 403
    assert client.get("/county/periods/", {"county": THERE}).status_code == 403
    other = client_of(Role.COUNTY, code=522632000000)
    assert other.get("/county/ledger/of/settlement/1/").status_code == 200
    assert "没有记账凭证" in text_of(other.get("/county/ledger/of/settlement/1/"))


def test_a_province_chooses_the_county(hospital: int) -> None:
    write(region=THERE + 101)
    client = client_of(Role.OVERSIGHT, code=actors.PROVINCE)
    page = client.get("/county/ledger/")
    assert str(COUNTY) in page.content.decode()
    assert "应付医疗机构" in text_of(page)
    assert "835.00" in text_of(client.get("/county/ledger/", {"county": THERE, "month": "2026-11"}))
    for address in ("/county/floats/", "/county/periods/", "/county/inbox/"):
        assert client.get(address, {"county": THERE}).status_code == 200


def test_in_english(hospital: int) -> None:
    client = officer(language="en")
    assert "Due to facilities" in text_of(client.get("/county/ledger/"))
    assert "Nothing has come in yet" in text_of(client.get("/county/floats/"))
    assert "The books are proved every night" in text_of(client.get("/county/periods/"))


def sheet(answer: Any) -> list[tuple[Any, ...]]:
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return list(load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))


def test_the_trial_balance_and_the_lines_as_excel(hospital: int) -> None:
    client = officer()
    rows = sheet(client.post("/county/ledger/export/", {"month": f"{MONTH:%Y-%m}", "purpose": "月度对账"}))
    assert rows[0][:2] == ("账户类别", "基金与机构")
    due = [row for row in rows if row[0] == "应付医疗机构"]
    assert [(row[1], row[3], row[4], row[5], row[7]) for row in due] == [
        ("医疗救助基金 · 六枝特区人民医院", 20, 0, 0, 20), ("新农合基金 · 六枝特区人民医院", 60, 60, 40, 80),
    ]  # fmt: skip
    page = client.get("/county/ledger/", {"kind": "due", "fund": "nrcms"}).content.decode()
    account = re.search(r"/county/ledger/account/(\d+)/", page)
    assert account
    rows = sheet(client.post(f"{account[0]}export/", {"month": f"{MONTH:%Y-%m}", "purpose": "月度对账"}))
    assert [(row[2], row[6], row[7], row[9]) for row in rows[1:3]] == [
        ("结算", 60, 0, 120),
        ("支付医疗机构", 0, 40, 80),
    ]
    assert client.post("/county/ledger/export/", {"month": "2026-01"}).status_code == 422, "without a purpose"


def test_a_deposit_is_recorded_once_and_shown(hospital: int) -> None:
    client, approver = officer(), officer(Role.COUNTY_APPROVER)
    level = {
        "county": COUNTY,
        "fund": "civil_affairs",
        "agreed": "800,000",
        "warning": "160000",
        "source": "实施方案",
    }
    assert approver.post("/county/floats/level/", level).status_code == 302
    assert "低于预警线" not in text_of(client.get("/county/ledger/"))
    page = text_of(client.get("/county/floats/"))
    assert "已不足，请拨款" in page
    deposit = {
        "county": COUNTY, "fund": "civil_affairs", "sum": "800000", "on_date": TODAY.isoformat(), "voucher": "1",
        "key": "a1",
    }  # fmt: skip
    for _ in range(2):
        assert client.post("/county/floats/deposit/", deposit).status_code == 302
    page = text_of(client.get("/county/floats/"))
    assert "799,980.00 元可用" in page
    assert "账面余额 800,000.00" in page
    assert "充足" in page
    refused = client.post(
        "/county/floats/return/", deposit | {"sum": "800000.01", "key": "b"}, headers={"hx-request": "true"}
    )
    assert "超过周转金余额 800000.00 元" in refused.content.decode()
    assert client.post("/county/floats/return/", deposit | {"sum": "100000", "key": "c"}).status_code == 302
    assert "699,980.00 元可用" in text_of(client.get("/county/floats/"))
    assert approver.post("/county/floats/deposit/", deposit).status_code == 403
    assert client.post("/county/floats/level/", level).status_code == 403


def test_closing_a_month(hospital: int) -> None:
    client, approver = officer(), officer(Role.COUNTY_APPROVER)
    assert "待结账" in text_of(client.get("/county/periods/"))
    assert "办理结账" not in text_of(client.get("/county/periods/"))
    assert "办理结账" in text_of(approver.get("/county/periods/"))
    words = {"county": COUNTY, "month": f"{BEFORE:%Y-%m}"}
    assert client.post("/county/periods/close/", words).status_code == 403
    assert approver.post("/county/periods/close/", words).status_code == 302
    assert approver.post("/county/periods/close/", words).status_code == 409
    page = text_of(approver.get("/county/periods/"))
    assert f"{BEFORE:%Y-%m} 已结账" in page
    assert "已结账" in text_of(client.get("/county/ledger/", {"month": f"{BEFORE:%Y-%m}"}))


def test_beginning_the_books() -> None:
    approver = officer(Role.COUNTY_APPROVER)
    assert "还没有记账" in text_of(approver.get("/county/periods/"))
    words = {"county": COUNTY, "month": f"{BEFORE:%Y-%m}"}
    assert approver.post("/county/periods/open/", words).status_code == 302
    assert "启用账套" not in text_of(approver.get("/county/periods/"))


def test_the_last_proof_is_shown(hospital: int) -> None:
    prove(actor=SYSTEM, now=NOW)
    assert "账簿核对一致" in text_of(officer().get("/county/periods/"))


def test_the_inbox_tells_of_a_low_float_and_a_month_to_close(hospital: int) -> None:
    client, approver = officer(), officer(Role.COUNTY_APPROVER)
    level = {"county": COUNTY, "fund": "civil_affairs", "agreed": "8", "warning": "1", "source": "实施方案"}
    approver.post("/county/floats/level/", level)
    assert "周转金不足" in text_of(client.get("/county/inbox/"))
    page = text_of(approver.get("/county/inbox/"))
    assert f"{BEFORE:%Y-%m} 待结账" in page


def test_what_is_owed_to_the_hospital(hospital: int) -> None:
    client = officer(Role.WINDOW)
    assert "还没有应收款" in text_of(client.get("/finance/")), "what is owed to others is not shown"
    write(posted_on=BEFORE, amounts=shares(nrcms=6_000, civil_affairs=2_000, patient=1_500))
    write(posted_on=MONTH, amounts=shares(nrcms=6_000))
    write(
        posted_on=MONTH, template="hospital_paid", person=None, amounts=[Amount("from_fund", "nrcms", 4_000)]
    )
    page = text_of(client.get("/finance/"))
    assert "累计应收（¥） 140.00 累计已收（¥） 40.00 尚未收到（¥） 100.00" in page
    assert "新农合基金" in page
    assert f"{MONTH:%Y-%m} 60.00 40.00 100.00" in page
    assert f"{BEFORE:%Y-%m} 80.00 – 80.00" in page
    found = re.search(r"/county/ledger/account/\d+/", client.get("/finance/").content.decode())
    assert found
    lines = client.get(found[0], {"month": f"{BEFORE:%Y-%m}"})
    assert "结算 1" in text_of(lines)
    assert "/county/ledger/export/" not in lines.content.decode()
    entry = re.search(r"/county/ledger/entry/\d+/", lines.content.decode())
    assert entry
    assert "应付医疗机构" in text_of(client.get(entry[0]))


@pytest.mark.parametrize("address", ["/county/ledger/?kind=due", "/county/floats/", "/finance/"])
def test_queries_of_a_page_do_not_grow(hospital: int, address: str) -> None:
    client = officer(Role.WINDOW if "finance" in address else Role.COUNTY)
    client.get(address)
    counts = []
    for size in (1, 12):
        for number in range(size):
            write(
                facility=HOSPITAL if "finance" in address else 900 + number,
                posted_on=MONTH,
                amounts=shares(**{f"fund{number}": 9}),
            )
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
