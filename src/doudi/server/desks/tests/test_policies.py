"""Pages of the policies in force: put, read, confirmed one by one, ended; and what is told of a replaced file."""

import re

import pytest
from django.test import Client

from doudi.server.access.roles import Role
from doudi.server.desks import urls  # noqa: F401 - declares all pages
from doudi.server.desks.county.policies_reading import choices_for, written
from doudi.server.entitlement import api
from doudi.server.entitlement.models import PolicyInForce
from doudi.server.kernel import clock
from doudi.server.kernel.scope import EVERYWHERE, Scope, scoped
from support import actors
from support.clients import client_of
from support.pages import HTMX, queries, refused, sent, shown

pytestmark = pytest.mark.django_db
LIST = "/county/policies/"
TRIPLE = "guizhou/liuzhi/triple-guarantee-2017"


def put() -> int:
    done = api.put_in_force(
        actor=actors.approver(), now=clock.now(), key=None, region=520203000, policy=TRIPLE,
        from_date=clock.today().replace(year=2018),
    )  # fmt: skip
    return done.in_force


@pytest.fixture
def client() -> Client:
    return client_of(Role.COUNTY)


def test_an_approver_puts_in_force_what_was_made_for_here(client: Client) -> None:
    assert "没有执行的政策" in shown(client, LIST)
    assert "施行一份政策" not in shown(client, LIST)
    approver = client_of(Role.COUNTY_APPROVER)
    page = shown(approver, LIST)
    assert TRIPLE in page
    assert "rongjiang" not in page
    address = sent(approver, LIST + "put/", {"policy": TRIPLE, "from_date": "2018-01-01"})
    assert "谁付多少" in shown(client, address)
    status, text = refused(approver, LIST + "put/", {"policy": TRIPLE, "from_date": "2019-01-01"})
    assert status == 409
    assert "data-refusal" in text
    assert refused(client, LIST + "put/", {"policy": TRIPLE, "from_date": "2019-01-01"})[0] == 403
    later = {"policy": "guizhou/rongjiang/medical-assistance-2017", "from_date": "2030-01-01"}
    assert refused(approver, LIST + "put/", later)[0] in (409, 422)
    sent(approver, address + "end/", {"until_date": "2020-01-01", "reason": "新政策"})
    assert "曾经执行" in shown(client, LIST)
    assert "没有执行的政策" in shown(client, LIST)


