"""The head of a slip: what is personal or local on it, written down once when the bill is settled, and sealed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from doudi.engine.facts import age_on
from doudi.engine.vocabulary import name_of
from doudi.server.enrolment.api import scheme_words
from doudi.server.entitlement.api import Gathered
from doudi.server.kernel.actor import Actor
from doudi.server.kernel.clock import SHANGHAI
from doudi.server.kernel.sealing import seal, unseal
from doudi.server.people.api import SEXES
from doudi.server.reference.api import clinical_names, region_names
from doudi.server.reference.data import FacilityView
from doudi.server.settlement.data import BillInput
from doudi.server.settlement.judging import Judged
from doudi.server.settlement.slip.data import HeadCategory, HeadDiagnosis, SlipHead
from doudi.server.settlement.standing import Standing
from doudi.words import Words

PURPOSE = "settlement.head"


def head_of(
    standing: Standing, bill: BillInput, judged: Judged, *, serial: str, actor: Actor, now: datetime
) -> SlipHead:
    """The head of a bill that is settled now. Reads nothing but reference data that is remembered."""
    one, at, paper = standing.gathered, standing.facility, standing.paper
    county = one.region // 1000 * 1_000_000
    situation = judged.decision.situation
    names = clinical_names("diagnosis", bill.diagnoses, bill.discharged_on)
    unknown = Words("", "")
    return SlipHead(
        name=paper.name,
        masked_number=str(paper.number),
        sex=SEXES[paper.sex],
        age=age_on(paper.birth_date, situation.law_day),
        categories=tuple(_categories(one, situation.identity_day)),
        scheme=scheme_words(one.scheme) if one.scheme else Words("未参保", "uninsured"),
        county=region_names([county]).get(county, f"{county // 1_000_000:06d}"),
        facility=at.name,
        facility_code=at.code,
        facility_level=name_of(at.level) if at.level else unknown,
        department=bill.department,
        diagnoses=tuple(HeadDiagnosis(code, names.get(code, "")) for code in bill.diagnoses),
        serial=serial,
        clerk=actor.login,
        settled_at=now.astimezone(SHANGHAI).isoformat(timespec="seconds"),
    )


def renewed(head: SlipHead, one: Gathered, judged: Judged, facility: FacilityView) -> SlipHead:
    """The head of a bill that is judged again: what is known otherwise now stands on it, who and when stay."""
    situation = judged.decision.situation
    names = clinical_names("diagnosis", situation.bill.diagnoses, situation.bill.discharged)
    told = {known.code: known.name for known in head.diagnoses} | names
    born, unknown = one.subject.person.born, Words("", "")
    return replace(
        head,
        age=age_on(born, situation.law_day) if born is not None else None,
        categories=tuple(_categories(one, situation.identity_day)),
        scheme=scheme_words(one.scheme) if one.scheme else Words("未参保", "uninsured"),
        facility_level=name_of(facility.level) if facility.level else unknown,
        diagnoses=tuple(HeadDiagnosis(code, told.get(code, "")) for code in situation.bill.diagnoses),
    )


def _categories(one: Gathered, day: date) -> list[HeadCategory]:
    return [
        HeadCategory(held.words, held.source_department, held.from_date.isoformat())
        for held in sorted(one.recognised, key=lambda held: (held.from_date, held.category))
        if held.state == "valid" and held.holds(day)
    ]


def sealed(head: SlipHead, region: int) -> bytes:
    """The head as it is kept."""
    return seal(head.to_json(), region=region, purpose=PURPOSE)


def opened(kept: bytes | memoryview) -> SlipHead:
    """The head of what is kept."""
    return SlipHead.from_json(unseal(kept, purpose=PURPOSE))
