"""What is known of a bill that is settled again: as it was known when it was decided, or as it is known now.

The bill's own content stays as it was submitted, unless it is corrected: costs, lines with their catalogue, dates,
diagnoses, amounts decided elsewhere. So do its household and who pays (its region): nothing follows a member who leaves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from doudi.server.entitlement.api import Gathered, InForceLaw, gather, opening_of, settler_of
from doudi.server.kernel.actor import Actor
from doudi.server.people.api import person_facts as facts_of_person
from doudi.server.reference.api import facility_at
from doudi.server.reference.data import FacilityView
from doudi.server.settlement import errors, reversal_errors
from doudi.server.settlement.data import BillInput
from doudi.server.settlement.differences import Correction
from doudi.server.settlement.facts import catalogue_of, content_of, known_of_bill, person_facts
from doudi.server.settlement.heads import opened, renewed, sealed
from doudi.server.settlement.judging import Judged
from doudi.server.settlement.queries.bills import Group, Posted, holds_now
from doudi.server.settlement.replay import Known
from doudi.server.settlement.rows import known_columns
from doudi.server.settlement.standing import check, law_for, prices_of
from doudi.server.settlement.state import Place, Reserved


@dataclass
class AsThen:
    """Each bill after number `after` on the facts of its current version; bills before it are not looked at."""

    group: Group
    after: int

    def __call__(self, posted: Posted) -> Known | None:
        """`policy_missing` where its law is not installed here with that content."""
        if posted.root <= self.after:
            return None
        row = posted.row
        settler = settler_of(row["policy"], row["policy_hash"])
        if settler is None:
            raise reversal_errors.law_missing(row["policy"], row["policy_hash"])
        opening = opening_of(self.group.records[posted.person], row["household_id"])
        return Known(posted.facts, settler, opening, places(row["reserved"]))


@dataclass
class AsNow:
    """Every bill on what is known now. `corrections`: by number of the settlement."""

    viewer: Actor
    today: date
    group: Group
    corrections: Mapping[int, Correction]
    holds: Mapping[int, int]
    people: dict[tuple[int, date], Gathered] = field(default_factory=dict)

    def __call__(self, posted: Posted) -> Known:
        """Refused: paid by another county now, no policy in force, a policy not confirmed, a wrong correction."""
        row, correction = posted.row, self.corrections.get(posted.root)
        bill = correction.bill if correction is not None else _days_of(posted)
        if correction is not None:
            self._check(posted, bill)
        one = self._gathered(posted, bill.admitted_on)
        at = facility_at(row["facility_id"], bill.admitted_on)
        law = law_for(one, bill, row["settled_on"])
        _check_law(law)
        content = dict(posted.bill)
        facts: dict[str, Any] = {"person": _person(one, posted)}
        if correction is not None:
            content = content_of(bill, name=content["id"], stay=content["stay"], settled_on=row["settled_on"])
        facts["bills"] = [content | known_of_bill(one, at, bill.admitted_on)]
        if correction is None and "catalogue" in posted.facts:
            facts["catalogue"] = posted.facts["catalogue"]
        elif correction is not None and bill.lines:
            prices = prices_of(self.viewer, bill, one, at)
            facts["catalogue"] = catalogue_of(bill.lines, bill.admitted_on, prices)
        return Known(
            facts, law.settler, one.opening, places(self._reserved(posted)),
            lambda judged: self._columns(judged, posted, one, at, bill),
            lambda judged: _head(posted, one, judged, at),
        )  # fmt: skip

    def _gathered(self, posted: Posted, day: date) -> Gathered:
        """The person on the day, with the bill's own household, paid for where the bill is."""
        row, key = posted.row, (posted.person, day)
        if key not in self.people:
            facts = facts_of_person(viewer=self.viewer, person=posted.person)
            self.people[key] = gather(self.viewer, [facts], day)[posted.person]
        one = self.people[key]
        if one.scheme and one.region // 1000 != row["region"] // 1000:
            raise reversal_errors.insured_elsewhere(one.region)
        opening = one.opening
        if one.household != row["household_id"]:
            opening = opening_of(self.group.records[posted.person], row["household_id"])
        return replace(one, region=row["region"], household=row["household_id"], opening=opening)

    def _check(self, posted: Posted, bill: BillInput) -> None:
        row = posted.row
        check(bill, self.today)
        if (bill.person, bill.care, bill.registration) != (
            row["person_id"],
            row["care"],
            row["registration_id"],
        ):
            raise reversal_errors.correction_of_another()
        if bill.registration is not None and bill.admitted_on != row["admitted_on"]:
            raise errors.registration_differs()
        if bill.discharged_on > row["settled_on"]:
            raise errors.day_in_future("discharged_on", bill.discharged_on)

    def _reserved(self, posted: Posted) -> list[Reserved]:
        """What others' holds kept back: of one that has ended, what it used; the rest was never used by anybody."""
        return [
            (hold, scope, name, period, left)
            for hold, scope, name, period, fen in posted.row["reserved"]
            if (left := min(fen, self.holds.get(hold, 0)))
        ]

    def _columns(
        self, judged: Judged, posted: Posted, one: Gathered, at: FacilityView, bill: BillInput
    ) -> Mapping[str, Any]:
        diagnoses = judged.decision.bill.diagnoses
        return known_columns(one, at.level, judged) | {
            "admitted_on": bill.admitted_on,
            "discharged_on": bill.discharged_on,
            "main_diagnosis": diagnoses[0] if diagnoses else "",
            "reserved": self._reserved(posted),
        }


def as_now(
    viewer: Actor, today: date, group: Group, bills: Iterable[Posted], corrections: Iterable[Correction]
) -> AsNow:
    """What is known now. Refused: a correction of what is not one of these bills, or of one twice."""
    standing = {one.root for one in bills if not one.reversed}
    found: dict[int, Correction] = {}
    for one in corrections:
        if one.settlement not in standing or one.settlement in found:
            raise reversal_errors.correction_of_nothing(one.settlement)
        found[one.settlement] = one
    return AsNow(viewer, today, group, found, holds_now(bills))


def places(reserved: Iterable[Reserved]) -> list[tuple[Place, int]]:
    """What holds keep back, without which holds they are."""
    return [((scope, name, period), fen) for _, scope, name, period, fen in reserved]


def _days_of(posted: Posted) -> BillInput:
    """As much of the bill as picks the law and the facts."""
    row = posted.row
    return BillInput(row["person_id"], row["care"], row["admitted_on"], row["discharged_on"])


def _check_law(law: InForceLaw) -> None:
    if law.warning is not None:
        raise errors.policy_replaced(law.warning)
    if law.open_ or law.differing:
        raise errors.assumptions_open(law.open_, law.differing)


def _person(one: Gathered, posted: Posted) -> dict[str, Any]:
    household = one.household
    region = f"{posted.row['region'] // 1000:06d}"
    told = person_facts(one)
    return told | {"household": str(household) if household is not None else None, "region": region}


def _head(posted: Posted, one: Gathered, judged: Judged, at: FacilityView) -> bytes | None:
    if posted.head is None:
        return None
    return sealed(renewed(opened(posted.head), one, judged, at), posted.row["region"])
