"""What a bill is judged on beside what the year has used: the person, the hospital, the law. Read before the lock.

Nothing here is a claim of the window: categories, insurance, referral and the hospital's level are what this server knows
of the day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from doudi.server.entitlement.api import Gathered, InForceLaw, gather, law_at
from doudi.server.kernel.actor import Actor
from doudi.server.people.api import OnPaper, on_paper, person_facts
from doudi.server.reference.api import facility_at, price_of
from doudi.server.reference.data import FacilityView, ItemPrice
from doudi.server.settlement import errors
from doudi.server.settlement.data import BillInput


@dataclass(frozen=True, slots=True)
class Standing:
    """The person as gathered for the day of admission, the facility as it stood then, the law, the prices of lines."""

    gathered: Gathered
    paper: OnPaper
    facility: FacilityView
    law: InForceLaw
    prices: Mapping[date, Mapping[str, ItemPrice]]

    @property
    def households(self) -> tuple[int, ...]:
        """The household whose accumulators count, if any."""
        return (self.gathered.household,) if self.gathered.household is not None else ()


def check(bill: BillInput, today: date) -> None:
    """What can be seen of a bill without looking anything up."""
    if bill.discharged_on < bill.admitted_on:
        raise errors.days_reversed()
    if bill.discharged_on > today:
        raise errors.day_in_future("discharged_on", bill.discharged_on)
    if bill.lines and any((bill.in_scope_fen, bill.first_pay_fen, bill.over_limit_fen, bill.own_pay_fen)):
        raise errors.parts_and_lines()
    for line in bill.lines:
        if line.day is not None and line.day > today:
            raise errors.day_in_future("lines", line.day)


def stand(viewer: Actor, bill: BillInput, facility: int, settled_on: date) -> Standing:
    """Read it. Refused: a person out of sight, no policy in force."""
    facts = person_facts(viewer=viewer, person=bill.person)
    one = gather(viewer, [facts], bill.admitted_on)[bill.person]
    at = facility_at(facility, bill.admitted_on)
    law = law_for(one, bill, settled_on)
    return Standing(one, on_paper(viewer, bill.person), at, law, prices_of(viewer, bill, one, at))


def law_for(one: Gathered, bill: BillInput, settled_on: date) -> InForceLaw:
    """The policy in force on the day that it itself says picks the law (`law.as_of`); `no_policy_in_force`."""
    law = law_at(one.region, one.scheme, bill.discharged_on)
    days = {"admitted": bill.admitted_on, "settled": settled_on}
    if law is not None and law.policy.document.law.as_of in days:
        law = law_at(one.region, one.scheme, days[law.policy.document.law.as_of])
    if law is None:
        raise errors.no_policy(one.region, bill.discharged_on)
    return law


def prices_of(
    viewer: Actor, bill: BillInput, one: Gathered, at: FacilityView
) -> dict[date, Mapping[str, ItemPrice]]:
    """What insurance says of each line's item on the line's own day: four reads a day that has lines."""
    days: dict[date, list[str]] = {}
    for line in bill.lines:
        if line.code:
            days.setdefault(line.day or bill.admitted_on, []).append(line.code)
    return {
        day: price_of(
            viewer=viewer, codes=codes, day=day, region=one.region // 1000 * 1000, scheme=one.scheme,
            level=at.level, grade=at.grade,
        )
        for day, codes in sorted(days.items())
    }  # fmt: skip
