"""What each page asks the database: exactly the statements of the list, and no more with thirty rows than with three.

Every GET page of the desks is opened as somebody its rule allows, in a county with a few rows of everything and again
with thirty. A page that asks more than `query_counts.json` says fails with both lists side by side; so does one that
asks less, since the list is then out of date. After a change that is meant:
`DOUDI_COUNT_QUERIES=write python -m pytest tests/server/test_query_counts.py`, then read `git diff`.
"""

import json
import os
import re
from collections.abc import Iterator
from difflib import ndiff
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, reverse

from doudi.server.access.api import Role, rule_of
from doudi.server.desks.pages import OPEN, PAGES, SIGNED_IN
from doudi.server.desks.urls import urlpatterns
from doudi.server.kernel.actor import SYSTEM
from doudi.server.kernel.jobs import work_off
from doudi.server.kernel.scope import scoped
from doudi.server.people.api import find_at_facility
from doudi.server.reference.api import restand_facility
from doudi.server.settlement import api as settlement
from support import actors, settling, two_counties
from support.clients import client_of
from support.county import hospitals
from support.thirty import thirty
from support.two_counties import County

KEPT = Path(__file__).with_name("query_counts.json")
ROLES = (
    Role.COUNTY, Role.COUNTY_APPROVER, Role.WINDOW, Role.AUDIT, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN,
    Role.AUDIT_ADMIN, Role.POLICY, Role.HEALTH, Role.OVERSIGHT, Role.FAMILY_DOCTOR,
)  # fmt: skip
"""Who opens a page: the first of these whom its rule allows."""
SEEN = "UPDATE access_session"
"""That somebody is still there, noted once a minute: not a matter of the page."""
NUMBERS = (
    (r"readjudications/look", "job"),
    (r"readjudications", "person"),
    (r"county/holds", "hold"),
    (r"county/(settlements|debts)|ledger/of", "settlement"),
    (r"window/(settlement|debts)", "mine"),
    (r"ledger/account", "account"),
    (r"ledger/entry", "entry"),
    (r"/people/\d*.*other", "person"),
    (r"people|window/person", "person"),
    (r"households", "household"),
    (r"facilities", "facility"),
    (r"imports", "import"),
    (r"proposals", "proposal"),
    (r"policies", "in_force"),
    (r"events", "event"),
    (r"verify", "verification"),
    (r"tokens", "token"),
    (r"users", "user"),
    (r"reviews", "glass"),
)
"""Which record the number in an address is, by a word of the address."""
OTHERS = {"paper": "paper", "post": "grant", "other": "other", "asked": "ask", "move": "move"}
ITEMS = {
    "recognition": "recognition", "enrolment": "enrolment", "filing": "filing", "contact": "contact",
    "registration": "registration",
}  # fmt: skip
Lists = dict[str, list[str]]


def pages() -> dict[str, URLPattern]:
    """Every page of the desks by its name."""
    return {str(one.name): one for one in urlpatterns if isinstance(one, URLPattern)}


def address(name: str, pattern: URLPattern, here: County) -> str:
    """The page's address with the first record of the county that fits."""
    text = str(pattern.pattern)
    facts: dict[str, int | str] = {}
    for word in pattern.pattern.converters:
        if word == "number":
            kind = next(kind for said, kind in NUMBERS if re.search(said, text))
        elif word == "item":
            kind = next(kind for said, kind in ITEMS.items() if said in text)
        elif word == "kind":
            facts[word] = "settlement"
            continue
        elif "case-papers" in text:
            kind = "case_paper"
        else:
            kind = OTHERS[word]
        facts[word] = here.first(kind)
    return reverse(name, kwargs=facts)


def role_for(name: str) -> Role | None:
    """Who opens the page; nobody in particular where anybody may."""
    if PAGES[name] == OPEN:
        return None
    if PAGES[name] == SIGNED_IN:
        return Role.COUNTY
    rule = rule_of(PAGES[name])
    assert rule is not None, name
    return next(role for role in ROLES if role in rule.roles)


def shape(sql: str) -> str:
    """A statement as one reads it in a list: what it does and to which tables."""
    verb = sql.split(None, 1)[0].upper()
    if "set_config" in sql:
        return "scope"
    counted = "COUNT " if re.match(r"\s*SELECT\s+COUNT\(", sql, re.IGNORECASE) else ""
    tables = re.findall(r'(?:FROM|JOIN|INTO|UPDATE)\s+"?([a-z]+_[a-z_]+)"?', sql)
    return " ".join([verb, *([counted.strip()] if counted else []), *dict.fromkeys(tables)])


class Visitors:
    """A client signed in for each role, made when one is needed."""

    def __init__(self, here: County) -> None:
        self.here = here
        self.clients: dict[Role | None, Client] = {None: Client()}

    def of(self, role: Role | None) -> Client:
        if role not in self.clients:
            assert role is not None
            self.clients[role] = client_of(role, code=self.here.code)
        return self.clients[role]


