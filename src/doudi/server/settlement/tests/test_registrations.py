"""Registrations: opened once under their serial, one bed a person, put right while honest, closed with a reason."""

from dataclasses import replace
from datetime import timedelta

import pytest

from doudi.server.kernel.errors import Conflict, Forbidden, NotFound, Refused
from doudi.server.settlement import api
from support import settling
from support.settling import NOW, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    return settling.county()


def admitted(clerk, person, serial="R1", **words):
    given = {"care": "inpatient", "admitted_on": TODAY - timedelta(days=5), "department": "骨科"} | words
    return api.register(actor=clerk, now=NOW, key=None, person=person, serial=serial, **given)


def refused(code, act, **words):
    with pytest.raises(Refused) as told:
        act(now=NOW, key=None, **words)
    assert told.value.code == code
    return told.value


def test_a_stay_is_registered_once_under_its_serial(county):
    person = county.person()
    made = admitted(county.first, person, diagnoses=("m17.9", "I10", "M17.9"))
    assert admitted(county.first, person, diagnoses=("m17.9", "I10", "M17.9")) == made
    with pytest.raises(Conflict) as told:
        admitted(county.first, person, department="内科")
    assert told.value.code == "registration_serial_taken"
    (seen,) = api.registrations_of(viewer=county.first, person=person)
    assert (seen.diagnoses, seen.state, seen.settled, seen.held) == (("M17.9", "I10"), "open", 0, 0)
    assert api.registrations(viewer=county.first).items == (seen,)
    assert api.registrations(viewer=county.first, serial="R1").total == 1
    assert api.registrations(viewer=county.first, state="cancelled").total == 0
    assert api.registrations(viewer=county.second).total == 0


def test_the_same_serial_is_answered_after_the_registration_was_amended(county):
    person = county.person()
    made = admitted(county.first, person)
    api.amend_registration(
        actor=county.first, now=NOW, key=None, registration=made.registration, department="康复科"
    )
    assert admitted(county.first, person) == made


def test_another_person_cannot_take_a_serial(county):
    admitted(county.first, county.person())
    other = county.person()
    with pytest.raises(Conflict) as told:
        admitted(county.first, other)
    assert told.value.code == "registration_serial_taken"
    assert admitted(county.second, other).serial == "R1"  # a number is a facility's own


def test_one_bed_a_person_and_facility(county):
    person = county.person()
    admitted(county.first, person)
    with pytest.raises(Conflict) as told:
        admitted(county.first, person, "R2", care="day_surgery")
    assert told.value.code == "stay_open"
    admitted(county.first, person, "R3", care="outpatient")
    admitted(county.second, person, "R4")
    assert len(api.registrations_of(viewer=county.first, person=person, state="open")) == 3


def test_no_stay_begins_tomorrow_nor_for_somebody_who_is_not_open_here(county):
    person = county.person()
    with pytest.raises(Refused) as told:
        admitted(county.first, person, admitted_on=TODAY + timedelta(days=1))
    assert told.value.code == "day_in_future"
    with pytest.raises(NotFound):
        admitted(county.first, 2_000_000_000)
    with pytest.raises(Forbidden):
        admitted(county.officer, person)
    with pytest.raises(Refused):
        admitted(county.first, person, serial=" ")


def test_a_stay_is_put_right_while_nothing_rests_on_it(county):
    person = county.person()
    made = admitted(county.first, person)
    words = {"actor": county.first, "now": NOW, "key": None, "registration": made.registration}
    seen = api.amend_registration(**words, admitted_on=TODAY - timedelta(days=8), diagnoses=("S72.0",))
    assert (seen.admitted_on, seen.diagnoses, seen.department) == (
        TODAY - timedelta(days=8),
        ("S72.0",),
        "骨科",
    )
    bill = replace(settling.bill(person), admitted_on=seen.admitted_on, registration=made.registration)
    settling.settled(county.first, bill, interim=True)
    refused("registration_settled", api.amend_registration, **_of(words), admitted_on=TODAY)
    assert api.amend_registration(**words, department="外科").settled == 1
    refused("registration_settled", api.cancel_registration, **_of(words), reason="登记错了")
    refused("not_your_registration", api.amend_registration, **_of(words) | {"actor": county.second})


def _of(words):
    return {name: value for name, value in words.items() if name not in ("now", "key")}


def test_a_stay_is_cancelled_with_a_reason_and_the_bed_is_free(county):
    person = county.person()
    made = admitted(county.first, person)
    words = {"actor": county.first, "registration": made.registration}
    refused("text_missing", api.cancel_registration, **words, reason=" ")
    seen = api.cancel_registration(now=NOW, key=None, **words, reason="登记错了人")
    assert (seen.state, seen.close_reason) == ("cancelled", "登记错了人")
    refused("registration_closed", api.cancel_registration, **words, reason="再来")
    admitted(county.first, person, "R2")


def test_a_stay_settled_midway_is_closed_without_another_bill(county):
    person = county.person()
    made = admitted(county.first, person, admitted_on=TODAY - timedelta(days=12))
    words = {"actor": county.first, "registration": made.registration}
    refused("nothing_settled", api.discharge, **words, discharged_on=TODAY)
    bill = replace(settling.bill(person), registration=made.registration)
    settling.settled(county.first, bill, interim=True)
    refused("days_reversed", api.discharge, **words, discharged_on=TODAY - timedelta(days=20))
    refused("day_in_future", api.discharge, **words, discharged_on=TODAY + timedelta(days=1))
    assert api.discharge(now=NOW, key=None, **words, discharged_on=TODAY).state == "discharged"
    with pytest.raises(Conflict, match="registration_closed"):
        settling.settled(county.first, bill)


def test_the_last_bill_closes_its_stay(county):
    person = county.person()
    made = admitted(county.first, person, admitted_on=TODAY - timedelta(days=12))
    bill = replace(settling.bill(person), registration=made.registration)
    settling.settled(county.first, bill)
    (seen,) = api.registrations_of(viewer=county.first, person=person)
    assert (seen.state, seen.discharged_on, seen.settled) == ("discharged", bill.discharged_on, 1)
