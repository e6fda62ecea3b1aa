"""The same records in two counties, so that anything of the other one that is seen anywhere shows.

Whatever belongs to Rongjiang can be told by looking at it: its rows have numbers from `FIRST_THERE` on, its region keys
and codes begin with 522632, and its names have 璩 in them. `traces` walks any answer and finds them.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, timedelta
from enum import Enum
from pathlib import Path
from typing import Any

from django.db import connection, connections

from doudi.server.access import api as access
from doudi.server.access.roles import Role
from doudi.server.kernel import clock
from doudi.server.kernel.actor import SYSTEM, Actor
from doudi.server.kernel.clock import business_date
from doudi.server.kernel.scope import scoped
from support import actors, two_debts, two_stays
from support.people import id_number
from support.server import connect, copy, drop, use_database

NOW = clock.now()
TODAY = business_date(NOW)
FIRST_THERE = 1_700_000_000
POLICIES = {
    "亓": "guizhou/liuzhi/triple-guarantee-2017",
    "璩": "guizhou/rongjiang/medical-assistance-2017-whole",
}


@dataclass(frozen=True)
class County:
    """One of the mirrored counties: where it is and the numbers of its records by kind."""

    code: int
    town: int
    mark: str
    birth_area: int
    ids: dict[str, list[int]] = field(default_factory=dict)
    numbers: list[str] = field(default_factory=list)

    @property
    def key(self) -> int:
        return self.code // 1000

    def first(self, kind: str) -> int:
        return self.ids[kind][0]

    def add(self, kind: str, number: int) -> int:
        self.ids.setdefault(kind, []).append(number)
        return number

    def officer(self, role: Role = Role.COUNTY) -> Actor:
        return actors.actor(role, self.code)


@dataclass(frozen=True)
class TwoCounties:
    """六枝 (here) and 榕江 (there)."""

    here: County
    there: County


def build() -> TwoCounties:
    """Fill the database Django is connected to. Numbers of rows jump between the two counties."""
    here = County(actors.LIUZHI, actors.LIUZHI_TOWN, "亓", 520203)
    there = County(actors.RONGJIANG, actors.RONGJIANG_TOWN, "璩", 522632)
    _county(here)
    _jump()
    _county(there)
    _sealed()
    return TwoCounties(here, there)


def _sealed() -> None:
    """The trail of both, so that each county has a chain."""
    from doudi.server.audit.api import seal

    seal(now=NOW)


def _jump() -> None:
    """From here on rows have large numbers, each table its own."""
    settings = connections["default"].settings_dict
    with connect(Path(settings["HOST"]), settings["NAME"]) as admin:
        names = admin.execute(
            "SELECT sequencename::text FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1"
        ).fetchall()
        for place, (name,) in enumerate(names):
            admin.execute(f'ALTER SEQUENCE "{name}" RESTART WITH {FIRST_THERE + place * 10_000}')


def _county(county: County) -> None:
    from doudi.server.reference.api import add_facility

    county.add(
        "facility",
        add_facility(
            actor=SYSTEM, now=NOW, key=None, code=f"H{county.code // 10}", name=f"{county.mark}人民医院",
            region=county.key, opened_on=date(2015, 1, 1), level="county", grade="2",
        ).id,
    )  # fmt: skip
    _people(county)
    _standing(county)
    _accounts(county)
    _law(county)
    _import(county)
    _books(county)
    _opened(county)
    two_stays.admitted(county)
    two_debts.owing(county)
    two_stays.held(county)
    two_stays.parked(county)


def _people(county: County) -> None:
    from doudi.server.people import api as people

    who = county.officer()
    for order in range(3):
        number = id_number(date(1960 + order, 5, 1), order * 2 + 1, county.birth_area)
        made = people.register(
            actor=who, now=NOW, key=None, region=county.town, name=f"{county.mark}{'甲乙丙'[order]}",
            number=number, phone=f"1380000{county.birth_area % 1000}{order}",
        )  # fmt: skip
        county.add("person", made.person)
        county.numbers.append(number)
    child = people.register(
        actor=who, now=NOW, key=None, region=county.town, name=f"{county.mark}甲", sex="1",
        birth_date=date(1960, 5, 1), guardian=county.first("person"), birth_order=1,
    )  # fmt: skip
    county.add("person", child.person)
    household = people.form_household(
        actor=who, now=NOW, key=None, region=county.town, head=county.first("person"), number=f"{county.mark}1",
        address=f"{county.mark}村一组",
    )  # fmt: skip
    county.add("household", household.household)
    card = people.add_card(
        actor=who, now=NOW, key=None, person=county.first("person"), number=_card(county.birth_area)
    )
    county.add("card", card.id)
    contact = people.add_contact(
        actor=who,
        now=NOW,
        key=None,
        person=county.first("person"),
        name=f"{county.mark}丁",
        phone="13800001111",
    )
    county.add("contact", contact.id)


def _card(area: int) -> str:
    """A bank card whose check digit (Luhn) is right."""
    first = f"6217{area}00000001"
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(reversed(first))]
    return first + str(-sum(value - 9 if value > 9 else value for value in doubled) % 10)


def _standing(county: County) -> None:
    from doudi.server.enrolment import api as enrolment
    from doudi.server.filings import api as filings
    from doudi.server.recognition import api as recognition
    from support import standing

    who, person = county.officer(), county.first("person")
    entered = {"actor": who, "now": NOW, "key": None, "person": person}
    terms = standing.recognition(from_date=TODAY, evidence=f"{county.mark}民发〔2026〕1号")
    county.add("recognition", recognition.recognise(**entered, terms=terms).id)
    insured = standing.enrolment(
        year=TODAY.year, from_date=TODAY, until_date=date(TODAY.year + 1, 1, 1), evidence=f"{county.mark}参保"
    )
    county.add("enrolment", enrolment.enrol(**entered, terms=insured).id)
    referral = standing.referral(
        from_date=TODAY,
        until_date=TODAY + timedelta(days=30),
        target_facility=county.first("facility"),
        reason=f"{county.mark}江病情需要",
    )
    county.add("filing", filings.file(**entered, terms=referral).id)


def _accounts(county: County) -> None:
    with actors.two_hospitals():
        user = actors.account(f"officer{county.birth_area}", Role.COUNTY, code=county.code)
    county.add("user", user)
    post = access.posts_of(user, actors.NOW)[0]
    county.add("grant", post.number)
    token = access.issue_token(
        actor=county.officer(Role.SECURITY_ADMIN), now=actors.NOW, grant=post.number,
        name=f"{county.mark}江系统", until_at=actors.NOW + timedelta(days=300),
    )  # fmt: skip
    county.add("token", token.token)
    proposal = access.propose(
        actor=county.officer(), now=NOW, name="recognition.end_late",
        content={"recognition": county.first("recognition"), "until_date": TODAY, "reason": f"{county.mark}江核查"},
        region=county.town, summary=f"{county.mark}江退出",
    )  # fmt: skip
    county.add("proposal", proposal.proposal)


def _law(county: County) -> None:
    from doudi.server.entitlement import api as entitlement
    from doudi.server.entitlement.accumulators import counted_by
    from doudi.server.entitlement.installed import installed

    who = county.officer(Role.COUNTY_APPROVER)
    put = entitlement.put_in_force(
        actor=who,
        now=NOW,
        key=None,
        region=county.key,
        policy=POLICIES[county.mark],
        from_date=date(2017, 9, 1),
    )
    county.add("in_force", put.in_force)
    found = installed(POLICIES[county.mark])
    assert found is not None
    sums = counted_by([found.policy])
    name, period = next((one.name, one.example) for one in sums.values() if not one.household)
    entitlement.set_opening_balance(
        actor=county.officer(), now=NOW, key=None, person=county.first("person"), accumulator=name,
        period=period, used_fen=100, source=f"{county.mark}江上年台账",
    )  # fmt: skip


def _import(county: County) -> None:
    """A list of the insured that was examined and imported: rows, changes, a paper, a job."""
    from doudi.server.imports import api as imports
    from doudi.server.kernel.jobs import work_off
    from support.sheets import xlsx

    who = county.officer()
    content = xlsx(
        ("身份证号码", "姓名", "缴费状态"),
        (county.numbers[2], f"{county.mark}丙", "已缴费"),
        ("1", f"{county.mark}某", "已缴费"),
    )
    number = imports.upload(
        actor=who, now=NOW, key=None, kind="enrolment.list", region=county.key,
        file_name=f"{county.mark}江名单.xlsx", content=content,
        options={"evidence": f"{county.mark}江名单", "scheme": "resident", "year": str(TODAY.year), "status": "insured"},
    ).number  # fmt: skip
    county.add("import", number)
    imports.examine(actor=who, now=NOW, key=None, number=number)
    work_off()
    imports.apply(actor=who, now=NOW, key=None, number=number, expected=1)
    work_off()
    done = imports.detail(viewer=who, import_number=number)
    assert done.summary.applied_rows == 1, done
    county.add("paper", imports.make_refused_file(actor=who, now=NOW, key=None, number=number).paper)
    county.add("paper", done.paper)
    for change in imports.changes(viewer=who, import_number=number).items:
        county.add(change.object_kind, change.object_id)
    if done.job is not None:
        county.add("job", done.job)


def _books(county: County) -> None:
    """A float with its levels, and a bill of the county's own hospital in its accounts."""
    from doudi.server.ledger import api as ledger

    terms = {"region": county.key, "fund": f"{county.mark}基金"}
    ledger.set_float_level(
        actor=county.officer(Role.COUNTY_APPROVER), now=NOW, key=None, agreed_fen=100, warning_fen=50,
        source=f"{county.mark}江方案", **terms,
    )  # fmt: skip
    moved = ledger.deposit_float(
        actor=county.officer(),
        now=NOW,
        key=None,
        sum_fen=100,
        on_date=TODAY,
        voucher=f"{county.mark}凭证1",
        **terms,
    )
    county.add("entry", moved.entry)
    with scoped(SYSTEM.scope):
        county.add(
            "entry",
            ledger.post(
                actor=SYSTEM, now=NOW, posted_on=TODAY, region=county.town, template="settle",
                amounts=[ledger.Amount("share", f"{county.mark}基金", 7)], facility=county.first("facility"),
                person=county.first("person"), source_kind="settlement", source_id=county.first("person"),
            ),
        )  # fmt: skip
    for line in ledger.trial_balance(viewer=county.officer(), region=county.key, month=TODAY).lines:
        county.add("account", line.account.id)


