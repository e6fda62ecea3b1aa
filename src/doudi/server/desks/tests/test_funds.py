"""Pages of funds and payers, of the catalogue, and of the lists of diseases."""

from datetime import date

import pytest
from django.test import Client

from doudi.server.access.roles import Role
from doudi.server.desks import urls  # noqa: F401 - declares all pages
from doudi.server.kernel.actor import SYSTEM
from doudi.server.kernel.scope import EVERYWHERE, Scope, scoped
from doudi.server.reference import api
from doudi.server.reference.models import CatalogueItem, FirstPay, ItemClass, PriceCeiling
from support import actors
from support.clients import client_of
from support.pages import queries, refused, sent, shown

pytestmark = pytest.mark.django_db
FUNDS = "/county/funds/"


@pytest.fixture
def client() -> Client:
    return client_of(Role.COUNTY)


def test_a_fund_and_its_payer_are_set_changed_and_ended(client: Client) -> None:
    assert "没有支付方" in shown(client, FUNDS)
    fund = {"code": "civil", "name": "救助资金", "department": "民政局", "from_date": "2017-01-01"}
    sent(client, FUNDS + "set/", fund)
    payer = {"code": "assistance", "name": "医疗救助", "fund": "civil", "from_date": "2017-01-01"}
    sent(client, "/county/payers/set/", payer)
    page = shown(client, FUNDS)
    assert "救助资金" in page
    assert "医疗救助" in page
    sent(client, FUNDS + "set/", fund | {"department": "医保局", "from_date": "2019-01-01"})
    assert "民政局" in shown(client, FUNDS + "?day=2018-06-01")
    assert "医保局" in shown(client, FUNDS)
    sent(client, "/county/payers/end/", {"code": "assistance", "on": "2020-01-01"})
    sent(client, FUNDS + "end/", {"code": "civil", "on": "2020-01-01"})
    assert "没有支付方" in shown(client, FUNDS)
    status, _ = refused(client, FUNDS + "end/", {"code": "civil", "on": "2021-01-01"})
    assert status in (404, 409, 422)
    _, text = refused(client, FUNDS + "set/", fund | {"name": ""})
    assert "名称" in text


def test_another_county_has_its_own_and_an_approver_only_reads(client: Client) -> None:
    fund = {"code": "civil", "name": "救助资金", "department": "民政局", "from_date": "2017-01-01"}
    sent(client, FUNDS + "set/", fund)
    assert "救助资金" not in shown(client_of(Role.COUNTY, code=actors.RONGJIANG), FUNDS)
    approver = client_of(Role.COUNTY_APPROVER)
    assert "设立或变更" not in shown(approver, FUNDS)
    assert refused(approver, FUNDS + "set/", fund)[0] == 403


def test_an_item_with_class_first_pay_and_ceiling(client: Client) -> None:
    first = {"from_date": date(2015, 1, 1)}
    with scoped(Scope(EVERYWHERE)):
        for number, (name, kind) in enumerate((("甲药", "1"), ("乙药", "2"), ("丙药", "3"), ("外药", ""))):
            code = f"XA0{number}"
            CatalogueItem.objects.create(code=code, list_type="101", name=name, **first)
            if kind:
                ItemClass.objects.create(code=code, region=0, item_class=kind, **first)
        FirstPay.objects.create(code="XA01", region=0, scheme="", rate_bp=1500, **first)
        PriceCeiling.objects.create(code="XA01", region=0, grade="2", ceiling_fen=123456, **first)
    page = shown(client, "/county/catalogue/")
    for text in ("甲类", "乙类", "丙类", "目录外", "全自费", "15 %", "1,234.56"):
        assert text in page, text
    assert "1,234.56" not in shown(client, "/county/catalogue/?grade=3")
    assert "甲药" not in shown(client, "/county/catalogue/?text=乙")
    assert "没有查到项目" in shown(client, "/county/catalogue/?day=2014-01-01")
    assert client.get("/county/catalogue/?grade=9").status_code == 422
    counted = queries(lambda: shown(client, "/county/catalogue/?text=乙"))
    assert queries(lambda: shown(client, "/county/catalogue/")) == counted


def test_the_lists_of_diseases_tell_what_they_assume(client: Client) -> None:
    assert "没有病种清单" in shown(client, "/county/diseases/?day=1999-01-01")
    from doudi.server.kernel import clock

    api.load_starting_data(actor=SYSTEM, now=clock.now(), key=None)
    page = shown(client, "/county/diseases/")
    assert "病种" in page
    assert 'class="code"' in page
