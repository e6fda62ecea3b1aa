"""Holds: what is reserved is kept from others, posted by the stay's own bill, and comes free in the end."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from doudi.server.audit.models import AuditEvent
from doudi.server.kernel.actor import SYSTEM
from doudi.server.kernel.errors import Conflict, Forbidden, NotFound, Refused
from doudi.server.kernel.scope import scoped
from doudi.server.settlement import api
from doudi.server.settlement.holds_jobs import expire_holds_job
from support import actors, settling
from support.settling import NOW, TODAY

pytestmark = pytest.mark.django_db
LIMIT = "catastrophic_paid"
UNTIL = TODAY + timedelta(days=14)
ADMITTED = TODAY - timedelta(days=5)


@pytest.fixture
def county():
    return settling.county()


def stay(clerk, person, **words):
    given = {"care": "inpatient", "admitted_on": ADMITTED, "serial": settling.serial()} | words
    return api.register(actor=clerk, now=NOW, key=None, person=person, **given).registration


def hold(clerk, registration, fen, serial="H1", **words):
    given = {"name": LIMIT, "expires_on": UNTIL, "serial": serial} | words
    return api.hold(actor=clerk, now=NOW, key=None, registration=registration, fen=fen, **given)


def refused(code, act, *given, **words):
    with pytest.raises(Refused) as told:
        act(*given, **words)
    assert told.value.code == code
    return told.value


def room(clerk, registration):
    return next(one for one in api.limit_rooms(viewer=clerk, registration=registration) if one.name == LIMIT)


def of_stay(person, registration, total, **words):
    return settling.bill(
        person,
        total,
        **({"admitted_on": ADMITTED, "discharged_on": TODAY, "registration": registration} | words),
    )


def view(viewer, **words):
    return [
        (one.state, one.held_fen, one.posted_fen)
        for one in api.holds(viewer=viewer, wanted=api.HoldFilter(**words)).items
    ]


def test_what_is_held_is_kept_from_others_and_not_from_the_stay_itself(county):
    person = county.person()
    mine = stay(county.first, person)
    before = room(county.first, mine)
    assert before.limit_fen == before.free_fen > 0
    everything = api.trial(viewer=county.second, bill=settling.bill(person, 500_000_00))
    undisturbed = api.trial(viewer=county.first, bill=of_stay(person, mine, 500_000_00))
    made = hold(county.first, mine, before.free_fen - 1_000_00)
    after = room(county.first, mine)
    assert (after.own_fen, after.free_fen) == (made.held_fen, 1_000_00)
    theirs = api.trial(viewer=county.second, bill=settling.bill(person, 500_000_00))
    paid = {one.payer: one.fen for one in theirs.shares}
    assert (
        paid["catastrophic"] == 1_000_00 < {one.payer: one.fen for one in everything.shares}["catastrophic"]
    )
    own = api.trial(viewer=county.first, bill=of_stay(person, mine, 500_000_00))
    assert own.shares == undisturbed.shares


def test_a_hold_says_what_is_free_and_which_limits_there_are(county):
    person = county.person()
    mine = stay(county.first, person)
    free = room(county.first, mine).free_fen
    told = refused("hold_exceeds_limit", hold, county.first, mine, free + 1)
    assert f"{free // 100:,}" in told.words.zh
    unknown = refused("limit_unknown", hold, county.first, mine, 1, name="catastrophic_payd")
    assert unknown.remedy is not None
    assert "catastrophic_paid" in unknown.remedy.zh
    refused("limit_unknown", hold, county.first, mine, 1, name="catastrophic_position")
    refused("hold_not_positive", hold, county.first, mine, 0)
    refused("hold_day_wrong", hold, county.first, mine, 1, expires_on=TODAY - timedelta(days=1))
    refused("hold_day_wrong", hold, county.first, mine, 1, expected_on=ADMITTED - timedelta(days=1))
    refused("not_your_registration", hold, county.second, mine, 1)
    with pytest.raises(NotFound):
        hold(county.first, mine + 999, 1)
    with pytest.raises(Forbidden):
        hold(county.officer, mine, 1)
    assert api.holds(viewer=county.officer).items == ()


def test_a_limit_that_the_stay_would_not_meet_cannot_be_held():
    county = settling.county("guizhou/rongjiang/medical-assistance-2017", actors.RONGJIANG)
    person = county.person(region=actors.RONGJIANG_TOWN)
    refused("limit_of_nothing", hold, county.first, stay(county.first, person), 1_00, name="outpatient_pool")
    visit = stay(county.first, person, care="outpatient")
    assert hold(county.first, visit, 1_00, name="outpatient_pool").name == "outpatient_pool"


def test_the_same_serial_is_answered_and_other_content_refused(county):
    person = county.person()
    mine = stay(county.first, person)
    made = hold(county.first, mine, 5_000_00)
    assert hold(county.first, mine, 5_000_00) == made
    refused("hold_serial_taken", hold, county.first, mine, 5_000_01)
    refused("hold_serial_taken", hold, county.first, stay(county.first, county.person()), 5_000_00)
    api.release_hold(actor=county.first, now=NOW, key=None, hold=made.hold, reason="转院")
    assert hold(county.first, mine, 5_000_00) == made
    theirs = stay(county.second, person)
    assert hold(county.second, theirs, 5_000_00).hold != made.hold
    with scoped(county.officer.scope):
        assert AuditEvent.objects.filter(event="settlement.held").count() == 2
        assert AuditEvent.objects.filter(event="settlement.hold_answered_again").count() == 2


def test_a_discharge_posts_up_to_the_hold_and_releases_the_rest(county):
    person = county.person()
    mine = stay(county.first, person)
    hold(county.first, mine, 60_000_00)
    done = settling.settled(county.first, of_stay(person, mine, 40_000_00))
    took = done.shares["catastrophic"]
    assert 0 < took < 60_000_00
    assert view(county.officer) == [("posted", 60_000_00, took)]
    theirs = stay(county.second, person)
    seen = room(county.second, theirs)
    assert (seen.used_fen, seen.others_fen) == (took, 0)
    assert (
        api.holds(viewer=county.first, wanted=api.HoldFilter(registration=mine)).items[0].settlement
        == done.settlement
    )


def test_a_bill_may_use_more_than_its_hold_where_the_limit_allows(county):
    person = county.person()
    mine = stay(county.first, person)
    limit = room(county.first, mine).limit_fen
    hold(county.first, mine, 100_00)
    done = settling.settled(county.first, of_stay(person, mine, 900_000_00))
    assert done.shares["catastrophic"] == limit
    assert view(county.officer) == [("posted", 100_00, 100_00)]


def test_a_bill_in_mid_stay_takes_of_the_hold_and_leaves_the_rest_standing(county):
    person = county.person()
    mine, theirs = stay(county.first, person), stay(county.second, person)
    limit = room(county.first, mine).limit_fen
    hold(county.first, mine, 20_000_00)
    first = settling.settled(
        county.first, of_stay(person, mine, 40_000_00, discharged_on=TODAY - timedelta(days=2)), interim=True
    )
    took = first.shares["catastrophic"]
    assert view(county.officer) == [("held", 20_000_00, took)]
    seen = room(county.second, theirs)
    assert (seen.used_fen, seen.others_fen) == (took, 20_000_00 - took)
    assert seen.used_fen + seen.others_fen == 20_000_00 <= limit
    last = settling.settled(county.first, of_stay(person, mine, 200_000_00, admitted_on=ADMITTED))
    assert last.shares["catastrophic"] > 20_000_00 - took
    assert view(county.officer) == [("posted", 20_000_00, 20_000_00)]
    assert room(county.second, theirs).used_fen == took + last.shares["catastrophic"] <= limit


def test_another_hospitals_bill_never_takes_what_is_held(county):
    person = county.person()
    mine = stay(county.first, person)
    limit = room(county.first, mine).limit_fen
    hold(county.first, mine, limit - 5_000_00)
    elsewhere = settling.settled(county.second, settling.bill(person, 900_000_00))
    assert elsewhere.shares["catastrophic"] == 5_000_00
    own = settling.settled(county.first, of_stay(person, mine, 900_000_00))
    assert own.shares["catastrophic"] == limit - 5_000_00


def test_a_hold_is_released_by_who_made_it_or_by_the_county(county):
    person = county.person()
    mine = stay(county.first, person)
    one, two = hold(county.first, mine, 1_000_00), hold(county.first, mine, 2_000_00, serial="H2")
    refused(
        "not_your_hold", api.release_hold, actor=county.second, now=NOW, key=None, hold=one.hold, reason="x"
    )
    with pytest.raises(NotFound):
        api.release_hold(actor=actors.officer(actors.RONGJIANG), now=NOW, key=None, hold=one.hold, reason="x")
    refused(
        "text_missing", api.release_hold, actor=county.first, now=NOW, key=None, hold=one.hold, reason=" "
    )
    freed = api.release_hold(actor=county.first, now=NOW, key=None, hold=one.hold, reason="转院")
    assert freed.fen == 1_000_00
    api.release_hold(actor=county.officer, now=NOW, key=None, hold=two.hold, reason="登记有误")
    refused(
        "hold_ended", api.release_hold, actor=county.officer, now=NOW, key=None, hold=two.hold, reason="再次"
    )
    assert room(county.first, mine).own_fen == 0
    assert {one.end_reason for one in api.holds(viewer=county.officer).items} == {"转院", "登记有误"}
    assert api.holds(viewer=actors.officer(actors.RONGJIANG)).items == ()
    assert api.holds(viewer=county.second).items == ()


def test_what_ran_out_comes_free_on_the_day_after(county, monkeypatch):
    person = county.person()
    mine = stay(county.first, person)
    made = hold(county.first, mine, 1_000_00, expires_on=TODAY)
    hold(county.first, mine, 2_000_00, serial="H2")
    assert api.expire_holds(actor=SYSTEM, now=NOW) == api.HoldsExpired(0, 0, False)
    tomorrow = NOW + timedelta(days=1)
    monkeypatch.setattr("doudi.server.settlement.operations.expire_holds.MOST", 1)
    api.hold(
        actor=county.first, now=NOW, key=None, registration=mine, name=LIMIT, fen=3_00, expires_on=TODAY, serial="H3"
    )  # fmt: skip

    class Context:
        actor, done = SYSTEM, 0

        def now(self):
            return tomorrow

        def progress(self, done):
            self.done = done

    assert expire_holds_job(Context()) == {"holds": 2, "fen": 1_003_00}
    assert expire_holds_job(Context()) == {"holds": 0, "fen": 0}
    expired = api.holds(viewer=county.officer, wanted=api.HoldFilter(expired_since=TODAY)).items
    assert {one.hold for one in expired} >= {made.hold}
    assert room(county.first, mine).own_fen == 2_000_00
    with scoped(county.officer.scope):
        assert AuditEvent.objects.filter(event="settlement.hold_expired", person_id=person).count() == 2


def test_a_hold_counts_in_the_period_of_the_expected_discharge(county):
    mine = stay(county.first, county.person())
    next_year = date(TODAY.year + 1, 1, 3)
    if next_year - TODAY > timedelta(days=366):
        return
    made = hold(county.first, mine, 1_00, expires_on=next_year, expected_on=TODAY)
    assert made.period == str(TODAY.year)


def test_a_closed_stay_holds_nothing(county):
    person = county.person()
    mine = stay(county.first, person)
    settling.settled(county.first, of_stay(person, mine, 1_000_00))
    refused("registration_closed", hold, county.first, mine, 1_00)
    with pytest.raises(Conflict):
        api.limit_rooms(viewer=county.first, registration=mine)
    assert replace(api.HoldFilter(), state="held").state == "held"
