"""The nightly proof: quiet while decisions, accumulators and books agree; loud when one of them is touched."""

import pytest
from django.db import connection

from doudi.server.kernel.actor import SYSTEM
from doudi.server.kernel.scope import scoped
from doudi.server.settlement import api
from doudi.server.settlement.operations.prove import prove
from support import settling

pytestmark = pytest.mark.django_db


def proved():
    return prove(actor=SYSTEM, now=settling.NOW, key=None)


def test_it_agrees_until_somebody_touches_an_accumulator():
    county = settling.county()
    person = county.person("subsistence_allowance")
    first = settling.settled(county.first, settling.bill(person))
    settling.settled(county.second, settling.bill(person, 8_000_00))
    api.pay(
        actor=county.first, now=settling.NOW, key=None, settlement=first.settlement, sum_fen=100, channel="cash",
        serial="P1",
    )  # fmt: skip
    found = proved()
    assert (found.bills, found.accumulators, found.totals, found.broken) == (2, 0, 0, ())
    last = settling.settled(county.second, settling.bill(person, 5_000_00)).settlement
    api.reverse(actor=county.second, now=settling.NOW, key=None, settlement=last, serial="R1", reason="录错")
    assert (proved().accumulators, proved().broken) == (0, ())
    with scoped(SYSTEM.scope), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE settlement_accumulator SET used_fen = used_fen + 1 WHERE subject_id = %s", [person]
        )
    assert proved().accumulators > 0


def test_a_posting_without_its_bill_is_found():
    from doudi.server.ledger.api import Amount, post

    county = settling.county()
    person = county.person()
    settling.settled(county.first, settling.bill(person))
    with scoped(SYSTEM.scope):
        post(
            actor=SYSTEM, now=settling.NOW, posted_on=settling.TODAY, region=settling.actors.LIUZHI_TOWN,
            template="settle", amounts=[Amount("patient", "", 100)], facility=county.first.facility, person=person,
        )  # fmt: skip
    assert proved().broken == (520203000,)
