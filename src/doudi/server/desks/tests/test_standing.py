"""Recognitions, enrolments and filings by their pages: entered, ended, put right; late ones through a second person."""

from datetime import date

import pytest
from django.test import Client

from doudi.server.access import api as access
from doudi.server.access.roles import Role
from doudi.server.desks import urls  # noqa: F401 - declares all pages
from doudi.server.enrolment import api as enrolment
from doudi.server.entitlement import api as entitlement
from doudi.server.filings import api as filings
from doudi.server.kernel import clock
from doudi.server.people import api as people
from doudi.server.recognition import api as recognition
from support import actors
from support.clients import client_of
from support.county import OFFICER, a_number, enrolled, exported, hospitals, reads, recognised, someone, soon
from support.pages import HTMX, refused, sent, shown

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return client_of(Role.COUNTY)


def page_of(person: int, *rest: object) -> str:
    return "/".join(["/county/people", str(person), *(str(part) for part in rest)]) + "/"


def terms(**words: str) -> dict[str, str]:
    return {
        "category": "subsistence_allowance",
        "from_date": str(clock.today()),
        "evidence": "六枝民发1号",
    } | words


def valid(person: int) -> list[recognition.Recognition]:
    return [
        one for one in recognition.category_history(viewer=OFFICER, person=person) if one.state == "valid"
    ]


def test_recognised_corrected_and_ended_on_the_page_of_the_person(client: Client) -> None:
    person = someone()
    form = shown(client, page_of(person, "recognitions", "new"))
    assert "最低生活保障对象" in form
    assert "追溯超过 30 天的须审批" in form
    data = terms(last_day=str(soon(29)), key="one")
    assert sent(client, page_of(person, "recognitions", "new"), data) == page_of(person)
    sent(client, page_of(person, "recognitions", "new"), data)  # a double click
    (one,) = valid(person)
    assert (one.until_date, one.evidence) == (soon(30), "六枝民发1号")
    page = shown(client, page_of(person))
    assert page_of(person, "recognitions", one.id, "end") in page
    assert f'value="{soon(29)}"' in shown(client, page_of(person, "recognitions", one.id, "correct"))
    right = page_of(person, "recognitions", one.id, "correct")
    sent(client, right, terms(category="destitute", reason="名单录错"))
    (right_one,) = valid(person)
    assert (right_one.category, right_one.replaces, right_one.until_date) == ("destitute", one.id, None)
    sent(
        client,
        page_of(person, "recognitions", right_one.id, "end"),
        {"until_date": str(soon(5)), "reason": "退出"},
    )
    assert valid(person)[0].until_date == soon(5)
    assert "已作废、被更正或撤销的记录 · 2" in " ".join(shown(client, page_of(person)).split())
    _, text = refused(client, page_of(person, "recognitions", "new"), terms())
    assert "不能同时认定" in text
    assert 'data-where="category"' in text


def test_a_late_recognition_is_offered_to_a_second_person_and_stands_after_approval(client: Client) -> None:
    person = someone()
    late = terms(from_date="2025-01-01", key="late")
    status, text = refused(client, page_of(person, "recognitions", "new"), late)
    assert status == 422
    assert 'name="late"' in text
    assert (
        'name="evidence" value="六枝民发1号"'
        in client.post(page_of(person, "recognitions", "new"), late).content.decode()
    )
    assert valid(person) == []
    there = sent(client, page_of(person, "recognitions", "new"), late | {"late": "1"})
    assert sent(client, page_of(person, "recognitions", "new"), late | {"late": "1"}) == there
    assert "已提交审批" in shown(client, there)
    assert valid(person) == []
    approver = actors.approver()
    (one,) = access.proposals(viewer=approver, now=clock.now()).items
    assert (one.operation, one.summary) == (
        "recognition.recognise_late",
        "追溯认定：最低生活保障对象，自 2025-01-01 起",
    )
    access.approve(actor=approver, now=clock.now(), proposal=one.number, content_sm3=one.content_sm3)
    assert valid(person)[0].from_date == date(2025, 1, 1)


def test_every_other_late_form_is_offered_too(client: Client) -> None:
    person = someone()
    known, insured = recognised(person), enrolled(person)
    forms = {
        ("recognitions", known, "end"): {"until_date": "2025-01-01", "reason": "退出"},
        ("recognitions", known, "correct"): terms(from_date="2025-01-01", reason="录错"),
        ("enrolments", insured, "lapse"): {"until_date": "2025-01-01", "reason": "迁出"},
        ("filings", "special_outpatient"): {"from_date": "2025-01-01", "disease_code": "M03900"},
    }
    for rest, data in forms.items():
        assert 'name="late"' in refused(client, page_of(person, *rest), data)[1], rest
        assert "proposed=" in sent(client, page_of(person, *rest), data | {"late": "1", "key": rest[-1]}), (
            rest
        )


