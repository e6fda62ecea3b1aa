"""Pages of facilities: the list narrowed, one facility over time, what may be done and by whom."""

from datetime import date

import pytest
from django.test import Client

from doudi.server.access.roles import Role
from doudi.server.desks import urls  # noqa: F401 - declares all pages
from doudi.server.desks.county.facilities import standing_words
from doudi.server.kernel import clock
from doudi.server.reference import api
from support import actors
from support.clients import client_of
from support.pages import queries, refused, sent, shown

pytestmark = pytest.mark.django_db
LIST = "/county/facilities/"


@pytest.fixture
def client() -> Client:
    return client_of(Role.COUNTY)


def add(name: str, serial: int, *, area: int = 520203, level: str = "county", grade: str = "2") -> int:
    code = area * 10**6
    return api.add_facility(
        actor=actors.officer(code), now=clock.now(), key=None, code=f"H{area}{serial:05d}", name=name,
        region=code // 1000, opened_on=date(2015, 1, 1), level=level, grade=grade,
    ).id  # fmt: skip


def test_the_list_is_of_ones_own_region_until_more_is_asked(client: Client) -> None:
    add("六枝人民医院", 1)
    add("六枝某卫生院", 2, level="township", grade="1")
    add("榕江人民医院", 1, area=522632)
    page = shown(client, LIST)
    assert "六枝人民医院" in page
    assert "榕江人民医院" not in page
    assert "榕江人民医院" in shown(client, LIST + "?where=all")
    assert "六枝人民医院" not in shown(client, LIST + "?level=township")
    assert "六枝某卫生院" not in shown(client, LIST + "?text=人民")
    assert "没有符合条件的机构" in shown(client, LIST + "?scheme=resident")
    for wrong in ("?level=moon", "?where=abc", "?day=2026-13-01", "?scheme=none"):
        assert client.get(LIST + wrong).status_code == 422, wrong


def test_designated_restood_and_closed_by_its_own_county(client: Client) -> None:
    number = add("六枝人民医院", 1)
    address = f"{LIST}{number}/"
    sent(
        client,
        address + "designate/",
        {"scheme": "resident", "from_date": "2017-01-01", "last_day": "2030-12-31"},
    )
    page = shown(client, address)
    assert "城乡居民基本医疗保险" in page
    assert "2030-12-31" in page  # the last day as people say it
    assert "六枝人民医院" in shown(client, LIST + "?scheme=resident")
    status, text = refused(client, address + "designate/", {"scheme": "resident", "from_date": "2018-01-01"})
    assert status == 409
    assert "data-refusal" in text
    sent(
        client,
        address + "restand/",
        {"level": "county", "grade": "3", "step": "b", "from_date": "2020-01-01"},
    )
    page = shown(client, address)
    assert "三级乙等" in page
    assert "二级" in page  # what it was stays
    _, text = refused(
        client, address + "end-designation/", {"scheme": "resident", "on": "2025-01-01", "reason": ""}
    )
    assert "原因" in text
    sent(client, address + "end-designation/", {"scheme": "resident", "on": "2025-01-01", "reason": "违规"})
    assert "违规" in shown(client, address)
    sent(client, address + "close/", {"on": "2026-01-01", "reason": "合并"})
    page = shown(client, address)
    assert "2026-01-01 起停业" in page
    assert "停业第一天" not in page
    assert "没有符合条件的机构" in shown(client, LIST)
    assert "已停业" in shown(client, LIST + "?closed=1")


def test_a_new_facility(client: Client) -> None:
    wrong = {"code": "X1", "name": "新院", "region": "520203000", "opened_on": "2020-01-01"}
    _, text = refused(client, LIST + "new/", wrong)
    assert "H（医疗机构）" in text
    elsewhere = wrong | {"code": "H52263200009", "region": "522632000"}
    assert refused(client, LIST + "new/", elsewhere)[0] == 403
    address = sent(client, LIST + "new/", wrong | {"code": "H52020300009", "level": "county"})
    assert "新院" in shown(client, address)


def test_who_may_not_is_shown_no_button_and_refused(client: Client) -> None:
    number = add("榕江人民医院", 1, area=522632)
    page = shown(client, f"{LIST}{number}/")
    assert "不在您的辖区" in page
    assert 'name="reason"' not in page
    assert refused(client, f"{LIST}{number}/close/", {"on": "2026-01-01", "reason": "x"})[0] == 403
    approver = client_of(Role.COUNTY_APPROVER)
    assert "新增机构" not in shown(approver, LIST)
    assert approver.get(LIST + "new/").status_code == 403
    assert client.get(LIST + "99999/").status_code == 404


def test_the_list_makes_a_constant_number_of_queries(client: Client) -> None:
    add("一院", 1)
    shown(client, LIST)
    before = queries(lambda: shown(client, LIST))
    for serial in range(2, 12):
        add(f"{serial}院", serial)
    shown(client, LIST)
    assert queries(lambda: shown(client, LIST)) == before


def test_level_and_grade_in_words() -> None:
    assert standing_words("county", "2", "a").zh == "县级 二级甲等"
    assert standing_words("", "", "").zh == "未定级"
    assert standing_words("village", "", "").en == "village"
