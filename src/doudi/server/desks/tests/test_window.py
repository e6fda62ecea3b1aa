"""The window: from the person to the settled bill, with what a clerk must see before money moves."""

import re
from datetime import timedelta

import pytest

from doudi.server.access.api import Role
from doudi.server.settlement import api as settlement
from support import settling
from support.clients import client_of
from support.pages import HTMX, queries, refused, sent, shown
from support.settling import TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    return settling.county()


@pytest.fixture
def clerk(county):
    return client_of(Role.WINDOW, facility=county.first.facility)


def typed(**words):
    given = {
        "care": "inpatient", "admitted_on": (TODAY - timedelta(days=12)).isoformat(), "total": "30,000",
        "discharged_on": (TODAY - timedelta(days=2)).isoformat(), "first_pay": "2000", "own_pay": "2000",
        "diagnoses": "M17.9", "department": "骨科", "serial": "S-1", "seen": "recorded_missing",
    }  # fmt: skip
    return given | words


def tried(client, person, **words):
    answer = client.post(f"/window/person/{person}/trial/", typed(**words), headers=HTMX)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return answer.content.decode()


def test_from_the_person_to_the_slip(county, clerk):
    person = county.person("subsistence_allowance")
    assert "没有就诊登记" in shown(clerk, f"/window/person/{person}/")
    page = shown(clerk, f"/window/person/{person}/bill/")
    assert re.search(r'name="serial" value="W\d{8}-\w{7}"', page)
    result = tried(clerk, person)
    assert "data-trial" in result
    assert "26,000.00" in result
    patient = re.search(r'name="expected" value="([\d.]+)"', result).group(1)
    address = sent(clerk, f"/window/person/{person}/settle/", typed(expected=patient))
    assert re.fullmatch(r"/window/settlement/\d+/", address)
    page = shown(clerk, address)
    assert "打印" in page
    assert "slip.svg" in page
    again = sent(clerk, f"/window/person/{person}/settle/", typed(expected=patient))
    assert again == address
    assert clerk.get(f"{address}slip.svg").content.startswith(b"<svg")
    pdf = clerk.get(f"{address}slip.pdf")
    assert pdf.content.startswith(b"%PDF")
    assert pdf["Content-Type"] == "application/pdf"
    assert "S-1" in shown(clerk, "/window/settlements/?number=S-1") or address in shown(
        clerk, "/window/settlements/"
    )
    assert "今日 <b>1</b>" in shown(clerk, "/window/")
    assert address in shown(clerk, f"/window/person/{person}/")


def test_what_a_reversal_undoes_is_shown_before_it_is(county, clerk):
    person = county.person("subsistence_allowance")
    first = settling.settled(county.first, settling.bill(person))
    days = {"admitted_on": TODAY - timedelta(days=40), "discharged_on": TODAY - timedelta(days=30)}
    later = settling.settled(county.first, settling.bill(person, 20_000_00, **days))
    address = f"/window/settlement/{first.settlement}/"
    assert f"{address}reverse/" in shown(clerk, address)
    preview = shown(clerk, f"{address}reverse/")
    assert later.number in preview
    assert "将冲回" in preview
    serial = re.search(r'name="serial" value="(C[^"]+)"', preview).group(1)
    assert refused(clerk, f"{address}reverse/", {"serial": serial, "reason": " "})[0] == 422
    assert sent(clerk, f"{address}reverse/", {"serial": serial, "reason": "费用录入错误"}) == address
    assert sent(clerk, f"{address}reverse/", {"serial": serial, "reason": "费用录入错误"}) == address
    page = shown(clerk, address)
    assert 'data-state="reversed"' in page
    assert "费用录入错误" in page
    assert f"{address}reverse/" not in page
    assert clerk.get(f"{address}slip.svg").status_code == 200
    assert 'data-state="replaced"' in shown(clerk, f"/window/settlement/{later.settlement}/")
    status, told = refused(clerk, f"{address}reverse/", {"serial": "C-2", "reason": "再来"})
    assert (status, "already_reversed" in told) == (409, True)


def test_half_a_bill_is_no_fault(county, clerk):
    person = county.person()
    assert "data-trial" not in tried(clerk, person, total="", first_pay="", own_pay="")
    told = tried(clerk, person, total="1000")
    assert 'data-refusal="parts_differ"' in told
    assert 'data-refusal="field_date"' in tried(clerk, person, admitted_on="2026-13-40")
    assert 'data-refusal="field_code"' in tried(clerk, person, diagnoses="膝关节病")
    assert 'data-refusal="day_in_future"' in tried(
        clerk, person, discharged_on=(TODAY + timedelta(days=1)).isoformat()
    )
    status, told = refused(
        clerk, f"/window/person/{person}/settle/", typed(total="", first_pay="", own_pay="")
    )
    assert (status, "nothing_billed" in told) == (422, True)


def test_the_parts_are_told_from_what_was_typed(county, clerk):
    person = county.person()
    told = tried(clerk, person, total="100.50", first_pay="", own_pay="0.5")
    assert "100.00" in told
    told = tried(clerk, person, total="", in_scope="60", first_pay="", own_pay="40")
    assert "100.00" in told
    assert "60.00" in told
    told = tried(clerk, person, total="100", in_scope="60", first_pay="", own_pay="40")
    assert "data-trial" in told