def asked(visitors: Visitors, here: County) -> Lists:
    """The statements of each page that can be opened. Each is opened twice: what a process keeps is kept by then."""
    lists: Lists = {}
    for name, pattern in sorted(pages().items()):
        client, where = visitors.of(role_for(name)), address(name, pattern, here)
        first = client.get(where)
        if first.status_code == 405:
            continue
        assert first.status_code in (200, 302), (
            f"{name} {where}: {first.status_code} {first.content.decode()[:1500]}"
        )
        with CaptureQueriesContext(connection) as caught:
            client.get(where)
        shapes = [shape(one["sql"]) for one in caught.captured_queries]
        lists[name] = [one for one in shapes if not one.startswith(SEEN)]
    return lists


def prepare(here: County) -> None:
    """A second person to merge with, and the hospital of the tests' accounts, which has found the first."""
    hospitals()
    here.ids["other"] = here.ids["person"][1:2]
    here.ids["facility"].insert(0, actors.LIUZHI_HOSPITAL)
    find_at_facility(actor=actors.clerk(), now=two_counties.NOW, number=here.numbers[0])
    settled_here(here)


def settled_here(here: County) -> None:
    """A stay of the first person at that hospital, and a bill with a payment."""
    frame: dict[str, Any] = {"actor": actors.clerk(), "now": two_counties.NOW, "key": None}
    today = two_counties.TODAY
    restand_facility(
        actor=SYSTEM,
        now=two_counties.NOW,
        key=None,
        facility=actors.LIUZHI_HOSPITAL,
        from_date=today,
        level="county",
    )
    made = settlement.register(
        **frame, person=here.first("person"), care="inpatient", admitted_on=today, serial="计数登记", department="骨科",
        diagnoses=("M17.9",),
    )  # fmt: skip
    bill = settling.bill(here.first("person"), care="outpatient", admitted_on=today, discharged_on=today)
    number = settling.settled(actors.clerk(), bill).settlement
    settlement.pay(**frame, settlement=number, sum_fen=100, channel="cash", serial="计数收款")
    here.ids["mine"], here.ids["registration"] = [number], [made.registration]
    with scoped(SYSTEM.scope), connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM settlement_debtmove WHERE root_id = %s", [number])
        here.ids["move"] = [cursor.fetchall()[0][0]]


def verified(visitors: Visitors) -> int:
    """A verification of the trail that is done."""
    answer = visitors.of(role_for("trail.verify_run")).post(reverse("trail.verify_run"), {"key": "counts"})
    assert answer.status_code == 302, answer.content.decode()[-1500:]
    work_off()
    return int(re.findall(r"\d+", answer.headers["Location"])[-1])


def looked(visitors: Visitors) -> int:
    """A look at the county's bills that is done."""
    answer = visitors.of(role_for("county.readjudications_look")).post(
        reverse("county.readjudications_look"), {"key": "counts"}
    )
    assert answer.status_code == 302, answer.content.decode()[-1500:]
    work_off()
    return int(re.findall(r"\d+", answer.headers["Location"])[-1])


@pytest.fixture(scope="module")
def counted(
    database_cluster: Path, template_database: str, django_db_setup: None, django_db_blocker: Any
) -> Iterator[tuple[Lists, Lists]]:
    """With three rows, with thirty."""
    name = f"counts_{template_database[-12:]}_{os.getpid()}"
    with (
        pytest.MonkeyPatch.context() as patched,
        django_db_blocker.unblock(),
        two_counties.database(database_cluster, template_database, name) as made,
    ):
        patched.setenv("DOUDI_SECOND_FACTOR", "none")
        here = made.here
        prepare(here)
        visitors = Visitors(here)
        here.add("verification", verified(visitors))
        here.ids["job"] = [looked(visitors)]
        few = asked(visitors, here)
        thirty(here)
        yield few, asked(visitors, here)


def test_every_page_asks_what_is_written_and_no_more(counted: tuple[Lists, Lists]) -> None:
    few, _ = counted
    if os.environ.get("DOUDI_COUNT_QUERIES") == "write":
        KEPT.write_text(json.dumps(few, indent=1, sort_keys=True) + "\n", "utf-8")
    kept: Lists = json.loads(KEPT.read_text("utf-8"))
    told = [difference(name, kept.get(name, []), few.get(name, [])) for name in sorted({*kept, *few})]
    assert not any(told), "\n\n".join(filter(None, told))


def test_no_page_asks_more_of_thirty_rows_than_of_three(counted: tuple[Lists, Lists]) -> None:
    few, many = counted
    of = ("three rows", "thirty")
    told = [difference(name, few[name], uncounted(few[name], many[name]), of) for name in few]
    assert not any(told), "\n\n".join(filter(None, told))


def uncounted(few: list[str], many: list[str]) -> list[str]:
    """Without the count of each list that fits on a page with few rows, and is not counted, and with many does not."""
    counts = {one for one in many if one.startswith("SELECT COUNT")} - set(few)
    places = {many.index(one) for one in counts}
    return [one for place, one in enumerate(many) if place not in places]


def difference(
    name: str, before: list[str], after: list[str], of: tuple[str, str] = ("written", "asked")
) -> str:
    """Both lists, one beside the other, or nothing where they are the same."""
    if before == after:
        return ""
    return "\n".join([f"{name}: {len(before)} {of[0]}, {len(after)} {of[1]}", *ndiff(before, after)])
