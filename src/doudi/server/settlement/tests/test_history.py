"""A settlement whole: versions, frozen record, and whether it still comes out the same."""

import pytest

from doudi.server.kernel.errors import Forbidden, NotFound, Refused
from doudi.server.settlement import api
from doudi.server.settlement.packing import pack, unpack
from doudi.server.settlement.queries import history
from support import actors, settling

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    return settling.county()


def test_a_settlement_is_told_as_it_was_decided(county):
    done = settling.settled(county.first, settling.bill(county.person("subsistence_allowance")))
    told = api.history(viewer=county.officer, settlement=done.settlement)
    assert told.row == api.settlements(viewer=county.officer).items[0]
    assert [one.version for one in told.versions] == [1]
    assert told.shown == told.versions[0]
    assert told.shown.standing
    assert told.shown.decision_sha256 == done.decision_sha256 == told.record["sha256"]
    assert told.shown.total_fen == done.total_fen
    assert told.explanation
    assert told.untold is None
    assert told.bill["diagnoses"] == ["M17.9"]
    assert "王小明" not in str(told.record)


def test_it_is_seen_by_its_county_only(county):
    done = settling.settled(county.first, settling.bill(county.person()))
    for stranger, refusal in ((county.first, Forbidden), (actors.officer(actors.RONGJIANG), NotFound)):
        with pytest.raises(refusal):
            api.history(viewer=stranger, settlement=done.settlement)
        with pytest.raises(refusal):
            api.verify(viewer=stranger, settlement=done.settlement)
    with pytest.raises(NotFound):
        api.history(viewer=county.officer, settlement=done.settlement, version=2)


def test_the_stored_decision_comes_out_the_same(county):
    done = settling.settled(county.first, settling.bill(county.person("subsistence_allowance")))
    proof = api.verify(viewer=county.officer, settlement=done.settlement)
    assert proof.identical
    assert proof.where == ""
    assert proof.sha256 == done.decision_sha256


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda record: record["facts"]["bills"][0].update(in_scope="1.00"), "sha256"),
        (lambda record: record["answer"]["bills"][0].update(patient="0.00"), "sha256"),
        (lambda record: record.update(sha256="0" * 64), "sha256"),
    ],
)
def test_whatever_was_changed_shows(county, monkeypatch, change, where):
    done = settling.settled(county.first, settling.bill(county.person()))

    def forged(packed):
        record = unpack(packed)
        change(record)
        return unpack(pack(record))

    monkeypatch.setattr(history, "unpack", forged)
    proof = api.verify(viewer=county.officer, settlement=done.settlement)
    assert not proof.identical
    assert proof.where == where


def test_without_the_law_of_the_time_nothing_is_said(county, monkeypatch):
    done = settling.settled(county.first, settling.bill(county.person()))

    def other(packed):
        record = unpack(packed)
        record["policy"]["hash"] = "0" * 64
        return record

    monkeypatch.setattr(history, "unpack", other)
    with pytest.raises(Refused) as told:
        api.verify(viewer=county.officer, settlement=done.settlement)
    assert told.value.code == "policy_missing"
