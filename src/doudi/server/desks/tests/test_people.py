"""People by their pages: register, correct, move, merge and split, look in an emergency, export; and what is refused."""

from datetime import date

import pytest
from django.test import Client

from doudi.server.access import limits
from doudi.server.access.limits import Allowance
from doudi.server.access.roles import Role
from doudi.server.audit.models import AuditEvent
from doudi.server.desks import exports, urls  # noqa: F401 - declares all pages
from doudi.server.kernel import clock
from doudi.server.kernel.scope import EVERYWHERE, Scope, scoped
from doudi.server.people import api as people
from support import actors
from support.clients import client_of
from support.county import OFFICER, a_number, enrolled, exported, reads, recognised, someone
from support.pages import HTMX, refused, sent, shown

pytestmark = pytest.mark.django_db
NEW = "/county/people/new/"
TOWN = str(actors.LIUZHI_TOWN)


@pytest.fixture
def client() -> Client:
    return client_of(Role.COUNTY)


def page_of(person: int, *rest: str) -> str:
    return "/".join(["/county/people", str(person), *rest]) + "/"


def form(**words: str) -> dict[str, str]:
    return {"name": "陈新", "number_kind": "id", "region": TOWN, "key": "k1"} | words


def events(name: str) -> list[AuditEvent]:
    with scoped(Scope(EVERYWHERE)):
        return list(AuditEvent.objects.filter(event=name).order_by("id"))


def test_a_person_is_registered_once_however_often_the_form_is_sent(client: Client) -> None:
    data = form(number=a_number())
    there = sent(client, NEW, data)
    assert "陈新" in shown(client, there)
    assert sent(client, NEW, data | {"different": "1"}) == there
    status, text = refused(client, NEW, data | {"key": "k2", "different": "1"})
    assert status == 409
    assert 'data-where="number"' in text


@pytest.mark.parametrize("number", ["52020319800101001", "520203198001010010", "520203198013010011"])
def test_a_wrong_number_is_told_at_its_field(client: Client, number: str) -> None:
    status, text = refused(client, NEW, form(number=number))
    assert (status, 'data-where="number"' in text) == (422, True)
    assert number not in text


def test_a_newborn_without_a_document_needs_a_guardian_and_twins_an_order(client: Client) -> None:
    baby = form(number_kind="none", sex="1", birth_date="2026-05-01")
    _, text = refused(client, NEW, baby)
    assert "监护人" in text
    number = a_number()
    someone("陈母", number=number)
    twins = [
        sent(client, NEW, baby | {"key": f"t{order}", "name": name, "guardian_number": number, "birth_order": order})
        for order, name in (("1", "陈大"), ("2", "陈小"))
    ]  # fmt: skip
    assert len(set(twins)) == 2
    assert "陈母" in shown(client, twins[1])
    _, text = refused(
        client, NEW, baby | {"key": "t3", "guardian_number": number, "birth_order": "2", "different": "1"}
    )
    assert "监护人" in text or "登记" in text
    _, text = refused(client, NEW, baby | {"guardian_number": a_number(), "birth_order": "1"})
    assert 'data-where="guardian_number"' in text


def test_whoever_it_may_be_is_shown_before_registering(client: Client) -> None:
    there = someone("赵同名")
    someone("赵同名", elsewhere=True)
    data = form(name="赵同名", number=a_number())
    answer = client.post(NEW, data, headers=HTMX)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "data-alike" in text
    assert text.count("/county/people/") == 1
    assert page_of(there) in text
    assert (
        "data-alike" in client.post(NEW, data).content.decode()
    )  # without script: a page that can be sent again
    assert sent(client, NEW, data | {"different": "1"}) != page_of(there)


def test_a_correction_changes_what_differs_and_keeps_the_rest(client: Client) -> None:
    person = someone("李旧")
    assert 'value="李旧"' in shown(client, page_of(person, "correct"))
    data = {
        "name": "李新",
        "sex": people.person(viewer=OFFICER, person=person).summary.sex,
        "reason": "户口簿",
    }
    assert sent(client, page_of(person, "correct"), data | {"phone": "13800001111"}) == page_of(person)
    view = people.person(viewer=OFFICER, person=person)
    assert (view.summary.name, str(view.summary.phone)) == ("李新", "138****1111")
    assert people.person_history(viewer=OFFICER, person=person)[0].fields == ("name", "phone")
    sent(client, page_of(person, "correct"), data | {"no_phone": "1"})
    assert people.person(viewer=OFFICER, person=person).summary.phone is None
    _, text = refused(client, page_of(person, "correct"), data | {"reason": ""})
    assert 'data-where="reason"' in text


def test_state_card_contact_and_moving(client: Client) -> None:
    person = someone("周某")
    sent(client, page_of(person, "contact"), {"name": "周母", "phone": "13900002222", "relation": "母亲"})
    contact = people.person(viewer=OFFICER, person=person).contacts[0]
    assert "周母" in shown(client, page_of(person))
    sent(client, page_of(person, "contact", str(contact.id), "remove"))
    assert people.person(viewer=OFFICER, person=person).contacts == ()
    sent(
        client,
        page_of(person, "status"),
        {"status": "dead", "status_date": str(clock.today()), "reason": "死亡证明"},
    )
    assert "死亡" in shown(client, page_of(person))
    _, text = refused(client, page_of(person, "status"), {"status": "dead", "reason": "证明"})
    assert "日期" in text
    sent(client, page_of(person, "move"), {"region": str(actors.LIUZHI_TOWN + 1), "reason": "搬迁"})
    assert people.person(viewer=OFFICER, person=person).summary.region == actors.LIUZHI_TOWN + 1
    status, _ = refused(
        client, page_of(person, "move"), {"region": str(actors.RONGJIANG_TOWN), "reason": "搬迁"}
    )
    assert status == 403
    _, text = refused(client, page_of(person, "card"), {"card": "62", "from_date": str(clock.today())})
    assert 'data-where="card"' in text


