"""The JSON doors against their own document, by schemathesis: every door, as a role that may pass it.

What fits the document and what does not is sent to each door, over WSGI in this process, beside two counties of records;
each request is taken back. No answer is a fault, every answer is one the document has, and what does not fit is refused.
`DOUDI_DEEP=200` sends so many requests of each kind; the tests of every day send a few, always the same.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from doudi.server.access.api import Role
from doudi.server.access.roles import ADMINISTRATORS, NEVER_GRANTED
from doudi.server.desks.endpoints.document import written
from doudi.server.desks.endpoints.exposed import doors
from support import two_counties
from support.clients import client_of
from support.doors import token
from support.two_counties import TwoCounties, undone

pytestmark = pytest.mark.filterwarnings("ignore:No directory at")
EXAMPLES = int(os.environ.get("DOUDI_DEEP", "2"))
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
    negative_data_rejection,
]  # fmt: skip
WISHED = (Role.COUNTY, Role.COUNTY_APPROVER, Role.WINDOW, Role.HEALTH, Role.AUDIT)
Carried = dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def two(
    database_cluster: Path, template_database: str, django_db_setup: None, django_db_blocker: Any
) -> Iterator[TwoCounties]:
    name = f"schema_{template_database[-12:]}_{os.getpid()}"
    with (
        django_db_blocker.unblock(),
        two_counties.database(database_cluster, template_database, name) as made,
    ):
        yield made


@pytest.fixture(scope="module")
def carried(two: TwoCounties) -> Iterator[dict[tuple[Role, bool], Carried]]:
    """For each role a token (False) and a session (True), as the headers and cookies that carry them."""
    made: dict[tuple[Role, bool], Carried] = {}
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("DOUDI_SECOND_FACTOR", "none")
        for role in sorted(set(Role) - NEVER_GRANTED):
            client = client_of(role)
            client.get("/api/docs")
            cookies = {name: one.value for name, one in client.cookies.items()}
            made[role, True] = {"cookies": cookies, "headers": {"X-CSRFToken": cookies["csrftoken"]}}
            if role not in ADMINISTRATORS:
                made[role, False] = {"headers": {"Authorization": f"Bearer {token(role)}"}}
        yield made


@pytest.fixture(scope="module")
def api(carried: Any) -> Iterator[Any]:
    """The document with the application behind it. A request here ends inside a transaction and must not close it."""
    told = json.loads(written())
    for path in told["paths"].values():
        del path["post"]["security"]  # who asks is given; leaving it out is tried in the tests of the doors
    schema = schemathesis.openapi.from_dict(told)
    schema.app = get_wsgi_application()
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield schema
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def role_for(name: str) -> Role:
    roles = doors()[name].rule.roles - NEVER_GRANTED
    return next((role for role in WISHED if role in roles), min(roles))


@pytest.mark.parametrize("name", sorted(doors()))
@pytest.mark.parametrize("mode", list(GenerationMode))
def test_a_door_keeps_to_its_document(
    name: str, mode: GenerationMode, api: Any, carried: dict[tuple[Role, bool], Carried]
) -> None:
    door = doors()[name]
    role = role_for(name)
    who = carried[role, door.rule.needs == "person" or role in ADMINISTRATORS]
    operation = api[f"/api/{door.address}"]["POST"]

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def keeps(case: Any) -> None:
        with undone():
            response = case.call(**who)
        case.validate_response(response, checks=CHECKS)

    keeps()
