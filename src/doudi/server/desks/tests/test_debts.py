"""The pages of debts: the hospital's list and box, the county's table and list, cases with papers, the inbox."""

import re
from dataclasses import dataclass
from functools import partial

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from doudi.money import format_yuan
from doudi.server.access.roles import Role
from doudi.server.audit.api import seal
from doudi.server.kernel.actor import Actor
from doudi.server.settlement import api
from support import debts, settling
from support.clients import client_of
from support.pages import HTMX, queries, refused, sent, shown

pytestmark = pytest.mark.django_db


@dataclass
class Desk:
    county: settling.County
    done: api.Settled
    window: Client
    officer: Client
    approver: Client
    clerk: Actor

    @property
    def number(self) -> int:
        return self.done.settlement

    def debt(self) -> api.DebtView:
        return debts.debt(self.county.officer, self.number)


@pytest.fixture
def desk() -> Desk:
    county = settling.county()
    done = debts.owing(county)
    return Desk(
        county, done, client_of(Role.WINDOW, facility=county.first.facility), client_of(Role.COUNTY),
        client_of(Role.COUNTY_APPROVER), county.first,
    )  # fmt: skip


def test_a_hospital_sees_its_debts_and_takes_money_with_two_keystrokes(desk: Desk) -> None:
    listed = shown(desk.window, "/window/debts/")
    assert f'href="/window/debts/{desk.number}/"' in listed
    assert "王**" in listed
    assert "王小明" not in listed
    page = shown(desk.window, f"/window/debts/{desk.number}/")
    owed = format_yuan(desk.done.patient_fen)
    assert f'value="{owed}" data-key="F8"' in page
    serial = re.search(r'name="serial"[^>]*value="([^"]+)"', page)
    assert serial
    sum_ = format_yuan(desk.done.patient_fen - 100)
    form = {"sum_fen": sum_, "channel": "card", "serial": serial[1], "goes": "debt"}
    address = f"/window/debts/{desk.number}/pay/"
    assert sent(desk.window, address, form) == f"/window/debts/{desk.number}/"
    sent(desk.window, address, form)  # the same form sent twice is one payment
    assert desk.debt().sums.open_fen == 100
    status, told = refused(desk.window, address, form | {"serial": "X", "sum_fen": "1.01"})
    assert (status, "只欠 1.00元" in told) == (409, True), told
    assert sent(
        desk.window, address, {"sum_fen": "1", "channel": "cash", "serial": "X", "goes": "settlement"}
    )  # fmt: skip
    page = shown(desk.window, f"/window/debts/{desk.number}/")
    assert "已付清" in page
    receipts = re.findall(rf'href="(/window/debts/{desk.number}/receipt/\d+/)"', page)
    assert len(receipts) == 2
    assert "壹元整" in shown(desk.window, receipts[-1])
    assert f'href="/window/debts/{desk.number}/"' not in shown(desk.window, "/window/debts/")


def test_later_and_in_parts_by_the_hospital_s_own_will(desk: Desk) -> None:
    address = f"/window/debts/{desk.number}/parts/"
    assert "医院自行同意" in shown(desk.window, address)
    form = {"count": "3", "first_on": settling.TODAY.isoformat(), "every": "1", "key": "k1"}
    assert "没有分期付款的待遇" in refused(desk.window, address, form)[1]
    form |= {"hospital_agrees": "1", "reason": "家庭困难", "guarantor_name": "李建国", "key": "k2"}
    assert 'data-where="guarantor_relation"' in refused(desk.window, address, form)[1]
    form |= {"guarantor_relation": "儿子", "guarantor_phone": "13812345678"}
    assert sent(desk.window, address, form) == f"/window/debts/{desk.number}/"
    page = shown(desk.window, f"/window/debts/{desk.number}/")
    assert "李**" in page
    assert "13812345678" not in page
    assert len(desk.debt().agreement.instalments) == 3
    uneven = f"{settling.TODAY} 1.00\n{settling.TODAY} {format_yuan(desk.done.patient_fen - 100)}"
    sent(desk.window, address, form | {"parts": uneven, "key": "k3"})
    assert [one.fen for one in desk.debt().agreement.instalments] == [100, desk.done.patient_fen - 100]
    assert 'data-where="parts"' in refused(desk.window, address, form | {"parts": "下月 1", "key": "k4"})[1]
    later = f"/window/debts/{desk.number}/later/"
    words = {"due_on": settling.TODAY.isoformat(), "hospital_agrees": "1", "reason": "家庭困难", "key": "k5"}
    sent(desk.window, later, words)
    assert len(desk.debt().earlier) == 2


