"""待办: each kind of waiting in its place, four eyes by pages, today's changes, a constant number of queries."""

from datetime import date, timedelta
from itertools import count

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from doudi.server.access import api as access
from doudi.server.access.roles import Role
from doudi.server.desks import urls  # noqa: F401 - declares all pages
from doudi.server.desks.county.inbox_words import content_lines
from doudi.server.enrolment import api as enrolment
from doudi.server.entitlement import api as entitlement
from doudi.server.kernel import clock
from doudi.server.kernel.jobs import work_off
from doudi.server.people import api as people
from doudi.server.recognition import api as recognition
from support import actors, standing
from support.clients import client_of
from support.pages import queries, refused, sent, shown
from support.people import id_number
from support.sheets import roster, roster_kind, with_headings

pytestmark = pytest.mark.django_db
HOME = "/county/inbox/"


@pytest.fixture
def client() -> Client:
    return client_of(Role.COUNTY)


@pytest.fixture
def approver() -> Client:
    return client_of(Role.COUNTY_APPROVER)


OFFICER = actors.officer()
_orders = count(1)


def someone(name: str = "王小明") -> int:
    return people.register(
        actor=OFFICER, now=clock.now(), key=None, region=actors.LIUZHI_TOWN, name=name,
        number=id_number(date(1980, 1, 1), next(_orders)),
    ).person  # fmt: skip


def recognised(person: int, until: date | None) -> int:
    terms = standing.recognition(from_date=clock.today(), until_date=until)
    return recognition.recognise(actor=OFFICER, now=clock.now(), key=None, person=person, terms=terms).id


def law() -> None:
    entitlement.put_in_force(
        actor=actors.approver(), now=clock.now(), key=None, region=520203000,
        policy="guizhou/liuzhi/triple-guarantee-2017", from_date=date(2017, 9, 1),
    )  # fmt: skip


def proposed(person: int, code: str = "") -> int:
    """A late recognition proposed by an officer who has an account and stays entitled."""
    user = actors.account(code or f"proposer{person}", Role.COUNTY)
    actor = actors.acting(user)
    terms = {
        "category": "subsistence_allowance", "from_date": "2017-01-01", "until_date": None,
        "source_department": "六枝特区民政局", "evidence": "补报〔2017〕3号", "paper": None, "household": None,
    }  # fmt: skip
    return access.propose(
        actor=actor, now=clock.now(), name="recognition.recognise_late",
        content={"person": person, "terms": terms, "known_since": None}, region=actors.LIUZHI_TOWN,
        summary="追溯认定一人为低保",
    ).proposal  # fmt: skip


def test_an_empty_inbox_says_what_would_come(client: Client) -> None:
    law()
    for one in entitlement.policies_in_force(viewer=OFFICER, day=clock.today()):
        for assumed in entitlement.assumptions(viewer=OFFICER, in_force=one.id):
            entitlement.confirm_assumption(
                actor=OFFICER, now=clock.now(), key=None, in_force=one.id, path=assumed.path, is_so=True
            )
    page = shown(client, HOME)
    assert "没有待办" in page
    assert "今天的人员变动" in page


def test_without_a_policy_that_comes_first(client: Client) -> None:
    recognised(someone(), clock.today() + timedelta(days=3))
    page = shown(client, HOME)
    assert page.index("没有执行中的政策") < page.index("30 天内到期的身份认定")


def test_what_ends_soon_and_who_has_not_paid(client: Client) -> None:
    law()
    today = clock.today()
    for days in (5, 20, 31):
        recognised(someone("王强"), today + timedelta(days=days))
    recognised(someone("王远"), today + timedelta(days=32))
    recognised(someone("王长"), None)
    unpaid = standing.enrolment(
        year=today.year, from_date=today, until_date=date(today.year + 1, 1, 1), status="unpaid"
    )
    enrolment.enrol(actor=OFFICER, now=clock.now(), key=None, person=someone("李欠"), terms=unpaid)
    page = shown(client, HOME)
    assert _count_of(page, "30 天内到期的身份认定") == 3
    assert (today + timedelta(days=4)).isoformat() in page
    assert "还剩 4 天" in " ".join(page.split())
    assert _count_of(page, f"{today.year} 年度未缴费") == 1
    assert _count_of(page, "待确认的政策假定") > 10
    other = shown(client_of(Role.COUNTY, code=actors.RONGJIANG), HOME)
    assert "到期的身份认定" not in other
    assert "未缴费" not in other


def _count_of(page: str, line: str) -> int:
    before = page[: page.index(line)]
    return int(before[before.rindex('class="count">') + 14 :].split("<")[0].replace(",", "").rstrip("+"))


