"""Two mirrored counties: no list, search, count, detail, export or JSON answer shows one to the other.

The same is asked of every query that is registered. Each query is first seen to answer its own county (a query that
answers nobody would pass every test of silence), then a scope that shrinks is seen never to show more.
"""

import contextlib
import json
from collections.abc import Iterator
from dataclasses import asdict, is_dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from doudi.server.access import api as access
from doudi.server.access.api import GUARDED, Role, rule_of
from doudi.server.kernel import clock
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.errors import Refused
from doudi.server.kernel.paging import Page
from doudi.server.kernel.regions import Ranges
from support import actors, two_counties
from support.actors import GRANTED, LIUZHI, RONGJIANG, actor
from support.probes import calls, frame
from support.two_counties import County, TwoCounties, traces, undone

QUERIES = sorted(name for name, (kind, _) in GUARDED.items() if kind == "query")
PUBLIC = ("reference.", "entitlement.policies_in_force", "entitlement.policy_page", "entitlement.assumptions")
"""As in the matrix: facilities, catalogues and the law itself are for everybody."""
PRIVATE = [name for name in QUERIES if not name.startswith(PUBLIC)]
ANSWERS_NOBODY = {
    "access.my_posts": "one's own account; the probes have none",
    "access.my_sessions": "one's own account; the probes have none",
    "settlement.sums": "sums, no record; `settlement/tests/test_lists.py` compares them with the list",
    "settlement.trial": "sums of a bill that is made up, no record; `settlement/tests/test_settle.py` asks for another's",
    "settlement.limit_rooms": "sums of one stay, no record; `settlement/tests/test_holds.py` asks for another's",
    "settlement.oversight": "sums, no record; `settlement/tests/test_oversight.py` compares the two counties",
    "settlement.oversight_diseases": "sums, likewise",
    "settlement.oversight_persons": "a number, likewise",
    "settlement.oversight_today": "sums, likewise",
    "settlement.prove_totals": "numbers of sums, likewise",
    "trail.counts": "numbers of events by day, no record; `desks/tests/test_trail.py` compares the two counties",
}
"""Queries that the mirrored records cannot make speak, with the reason. What is not here must answer its owner."""


@pytest.fixture(scope="module")
def two(
    database_cluster: Path, template_database: str, django_db_setup: None, django_db_blocker: Any
) -> Iterator[TwoCounties]:
    name = f"mirrored_{template_database[-12:]}_{id(object()) % 99_999}"
    with (
        django_db_blocker.unblock(),
        two_counties.database(database_cluster, template_database, name) as made,
    ):
        yield made


def viewers(code: int, facility: int) -> list[Actor]:
    """Every role in a county, and a window of its hospital."""
    return [*(actor(role, code) for role in GRANTED), actors.clerk(facility)]


def asked(name: str, who: Actor, county: County) -> Iterator[Any]:
    """The answers to every probe of `name` aimed at `county`."""
    rule = rule_of(name)
    kind, function = GUARDED[name]
    if rule is not None and rule.allows(who):
        for words in calls(name, function, county):
            with contextlib.suppress(Refused):
                yield function(**frame(kind, function, who), **words)


@pytest.mark.parametrize("name", PRIVATE)
def test_a_query_answers_its_own_county_and_not_the_other(name: str, two: TwoCounties) -> None:
    owners, strangers = (
        viewers(RONGJIANG, two.there.first("facility")),
        viewers(LIUZHI, two.here.first("facility")),
    )
    with undone():
        own = (traces(answer, two.there) for who in owners for answer in asked(name, who, two.there))
        assert name in ANSWERS_NOBODY or any(own), "nobody is answered"
        for who in strangers:
            for county in (two.there, two.here):
                for answer in asked(name, who, county):
                    assert traces(answer, two.there) == [], (who.roles, answer)


def rows(answer: Any) -> tuple[set[str], int]:
    """What an answer lists, as texts that can be compared, and how many it says there are."""
    if isinstance(answer, Page):
        return {repr(item) for item in answer.items}, answer.total
    if isinstance(answer, dict):
        return {repr(pair) for pair in answer.items() if pair[1] not in (None, (), [])}, len(answer)
    if isinstance(answer, tuple | list | set | frozenset):
        return {repr(item) for item in answer}, len(answer)
    return {repr(answer)}, 1


EDGES = [0, 520_000_000, 520_203_000, 520_203_101, 520_203_102, 520_204_000, 522_632_000, 522_632_101,
         522_632_102, 522_633_000, 530_000_000, 1_000_000_000]  # fmt: skip
