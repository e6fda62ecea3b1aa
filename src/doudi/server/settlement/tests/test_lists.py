"""Lists of settlements: what each filter finds, what a list adds up to, who sees which."""

from datetime import timedelta

import pytest

from doudi.server.settlement import api
from doudi.server.settlement.data_lists import SettlementFilter
from support import settling

pytestmark = pytest.mark.django_db


def test_a_list_by_each_filter_and_its_sums():
    county = settling.county()
    poor, other = county.person("subsistence_allowance"), county.person()
    days = {"admitted_on": settling.TODAY - timedelta(days=9), "discharged_on": settling.TODAY}
    first = settling.settled(county.first, settling.bill(poor, **days))
    second = settling.settled(
        county.second, settling.bill(other, 2_000_00, diagnoses=("I10.0",), **days), serial="X-9"
    )
    every = api.settlements(viewer=county.officer)
    assert [one.settlement for one in every.items] == [second.settlement, first.settlement]
    assert every.items[1].shares == {payer: fen for payer, fen in first.shares.items() if fen}

    def found(**words: object) -> list[int]:
        wanted = SettlementFilter(**words)
        rows = api.settlements(viewer=county.officer, wanted=wanted).items
        total = api.sums(viewer=county.officer, wanted=wanted)
        assert total.count == len(rows)
        assert total.total_fen == sum(one.total_fen for one in rows)
        assert total.patient_fen == sum(one.patient_fen for one in rows)
        assert sum(total.shares.values()) == total.paid_fen
        assert api.export(viewer=county.officer, wanted=wanted) == tuple(
            sorted(rows, key=lambda one: (one.settled_on, one.settlement))
        )
        return [one.settlement for one in rows]

    only_first, only_second = [first.settlement], [second.settlement]
    assert found(category="subsistence_allowance") == only_first
    assert found(diagnosis="I10") == only_second
    assert found(diagnosis="M17.9") == only_first
    assert found(facility=county.second.facility) == only_second
    assert found(level="county") == only_first
    assert found(total_from_fen=2_000_01) == only_first
    assert found(persons=(other,)) == only_second
    assert found(number="X-9") == only_second
    assert found(number=first.number) == only_first
    assert (
        found(payer=next(payer for payer, fen in first.shares.items() if fen and payer not in second.shares))
        == only_first
    )
    bp = first.patient_fen * 10_000 // first.total_fen
    assert first.settlement in found(share_from_bp=bp)
    assert found(share_from_bp=10_001) == []
    assert found(patient_from_fen=max(first.patient_fen, second.patient_fen) + 1) == []
    assert found(kind="reversed") == []
    assert found(care="outpatient") == []
    assert len(found(region=520203000000)) == 2
    assert found(region=520203102000) == []
    assert found(until_date=settling.TODAY) == []
    assert len(found(from_date=settling.TODAY)) == 2


def test_a_window_sees_its_own_facility():
    county = settling.county()
    person = county.person()
    first = settling.settled(county.first, settling.bill(person))
    settling.settled(county.second, settling.bill(person, 1_000_00))
    assert [one.settlement for one in api.settlements(viewer=county.first).items] == [first.settlement]
    assert api.sums(viewer=county.first).count == 1
    other = SettlementFilter(facility=county.second.facility)
    assert api.settlements(viewer=county.first, wanted=other).items == ()


def test_an_export_goes_on_after_the_last_row(monkeypatch):
    monkeypatch.setattr("doudi.server.settlement.queries.lists.CHUNK", 2)
    county = settling.county()
    person = county.person()
    for day in (3, 3, 3, 2, 1):
        bill = settling.bill(
            person, admitted_on=settling.TODAY, discharged_on=settling.TODAY, department=str(day)
        )
        settling.settled(county.first, bill)
    found: list[int] = []
    after, day = 0, None
    wanted = SettlementFilter()
    while rows := api.export(viewer=county.officer, wanted=wanted, after=after, after_day=day):
        assert len(rows) <= 2
        found += [one.settlement for one in rows]
        after, day = rows[-1].settlement, rows[-1].settled_on
    assert len(found) == len(set(found)) == 5
