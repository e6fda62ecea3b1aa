"""The county's settlements: the list and what it adds up to, one settlement with its proof, Excel, holds."""

import io
import json
import re
from datetime import timedelta

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from doudi.server.access.roles import Role
from doudi.server.settlement import api
from support import actors, settling
from support.clients import client_of
from support.settling import NOW, TODAY

pytestmark = pytest.mark.django_db
LIST = "/county/settlements/"


@pytest.fixture
def county():
    return settling.county()


@pytest.fixture
def sealed(monkeypatch):
    """What the county's years entered is in this test's own transaction, which no sealer can see."""
    monkeypatch.setattr("doudi.server.audit.api.sealing_is_late", lambda now: False)


def shown(client, address, **words):
    answer = client.get(address, words)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return answer.content.decode()


def days(**words):
    return {"admitted_on": TODAY - timedelta(days=9), "discharged_on": TODAY} | words


def test_the_list_adds_up_and_every_number_opens(county):
    first = settling.settled(county.first, settling.bill(county.person("subsistence_allowance"), **days()))
    settling.settled(
        county.second, settling.bill(county.person(name="李四"), 2_000_00, **days()), serial="X-9"
    )
    client = client_of(Role.COUNTY)
    text = shown(client, LIST)
    assert "全部 2 笔合计" in text
    assert "32,000.00" in text
    assert f'href="{LIST}{first.settlement}/"' in text
    assert "李" in text
    one = shown(client, f"{LIST}{first.settlement}/")
    for told in ("谁付多少", "记账", "应付医疗机构", "第 1 版", "单据号", first.decision_sha256[:16]):
        assert told in one
    english = shown(client_of(Role.COUNTY, language="en"), f"{LIST}{first.settlement}/")
    assert "Who pays what" in english
    assert "第 1 版" not in english


def test_the_sentence_narrows_and_says_what_it_asks(county):
    first = settling.settled(county.first, settling.bill(county.person("subsistence_allowance"), **days()))
    settling.settled(county.second, settling.bill(county.person(), 2_000_00, **days()), serial="X-9")
    client = client_of(Role.COUNTY)
    asked = {
        "period": "year",
        "category": "subsistence_allowance",
        "total_from": "30,000",
        "care": "inpatient",
    }
    text = shown(client, LIST, **asked)
    assert "全部 1 笔合计" in text
    assert "低保" in text
    assert "总费用 ≥ 30,000.00" in text
    assert "X-9" not in text
    assert "全部 1 笔合计" in shown(client, LIST, number="X-9")
    assert "全部 1 笔合计" in shown(client, LIST, number=first.number)
    assert "没有符合条件的结算" in shown(client, LIST, period="last_year")
    assert "没有符合条件的结算" in shown(client, LIST, state="reversed")
    for wrong in ({"period": "ever"}, {"care": "x"}, {"total_from": "many"}, {"share": "101"}):
        assert client.get(LIST, wrong).status_code == 422


def test_another_county_and_a_window_see_nothing_of_it(county):
    done = settling.settled(county.first, settling.bill(county.person(), **days()))
    other = client_of(Role.COUNTY, code=actors.RONGJIANG)
    assert "没有符合条件的结算" in shown(other, LIST)
    assert other.get(f"{LIST}{done.settlement}/").status_code == 404
    assert other.post(f"{LIST}{done.settlement}/verify/").status_code == 404
    assert other.post(f"{LIST}{done.settlement}/facts/", {"purpose": "x"}).status_code == 404
    assert client_of(Role.WINDOW).get(LIST).status_code == 403


def test_it_is_proved_on_the_page(county):
    done = settling.settled(county.first, settling.bill(county.person("subsistence_allowance"), **days()))
    answer = client_of(Role.COUNTY).post(f"{LIST}{done.settlement}/verify/", {"version": "1"})
    assert 'data-identical="yes"' in answer.content.decode()


def test_the_frozen_facts_leave_with_a_purpose_and_without_a_name(county, sealed):
    done = settling.settled(county.first, settling.bill(county.person("subsistence_allowance"), **days()))
    client = client_of(Role.COUNTY)
    address = f"{LIST}{done.settlement}/facts/"
    assert client.post(address, {"purpose": ""}).status_code == 422
    answer = client.post(address, {"purpose": "复核"})
    file = json.loads(answer.content)
    assert file["policy"] == settling.LIUZHI_POLICY
    assert file["bills"][0]["diagnoses"] == ["M17.9"]
    assert "王小明" not in answer.content.decode()
    assert not re.search(r"\d{17}[\dXx]", answer.content.decode())


def test_the_excel_has_a_column_a_payer_and_the_sums(county, sealed):
    first = settling.settled(county.first, settling.bill(county.person("subsistence_allowance"), **days()))
    settling.settled(county.second, settling.bill(county.person(), 2_000_00, **days()), serial="=1+1")
    answer = client_of(Role.COUNTY).post(LIST + "export/", {"purpose": "月报", "period": "month"})
    assert answer.status_code == 200, answer.content.decode()[:500]
    rows = [
        list(row)
        for row in openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True)
    ]
    heads = rows[0]
    assert {"结算号", "新农合基本医疗补偿", "患者自付", "自付占比"} <= set(heads)
    listed = {row[heads.index("结算号")]: row for row in rows[1:3]}
    mine = listed[first.number]
    assert mine[heads.index("医疗机构")] == "第1人民医院"
    assert "最低生活保障对象" in mine[heads.index("身份类别")]
    assert mine[heads.index("患者自付")] == first.patient_fen / 100
    assert {row[heads.index("单据号")] for row in rows[1:3]} >= {"=1+1"}
    assert all(
        cell.data_type != "f"
        for row in openpyxl.load_workbook(io.BytesIO(answer.content)).active
        for cell in row
    )
    foot = "\n".join(str(row[0]) for row in rows[3:])
    assert "合计 总费用：32,000.00" in foot
    assert "条件" in foot


def test_the_number_of_statements_does_not_grow(county):
    client = client_of(Role.COUNTY)
    settling.settled(county.first, settling.bill(county.person("subsistence_allowance"), **days()))
    shown(client, LIST)
    with CaptureQueriesContext(connection) as few:
        shown(client, LIST)
    for _ in range(4):
        settling.settled(county.second, settling.bill(county.person(), **days()))
    with CaptureQueriesContext(connection) as many:
        shown(client, LIST)
    assert len(many) <= len(few)


def test_holds_are_listed_and_given_back(county):
    person = county.person()
    stay = api.register(
        actor=county.first, now=NOW, key=None, person=person, care="inpatient", admitted_on=TODAY, serial="R1"
    )
    held = api.hold(
        actor=county.first, now=NOW, key=None, registration=stay.registration, name="catastrophic_paid",
        fen=1_234_00, expires_on=TODAY + timedelta(days=2), serial="H1",
    )  # fmt: skip
    client = client_of(Role.COUNTY)
    text = shown(client, "/county/holds/")
    for told in ("1,234.00", "将到期", "第1人民医院", "大病"):
        assert told in text
    assert "额度占用" in shown(client, "/county/inbox/")
    address = f"/county/holds/{held.hold}/release/"
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "转院"}).status_code == 302
    assert "没有这样的额度占用" in shown(client, "/county/holds/")
    assert "转院" in shown(client, "/county/holds/", state="released")
    assert client.post(address, {"reason": "再次"}).status_code == 409
    assert client_of(Role.WINDOW).get("/county/holds/").status_code == 403