def test_what_a_clerk_must_see_is_ticked_before_money_moves(county, clerk):
    person = county.person()
    settlement.register(
        actor=county.second, now=settling.NOW, key=None, person=person, care="inpatient",
        admitted_on=TODAY - timedelta(days=3), serial="ZY-9",
    )  # fmt: skip
    told = tried(clerk, person, seen="")
    assert 'data-notice="open_elsewhere"' in told
    assert "data-unseen" in told
    status, told = refused(clerk, f"/window/person/{person}/settle/", typed(seen=""))
    assert (status, "notices_unseen" in told) == (409, True)
    seen = typed(seen=["open_elsewhere", "recorded_missing"])
    assert "data-unseen" not in tried(clerk, person, seen=seen["seen"])
    status, told = refused(clerk, f"/window/person/{person}/settle/", seen | {"expected": "1.00"})
    assert (status, "trial_differs" in told) == (409, True)
    assert sent(clerk, f"/window/person/{person}/settle/", seen)


def test_why_a_payer_pays_nothing_and_what_would_change_that(county, clerk):
    told = tried(clerk, county.person())
    assert "不属于" in told
    assert "由主管部门认定身份后可重新试算" in told
    told = tried(clerk, county.person("subsistence_allowance"), care="outpatient")
    assert "要求住院" in told
    assert "可重新试算" not in told  # nothing a clerk could mend


def test_fee_lines_are_pasted_and_priced(county, clerk):
    person = county.person()
    told = tried(
        clerk, person, total="", first_pay="", own_pay="",
        lines="项目名称\t项目编码\t数量\t金额\n陪护费\t\t2\t1,200.50\n空调费\t\t1\t10\n合计\t\t\t1210.5",
    )  # fmt: skip
    assert "1,210.50" in told
    assert "陪护费" in told
    assert "1,200.50" in told
    told = tried(clerk, person, total="", first_pay="", own_pay="", lines="陪护费\t\t2\t十块")
    assert "费用明细第 1 行" in told


def test_a_bill_on_a_registration_closes_it_or_not(county, clerk):
    person = county.person()
    address = f"/window/person/{person}/"
    stay = {"care": "inpatient", "admitted_on": (TODAY - timedelta(days=12)).isoformat(), "serial": "ZY-1"}
    assert sent(clerk, f"{address}register/", stay | {"diagnoses": "m17.9", "department": "骨科"}) == address
    page = shown(clerk, address)
    number = re.search(r"\?registration=(\d+)", page).group(1)
    bill = shown(clerk, f"{address}bill/?registration={number}")
    assert 'value="M17.9"' in bill
    assert "骨科" in bill
    interim = typed(registration=number, interim="1", serial="S-2")
    assert "登记不结清" in tried(clerk, person, registration=number, interim="1")
    assert sent(clerk, f"{address}settle/", interim)
    assert "出院结清" in shown(clerk, address)
    final = typed(registration=number, serial="S-3", total="9000", seen=["recorded_missing", "same_bill"])
    assert "登记随之出院结清" in tried(clerk, person, registration=number)
    assert sent(clerk, f"{address}settle/", final)
    assert "已结清" in shown(clerk, address)


def test_another_hospital_sees_none_of_it(county):
    done = settling.settled(county.first, settling.bill(county.person()))
    other = client_of(Role.WINDOW, facility=county.second.facility)
    for name in ("", "slip.svg", "slip.pdf", "reverse/"):
        assert other.get(f"/window/settlement/{done.settlement}/{name}").status_code in (403, 404)
    assert done.number not in shown(other, "/window/settlements/")


def test_diagnoses_are_offered_for_the_last_word(county, clerk):
    assert "没有匹配的编码" in shown(clerk, "/window/diagnoses/?diagnoses=I10+Q99")
    assert shown(clerk, "/window/diagnoses/?diagnoses=").strip() == ""


def test_pages_ask_no_more_with_many_rows(county, clerk):
    person = county.person("subsistence_allowance")

    def some(number: int) -> None:
        for order in range(number):
            days = {"admitted_on": TODAY - timedelta(days=10), "discharged_on": TODAY - timedelta(days=order)}
            settling.settled(county.first, settling.bill(person, **days))
            settlement.register(
                actor=county.first, now=settling.NOW, key=None, person=person, care="outpatient",
                admitted_on=TODAY, serial=settling.serial(), diagnoses=("M17.9",),
            )  # fmt: skip

    some(1)
    number = settlement.settlements(viewer=county.first).items[0].settlement
    pages = (
        "/window/", f"/window/person/{person}/", f"/window/person/{person}/bill/", "/window/settlements/",
        f"/window/settlement/{number}/", f"/window/settlement/{number}/slip.svg",
    )  # fmt: skip
    for page in pages:
        shown(clerk, page)  # what is remembered of reference data is remembered now
    few = {page: queries(lambda page=page: clerk.get(page)) for page in pages}
    some(4)
    assert {page: queries(lambda page=page: clerk.get(page)) for page in pages} == few
    trial = f"/window/person/{person}/trial/"
    before = queries(lambda: clerk.post(trial, typed(), headers=HTMX))
    some(2)
    assert queries(lambda: clerk.post(trial, typed(), headers=HTMX)) == before


def test_a_limit_is_held_for_a_stay(county, clerk):
    """The form says what is free; what is held is not free for the other hospital."""
    person = county.person()
    stay = settlement.register(
        actor=county.first,
        now=settling.NOW,
        key=None,
        person=person,
        care="inpatient",
        admitted_on=TODAY,
        serial="R1",
    )
    address = f"/window/person/{person}/registration/{stay.registration}/hold/"
    assert "额度占用" in shown(clerk, f"/window/person/{person}/")
    form = shown(clerk, address)
    assert "可占 100,000.00" in form
    given = {
        "name": "catastrophic_paid",
        "fen": "60000",
        "serial": "H1",
        "expires_on": (TODAY + timedelta(days=9)).isoformat(),
    }
    assert "只剩 100,000.00" in refused(clerk, address, given | {"fen": "100000.01"})[1]
    sent(clerk, address, given)
    assert "可占 40,000.00" in shown(clerk, address)