def _opened(county: County) -> None:
    """The county's own hospital has found its first person; a third county's officer broke the glass for the second."""
    from doudi.server.people import api as people

    clerk = actors.clerk(county.first("facility"))
    found = people.find_at_facility(actor=clerk, now=NOW, number=county.numbers[0])
    assert found.person is not None
    third = actors.officer(520526000000)
    people.find_in_emergency(
        actor=third, now=NOW, number=county.numbers[1], reason=f"{county.mark}江车祸昏迷", ticket="120-1"
    )
    with scoped(county.officer().scope), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM access_glass WHERE region = %s", [county.town])
        county.add("glass", cursor.fetchall()[0][0])
        cursor.execute("SELECT max(id) FROM audit_auditevent WHERE region = %s", [county.town])
        county.add("event", cursor.fetchall()[0][0])


def traces(answer: Any, county: County) -> list[str]:
    """What of `county` (the one with large numbers) stands anywhere in an answer.

    A number that was asked for and is answered with nothing, as any unknown one is, tells nothing.
    """
    return sorted(set(_traces(answer, county, "")))


def _traces(value: Any, county: County, path: str) -> Iterator[str]:
    if isinstance(value, Enum):
        value = value.value
    if is_dataclass(value) and not isinstance(value, type):
        for item in fields(value):
            yield from _traces(getattr(value, item.name), county, f"{path}.{item.name}")
    elif isinstance(value, Mapping):
        for name, item in value.items():
            if item not in (None, (), [], {}, ""):
                yield from _traces(name, county, f"{path}[]")
                yield from _traces(item, county, f"{path}[{name}]")
    elif isinstance(value, list | tuple | set | frozenset):
        for item in value:
            yield from _traces(item, county, f"{path}[]")
    elif (said := _said(value, county)) is not None:
        yield f"{path}: {said}"


def _said(value: Any, county: County) -> str | None:
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if isinstance(value, int) and not isinstance(value, bool):
        if any(value in numbers for numbers in county.ids.values()):
            return f"number {value}"
        if county.birth_area in (value // 1000, value // 1_000_000):
            return f"region {value}"
    told = isinstance(value, str) and (
        county.mark in value or re.search(rf"(?<!\d){county.birth_area}", value)
    )
    return value[:40] if told else None


@contextmanager
def database(cluster: Path, template: str, name: str) -> Iterator[TwoCounties]:
    """A database of the two counties, with real commits, for a module of tests."""
    before = connections["default"].settings_dict["NAME"]
    copy(cluster, template, name)
    use_database(cluster, name)
    try:
        yield build()
    finally:
        use_database(cluster, before)
        drop(cluster, name)


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written inside is taken back, although operations ask for a transaction of their own."""
    from django.db import transaction

    outer = transaction.atomic()
    outer._from_testcase = True  # as Django's own TestCase marks its transactions
    with outer:
        try:
            yield
        finally:
            transaction.set_rollback(True)
