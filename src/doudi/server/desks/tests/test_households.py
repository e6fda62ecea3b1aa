"""Households by their pages: formed, joined, left; the list and one of them."""

import pytest
from django.test import Client

from doudi.server.access.roles import Role
from doudi.server.desks import urls  # noqa: F401 - declares all pages
from doudi.server.kernel import clock
from doudi.server.people import api as people
from support import actors
from support.clients import client_of
from support.county import ELSEWHERE, OFFICER, a_number, reads, recognised, someone
from support.pages import refused, sent, shown

pytestmark = pytest.mark.django_db
LIST = "/county/households/"


@pytest.fixture
def client() -> Client:
    return client_of(Role.COUNTY)


def page_of(person: int, *rest: str) -> str:
    return "/".join(["/county/people", str(person), *rest]) + "/"


def home_of(person: int) -> int:
    return people.person(viewer=OFFICER, person=person).summary.household or 0


def formed(head: int, number: str) -> int:
    return people.form_household(
        actor=OFFICER, now=clock.now(), key=None, region=actors.LIUZHI_TOWN, head=head, number=number
    ).household


def test_formed_joined_from_both_sides_and_left(client: Client) -> None:
    number, today = a_number(), str(clock.today())
    head, wife, child = someone("高主"), someone("高妻"), someone("高子", number=number)
    data = {"number": "H-001", "address": "龙河镇一组 12 号", "from_date": today}
    assert sent(client, page_of(head, "household", "new"), data) == page_of(head)
    home = home_of(head)
    status, text = refused(client, page_of(wife, "household", "new"), data)
    assert (status, 'data-where="number"' in text) == (409, True)
    joining = {"household": "H-001", "relation": "10", "from_date": today}
    _, text = refused(client, page_of(wife, "household", "join"), joining | {"household": "H-999"})
    assert 'data-where="household"' in text
    sent(client, page_of(wife, "household", "join"), joining)
    there = f"{LIST}{home}/"
    adding = {"member_number": number, "relation": "20", "from_date": today}
    assert "新成员" in shown(client, f"{there}add/")
    assert sent(client, f"{there}add/", adding) == there
    _, text = refused(client, f"{there}add/", adding | {"member_number": a_number()})
    assert 'data-where="member_number"' in text
    recognised(child)
    page = shown(client, there)
    for words in ("高主", "高妻", "高子", "最低生活保障对象", "户主", "配偶"):
        assert words in page
    assert "12 号" not in page  # the address is masked
    sent(client, page_of(wife, "household", "leave"), {"until_date": today, "reason": "离婚"})
    assert home_of(wife) == 0
    assert "曾经的成员" in shown(client, there)
    assert "新建家庭户" in shown(client, page_of(wife))


def test_the_list_is_found_by_number_and_never_shows_another_county(client: Client) -> None:
    formed(someone("高主"), "H-001")
    formed(someone("林主"), "H-002")
    there = someone("韦远", elsewhere=True)
    far = people.form_household(
        actor=ELSEWHERE, now=clock.now(), key=None, region=actors.RONGJIANG_TOWN, head=there, number="H-001"
    ).household
    assert "韦远" not in shown(client, LIST)
    found = client.post(LIST, {"number": "H-001"}).content.decode()
    assert "高主" in found
    assert "林主" not in found
    assert "韦远" not in found
    shown(client, f"{LIST}{far}/", 404)
    listed = reads(client, LIST)
    formed(someone("何主"), "H-003")
    assert reads(client, LIST) == listed
    assert listed <= 12


def test_one_household_makes_a_constant_number_of_queries(client: Client) -> None:
    home = formed(someone("高主"), "H-001")
    counted = reads(client, f"{LIST}{home}/")
    for name in ("甲", "乙", "丙"):
        one = someone(f"高{name}")
        people.join_household(
            actor=OFFICER, now=clock.now(), key=None, household=home, person=one, relation="20"
        )
        recognised(one)
    assert reads(client, f"{LIST}{home}/") == counted
    assert counted <= 12
