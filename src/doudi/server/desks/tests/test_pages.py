"""What holds for every page: strangers, roles, headers, languages, refusals."""

import re

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from doudi.server.access.roles import Role
from doudi.server.desks import urls  # noqa: F401 - declares all pages
from doudi.server.desks.pages import OPEN, PAGES
from support.clients import client_of

pytestmark = pytest.mark.django_db


def address_of(name: str) -> str | None:
    for facts in ([], [1], [1, 1]):
        try:
            return reverse(name, args=facts)
        except NoReverseMatch:
            continue
    return None


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_stranger_is_sent_to_the_door(name: str) -> None:
    address = address_of(name)
    assert address is not None
    for answer in (Client().get(address), Client().post(address)):
        if PAGES[name] == OPEN:
            assert answer.status_code in (200, 302, 403, 405, 422)
        elif answer.status_code != 405:
            assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/sign-in/")


@pytest.mark.parametrize("role", [Role.WINDOW, Role.COUNTY, Role.AUDIT, Role.SYSTEM_ADMIN])
def test_whom_the_rule_does_not_allow_is_told_so(role: Role) -> None:
    from doudi.server.access.api import rule_of

    client = client_of(role)
    tried = 0
    for name, rule in PAGES.items():
        asked = rule_of(rule)
        if asked is None or role in asked.roles or (address := address_of(name)) is None:
            continue
        answer = client.get(address)
        if answer.status_code == 405:
            answer = client.post(address)
        assert answer.status_code == 403, name
        assert "没有权限" in answer.content.decode()
        tried += 1
    assert tried


def test_every_answer_carries_its_headers() -> None:
    client = client_of(Role.COUNTY)
    for address in ("/sign-in/", "/county/people/", "/nowhere/", "/account/"):
        answer = client.get(address)
        assert "default-src 'none'" in answer["Content-Security-Policy"]
        assert "unsafe" not in answer["Content-Security-Policy"]
        assert answer["Cache-Control"] == "no-store"
        assert answer["X-Frame-Options"] == "DENY"


def test_nothing_inline_stands_in_a_page() -> None:
    client = client_of(Role.COUNTY)
    for address in ("/sign-in/", "/county/people/", "/account/"):
        page = client.get(address).content.decode()
        assert not re.search(r"<script(?![^>]*\ssrc=)|\sstyle=|\son[a-z]+=", page), address
        assert "http://" not in page.replace("http://www.w3.org", "")


def test_the_page_speaks_the_language_of_the_switch() -> None:
    client = client_of(Role.COUNTY)
    assert "人员" in client.get("/county/people/").content.decode()
    answer = client.post("/look/", {"language": "en", "next": "/county/people/"})
    assert answer["Location"] == "/county/people/"
    page = client.get("/county/people/").content.decode()
    assert "<h1>People</h1>" in page
    assert not re.search(
        r"[\u4e00-\u9fff]", re.sub(r"<option.*?</option>|中文|class=\"place\".*?</span>", "", page)
    )


@pytest.mark.parametrize("wanted", ["//evil.example/", "https://evil.example/", "javascript:alert(1)", ""])
def test_after_signing_in_one_stays_in_the_house(wanted: str) -> None:
    answer = Client().post("/look/", {"language": "zh", "next": wanted})
    assert answer["Location"] == "/"


def test_an_unknown_page_and_a_person_elsewhere_look_alike() -> None:
    client = client_of(Role.COUNTY)
    elsewhere, unknown = client.get("/county/people/999999999/"), client.get("/nowhere/")
    assert elsewhere.status_code == unknown.status_code == 404
    assert "没有找到" in elsewhere.content.decode()
    assert "没有找到" in unknown.content.decode()


def test_a_refusal_keeps_to_the_form_where_htmx_asks() -> None:
    client = client_of(Role.COUNTY)
    address = reverse("county.people_search")
    answer = client.post(address, {"asked": ""}, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert answer.content.decode().lstrip().startswith("<div")
    assert "请填写" in answer.content.decode()
    whole = client.post(address, {"asked": "\u202e张"})
    assert whole.status_code == 422
    assert "不可见的字符" in whole.content.decode()