SPANS = st.lists(st.tuples(st.sampled_from(EDGES), st.sampled_from(EDGES)), max_size=3).map(
    lambda pairs: Ranges.union((start, end) for start, end in pairs if start < end)
)


def cut(first: Ranges, second: Ranges) -> Ranges:
    """What both have."""
    return Ranges.union(
        (max(a, c), min(b, d)) for a, b in first.pairs for c, d in second.pairs if max(a, c) < min(b, d)
    )


LISTS = [name for name in PRIVATE if not name.startswith("access.my_")]


@pytest.mark.parametrize("name", LISTS)
def test_a_scope_that_shrinks_never_shows_more(name: str, two: TwoCounties) -> None:
    rule = rule_of(name)
    assert rule is not None
    kind, function = GUARDED[name]
    roles = sorted(rule.roles & set(GRANTED) - {Role.WINDOW})
    probes = [words for county in (two.here, two.there) for words in calls(name, function, county)[:2]]

    def look(role: Role, ranges: Ranges, words: dict[str, Any]) -> tuple[set[str], int]:
        who = Actor(user=1, login="x", roles=frozenset({role}), ranges=ranges)
        try:
            with undone():
                return rows(function(**frame(kind, function, who), **words))
        except Refused:
            return set(), 0

    @settings(
        max_examples=15,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
        derandomize=True,
    )
    @given(whole=SPANS, other=SPANS, place=st.integers(0, 11), asking=st.integers(0, 11))
    def shrinks(whole: Ranges, other: Ranges, place: int, asking: int) -> None:
        role, words = roles[place % len(roles)], probes[asking % len(probes)]
        part = cut(whole, other)
        more, less = look(role, whole, words), look(role, part, words)
        assert less[1] <= more[1], (role, whole, part)
        if not name.startswith(SAYS_LESS):
            assert less[0] <= more[0], (role, whole, part)
        if not part.pairs:
            assert not less[0], "an empty scope shows nothing"

    if roles:
        shrinks()


SAYS_LESS = (
    "access.user",
    "people.household",
    "settlement.sums",
    "settlement.oversight",
    "settlement.oversight_persons",
    "settlement.oversight_today",
)
"""An account or a household that reaches over the border is told in part; sums are smaller. The row differs, it is not
one more."""


@pytest.fixture(scope="module")
def secrets(two: TwoCounties) -> dict[Role, str]:
    """A token of 六枝 for each role that may have one."""
    made = {}
    for role in (Role.COUNTY, Role.COUNTY_APPROVER, Role.HEALTH, Role.AUDIT, Role.OVERSIGHT):
        with actors.two_hospitals():
            user = actors.account(f"machine.{role}", role)
        issued = access.issue_token(
            actor=actor(Role.SECURITY_ADMIN), now=actors.NOW, grant=access.posts_of(user, actors.NOW)[0].number,
            name="mirror", until_at=clock.now() + timedelta(days=1),
        )  # fmt: skip
        made[role] = issued.secret
    return made


def body(words: dict[str, Any]) -> str:
    plain = {word: asdict(value) if is_dataclass(value) else value for word, value in words.items()}
    return json.dumps(plain, cls=DjangoJSONEncoder)


@pytest.mark.filterwarnings("ignore:No directory at", "ignore:Returning tuple:DeprecationWarning")
@pytest.mark.parametrize("name", PRIVATE)
def test_the_json_doors_show_no_more(name: str, two: TwoCounties, secrets: dict[Role, str]) -> None:
    """Through HTTP, with a machine's token: the same answers, refusals without traces, no fault of ours."""
    _, function = GUARDED[name]
    client = Client()
    for secret in secrets.values():
        for county in (two.here, two.there):
            for words in calls(name, function, county)[:3]:
                with undone():
                    answer = client.post(
                        f"/api/queries/{name}", body(words), content_type="application/json",
                        headers={"authorization": f"Bearer {secret}"},
                    )  # fmt: skip
                assert answer.status_code in (200, 403, 404, 409, 422, 429), answer.content
                assert traces(answer.json(), two.there) == [] or answer.status_code == 422, (
                    words,
                    answer.content,
                )


@pytest.mark.filterwarnings("ignore:No directory at", "ignore:Returning tuple:DeprecationWarning")
def test_the_json_doors_are_shut_without_a_token(two: TwoCounties) -> None:
    client = Client()
    for name, (kind, _) in sorted(GUARDED.items()):
        address = "operations" if kind == "operation" else "queries"
        for headers in ({}, {"authorization": "Bearer doudi_nobody"}):
            answer = client.post(
                f"/api/{address}/{name}", "{}", content_type="application/json", headers=headers
            )
            assert answer.status_code in (401, 403), name
    assert two.here
