"""A county ready to settle: two hospitals, a policy whose assumptions are confirmed, insured people open at both.

Works in a test's transaction (`django_db`) and on a database of one's own (`fresh_database`).
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from doudi.server.access.roles import Role
from doudi.server.enrolment import api as enrolment
from doudi.server.entitlement import api as entitlement
from doudi.server.kernel import clock
from doudi.server.kernel.actor import SYSTEM, Actor
from doudi.server.people import api as people
from doudi.server.recognition import api as recognition
from doudi.server.reference.api import add_facility, designate
from doudi.server.settlement import api as settlement
from support import actors, standing
from support.people import id_number

NOW = clock.now()
TODAY = clock.business_date(NOW)
LIUZHI_POLICY = "guizhou/liuzhi/triple-guarantee-2017"


def at(day: date) -> datetime:
    """An instant of a day: what is entered then is not late."""
    return datetime(day.year, day.month, day.day, 2, tzinfo=UTC)


SEEN = ("same_bill", "in_hospital_elsewhere", "open_elsewhere", "recorded_missing", "recorded_differs")
"""The notices that a clerk can look at and settle."""
_orders, _serials = count(1), count(1)


@dataclass
class County:
    """Where a test settles: officer and approver, two hospitals with a clerk each."""

    officer: Actor
    approver: Actor
    first: Actor
    second: Actor
    numbers: dict[int, str] = field(default_factory=dict)

    def person(self, *categories: str, insured_from: date | None = None, **words: Any) -> int:
        """Somebody insured since 2024 (or from a day), with categories since 2020, open at both hospitals."""
        number = id_number(date(1970, 1, 1) + timedelta(days=next(_orders)), next(_orders) % 900, 520203)
        given = {"region": actors.LIUZHI_TOWN, "name": "王小明", "number": number} | words
        made = people.register(actor=self.officer, now=NOW, key=None, **given).person
        self.numbers[made] = number
        self.insure(made, insured_from or date(2024, 1, 1))
        for category in categories:
            self.recognise(made, category)
        self.open(made)
        return made

    def insure(self, person: int, since: date) -> None:
        for year in range(since.year, TODAY.year + 1):
            begins = max(since, date(year, 1, 1))
            terms = standing.enrolment(year=year, from_date=begins, until_date=date(year + 1, 1, 1))
            enrolment.enrol(actor=self.officer, now=at(begins), key=None, person=person, terms=terms)

    def recognise(self, person: int, category: str, since: date = date(2020, 1, 1)) -> int:
        terms = standing.recognition(category=category, from_date=since)
        return recognition.recognise(
            actor=self.officer, now=at(since), key=None, person=person, terms=terms
        ).id

    def open(self, person: int) -> None:
        for clerk in (self.first, self.second):
            assert people.find_at_facility(actor=clerk, now=NOW, number=self.numbers[person]).person


def county(policy: str = LIUZHI_POLICY, code: int = actors.LIUZHI) -> County:
    """Make one in the database that is open."""
    key = code // 1000
    hospitals = []
    for order, level in enumerate(("county", "township"), 1):
        made = add_facility(
            actor=SYSTEM, now=NOW, key=None, code=f"H{key // 1000:06d}{order:05d}", name=f"第{order}人民医院", region=key,
            opened_on=date(2010, 1, 1), level=level, grade="2" if level == "county" else "1",
        )  # fmt: skip
        designate(
            actor=SYSTEM, now=NOW, key=None, facility=made.id, scheme="resident", from_date=date(2010, 1, 1)
        )
        hospitals.append(actors.clerk(made.id))
    in_force(policy, key)
    return County(actors.officer(code), actors.approver(code), *hospitals)


def in_force(policy: str, key: int, from_date: date = date(2017, 9, 1)) -> int:
    """Put a policy in force and confirm all it assumes."""
    put = entitlement.put_in_force(
        actor=SYSTEM, now=NOW, key=None, region=key, policy=policy, from_date=from_date
    )
    confirm(put.in_force)
    return put.in_force


def confirm(in_force: int) -> None:
    for one in entitlement.assumptions(viewer=SYSTEM, in_force=in_force):
        if one.state != "confirmed":
            entitlement.confirm_assumption(
                actor=SYSTEM, now=NOW, key=None, in_force=in_force, path=one.path, is_so=True, note="核对过"
            )


def bill(person: int, total: int = 30_000_00, **words: Any) -> settlement.BillInput:
    """An inpatient bill of some days ago: nine tenths in scope, the rest own pay, in fen."""
    own = total // 10
    given: dict[str, Any] = {
        "care": "inpatient", "admitted_on": TODAY - timedelta(days=12), "discharged_on": TODAY - timedelta(days=2),
        "in_scope_fen": total - own, "own_pay_fen": own, "diagnoses": ("M17.9",), "department": "骨科",
    }  # fmt: skip
    return settlement.BillInput(person=person, **(given | words))


def serial() -> str:
    return f"T{next(_serials):08d}"


def settled(clerk: Actor, one: settlement.BillInput, **words: Any) -> settlement.Settled:
    """Settle it, whatever has to be seen."""
    given = {"serial": serial(), "seen": SEEN} | words
    return settlement.settle(actor=clerk, now=NOW, key=None, bill=one, **given)


__all__ = [
    "LIUZHI_POLICY",
    "NOW",
    "TODAY",
    "Actor",
    "County",
    "Role",
    "bill",
    "confirm",
    "county",
    "in_force",
    "serial",
    "settled",
]