def test_imports_and_their_work_wait_here(client: Client) -> None:
    roster_kind()
    data = {"kind": "test.roster", "region": "520203000", "key": "k"}
    file = SimpleUploadedFile("名单.xlsx", with_headings([*roster(2), ["R9", "拒绝", "1", ""]]))
    address = sent(client, "/county/imports/new/", data | {"file": file})
    assert "还没核对的导入" in shown(client, HOME)
    sent(client, address + "examine/", {"key": "e"})
    assert "进行中" in shown(client, HOME)
    work_off()
    page = shown(client, HOME)
    assert "核对好、待确认的导入" in page
    assert "未通过 1 行" in page
    assert f'href="{address}"' in page


def test_four_eyes_by_pages(client: Client, approver: Client) -> None:
    person = someone()
    number = proposed(person)
    assert _count_of(shown(approver, HOME), "待审批的事项") == 1
    address = f"/county/proposals/{number}/"
    assert "追溯认定一人为低保" in shown(approver, "/county/proposals/")
    page = shown(approver, address)
    for text in ("王小明", "最低生活保障", "2017-01-01", "六枝特区民政局", "批准并办理"):
        assert text in page, text
    clerk = shown(client, address)
    assert "批准并办理" not in clerk
    assert refused(client, address + "approve/", {"sm3": "0" * 64})[0] == 403
    assert refused(approver, address + "approve/", {"sm3": "0" * 64})[0] == 409
    assert recognition.category_history(viewer=OFFICER, person=person) == ()
    sm3 = access.proposal(viewer=actors.approver(), now=clock.now(), number=number).summary.content_sm3
    assert sent(approver, address + "approve/", {"sm3": sm3}) == "/county/proposals/"
    assert len(recognition.category_history(viewer=OFFICER, person=person)) == 1
    assert refused(approver, address + "approve/", {"sm3": sm3})[0] == 409
    page = shown(approver, address)
    assert "已批准" in page
    assert "批准并办理" not in page
    assert "没有待审批的事项" in shown(approver, "/county/proposals/")
    assert "已批准" in shown(approver, "/county/proposals/?all=1")


def test_refused_with_a_reason_and_not_seen_elsewhere(approver: Client) -> None:
    number = proposed(someone())
    address = f"/county/proposals/{number}/"
    _, text = refused(approver, address + "refuse/", {"reason": ""})
    assert "理由" in text
    sent(approver, address + "refuse/", {"reason": "依据不足"})
    assert "依据不足" in shown(approver, address)
    other = client_of(Role.COUNTY_APPROVER, code=actors.RONGJIANG)
    assert other.get(address).status_code == 404
    assert "追溯认定一人为低保" not in shown(other, "/county/proposals/?all=1")


def test_today_counts_people_and_leads_to_them(client: Client) -> None:
    person = someone()
    number = recognised(person, None)
    recognition.end(
        actor=OFFICER, now=clock.now(), key=None, recognition=number,
        until_date=clock.today() + timedelta(days=1), reason="死亡",
    )  # fmt: skip
    page = " ".join(shown(client, HOME).split())
    assert '<div class="value">1</div><div class="label">新认定</div>' in page
    assert '<div class="value">1</div><div class="label">终止认定</div>' in page
    assert '<div class="value">1</div><div class="label">新增人员</div>' in page
    assert f'href="/county/people/{person}/"' in page
    other = " ".join(shown(client_of(Role.COUNTY, code=actors.RONGJIANG), HOME).split())
    assert '<div class="value">0</div><div class="label">新认定</div>' in other


def test_a_constant_number_of_queries(client: Client) -> None:
    law()
    recognised(someone(), clock.today() + timedelta(days=4))
    proposed(someone("甲"), "first")
    shown(client, HOME)
    before = queries(lambda: shown(client, HOME))
    for order in range(6):
        recognised(someone("王强"), clock.today() + timedelta(days=4 + order))
        proposed(someone("乙强"), f"more{order}")
    shown(client, HOME)
    assert (
        queries(lambda: shown(client, HOME)) <= before + 1
    )  # the endings are more than the one that is read
    assert before <= 40


def test_whom_the_inbox_is_not_for() -> None:
    for role in (Role.WINDOW, Role.AUDIT, Role.SYSTEM_ADMIN):
        assert client_of(role).get(HOME).status_code == 403
    for role in (Role.HEALTH, Role.OVERSIGHT, Role.POLICY):
        assert client_of(role).get(HOME).status_code == 200


def test_the_content_of_a_proposal_in_words() -> None:
    lines = content_lines(
        '{"enrolment": 7, "terms": {"scheme": "resident", "year": 2026, "premium_fen": 38000, "status": "insured",'
        ' "third_party_bp": 6550, "subsidy_source": ""}, "person": 9, "until_date": "2026-01-01"}'
    )
    said = {label.zh: value.zh for label, value in lines}
    assert said["险种"] == "城乡居民基本医疗保险"
    assert said["应缴（元）"] == "380.00"
    assert said["第三方责任"] == "65.5 %"
    assert said["参保状态"] == "正常参保"
    assert "资助部门" not in said
    assert "9" not in said.values()