def test_the_page_reads_well_without_style_or_script_of_its_own(client: Client) -> None:
    answer = client.get(f"{LIST}{put()}/")
    page = answer.content.decode()
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert not re.search(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=", page)
    marks = re.findall(r'href="#note-(\d+)"', page)
    assert marks
    assert all(f'id="note-{number}"' in page for number in marks)
    anchors = re.findall(r'href="#(p\d+)"', page)
    assert len(anchors) > 5
    assert all(f'id="{anchor}"' in page for anchor in anchors)
    assert "新农合基本医疗补偿" in page
    assert "起付线" in page


def test_a_policy_reads_in_english_and_as_of_a_day(client: Client) -> None:
    number = put()
    client.cookies["language"] = "en"
    assert "Who pays what" in shown(client, f"{LIST}{number}/") or "Sources and assumptions" in shown(
        client, f"{LIST}{number}/"
    )
    assert client.get(f"{LIST}{number}/?day=2018-06-01").status_code == 200
    assert client.get(f"{LIST}{number}/?day=soon").status_code == 422
    assert client.get(f"{LIST}999999/").status_code == 404
    assert client.get(f"{LIST}999999/assumptions/").status_code == 404


def test_every_block_and_footnote_of_the_library_is_written() -> None:
    page = api.policy_page(viewer=actors.officer(), in_force=put(), language="zh")
    made = written(page)
    assert len(made.pieces) == len(page.blocks)
    assert [note for _, note in made.notes] == list(page.notes)
    held = {mark for block in page.blocks for mark in _marks(block)}
    assert held == {mark.text for piece in made.pieces for mark in _made(piece)}


def _marks(block):
    if isinstance(block.marks, tuple) and block.marks and isinstance(block.marks[0], tuple):
        return [mark for row in block.marks for mark in row]
    return [mark for mark in block.marks if isinstance(mark, str)]


def _made(piece):
    return (*piece.marks, *(mark for row in piece.rows for mark in row.marks))


def test_assumptions_are_looked_at_one_by_one(client: Client) -> None:
    number = put()
    address = f"{LIST}{number}/"
    page = shown(client, address + "assumptions/")
    total = page.count('class="panel assumption open"')
    assert total == len(api.assumptions(viewer=actors.officer(), in_force=number)) > 10
    path = re.search(r'name="path" value="([^"]+)"', page).group(1)
    answer = client.post(address + "check/", {"order": "1", "path": path, "is": "so"}, headers=HTMX)
    assert answer["HX-Retarget"] == "#assumption-1"
    text = answer.content.decode()
    assert f"1 / {total}" in re.sub(r"\s+", " ", text)
    assert 'hx-swap-oob="true"' in text
    assert "已确认" in text
    status, text = refused(client, address + "check/", {"order": "1", "path": path, "is": "other"})
    assert status == 422
    assert "本县的实际规定" in text
    other = {"order": "1", "path": path, "is": "other", "note": "本县按入院日"}
    assert client.post(address + "check/", other).status_code == 302  # without script too
    page = shown(client, address + "assumptions/?show=differs")
    assert "本县按入院日" in page
    assert page.count('class="panel assumption') == 1
    assert shown(client, address + "assumptions/?show=open").count('class="panel assumption') == total - 1
    assert refused(client, address + "check/", {"order": "1", "path": "no.such", "is": "so"})[0] in (404, 422)
    for role in (Role.HEALTH, Role.AUDIT):
        assert (
            refused(client_of(role), address + "check/", {"order": "1", "path": path, "is": "so"})[0] == 403
        )
    elsewhere = client_of(Role.COUNTY, code=actors.RONGJIANG)
    assert elsewhere.get(address + "assumptions/").status_code == 404
    assert elsewhere.get(address).status_code == 404


def test_a_replaced_file_is_told_on_every_page(client: Client) -> None:
    number = put()
    with scoped(Scope(EVERYWHERE)):
        PolicyInForce.objects.filter(pk=number).update(policy_hash="0" * 64)
    for address in (LIST, f"{LIST}{number}/", f"{LIST}{number}/assumptions/", "/county/inbox/"):
        assert "更换" in shown(client, address), address


def test_a_window_reads_what_is_in_force(client: Client) -> None:
    number = put()
    window = client_of(Role.WINDOW)
    assert "三重医疗保障" in shown(window, LIST)
    assert "停止执行" not in shown(window, f"{LIST}{number}/")
    assert client_of(Role.SYSTEM_ADMIN).get(LIST).status_code == 403


def test_a_constant_number_of_queries(client: Client) -> None:
    number = put()
    address = f"{LIST}{number}/assumptions/"
    shown(client, address)
    before = queries(lambda: shown(client, address))
    for one in api.assumptions(viewer=actors.officer(), in_force=number)[:8]:
        api.confirm_assumption(
            actor=actors.officer(), now=clock.now(), key=None, in_force=number, path=one.path, is_so=True
        )
    assert queries(lambda: shown(client, address)) == before
    assert queries(lambda: shown(client, LIST)) <= 12


def test_choices_are_of_the_county_and_of_what_contains_it() -> None:
    assert TRIPLE in {one.policy for one in choices_for(520203000)}
    assert not any("rongjiang" in one.policy for one in choices_for(520203000))
    assert "guizhou/ncms-2017" not in {one.policy for one in choices_for(520203000)}  # a template
