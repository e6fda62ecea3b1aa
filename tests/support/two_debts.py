"""A debt in each of the mirrored counties (`two_counties.py`)."""

from datetime import date
from typing import TYPE_CHECKING

from doudi.server.kernel import clock
from doudi.server.kernel.actor import SYSTEM
from doudi.server.kernel.scope import scoped
from support import actors

if TYPE_CHECKING:
    from support.two_counties import County

NOW = clock.now()
TODAY = clock.business_date(NOW)


def owing(county: "County") -> None:
    """A bill of the hospital whose patient owes: paid a little, agreed about, asked about, a case of it."""
    from doudi.server.reference.api import designate, set_fund
    from doudi.server.settlement import api as settlement
    from doudi.server.settlement.models_debts import DebtCase
    from support import settling

    clerk = actors.clerk(county.first("facility"))
    settling.confirm(county.first("in_force"))
    designate(
        actor=SYSTEM,
        now=NOW,
        key=None,
        facility=clerk.facility,
        scheme="resident",
        from_date=date(2015, 1, 1),
    )
    bill = settling.bill(
        county.first("person"), admitted_on=TODAY, discharged_on=TODAY, department=f"{county.mark}骨科"
    )
    number = settling.settled(clerk, bill, serial=f"{county.mark}单1").settlement
    with scoped(clerk.scope):
        case = DebtCase.objects.create(
            root_id=number, region=county.town, facility_id=clerk.facility, person_id=county.first("person"),
            benefit_year=TODAY.year, fund="relief", to="debt", fen=100, reason=f"{county.mark}江大病",
            approved_on=TODAY, approved_by=1, approved_login=f"{county.mark}江",
        )  # fmt: skip
    county.add("settlement", number)
    county.add("case", case.pk)
    kept = settlement.keep_case_paper(
        actor=county.officer(), now=NOW, key=None, settlement=number, name=f"{county.mark}江申请.pdf",
        media_type="application/pdf", content=f"%PDF-1.4 {county.mark}".encode(),
    )  # fmt: skip
    county.add("paper", kept.paper)
    county.add("case_paper", kept.paper)
    set_fund(
        actor=SYSTEM, now=NOW, key=None, region=county.key, code="relief", name=f"{county.mark}江救助金",
        department="民政局", from_date=date(2017, 1, 1),
    )  # fmt: skip
    asked = {"actor": clerk, "now": NOW, "key": None, "settlement": number}
    settlement.pay(**asked, sum_fen=100, channel="cash", serial=f"{county.mark}收1")
    settlement.defer(
        **asked, due_on=TODAY, hospital_agrees=True, reason=f"{county.mark}江困难",
        guarantor=settlement.Guarantor(f"{county.mark}戊", "子", "13800001111"),
    )  # fmt: skip
    ask = settlement.ask(**asked, kind="write_off", sum_fen=100, reason=f"{county.mark}江困难")
    county.add("ask", ask.ask)
