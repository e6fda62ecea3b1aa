"""Stays, holds and reversals in each of the mirrored counties (`two_counties.py`)."""

from typing import TYPE_CHECKING

from doudi.server.kernel import clock
from doudi.server.kernel.scope import scoped
from support import actors

if TYPE_CHECKING:
    from support.two_counties import County

NOW = clock.now()
TODAY = clock.business_date(NOW)


def admitted(county: "County") -> None:
    """The hospital has admitted its first person."""
    from doudi.server.settlement import api as settlement

    made = settlement.register(
        actor=actors.clerk(county.first("facility")), now=NOW, key=None, person=county.first("person"),
        care="inpatient", admitted_on=TODAY, serial=f"{county.mark}住1", department=f"{county.mark}骨科",
    )  # fmt: skip
    county.add("registration", made.registration)


def held(county: "County") -> None:
    """A part of a limit is reserved for its stay; which limits there are differs between the two policies."""
    from doudi.server.settlement.models import Hold

    clerk, person = actors.clerk(county.first("facility")), county.first("person")
    with scoped(clerk.scope):
        row = Hold.objects.create(
            facility_id=clerk.facility, serial=f"{county.mark}占1", person_id=person, region=county.town,
            registration_id=county.first("registration"), scope="person", subject_id=person,
            name=f"{county.mark}江限额", period=str(TODAY.year), held_fen=100, expires_on=TODAY, held_by=1,
        )  # fmt: skip
    county.add("hold", row.pk)


def parked(county: "County") -> None:
    """A reversal of the hospital came before its original; a look found that its first person's bills are stale."""
    from doudi.server.settlement import api as settlement
    from doudi.server.settlement.models import Staleness

    waiting = settlement.reverse_by_serial(
        actor=actors.clerk(county.first("facility")), now=NOW, key=None, original_serial=f"{county.mark}未到1",
        serial=f"{county.mark}冲1", reason=f"{county.mark}江网络中断",
    ).parked  # fmt: skip
    assert waiting is not None
    county.add("parked", waiting)
    with scoped(county.officer().scope):
        Staleness.objects.create(
            person_id=county.first("person"), region=county.town, looked_at=NOW, bills=1, refused=0,
            paid_delta_fen=0, patient_delta_fen=0,
        )  # fmt: skip
