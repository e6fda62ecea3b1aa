"""What became known late: shown before it is posted, posted as deltas, approved by another, the same in any order.

The numbers are those of `test_reversal.py`; somebody on subsistence allowance has 70 % of what is left in scope paid by
medical assistance: 4,846.80 of a first bill (27,000-18,690-1,386), 2,326.80 of a later one (27,000-18,690-4,986).
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from doudi.engine.record import canonical
from doudi.server.access import api as access
from doudi.server.access.roles import Role
from doudi.server.kernel.errors import Conflict, Forbidden, NotFound, Refused
from doudi.server.recognition import api as recognition
from doudi.server.settlement import api
from doudi.server.settlement.packing import unpack
from support import actors, replaying, settling
from support.replaying import faults, preview, readjudicated, reversed_, rows, shares

pytestmark = pytest.mark.django_db

PLAIN = [
    {"basic": 18_690_00, "catastrophic": 1_386_00, "patient": 9_924_00},
    {"basic": 18_690_00, "catastrophic": 4_986_00, "patient": 6_324_00},
]
AIDED = [
    {"basic": 18_690_00, "catastrophic": 1_386_00, "assistance": 4_846_80, "patient": 5_077_20},
    {"basic": 18_690_00, "catastrophic": 4_986_00, "assistance": 2_326_80, "patient": 3_997_20},
]


def two() -> tuple[settling.County, int, list[int]]:
    county = settling.county()
    person = county.person()
    made = [settling.settled(county.first, settling.bill(person)).settlement for _ in range(2)]
    assert [shares(one) for one in made] == PLAIN
    return county, person, made


def recognised(county: settling.County, person: int) -> int:
    return county.recognise(person, "subsistence_allowance", settling.TODAY - timedelta(days=20))


def test_a_back_dated_category_is_shown_then_posted_as_deltas():
    county, person, made = two()
    recognised(county, person)
    shown = preview(county, person)
    assert [(one.settlement, one.payers, one.funds, one.patient_fen) for one in shown.differences] == [
        (made[0], {"assistance": 4_846_80}, {"civil_affairs": 4_846_80}, -4_846_80),
        (made[1], {"assistance": 2_326_80}, {"civil_affairs": 2_326_80}, -2_326_80),
    ]
    assert [words.zh for words in shown.differences[0].why] == ["新认定了“最低生活保障对象”"]
    assert (shown.totals.payers, shown.totals.patient_fen) == ({"assistance": 7_173_60}, -7_173_60)
    assert shown.stopped == ()
    before = rows("SELECT count(*) FROM ledger_entry")
    done = readjudicated(county, person)
    assert [one.settlement for one in done.changed] == made
    assert done.totals == shown.totals
    assert [shares(one) for one in made] == AIDED
    assert rows("SELECT count(*) FROM ledger_entry")[0][0] == before[0][0] + 2
    assert rows("SELECT DISTINCT categories FROM settlement_settlement WHERE version = 2") == [
        (["subsistence_allowance"],)
    ]
    assert faults() == []
    settled = settling.settled(county.first, settling.bill(person))
    assert shares(settled.settlement) == AIDED[1]


def test_unchanged_facts_change_nothing():
    county, person, _ = two()
    recognised(county, person)
    readjudicated(county, person)
    counted = rows("SELECT (SELECT count(*) FROM settlement_settlement), (SELECT count(*) FROM ledger_entry)")
    shown = preview(county, person)
    assert (shown.differences, shown.totals.patient_fen, shown.bills) == ((), 0, 2)
    done = readjudicated(county, person)
    assert done.changed == ()
    assert (
        rows("SELECT (SELECT count(*) FROM settlement_settlement), (SELECT count(*) FROM ledger_entry)")
        == counted
    )


def test_what_has_gone_again_is_taken_back():
    county, person, made = two()
    held = recognised(county, person)
    readjudicated(county, person)
    since = settling.TODAY - timedelta(days=20)
    recognition.end(
        actor=county.officer, now=settling.NOW, key=None, recognition=held, until_date=since + timedelta(days=1),
        reason="核查退出",
    )  # fmt: skip
    readjudicated(county, person)
    assert [shares(one) for one in made] == PLAIN
    assert rows("SELECT max(version) FROM settlement_settlement") == [(3,)]
    assert faults() == []
    backs = rows(
        "SELECT e.back_id = b.entry_id FROM settlement_settlement s JOIN ledger_entry e ON e.id = s.entry_id"
        " JOIN settlement_settlement b ON b.id = s.replaces_id"
    )
    assert backs == [(True,)] * 4


def test_two_persons_see_the_same_and_nobody_does_it_alone():
    county, person, made = two()
    recognised(county, person)
    shown = preview(county, person)
    with pytest.raises(Refused):
        api.readjudicate(
            actor=county.officer, now=settling.NOW, key=None, person=person,
            fingerprint=shown.fingerprint, reason="追溯认定",
        )  # fmt: skip
    with pytest.raises(Forbidden):
        api.readjudication_preview(viewer=county.first, person=person)
    officer = actors.acting(actors.account("officer.again", Role.COUNTY), now=settling.NOW)
    county.officer = officer
    proposal = replaying.proposed(county, shown).proposal
    detail = access.proposal(viewer=county.approver, now=settling.NOW, number=proposal)
    done = access.approve(
        actor=county.approver, now=settling.NOW, proposal=proposal, content_sm3=detail.summary.content_sm3
    )
    assert done.state == "approved"
    assert [shares(one) for one in made] == AIDED
    assert faults() == []


def test_what_changed_since_the_preview_is_not_posted_unseen():
    county, person, made = two()
    recognised(county, person)
    shown = preview(county, person)
    reversed_(county.first, made[0])
    with pytest.raises(Conflict, match="readjudication_changed"):
        replaying.approved(county, shown)
    assert preview(county, person).fingerprint != shown.fingerprint
    readjudicated(county, person)
    assert shares(made[1]) == AIDED[0]
    assert faults() == []


def test_a_corrected_bill_keeps_its_place_and_later_ones_follow():
    county, person, made = two()
    content = api.submitted(viewer=county.officer, settlement=made[0])
    assert content.in_scope_fen == 27_000_00
    corrected = replace(content, in_scope_fen=7_000_00, own_pay_fen=1_000_00, diagnoses=("I21.9",))
    correction = api.Correction(made[0], corrected)
    shown = preview(county, person, correction)
    # 7,000: basic 70 % of 6,700 = 4,690, 2,310 left: all within the deductible of 6,000, of which 3,690 are left
    assert [one.payers for one in shown.differences] == [
        {"basic": -14_000_00, "catastrophic": -1_386_00},
        {"catastrophic": -(4_986_00 - 2_772_00)},  # 60 % of 8,310-3,690
    ]
    assert "更正了费用" in [words.zh for words in shown.differences[0].why]
    with pytest.raises(Conflict, match="readjudication_changed"):
        replaying.approved(county, preview(county, person), correction)
    readjudicated(county, person, correction)
    assert shares(made[0]) == {"basic": 4_690_00, "patient": 3_310_00}
    assert shares(made[1])["catastrophic"] == 2_772_00
    place = "SELECT posted_no, serial, main_diagnosis FROM settlement_settlement WHERE root_id = %s ORDER BY version"
    first, second = rows(place, made[0])
    assert first[:2] == second[:2]
    assert (first[2], second[2]) == ("M17.9", "I21.9")
    assert faults() == []
    assert preview(county, person).differences == ()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"care": "outpatient"}, "correction_of_another"),
        ({"person": 999}, "correction_of_another"),
        ({"discharged_on": settling.TODAY + timedelta(days=1)}, "day_in_future"),
        ({"discharged_on": settling.TODAY - timedelta(days=367), "admitted_on": settling.TODAY - timedelta(days=377)},
         "benefit_year_changes"),
    ],
)  # fmt: skip
def test_a_correction_that_belongs_elsewhere_is_refused(words: dict[str, Any], code: str):
    county, person, made = two()
    content = replace(api.submitted(viewer=county.officer, settlement=made[0]), **words)
    shown = preview(county, person, api.Correction(made[0], content))
    assert len(shown.stopped) == 1
    assert shown.differences[0].after is None
    with pytest.raises(Conflict, match="readjudication_stopped"):
        replaying.approved(county, shown, api.Correction(made[0], content))
    with pytest.raises(Refused, match="correction_of_nothing"):
        preview(county, person, api.Correction(999_999, content))


def test_amounts_decided_elsewhere_stay_and_are_flagged():
    county = settling.county()
    person = county.person()
    bill = settling.bill(person, recorded={"basic": 15_000_00})
    made = settling.settled(county.first, bill).settlement
    recognised(county, person)
    (difference,) = preview(county, person).differences
    assert difference.recorded == ("basic",)
    assert difference.after is not None
    assert difference.after.shares["basic"] == 15_000_00
    readjudicated(county, person)
    assert shares(made)["basic"] == 15_000_00
    assert api.submitted(viewer=county.officer, settlement=made) == replace(bill, registration=None)


def test_frozen_records_stay_and_every_one_comes_out_the_same_again():
    county, person, made = two()
    frozen = "SELECT settlement_id, packed, head FROM settlement_record ORDER BY settlement_id"
    before = rows(frozen)
    slip = api.slip(viewer=county.first, settlement=made[0])
    recognised(county, person)
    readjudicated(county, person)
    reversed_(county.first, made[0])
    after = rows(frozen)
    assert after[: len(before)] == before
    assert len(after) == 6  # two settled, two replaced, one reversed, one that followed
    for number, packed, _ in after:
        record = unpack(packed)
        (root, version) = rows("SELECT root_id, version FROM settlement_settlement WHERE id = %s", number)[0]
        verified = api.verify(viewer=county.officer, settlement=root, version=version)
        assert (verified.identical, verified.sha256) == (True, record["sha256"]), number
        assert canonical(record) == canonical(unpack(packed))
    now = api.slip(viewer=county.first, settlement=made[1])
    assert [one.name.zh for one in now.head.categories] == ["最低生活保障对象"]
    assert now.head.settled_at == slip.head.settled_at


def test_another_county_sees_and_does_nothing():
    county, person, made = two()
    recognised(county, person)
    other = actors.officer(actors.RONGJIANG)
    with pytest.raises(NotFound):
        api.readjudication_preview(viewer=other, person=person)
    shown = preview(county, person)
    with pytest.raises(NotFound):
        replaying.approved(replace(county, approver=actors.approver(actors.RONGJIANG)), shown)
    with pytest.raises(NotFound):
        api.submitted(viewer=other, settlement=made[0])
    assert api.stale(viewer=other) == ()


def test_whose_bills_are_stale_is_found_and_forgotten_once_they_are_settled_again():
    from doudi.server.settlement.reversal_jobs import counties

    county, person, _ = two()
    other = county.person()
    settling.settled(county.first, settling.bill(other))
    assert counties() == [520203]
    looked = api.look_for_stale(actor=county.officer, now=settling.NOW)
    assert looked.stale == 0
    recognised_now(county, person)
    later = settling.NOW + timedelta(days=2)
    assert api.look_for_stale(actor=county.officer, now=later) == api.Looked(1, 1, None)
    (found,) = api.stale(viewer=county.approver)
    assert (found.person, found.bills, found.paid_delta_fen, found.patient_delta_fen) == (
        person,
        2,
        7_173_60,
        -7_173_60,
    )
    assert api.stale(viewer=actors.officer(actors.RONGJIANG)) == ()
    assert api.look_for_stale(actor=county.officer, now=later).looked == 0
    readjudicated(county, person)
    assert api.stale(viewer=county.officer) == ()


def recognised_now(county: settling.County, person: int) -> None:
    """Back-dated, and entered after everything else."""
    from support import standing

    terms = standing.recognition(
        category="subsistence_allowance", from_date=settling.TODAY - timedelta(days=20)
    )
    recognition.recognise(
        actor=county.officer, now=settling.NOW + timedelta(days=1), key=None, person=person, terms=terms
    )


def test_the_nightly_look_goes_county_by_county_as_an_officer_would():
    from doudi.server.kernel.actor import SYSTEM
    from doudi.server.settlement.reversal_jobs import look_for_stale_job

    county, person, _ = two()
    recognised_now(county, person)

    class Night:
        actor = SYSTEM

        def now(self) -> Any:
            return settling.NOW + timedelta(days=2)

        def check_cancelled(self) -> None: ...

        def progress(self, done: int) -> None: ...

    assert look_for_stale_job(Night()) == {"looked": 1, "stale": 1}  # type: ignore[arg-type]
    told = rows(
        "SELECT login, region / 1000 FROM audit_auditevent WHERE event = 'settlement.looked_for_stale'"
    )
    assert told == [("system", 520203)]
    assert [one.person for one in api.stale(viewer=county.officer)] == [person]