def test_two_records_are_compared_merged_and_split(client: Client) -> None:
    one, two = someone("吴甲"), someone("吴乙")
    recognised(two)
    client.post(page_of(one, "merge"), {"asked": "吴乙"}, headers=HTMX)
    assert (
        page_of(one, "merge", str(two))
        in client.post(page_of(one, "merge"), {"asked": "吴乙"}, headers=HTMX).content.decode()
    )
    both = shown(client, page_of(one, "merge", str(two)))
    assert "吴甲" in both
    assert "最低生活保障对象" in both
    data = {"keep": str(two), "reason": "户口簿"}
    _, text = refused(client, page_of(one, "merge", str(two)), data)
    assert "身份证号都有效且不同" in text
    assert sent(client, page_of(one, "merge", str(two)), data | {"numbers_differ": "1"}) == page_of(two)
    assert page_of(two) in shown(client, page_of(one))  # the merged record leads to the one that stays
    assert "认定身份" not in shown(client, page_of(one))
    assert sent(client, page_of(one, "split"), {"reason": "查实为两人"}) == page_of(one)
    assert people.person(viewer=OFFICER, person=one).summary.merged_into is None


def test_nothing_of_another_county_can_be_opened_or_changed(client: Client) -> None:
    there = someone("韦远", elsewhere=True)
    own = someone("黄近")
    for rest in ((), ("correct",), ("move",), ("merge",), ("recognitions", "new"), ("household", "new")):
        answer = client.get(page_of(there, *rest))
        assert answer.status_code in (200, 404), rest
        assert "韦远" not in answer.content.decode()
    assert client.get(page_of(own, "merge", str(there))).status_code == 404
    assert refused(client, page_of(there, "contact"), {"name": "某", "phone": "13900002222"})[0] == 404
    assert "韦远" not in client.post(page_of(own, "merge"), {"asked": "韦远"}).content.decode()


def test_an_emergency_look_is_for_an_hour_read_only_and_in_the_trail(client: Client) -> None:
    number = a_number(area=522632)
    there = someone("韦远", elsewhere=True, number=number)
    asked = {"number": number, "reason": "车祸昏迷送急诊", "ticket": "120-0915"}
    assert refused(client, "/county/emergency/", asked | {"reason": "急"})[0] == 422
    answer = client.post("/county/emergency/", asked, headers=HTMX)
    text = answer.content.decode()
    assert "韦远" in text
    assert "可以查看到" in text
    assert number not in text
    page = shown(client, page_of(there))
    assert "紧急查阅：只读" in page
    assert "认定身份" not in page
    assert page_of(there, "correct") not in page
    assert refused(client, page_of(there, "contact"), {"name": "某", "phone": "13900002222"})[0] == 404
    assert len(events("people.found_in_emergency")) == 1
    assert "韦远" not in client_of(Role.COUNTY).get(page_of(there)).content.decode()  # not for a colleague
    assert refused(client, "/county/emergency/", asked | {"number": a_number()})[0] == 404


def test_the_list_leaves_as_it_is_filtered_masked_and_counted(client: Client) -> None:
    number = a_number(date(1950, 1, 1))
    someone("郑老", number=number)
    someone("郑少", number=a_number(date(2015, 1, 1)))
    someone("韦远", elsewhere=True)
    rows = exported(client, "/county/people/export/", age_from="60")
    text = str(rows)
    assert "郑老" in text
    assert "郑少" not in text
    assert "韦远" not in text
    assert number not in text
    assert "60–" in text
    event = events("people.exported")[-1]
    assert (event.purpose, event.detail["rows"]) == ("月度核对", 1)
    assert client.post("/county/people/export/", {}).status_code == 422


def test_no_export_while_sealing_is_late_or_the_budget_is_used_up(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    recognised(someone("郑某"))
    for module in ("doudi.server.desks.county.people", "doudi.server.audit.api"):
        monkeypatch.setattr(f"{module}.sealing_is_late", lambda _now: True)
    for address in ("people", "recognitions", "enrolments", "filings"):
        answer = client.post(f"/county/{address}/export/", {"purpose": "核对"})
        assert answer.status_code == 409, address
        assert "没有封存" in answer.content.decode()
    monkeypatch.undo()
    monkeypatch.setitem(limits.BUDGETS, "export.rows", (Allowance(limits.DAY, 0),))
    answer = client.post("/county/recognitions/export/", {"purpose": "核对"})
    assert answer.status_code in (403, 429)
    assert answer["Content-Type"] != exports.EXCEL


def test_forms_are_pages_without_script_and_pieces_with_it(client: Client) -> None:
    person = someone("何某")
    whole, piece = client.get(page_of(person, "status")), client.get(page_of(person, "status"), headers=HTMX)
    assert "<html" in whole.content.decode()
    assert piece.content.decode().lstrip().startswith("<form")


def test_the_page_makes_a_constant_number_of_queries(client: Client) -> None:
    one, many = someone("单某"), someone("繁某")
    recognised(one)
    enrolled(one)
    for category in ("subsistence_allowance", "registered_poor", "disabled"):
        recognised(many, category=category)
    enrolled(many)
    shown(client, page_of(one))
    baseline = reads(client, page_of(one))
    assert reads(client, page_of(many)) == baseline
    assert baseline <= 27
    shown(client, "/county/people/")
    assert reads(client, "/county/people/") <= 12
