"""What is done and killed: each scenario readies one person for each kill point, acts on them, and knows the effect.

`ready` runs before anything is killed and answers what `act` needs (plain values: it crosses processes). `act` is the
operation, told again by whoever comes after the dead: same serial, same content. Its answer must be the same every time.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from doudi.server.access import api as access
from doudi.server.kernel.actor import SYSTEM
from doudi.server.people import api as people
from doudi.server.reference import api as reference
from doudi.server.settlement import api as settlement
from support import actors, replaying, settling


@dataclass(frozen=True)
class Scenario:
    """`effects`: a query with one parameter, the person, that counts what the act leaves; it must be `once`."""

    name: str
    ready: Callable[[settling.County], Any]
    act: Callable[[settling.County, Any], Any]
    effects: str
    once: int = 1


SETTLED = """
SELECT count(*) FROM settlement_settlement s JOIN settlement_record r ON r.settlement_id = s.id
  JOIN ledger_entry e ON e.id = s.entry_id WHERE s.person_id = %s
"""


def somebody(county: settling.County) -> dict[str, Any]:
    return {"person": county.person("subsistence_allowance"), "serial": settling.serial()}


def new_hospital(county: settling.County) -> dict[str, Any]:
    """Somebody at a hospital that has no accounts yet: settling opens them."""
    asked = somebody(county)
    made = reference.add_facility(
        actor=SYSTEM, now=settling.NOW, key=None, code=f"H522632{asked['person']:05d}", name="新建医院",
        region=county.officer.ranges.pairs[0][0], opened_on=date(2010, 1, 1), level="county", grade="2",
    )  # fmt: skip
    reference.designate(
        actor=SYSTEM,
        now=settling.NOW,
        key=None,
        facility=made.id,
        scheme="resident",
        from_date=date(2010, 1, 1),
    )
    clerk = actors.clerk(made.id)
    people.find_at_facility(actor=clerk, now=settling.NOW, number=county.numbers[asked["person"]])
    return asked | {"clerk": clerk}


def settle(county: settling.County, asked: dict[str, Any]) -> Any:
    return settling.settled(
        asked.get("clerk", county.first), settling.bill(asked["person"]), serial=asked["serial"]
    )


def taken_back(county: settling.County) -> dict[str, Any]:
    """A bill with a later one at another hospital, which its reversal changes."""
    asked = somebody(county)
    first = settling.settled(county.first, settling.bill(asked["person"], 400_000_00)).settlement
    settling.settled(county.second, settling.bill(asked["person"], 400_000_10))
    return asked | {"bill": first}


def reverse(county: settling.County, asked: dict[str, Any]) -> Any:
    return replaying.reversed_(county.first, asked["bill"], serial=asked["serial"])


def staying(county: settling.County) -> dict[str, Any]:
    """Somebody in hospital, with a registration."""
    asked = somebody(county)
    stay = settlement.register(
        actor=county.first, now=settling.NOW, key=None, person=asked["person"], care="inpatient",
        admitted_on=settling.TODAY - timedelta(days=12), serial=settling.serial(),
    ).registration  # fmt: skip
    return asked | {"stay": stay}


def hold(county: settling.County, asked: dict[str, Any]) -> Any:
    return settlement.hold(
        actor=county.first, now=settling.NOW, key=None, registration=asked["stay"], name="catastrophic_paid",
        fen=30_000_00, expires_on=settling.TODAY + timedelta(days=9), serial=asked["serial"],
    )  # fmt: skip


def held(county: settling.County) -> dict[str, Any]:
    asked = staying(county)
    hold(county, asked)
    return asked | {"serial": settling.serial()}


def settle_the_stay(county: settling.County, asked: dict[str, Any]) -> Any:
    """The last bill of a stay: posts its hold, ends its registration."""
    bill = replace(settling.bill(asked["person"], 400_000_00), registration=asked["stay"])
    return settling.settled(county.first, bill, serial=asked["serial"])


def known_late(county: settling.County) -> dict[str, Any]:
    """Two bills, a category that became known after them, and the proposal to settle them again."""
    person = county.person()
    for clerk, total in ((county.first, 60_000_00), (county.second, 30_000_00)):
        settling.settled(clerk, settling.bill(person, total))
    county.recognise(person, "subsistence_allowance")
    number = replaying.proposed(county, replaying.preview(county, person)).proposal
    seen = access.proposal(viewer=county.approver, now=settling.NOW, number=number)
    return {
        "person": person,
        "serial": settling.serial(),
        "proposal": number,
        "seen": seen.summary.content_sm3,
    }


def settle_again(county: settling.County, asked: dict[str, Any]) -> Any:
    """Approved by the second person, with a key as a form or a machine sends one."""
    return access.approve(
        actor=county.approver, now=settling.NOW, key=asked["serial"], proposal=asked["proposal"],
        content_sm3=asked["seen"],
    )  # fmt: skip


def owing(county: settling.County) -> dict[str, Any]:
    asked = somebody(county)
    bill = settling.settled(county.first, settling.bill(asked["person"])).settlement
    return asked | {"bill": bill}


def pay(county: settling.County, asked: dict[str, Any]) -> Any:
    return settlement.pay(
        actor=county.first, now=settling.NOW, key=None, settlement=asked["bill"], sum_fen=100_00, channel="cash",
        serial=asked["serial"],
    )  # fmt: skip


REVERSED = "SELECT count(*) FROM settlement_settlement WHERE person_id = %s AND kind = 'reversed'"
HELD = "SELECT count(*) FROM settlement_hold WHERE person_id = %s"
POSTED = "SELECT count(*) FROM settlement_hold WHERE person_id = %s AND state = 'posted'"
AGAIN = "SELECT count(*) FROM settlement_settlement WHERE person_id = %s AND cause = 'readjudication'"
PAID = """SELECT count(*) FROM settlement_debtmove m JOIN ledger_entry e ON e.id = m.entry_id WHERE m.person_id = %s"""
SCENARIOS = {
    one.name: one
    for one in (
        Scenario("settle", somebody, settle, SETTLED),
        Scenario("settle_opening_accounts", new_hospital, settle, SETTLED),
        Scenario("settle_the_stay", held, settle_the_stay, POSTED),
        Scenario("reverse", taken_back, reverse, REVERSED),
        Scenario("hold", staying, hold, HELD),
        Scenario("readjudicate", known_late, settle_again, AGAIN, once=2),
        Scenario("pay", owing, pay, PAID),
    )
}
