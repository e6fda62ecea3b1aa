"""The window: from the person to the settled bill, with what a clerk must see before money moves."""

import re
from datetime import timedelta

import pytest

from doudi.server.access.api import Role
from doudi.server.settlement import api as settlement
from support import settling
from support.clients import client_of
from support.pages import HTMX, refused, sent, shown
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
    assert "data-trial" in result and "26,000.00" in result
    patient = re.search(r'name="expected" value="([\d.]+)"', result).group(1)
    address = sent(clerk, f"/window/person/{person}/settle/", typed(expected=patient))
    assert re.fullmatch(r"/window/settlement/\d+/", address)
    page = shown(clerk, address)
    assert "打印" in page and "slip.svg" in page
    again = sent(clerk, f"/window/person/{person}/settle/", typed(expected=patient))
    assert again == address
    assert clerk.get(f"{address}slip.svg").content.startswith(b"<svg")
    pdf = clerk.get(f"{address}slip.pdf")
    assert pdf.content.startswith(b"%PDF") and pdf["Content-Type"] == "application/pdf"
    assert "S-1" in shown(clerk, "/window/settlements/?number=S-1") or address in shown(clerk, "/window/settlements/")
    assert "今日 <b>1</b>" in shown(clerk, "/window/")
    assert address in shown(clerk, f"/window/person/{person}/")
