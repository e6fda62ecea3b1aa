"""Values at the edge of what the document allows, at every field of every door, beside real records: never a fault.

A request that would do its work, with one field changed at a time: the largest numbers, the first and last day, texts
that are empty, long or strange. And what real records are answered with is what the document says.
"""

import base64
import json
import os
import re
from collections.abc import Iterator
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from django.core.serializers.json import DjangoJSONEncoder
from django.test import Client

from doudi.server.access.api import Role
from doudi.server.access.roles import ADMINISTRATORS, NEVER_GRANTED
from doudi.server.desks.endpoints.document import written
from doudi.server.desks.endpoints.exposed import doors
from doudi.server.desks.endpoints.shapes import FIRST_DAY, LARGEST, LAST_DAY, LONGEST_TEXT, read
from support import two_counties
from support.clients import client_of
from support.doors import call, token
from support.probes import calls
from support.two_counties import TwoCounties, undone

pytestmark = pytest.mark.filterwarnings("ignore:No directory at")
DEEP = "DOUDI_DEEP" in os.environ
WISHED = (Role.COUNTY, Role.COUNTY_APPROVER, Role.WINDOW, Role.HEALTH, Role.AUDIT)
NUMBERS = [LARGEST, -1, 2**31, 0, -LARGEST, 2**31 - 1, 32768, 10**12, 999_999_999]
TEXTS = ["", "𠮷\u202e\u0001\ufeff", "'\"\\%_{}", " ", "长" * LONGEST_TEXT, "9" * 400, "-1", "\ud7ff\uffff"]
DAYS = [FIRST_DAY.isoformat(), LAST_DAY.isoformat()]
OTHERS: list[Any] = [None, [], {}]


@pytest.fixture(scope="module")
def two(
    database_cluster: Path, template_database: str, django_db_setup: None, django_db_blocker: Any
) -> Iterator[TwoCounties]:
    name = f"values_{template_database[-12:]}_{os.getpid()}"
    with (
        django_db_blocker.unblock(),
        two_counties.database(database_cluster, template_database, name) as made,
    ):
        yield made


@pytest.fixture(scope="module")
def callers(two: TwoCounties) -> Iterator[dict[tuple[Role, bool], dict[str, Any]]]:
    """For each role a token (False) and a session (True), as words of `call`. The window is the hospital's."""
    made: dict[tuple[Role, bool], dict[str, Any]] = {}
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("DOUDI_SECOND_FACTOR", "none")
        for role in sorted(set(Role) - NEVER_GRANTED):
            made[role, True] = {"client": client_of(role)}
            if role not in ADMINISTRATORS:
                made[role, False] = {"secret": token(role), "client": Client()}
        for one in made.values():
            one["client"].raise_request_exception = False
        yield made


class Encoder(DjangoJSONEncoder):
    """Records and files of a probe as JSON has them."""

    def default(self, o: Any) -> Any:
        if isinstance(o, bytes):
            return base64.b64encode(o).decode()
        return asdict(o) if is_dataclass(o) and not isinstance(o, type) else super().default(o)


def base(name: str, two: TwoCounties) -> list[dict[str, Any]]:
    """Requests that reach records, as JSON has them."""
    return [
        json.loads(json.dumps(words, cls=Encoder)) for words in calls(name, doors()[name].function, two.here)
    ]


def changed(value: Any, salt: int) -> Iterator[Any]:
    """The value with one place of it at an edge."""
    if isinstance(value, dict):
        for place, (word, inner) in enumerate(value.items()):
            for other in changed(inner, salt + place):
                yield {**value, word: other}
    elif isinstance(value, list):
        for other in changed(value[0], salt) if value else ():
            yield [other]
        yield []
    else:
        edges = edges_of(value)
        yield from edges if DEEP else edges[salt % len(edges) :][:1]


def edges_of(value: Any) -> list[Any]:
    if isinstance(value, bool) or value is None:
        return OTHERS
    if isinstance(value, int):
        return NUMBERS
    return DAYS if re.fullmatch(r"\d{4}-\d\d-\d\d", value) else TEXTS


def who_for(name: str, callers: dict[tuple[Role, bool], dict[str, Any]]) -> dict[str, Any]:
    door = doors()[name]
    roles = door.rule.roles - NEVER_GRANTED
    role = next((role for role in WISHED if role in roles), min(roles))
    return callers[role, door.rule.needs == "person" or role in ADMINISTRATORS]


@pytest.mark.parametrize("name", sorted(doors()))
def test_no_value_at_an_edge_is_a_fault(
    name: str, two: TwoCounties, callers: dict[tuple[Role, bool], dict[str, Any]]
) -> None:
    door, who = doors()[name], who_for(name, callers)
    key = "" if door.keeps_answers else None
    for request in base(name, two)[-2 if DEEP else -1 :]:
        read(door.body, json.dumps(request).encode())  # the request itself has the right shape
        for salt, words in enumerate(changed(request, len(name))):
            with undone():
                answer = call(name, words, key=key, **who)
            assert answer.status_code in (200, 403, 404, 409, 413, 422, 429), (
                words,
                answer.content[:300],
                salt,
            )


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    made: dict[str, Any] = json.loads(written())
    return made


@pytest.mark.parametrize("name", sorted(name for name, door in doors().items() if door.kind == "query"))
def test_what_is_answered_is_what_the_document_says(
    name: str, two: TwoCounties, callers: dict[tuple[Role, bool], dict[str, Any]], told: dict[str, Any]
) -> None:
    shape = told["paths"][f"/api/{doors()[name].address}"]["post"]["responses"]["200"]
    schema = {**shape["content"]["application/json"]["schema"], "components": told["components"]}
    judge = jsonschema_rs.validator_for(schema, validate_formats=True)
    for request in base(name, two)[:3]:
        with undone():
            answer = call(name, request, **who_for(name, callers))
        if answer.status_code == 200:
            judge.validate(answer.json())
