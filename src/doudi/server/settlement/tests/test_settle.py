"""Settling: a bill is judged by what the server knows, posted once, and never otherwise."""

import pytest

from doudi.server.kernel.errors import NotFound
from doudi.server.kernel.scope import scoped
from doudi.server.settlement import api
from doudi.server.settlement.models import Accumulator, Settlement
from support import settling

pytestmark = pytest.mark.django_db


def test_nobody_is_tried_who_is_not_open_here_or_belongs_elsewhere():
    """The same answer as for somebody who does not exist."""
    county = settling.county()
    bill = settling.bill(county.person())
    stranger = settling.actors.clerk(999_999)
    elsewhere = settling.actors.officer(settling.actors.RONGJIANG)
    for viewer in (stranger, elsewhere):
        with pytest.raises(NotFound, match="person_unknown"):
            api.trial(viewer=viewer, bill=bill, facility=county.first.facility)


def test_a_bill_is_settled_and_answered_again():
    county = settling.county()
    person = county.person("subsistence_allowance")
    bill = settling.bill(person)
    trial = api.trial(viewer=county.first, bill=bill)
    assert trial.total_fen == 30_000_00
    done = api.settle(
        actor=county.first,
        now=settling.NOW,
        key=None,
        serial="A1",
        bill=bill,
        expected_patient_fen=trial.patient_fen,
        seen=settling.SEEN,
    )
    assert done.patient_fen == trial.patient_fen
    assert done.paid_fen + done.hospital_fen + done.patient_fen == done.total_fen
    again = api.settle(
        actor=county.first, now=settling.NOW, key=None, serial="A1", bill=bill, seen=settling.SEEN
    )
    assert again == done
    with scoped(county.first.scope):
        row = Settlement.objects.get(pk=done.settlement)
        used = {(one.name, one.period): one.used_fen for one in Accumulator.objects.filter(subject_id=person)}
    assert row.superseded_at is None
    assert row.posted_no == 1
    assert used == {(name, period): fen for scope, name, period, fen in row.moved}


def test_two_reasons_of_a_kind_are_one_notice_that_tells_both():
    """Each kind is ticked once; a page has one box of it."""
    county = settling.county()
    person = county.person()
    for hospital, total in ((county.first, 9_000_00), (county.second, 7_000_00)):
        settling.settled(hospital, settling.bill(person, total))
    same = [settling.bill(person, total) for total in (9_000_00, 7_000_00)]
    settling.settled(county.first, same[0])
    found = api.trial(viewer=county.second, bill=settling.bill(person, 5_000_00)).notices
    codes = [one.code for one in found]
    assert sorted(set(codes)) == sorted(codes)
    told = api.trial(viewer=county.second, bill=same[0]).notices
    assert next(one for one in told if one.code == "same_bill").words.zh.count("已结算过") == 1
    overlapping = next(one for one in found if one.code == "in_hospital_elsewhere")
    assert "第1人民医院" in overlapping.words.zh
