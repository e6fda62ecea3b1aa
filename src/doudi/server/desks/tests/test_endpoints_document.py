"""The document of the doors: every door is in it, every name in it can be read and stays, and its examples are true."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from doudi.server.access.api import Role
from doudi.server.desks.endpoints import document as writing
from doudi.server.desks.endpoints.examples import EXAMPLES
from doudi.server.desks.endpoints.exposed import doors
from doudi.server.desks.endpoints.shapes import read
from doudi.server.desks.endpoints.titles import APPS, TITLES, title_of
from support.clients import client_of
from support.cluster import ROOT
from support.doors import token

NAME = re.compile(r"([a-z]+\.)?[A-Z][A-Za-z]+")


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    made: dict[str, Any] = json.loads(writing.written())
    return made


def walk(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from walk(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from walk(inner)


def test_every_door_stands_in_it_once(told: dict[str, Any]) -> None:
    assert set(told["paths"]) == {f"/api/{door.address}" for door in doors().values()}
    numbers = [path["post"]["operationId"] for path in told["paths"].values()]
    assert len(set(numbers)) == len(numbers)


def test_names_can_be_read_and_say_where_they_belong(told: dict[str, Any]) -> None:
    names = set(told["components"]["schemas"])
    assert [name for name in names if not NAME.fullmatch(name)] == []
    assert {"people.PersonSummary", "people.PersonSummaryPage", "filings.Terms", "enrolment.Terms"} <= names
    assert {name for name in names if "." not in name} == {"Refusal", "RefusalFault", "Text", "Words"}


def test_every_reference_leads_somewhere(told: dict[str, Any]) -> None:
    for one in walk(told):
        if isinstance(one.get("$ref"), str):
            place: Any = told
            for step in one["$ref"].removeprefix("#/").split("/"):
                place = place[step]


def test_every_door_has_a_title_in_both_languages_a_text_and_who_may(told: dict[str, Any]) -> None:
    assert set(TITLES) <= set(doors())
    assert {door.app for door in doors().values()} == set(APPS) == {tag["name"] for tag in told["tags"]}
    for name, door in doors().items():
        path = told["paths"][f"/api/{door.address}"]["post"]
        assert re.search(r"[\u4e00-\u9fff]", title_of(name).zh), name
        assert path["x-roles"], name
        assert len(path["description"]) > 30, name
        assert set(path["responses"]) >= {
            "200",
            "400",
            "401",
            "403",
            "404",
            "409",
            "413",
            "415",
            "422",
            "429",
        }
        assert ({"token": []} in path["security"]) == (door.rule.needs != "person"), name
        assert ("parameters" in path) == door.keeps_answers


def test_units_stand_at_the_fields(told: dict[str, Any]) -> None:
    units = {"_fen": "分", "_bp": "基点", "_at": "时区"}
    for shape in told["components"]["schemas"].values():
        for field, its in shape.get("properties", {}).items():
            for suffix, unit in units.items():
                if field.endswith(suffix) and "$ref" not in its:
                    assert "description" in its, field
                    assert unit in its["description"] or len(its["description"]) > 10
    wanted = told["components"]["schemas"]["recognition.Filter"]["properties"]["region"]
    assert "12" in wanted["description"]


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_an_example_is_read_by_its_door(name: str) -> None:
    assert read(doors()[name].body, json.dumps(EXAMPLES[name]).encode())


CURL = re.compile(r"/api/(operations|queries)/([a-z_.]+) .*?-d '(.*?)'", re.DOTALL)


def test_the_pages_about_the_doors_show_requests_that_are_read() -> None:
    pages = [(ROOT / "docs" / name).read_text("utf-8") for name in ("api.md", "api.zh-CN.md")]
    shown = [CURL.findall(page) for page in pages]
    assert shown[0] == shown[1]
    assert len(shown[0]) >= 8
    for kind, name, text in shown[0]:
        assert doors()[name].address == f"{kind}/{name}"
        assert read(doors()[name].body, text.encode())
    for page in pages:
        assert {int(status) for status in re.findall(r"^\| (\d{3}) \|", page, re.MULTILINE)} >= set(
            writing.REFUSALS
        )


@pytest.mark.django_db
@pytest.mark.filterwarnings("ignore:No directory at")
def test_it_is_for_whoever_is_known(told: dict[str, Any]) -> None:
    client = client_of(Role.AUDIT)
    assert client.get("/api/openapi.json").json() == told
    bearer = {"authorization": f"Bearer {token(Role.COUNTY)}"}
    assert Client().get("/api/openapi.json", headers=bearer).json() == told
    assert Client().get("/api/docs", headers=bearer).status_code == 302
    page = client.get("/api/docs").content.decode()
    assert "https://" not in page
    assert "/api/openapi.json" in page
