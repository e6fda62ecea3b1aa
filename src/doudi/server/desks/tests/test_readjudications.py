"""重新结算 on the desk: found, looked at, proposed, seen by the approver as it was proposed, and posted once."""

import html
import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from doudi.server.access.roles import Role
from doudi.server.kernel.actor import SYSTEM
from doudi.server.kernel.jobs.models import Job
from doudi.server.kernel.scope import scoped
from doudi.server.settlement import api
from doudi.server.settlement.models import Settlement, Staleness
from support import actors, settling
from support.clients import client_of
from support.settling import TODAY

pytestmark = pytest.mark.django_db
HERE = "/county/readjudications/"


@pytest.fixture
def county():
    return settling.county()


def settled(county, person, total=30_000_00):
    bill = settling.bill(person, total, admitted_on=TODAY - timedelta(days=9), discharged_on=TODAY)
    return settling.settled(county.first, bill)


def known_late(county, person):
    """A category that held before the bill and is known only now."""
    county.recognise(person, "subsistence_allowance", date(TODAY.year, 1, 1))


def shown(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()[:3000]
    return answer.content.decode()


def propose(client, person, reason="追溯认定低保"):
    text = shown(client, f"{HERE}{person}/")
    seen = re.search(r'name="fingerprint" value="(\w+)"', text)
    assert seen
    return client.post(f"{HERE}{person}/propose/", {"fingerprint": seen[1], "reason": reason, "key": "k1"})


def test_what_is_known_late_is_found_shown_approved_and_posted(county):
    person = county.person()
    first, second = settled(county, person), settled(county, person, 8_000_00)
    known_late(county, person)
    officer = client_of(Role.COUNTY)
    text = shown(officer, f"{HERE}{person}/")
    for told in (first.number, "新认定了", "提交审批", "民政医疗救助", "笔合计变动"):
        assert told in text
    assert propose(officer, person, reason="").status_code == 422
    sent = propose(officer, person)
    assert sent.status_code == 302, sent.content.decode()[:2000]
    number = int(sent.headers["Location"].split("proposed=")[1])
    approver = client_of(Role.COUNTY_APPROVER)
    inbox = shown(approver, f"/county/proposals/{number}/")
    for told in ("新认定了", first.number, "追溯认定低保", "批准并办理"):
        assert told in inbox
    assert "提交之后情况有变" not in inbox
    sm3 = re.search(r'name="sm3" value="(\w+)"', inbox)
    assert sm3
    assert approver.post(f"/county/proposals/{number}/approve/", {"sm3": sm3[1]}).status_code == 302
    told = api.history(viewer=county.officer, settlement=first.settlement)
    assert [one.kind for one in told.versions] == ["settled", "replaced"]
    page = shown(officer, f"/county/settlements/{first.settlement}/")
    for words in ("已重新结算", "第 2 版", "追溯认定低保", "记账", "+"):
        assert words in page
    assert "被后来的版本取代" in shown(officer, f"/county/settlements/{first.settlement}/?version=1")
    later = told.versions[1].version_id
    assert "第 2 版" in shown(officer, f"/county/settlements/{later}/")
    assert (
        'data-identical="yes"'
        in officer.post(f"/county/settlements/{first.settlement}/verify/").content.decode()
    )
    assert "没有差异" in shown(officer, f"{HERE}{person}/")
    assert second.settlement


def test_the_approver_is_told_where_something_changed_meanwhile(county):
    person = county.person()
    settled(county, person)
    known_late(county, person)
    sent = propose(client_of(Role.COUNTY), person)
    number = int(sent.headers["Location"].split("proposed=")[1])
    county.recognise(person, "tuberculosis", date(TODAY.year, 1, 1))
    inbox = shown(client_of(Role.COUNTY_APPROVER), f"/county/proposals/{number}/")
    assert "提交之后情况有变" in inbox


def test_a_preview_that_is_no_longer_so_is_not_proposed(county):
    person = county.person()
    settled(county, person)
    known_late(county, person)
    officer = client_of(Role.COUNTY)
    answer = officer.post(f"{HERE}{person}/propose/", {"fingerprint": "0" * 64, "reason": "x"})
    assert answer.status_code == 422
    assert "重新查看" in answer.content.decode()


def test_a_worker_looks_and_the_list_fills(county):
    officer = client_of(Role.COUNTY)
    assert "没有发现差异" in shown(officer, HERE)
    for _ in range(2):
        person = county.person()
        settled(county, person)
        known_late(county, person)
    asked = officer.post(HERE + "look/", {"key": "once"})
    assert asked.status_code == 302
    assert officer.post(HERE + "look/", {"key": "once"}).headers["Location"] == asked.headers["Location"]
    page = shown(officer, asked.headers["Location"])
    assert "排队中" in page
    number = int(asked.headers["Location"].split("look=")[1])
    assert "排队中" in shown(officer, f"{HERE}look/{number}/")
    with scoped(SYSTEM.scope):
        assert Job.objects.get(pk=number).kind == "settlement.look_here"


def test_the_list_has_the_people_and_its_statements_do_not_grow(county):
    officer = client_of(Role.COUNTY)
    counts = []
    for more in (1, 3):
        for _ in range(more):
            person = county.person()
            settled(county, person)
            known_late(county, person)
            found = api.readjudication_preview(viewer=county.officer, person=person)
            with scoped(county.officer.scope):  # as a look finds it, once the bill's transaction is over
                Staleness.objects.create(
                    person_id=person, region=actors.LIUZHI_TOWN, looked_at=settling.NOW, bills=len(found.differences),
                    refused=0, paid_delta_fen=sum(found.totals.payers.values()),
                    patient_delta_fen=found.totals.patient_fen,
                )  # fmt: skip
        with CaptureQueriesContext(connection) as asked:
            text = shown(officer, HERE)
        counts.append(len(asked))
    assert text.count("看差异") == 4
    assert "待重新结算的人员" in shown(officer, "/county/inbox/")
    assert counts[1] <= counts[0]


def test_nobody_else_opens_it(county):
    person = county.person()
    settled(county, person)
    for role in (Role.WINDOW, Role.OVERSIGHT, Role.HEALTH):
        assert client_of(role).get(HERE).status_code == 403
    assert client_of(Role.COUNTY, code=actors.RONGJIANG).get(f"{HERE}{person}/").status_code in (404, 409)
    approver = client_of(Role.COUNTY_APPROVER)
    assert approver.post(f"{HERE}{person}/propose/", {"fingerprint": "x", "reason": "x"}).status_code == 403


def test_what_was_decided_elsewhere_is_corrected_under_its_payer_s_name(county):
    person = county.person("subsistence_allowance")
    bill = settling.bill(
        person, admitted_on=TODAY - timedelta(days=9), discharged_on=TODAY, recorded={"basic": 15_000_00}
    )
    first = settling.settled(county.first, bill)
    officer = client_of(Role.COUNTY)
    form = shown(officer, f"/county/settlements/{first.settlement}/correct/")
    assert "平台已结：新农合基本医疗补偿（元）" in form
    assert "15000.00" in form


def test_a_bill_is_corrected_at_its_old_place(county):
    """The form begins with what was submitted; the proposal carries what was typed; the approval posts it."""
    person = county.person("subsistence_allowance")
    first, second = settled(county, person, 30_000_00), settled(county, person, 8_000_00)
    officer = client_of(Role.COUNTY)
    address = f"/county/settlements/{first.settlement}/correct/"
    assert address in shown(officer, f"/county/settlements/{first.settlement}/")
    form = shown(officer, address)
    for told in ("27000.00", "3000.00", TODAY.isoformat(), "M17.9"):
        assert told in form
    typed = {
        "admitted_on": (TODAY - timedelta(days=9)).isoformat(), "discharged_on": TODAY.isoformat(), "diagnoses": "M17.9",
        "in_scope_fen": "10000", "first_pay_fen": "0", "over_limit_fen": "0", "own_pay_fen": "3000",
    }  # fmt: skip
    assert officer.post(address, typed | {"in_scope_fen": "-1"}).status_code == 422
    preview = officer.post(address, typed).content.decode()
    for told in (first.number, second.number, "提交审批"):
        assert told in preview
    seen = re.search(r'name="fingerprint" value="(\w+)"', preview)[1]
    carried = html.unescape(re.search(r'name="corrections" value="([^"]+)"', preview)[1])
    given = {"fingerprint": seen, "reason": "医院更正费用", "key": "k1", "corrections": carried}
    assert officer.post(f"{HERE}{person}/propose/", given | {"corrections": ""}).status_code == 422
    assert officer.post(f"{HERE}{person}/propose/", given | {"corrections": "[1]"}).status_code == 422
    sent = officer.post(f"{HERE}{person}/propose/", given)
    assert sent.status_code == 302
    number = int(re.search(r"proposed=(\d+)", sent.headers["Location"])[1])
    approver = client_of(Role.COUNTY_APPROVER)
    inbox = shown(approver, f"/county/proposals/{number}/")
    assert first.number in inbox
    sm3 = re.search(r'name="sm3" value="(\w+)"', inbox)[1]
    assert approver.post(f"/county/proposals/{number}/approve/", {"sm3": sm3}).status_code == 302
    with scoped(SYSTEM.scope):
        row = Settlement.objects.get(root_id=first.settlement, superseded_at=None)
    assert (row.version, row.total_fen, row.in_scope_fen) == (2, 13_000_00, 10_000_00)