def test_enrolled_unpaid_paid_lapsed_refunded(client: Client) -> None:
    person, today = someone(), clock.today()
    data = {
        "scheme": "resident", "year": str(today.year), "status": "unpaid", "from_date": str(today),
        "last_day": f"{today.year}-12-31", "premium": "1,234.5", "subsidy": "0.50",
        "subsidy_source": "县医保局", "evidence": "缴费清单",
    }  # fmt: skip
    assert (
        'data-where="premium"'
        in refused(client, page_of(person, "enrolments", "new"), data | {"premium": "12.345"})[1]
    )
    sent(client, page_of(person, "enrolments", "new"), data)
    (one,) = enrolment.enrolment_history(viewer=OFFICER, person=person)
    assert (one.premium_fen, one.subsidy_fen, one.until_date) == (123_450, 50, date(today.year + 1, 1, 1))
    sent(
        client, page_of(person, "enrolments", one.id, "pay"), {"paid_on": str(today), "from_date": str(today)}
    )
    paid = next(e for e in enrolment.enrolment_history(viewer=OFFICER, person=person) if e.state == "valid")
    assert paid.status == "insured"
    page = shown(client, page_of(person))
    assert page_of(person, "enrolments", paid.id, "lapse") in page
    assert page_of(person, "enrolments", paid.id, "pay") not in page
    sent(client, page_of(person, "enrolments", paid.id, "refund"), {"reason": "重复缴费"})
    assert "已退费" in shown(client, page_of(person))


def test_filed_and_withdrawn_by_the_county(client: Client) -> None:
    person = someone()
    form = shown(client, page_of(person, "filings", "referral"))
    assert "任何市级医院" in form
    data = {"target": "level:city", "from_date": str(clock.today()), "reason": "病情需要"}
    assert (
        'data-where="target"'
        in refused(client, page_of(person, "filings", "referral"), data | {"target": ""})[1]
    )
    sent(client, page_of(person, "filings", "referral"), data)
    (one,) = filings.filing_history(viewer=OFFICER, person=person)
    assert (one.target_level, one.facility) == ("city", None)
    page = shown(client, page_of(person))
    assert "任何市级医院" in page
    accident = {
        "third_party_bp": "30",
        "from_date": str(clock.today()),
        "last_day": str(soon(9)),
        "reason": "车祸",
    }
    sent(client, page_of(person, "filings", "accident"), accident)
    assert (
        filings.filings_on(viewer=OFFICER, person=person, day=clock.today(), kind="accident")[
            0
        ].third_party_bp
        == 3000
    )
    sent(client, page_of(person, "filings", one.id, "withdraw"), {"reason": "患者放弃"})
    assert "已撤销" in shown(client, page_of(person))


def test_the_window_files_its_own_kinds_for_whom_it_opened_and_withdraws_its_own() -> None:
    hospitals()
    number = a_number()
    person = someone("钱某", number=number)
    county_filed = filings.file(
        actor=OFFICER, now=clock.now(), key=None, person=person,
        terms=filings.Terms("special_outpatient", clock.today(), disease_code="M03900"),
    )  # fmt: skip
    window = client_of(Role.WINDOW, facility=actors.LIUZHI_HOSPITAL)
    there = f"/window/person/{person}/"
    data = {"from_date": str(clock.today()), "reason": "胸痛急诊入院"}
    assert refused(window, f"{there}filings/emergency/", data)[0] == 404  # not opened yet
    assert sent(window, "/window/find/", {"number": number}) == there
    page = shown(window, there)
    assert f"{there}filings/emergency/" in page
    assert f"{there}filings/special_outpatient/" not in page
    assert sent(window, f"{there}filings/emergency/", data) == there
    own = next(
        one for one in filings.filing_history(viewer=OFFICER, person=person) if one.kind == "emergency"
    )
    assert own.facility == actors.LIUZHI_HOSPITAL
    page = shown(window, there)
    assert f"{there}filings/{own.id}/withdraw/" in page
    assert f"{there}filings/{county_filed.id}/withdraw/" not in page
    assert refused(window, f"{there}filings/{county_filed.id}/withdraw/", {"reason": "试"})[0] in (403, 404)
    _, text = refused(window, f"{there}filings/emergency/", data | {"from_date": "2025-01-01"})
    assert 'name="late"' not in text  # the county office proposes late filings
    assert sent(window, f"{there}filings/{own.id}/withdraw/", {"reason": "误录"}) == there
    other = client_of(Role.WINDOW, facility=actors.RONGJIANG_HOSPITAL)
    assert other.get(f"{there}filings/referral/").status_code in (200, 404)
    assert refused(other, f"{there}filings/emergency/", data)[0] == 404