def test_the_county_writes_off_what_a_hospital_asked_by_two_people(desk: Desk) -> None:
    ask = {"kind": "write_off", "sum_fen": "60.00", "reason": "多次催收未果", "key": "a1"}
    sent(desk.window, f"/window/debts/{desk.number}/ask/", ask)
    assert "医院申请，等您处理" in shown(desk.officer, "/county/debts/")
    form = shown(desk.officer, f"/county/debts/{desk.number}/write-off/")
    assert 'value="60.00"' in form
    assert "多次催收未果" in form
    words = {"sum_fen": "60.00", "reason": "多次催收未果", "key": "w1"}
    sent(desk.officer, f"/county/debts/{desk.number}/write-off/", words)
    assert desk.debt().sums.written_off_fen == 0
    approve(desk)
    assert desk.debt().sums.written_off_fen == 60_00
    assert desk.debt().asks[0].state == "granted"
    small = {"sum_fen": "49.99", "reason": "尾数", "key": "w2"}
    sent(desk.officer, f"/county/debts/{desk.number}/write-off/", small)
    assert desk.debt().sums.written_off_fen == 109_99


def approve(desk: Desk) -> str:
    listed = shown(desk.approver, "/county/proposals/")
    address = re.findall(r"/county/proposals/\d+/", listed)[0]
    page = shown(desk.approver, address)
    seen = re.search(r'name="sm3" value="([0-9a-f]+)"', page)
    assert seen, page
    sent(desk.approver, f"{address}approve/", {"sm3": seen[1]})
    return page


def test_a_case_with_its_papers_goes_through_the_inbox(desk: Desk) -> None:
    from doudi.server.settlement.tests.test_debts_cases import fund

    fund()
    page = shown(desk.officer, f"/county/debts/{desk.number}/case/")
    assert "县救助金" in page
    paper = SimpleUploadedFile("申请书.pdf", debts.PDF, content_type="application/pdf")
    words = {
        "source": "fund:county_relief",
        "sum_fen": "100.00",
        "to": "debt",
        "reason": "大病返贫",
        "key": "c1",
    }
    address = f"/county/debts/{desk.number}/case/propose/"
    assert 'data-where="papers"' in refused(desk.officer, address, words)[1]
    assert 'data-where="sum_fen"' in refused(desk.officer, address, words | {"sum_fen": "20000.01"})[1]
    answer = desk.officer.post(address, words | {"papers": [paper]}, headers=HTMX)
    assert answer.headers["HX-Redirect"] == "/county/proposals/", answer.content.decode()
    seen = approve(desk)
    assert f"/county/debts/{desk.number}/" in seen
    assert "医院（抵患者欠款）" in seen
    assert desk.debt().sums.individual_fen == 100_00
    assert "大病返贫" in shown(desk.officer, "/county/cases/")
    page = shown(desk.officer, f"/county/debts/{desk.number}/")
    link = re.search(r'href="(/county/case-papers/\d+/)"', page)
    assert link
    stored = desk.officer.get(link[1])
    assert (stored.content, stored["Content-Type"]) == (debts.PDF, "application/pdf")
    assert desk.window.get(link[1]).status_code == 403


def test_lists_leave_as_excel_and_are_counted(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    # what is sealed is not seen here
    monkeypatch.setattr("doudi.server.audit.api.sealing_is_late", lambda now: False)
    seal(now=settling.NOW)
    for address in ("/county/debts/export/", "/county/cases/export/"):
        answer = desk.officer.post(address, {"purpose": "季度核对"})
        assert answer.status_code == 200
        assert answer.content[:2] == b"PK"


def test_lists_make_as_many_queries_for_one_row_as_for_ten(desk: Desk) -> None:
    pages = ((desk.window, "/window/debts/"), (desk.officer, "/county/debts/"))
    for client, address in pages:
        client.get(address)
    few = [queries(partial(client.get, address)) for client, address in pages]
    for _ in range(4):
        debts.owing(desk.county)
    assert [queries(partial(client.get, address)) for client, address in pages] == few


def test_another_hospital_finds_nothing(desk: Desk) -> None:
    other = client_of(Role.WINDOW, facility=desk.county.second.facility)
    assert "没有欠费" in shown(other, "/window/debts/")
    assert other.get(f"/window/debts/{desk.number}/").status_code == 404
    status, _ = refused(
        other, f"/window/debts/{desk.number}/pay/", {"sum_fen": "1", "channel": "cash", "serial": "Z"}
    )
    assert status == 409
