"""The card tells what bills have used: what was brought in, and what was settled since."""

from datetime import date

import pytest

from doudi.server.entitlement import api as entitlement
from support import settling
from support.settling import TODAY

pytestmark = pytest.mark.django_db


def meters(viewer, person):
    card = entitlement.card(viewer=viewer, person=person, day=TODAY).card
    return {one.accumulator: (one.opening, one.used) for option in card.options for one in option.meters}


def test_what_a_bill_used_stands_on_the_card():
    county = settling.county()
    person = county.person("subsistence_allowance")
    before = meters(county.first, person)
    assert {used for _, used in before.values()} == {0}
    done = settling.settled(
        county.first, settling.bill(person, discharged_on=TODAY, admitted_on=date(TODAY.year, 1, 1))
    )
    after = meters(county.first, person)
    assert after["catastrophic_paid"] == (0, done.shares["catastrophic"])
    assert meters(county.officer, person) == after


def test_what_was_brought_in_and_what_was_settled_add_up():
    county = settling.county()
    person = county.person()
    entitlement.set_opening_balance(
        actor=county.officer, now=settling.NOW, key=None, person=person, accumulator="catastrophic_paid",
        period=str(TODAY.year), used_fen=1000_00, source="上年台账",
    )  # fmt: skip
    done = settling.settled(county.first, settling.bill(person, admitted_on=date(TODAY.year, 1, 1)))
    assert meters(county.first, person)["catastrophic_paid"] == (
        1000_00,
        1000_00 + done.shares["catastrophic"],
    )
