"""What is done and killed: each scenario readies one person for each kill point, acts on them, and knows the effect.

`ready` runs before anything is killed and answers what `act` needs (plain values: it crosses processes). `act` is the
operation, told again by whoever comes after the dead: same serial, same content. Its answer must be the same every time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from doudi.server.kernel.actor import SYSTEM
from doudi.server.people import api as people
from doudi.server.reference import api as reference
from support import actors, settling


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


SCENARIOS = {
    one.name: one
    for one in (
        Scenario("settle", somebody, settle, SETTLED),
        Scenario("settle_opening_accounts", new_hospital, settle, SETTLED),
    )
}
