"""The audit desk: what an auditor sees of the own county, and nobody else's; who saw whom; files; verification."""

import ast
import io
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from doudi.server.access.roles import Role
from doudi.server.audit import api as audit
from doudi.server.audit.api import DayCount, TrailFilter
from doudi.server.desks.trail.chart import HEIGHT, chart
from doudi.server.desks.trail.filters import asked, short
from doudi.server.desks.trail.jobs import concerns
from doudi.server.desks.trail.queries import counts
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.scope import scoped
from doudi.words import Words
from support import actors
from support.actors import LIUZHI, LIUZHI_TOWN, RONGJIANG, RONGJIANG_TOWN, actor
from support.clients import client_of

pytestmark = pytest.mark.django_db
SERVER = Path(__file__).resolve().parents[2]


def happened(event: str = "people.corrected", *, who: Actor | None = None, **facts: object) -> None:
    who = who or actors.officer()
    with scoped(who.scope):
        audit.append(event, actor=who, at=clock.now(), **({"region": LIUZHI_TOWN} | facts))


@pytest.fixture(autouse=True)
def no_devices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Administrators need not bind a device first."""
    monkeypatch.setenv("DOUDI_SECOND_FACTOR", "none")


@pytest.fixture
def auditor() -> Client:
    return client_of(Role.AUDIT)


def page(client: Client, address: str, **data: object) -> str:
    answer = client.get(address, data)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return re.sub(r"\s+", " ", re.sub(r"(?s)<select.*?</select>", "", answer.content.decode()))


def test_events_read_as_sentences_of_the_own_county_only(auditor: Client) -> None:
    officer, elsewhere = actors.officer(), actors.officer(RONGJIANG)
    happened(who=officer, person=4711)
    happened(who=elsewhere, person=4712, region=RONGJIANG_TOWN)
    text = page(auditor, "/trail/events/")
    assert f"{officer.login}更正了" in text
    assert ">4711</a>" in text
    assert "4712" not in text
    assert elsewhere.login not in text


@pytest.mark.parametrize(
    ("narrow", "there"),
    [
        ({"person": "4711"}, True), ({"person": "9"}, False), ({"event": "people"}, True), ({"event": "imports"}, False),
        ({"event": "people.corrected"}, True), ({"event": "people.moved"}, False), ({"outcome": "done"}, True),
        ({"outcome": "denied"}, False), ({"login": "somebody"}, False), ({"region": str(LIUZHI_TOWN * 1000)}, True),
        ({"region": "520203102000"}, False), ({"from": "2001-01-01", "until": "2001-01-31"}, False),
    ],
)  # fmt: skip
def test_each_filter_narrows(auditor: Client, narrow: dict[str, str], there: bool) -> None:
    happened(person=4711)
    assert (">4711</a>" in page(auditor, "/trail/events/", **narrow)) is there


@pytest.mark.parametrize("bad", [{"from": "soon"}, {"person": "x"}, {"outcome": "maybe"}, {"region": "-1"}])
def test_a_filter_that_is_none_is_told(auditor: Client, bad: dict[str, str]) -> None:
    assert auditor.get("/trail/events/", bad).status_code == 422


def test_pages_follow_one_another_without_a_gap_and_cost_the_same(auditor: Client) -> None:
    for number in range(3):
        happened(person=number + 1)
    with CaptureQueriesContext(connection) as few:
        page(auditor, "/trail/events/")
    for number in range(3, 130):
        happened(person=number + 1)
    with CaptureQueriesContext(connection) as many:
        text = page(auditor, "/trail/events/", event="people.corrected")
    assert len(many) <= len(few)
    seen: list[str] = []
    while True:
        seen += re.findall(r">(\d+)</a></td>", text)
        following = re.search(r'rel="next" href="(\?[^"]+)"', text)
        if following is None:
            break
        text = page(auditor, "/trail/events/" + following[1].replace("&amp;", "&"))
    assert seen == [str(number) for number in range(130, 0, -1)]


def test_what_administrators_and_clerks_do_is_seen_in_their_county(auditor: Client) -> None:
    """Events that concern no region of their own belong where whoever acted belongs."""
    keeper = client_of(Role.SYSTEM_ADMIN)
    keeper.post("/admin/users/new/", {"login": "neu", "display_name": "新人"})
    with actors.two_hospitals():
        window = client_of(Role.WINDOW)
        assert window.get("/trail/events/").status_code == 403
    text = page(auditor, "/trail/events/", event="access")
    assert "建立了账号" in text
    assert "登录" in text
    assert "查看审计轨迹”，没有权限" in page(auditor, "/trail/events/", outcome="denied")
    other = client_of(Role.AUDIT, code=RONGJIANG)
    assert "建立了账号" not in page(other, "/trail/events/")


def test_an_event_opens_with_its_place_in_the_chain(auditor: Client) -> None:
    happened(person=4711, purpose="核对", object_kind="person", object_id=4711, detail={"fields": ["phone"]})
    number = re.search(r"/trail/events/(\d+)/", page(auditor, "/trail/events/", event="people"))
    assert number is not None
    text = page(auditor, number[0])
    for part in ("4711", "核对", "fields", "尚未封存", "谁看过此人"):
        assert part in text
    fragment = auditor.get(number[0], headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert client_of(Role.AUDIT, code=RONGJIANG).get(number[0]).status_code == 404


def test_who_saw_a_person_counts_by_account_and_way(auditor: Client) -> None:
    one, two = actors.officer(), actors.officer()
    for _ in range(3):
        happened("people.unmasked", who=one, person=4711, outcome="seen")
    happened("people.corrected", who=two, person=4711)
    happened(
        "people.unmasked", who=actors.officer(RONGJIANG), person=4711, region=RONGJIANG_TOWN, outcome="seen"
    )
    text = page(auditor, "/trail/events/who/", person="4711")
    assert "2 个账号" in text
    assert re.search(one.login + r"</td>.*?>3</td>", text)
    assert "没有记录" in page(auditor, "/trail/events/who/", person="4712")


def test_a_number_is_turned_into_the_person_s_and_the_look_up_is_kept(auditor: Client) -> None:
    from doudi.server.people.api import register
    from support.people import id_number

    number = id_number(clock.today().replace(year=1960, day=1), 1, 520203)
    made = register(
        actor=actors.officer(), now=clock.now(), key=None, region=LIUZHI_TOWN, name="亓甲", number=number
    )
    answer = auditor.post("/trail/events/who/find/", {"number": number})
    assert answer["Location"] == f"/trail/events/who/?person={made.person}"
    text = page(auditor, "/trail/events/", event="trail.person_looked_up")
    assert "按号码查人员编号" in text
    assert number not in text
    absent = auditor.post("/trail/events/who/find/", {"number": "520203195001010014"})
    stranger = client_of(Role.AUDIT, code=RONGJIANG).post("/trail/events/who/find/", {"number": number})
    assert (absent.status_code, stranger.status_code) == (404, 404)
    assert client_of(Role.AUDIT_ADMIN).post("/trail/events/who/find/", {"number": number}).status_code == 403


def test_the_file_is_what_is_filtered_and_no_formula(auditor: Client) -> None:
    happened(person=4711, purpose="=HYPERLINK(1)")
    happened("people.moved", person=4712)
    answer = auditor.post("/trail/events/export/", {"event": "people.corrected", "purpose": "年度检查"})
    assert answer.status_code == 200
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][2] == "经过"
    assert [row[8] for row in rows[1:] if isinstance(row[0], int)] == [4711]
    cell = sheet.cell(2, 11)
    assert (cell.value, cell.data_type) == ("=HYPERLINK(1)", "s")
    assert "导出了审计轨迹 1 条" in page(auditor, "/trail/events/", event="trail.exported")
    assert auditor.post("/trail/events/export/", {"purpose": ""}).status_code == 422


def test_nothing_leaves_while_sealing_is_late(auditor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "sealing_is_late", lambda _now: True)
    answer = auditor.post("/trail/events/export/", {"purpose": "年度检查"})
    assert answer.status_code == 409
    assert "暂停导出" in answer.content.decode()
    assert "导出等业务已暂停" in page(auditor, "/trail/verify/")


def test_counts_of_one_county_do_not_move_with_the_other() -> None:
    today = clock.today()
    words = {
        "from_day": today,
        "until_day": today + timedelta(1),
        "wanted": TrailFilter(events=("people.moved",)),
    }
    for code, region, times in ((LIUZHI, LIUZHI_TOWN, 2), (RONGJIANG, RONGJIANG_TOWN, 3)):
        for _ in range(times):
            happened("people.moved", who=actors.officer(code), region=region)
    assert counts(viewer=actor(Role.AUDIT), **words) == (DayCount(today, 2, 0, 0, 0),)
    assert counts(viewer=actor(Role.OVERSIGHT, RONGJIANG), **words) == (DayCount(today, 3, 0, 0, 0),)


def test_the_picture_of_days_keeps_its_proportions() -> None:
    today = clock.today()
    drawn = chart(
        [DayCount(today, 90, 0, 5, 5), DayCount(today - timedelta(2), 1, 0, 0, 0)],
        today - timedelta(6),
        today,
    )
    assert [(bar.x, bar.height, bar.red_height) for bar in drawn.bars] == [(44, 2, 0), (64, HEIGHT, 6)]
    assert drawn.bars[1].red_y == HEIGHT - 6
    assert (drawn.width, drawn.total) == (70, 101)
    assert chart([], today, today).bars == ()


def test_without_days_the_last_seven_are_shown_and_days_in_disorder_are_put_right() -> None:
    today = clock.today()
    assert asked({}, today).days == 7
    turned = asked({"from": "2026-05-09", "until": "2026-05-01"}, today)
    assert (turned.first, turned.days) == (turned.last, 1)


def test_verifying_is_asked_for_once_and_told_in_words(auditor: Client) -> None:
    text = page(auditor, "/trail/verify/")
    key = re.search(r'name="key" value="(\w+)"', text)
    assert key is not None
    first, again = (auditor.post("/trail/verify/run/", {"key": key[1]}) for _ in range(2))
    assert first["Location"] == again["Location"]
    fragment = auditor.get(first["Location"], headers={"HX-Request": "true"}).content.decode()
    assert "排队中" in fragment
    assert 'hx-trigger="every 1s"' in fragment
    number = first["Location"].split("/")[-2]
    other = client_of(Role.AUDIT, code=RONGJIANG)
    assert other.get(first["Location"]).status_code == 404
    assert auditor.post(f"/trail/verify/{number}/stop/").status_code == 302
    assert "已取消" in page(auditor, first["Location"])


def test_a_file_that_is_no_witness_is_refused(auditor: Client) -> None:
    for content, status in ((b"\xff\xfe", 422), (b'{"format": "else"}', 422), (b"", 422)):
        file = io.BytesIO(content)
        file.name = "heads.jsonl"
        answer = auditor.post("/trail/verify/run/", {"key": "k", "witness": file})
        assert answer.status_code == status


def test_findings_elsewhere_are_not_told() -> None:
    here, there = "520203/2026-11-25", "522632/2026-11-25"
    found = [audit.Finding("changed", Words("改", "c"), chain) for chain in (here, there, "", "2026-11-25")]
    assert [concerns(actor(Role.AUDIT), one) for one in found] == [True, False, True, True]


def written_events() -> set[str]:
    """Names of events that the source of the server appends literally."""
    found = set()
    for path in SERVER.rglob("*.py"):
        if "tests" in path.parts or "audit" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            called = getattr(
                getattr(node, "func", None), "attr", getattr(getattr(node, "func", None), "id", "")
            )
            if isinstance(node, ast.Call) and called in ("append", "_append", "_audit") and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant) and re.fullmatch(r"[a-z]+\.[a-z_]+", str(first.value)):
                    found.add(str(first.value))
    return found


def test_every_event_that_is_written_has_words() -> None:
    assert len(written_events()) > 40
    assert sorted(written_events() - set(audit.known_events())) == []


def test_the_short_form_of_a_text_has_no_holes() -> None:
    for text in audit.known_events().values():
        bare = short(text)
        assert bare.zh, text
        assert bare.en, text
        assert "{" not in bare.zh + bare.en
    assert reverse("trail.home") == "/trail/events/"