def test_what_was_used_before_is_set_on_the_page(client: Client) -> None:
    person = someone()
    entitlement.put_in_force(
        actor=actors.approver(), now=clock.now(), key=None, region=520203000,
        policy="guizhou/liuzhi/triple-guarantee-2017", from_date=date(2017, 9, 1),
    )  # fmt: skip
    form = shown(client, page_of(person, "opening"))
    code = form.split('name="accumulator"')[1].split('<option value="')[2].split('"')[0]
    data = {"accumulator": code, "period": "2026", "used_fen": "1,200.00", "source": "原系统台账"}
    sent(client, page_of(person, "opening"), data)
    assert entitlement.opening_balances(viewer=OFFICER, person=person)[0].used_fen == 120_000
    assert "1,200.00" in shown(client, page_of(person))
    assert refused(client, page_of(person, "opening"), data | {"period": "明年"})[0] == 422


def test_the_list_of_recognitions_is_filtered_counted_and_exported(client: Client) -> None:
    near, far, gone = someone("郑近"), someone("郑远"), someone("韦远", elsewhere=True)
    recognised(near, until=soon(20))
    recognised(far, category="destitute")
    address = "/county/recognitions/"
    assert "郑近" in (page := shown(client, address))
    assert "郑远" in page
    assert "韦远" not in page
    assert "郑远" not in shown(client, address + "?ending=30")
    assert "郑近" not in shown(client, address + "?category=destitute")
    assert "没有符合条件的认定" in shown(client, address + f"?day={soon(-9)}")
    numbers = shown(client, address + "?view=counts")
    assert f"?category=destitute&region={actors.LIUZHI_TOWN}000&day={clock.today()}" in numbers
    rows = exported(client, f"{address}export/", category="destitute")
    assert [row[0] for row in rows[1:2]] == ["郑远"]
    assert "特困" in str(rows[-3:])
    assert "郑近" not in str(rows)
    del gone
    listed = reads(client, address)
    for name in ("一", "二", "三"):
        recognised(someone(f"郑{name}"))
    assert reads(client, address) == listed
    assert listed <= 12


def test_the_list_of_enrolments_shows_who_has_not_paid(client: Client) -> None:
    paid, unpaid = someone("孙缴"), someone("孙欠")
    enrolled(paid)
    enrolled(unpaid, "unpaid")
    address = "/county/enrolments/"
    page = shown(client, address)
    assert "孙缴" in page
    assert "180.00" in page
    only = shown(client, address + "?status=unpaid")
    assert "孙欠" in only
    assert "孙缴" not in only
    assert "没有符合条件" in shown(client, address + "?year=2019")
    rows = exported(client, f"{address}export/", status="unpaid")
    assert [row[0] for row in rows[1:2]] == ["孙欠"]
    assert "未缴费" in str(rows[-3:])
    listed = reads(client, address)
    enrolled(someone("孙三"))
    assert reads(client, address) == listed
    assert listed <= 12


def test_the_list_of_filings(client: Client) -> None:
    person = someone("冯备")
    file = {"actor": OFFICER, "now": clock.now(), "key": None, "person": person}
    filings.file(
        **file, terms=filings.Terms("referral", clock.today(), target_level="city", reason="病情需要")
    )
    filings.file(
        **file, terms=filings.Terms("special_outpatient", clock.today(), soon(1), disease_code="M03900")
    )
    address = "/county/filings/"
    page = shown(client, address)
    assert "冯备" in page
    assert "任何市级医院" in page
    assert "M03900" not in shown(client, address + "?kind=referral")
    rows = exported(client, f"{address}export/", kind="special_outpatient", state="all")
    assert (rows[1][0], rows[1][4], len(rows[1])) == ("冯备", "M03900", 11)
    listed = reads(client, address)
    filings.file(
        **file | {"person": someone("冯二")},
        terms=filings.Terms("special_outpatient", clock.today(), disease_code="M03900"),
    )
    assert reads(client, address) == listed
    assert listed <= 12


@pytest.mark.parametrize(
    "address", ["recognitions/?region=abc", "recognitions/?day=x", "enrolments/?year=1", "filings/?kind=x"]
)
def test_a_filter_that_cannot_be_read_is_refused_in_words(client: Client, address: str) -> None:
    assert "未能办理" in shown(client, f"/county/{address}", 422)


def test_who_may_only_read_sees_no_forms() -> None:
    person = someone()
    known = recognised(person)
    health = client_of(Role.HEALTH)
    page = shown(health, page_of(person))
    assert "最低生活保障对象" in page
    for part in (
        "认定身份",
        page_of(person, "recognitions", known, "end"),
        page_of(person, "correct"),
        "期初已用额",
    ):
        assert part not in page
    assert health.get(page_of(person, "recognitions", "new")).status_code == 403
    audit = shown(client_of(Role.AUDIT), page_of(person))
    assert "王**" in audit
    assert people.person(viewer=OFFICER, person=person).summary.name not in audit
    assert health.get("/county/recognitions/", headers=HTMX).status_code == 200
