"""The public contract of the settle file and its answer: good files settle as promised."""

import json
from typing import Any

import pytest

from doudi.engine.answer import answer
from doudi.engine.data import Facts
from doudi.engine.read import parse_json, read_facts
from doudi.engine.record import make_record, verify_record
from doudi.engine.settle import Settler
from doudi.money import MAX_BILL
from support.files import Json, a_bill, a_file
from support.policies import policy


def bill_with(**changes: Any) -> Json:
    """A file with one good bill but for these changes."""
    return a_file(a_bill(in_scope="100.00", **changes))


def person_with(**changes: Any) -> Json:
    return a_file(a_bill(in_scope="100.00"), person=changes)


def test_the_smallest_file_is_enough() -> None:
    facts = read_facts({"person": {"id": 1}, "bills": [{"id": 7, "discharged": "2017-09-01", "in_scope": 5}]})
    (bill,) = facts.bills
    assert (facts.person.id, bill.id, bill.stay, bill.total) == ("1", "7", "7", 500)
    assert bill.admitted == bill.discharged == bill.settled
    assert facts.person.insured is None


def test_the_parts_come_from_text_exactly() -> None:
    facts = read_facts(a_file(a_bill(in_scope="0.1", first_pay="0.20", over_limit=3, own_pay="1000000000")))
    assert list(facts.bills[0].parts.values()) == [10, 20, 300, MAX_BILL]


def test_null_is_the_same_as_leaving_a_key_out() -> None:
    data = bill_with(
        settled=None, referred=None, accident=None, own_pay=None, filings=None, total=None, stay=None
    )
    assert read_facts(data) == read_facts(bill_with())


def test_insured_says_unchecked_uninsured_or_one_or_several_periods() -> None:
    def insured(value: Any) -> Any:
        return read_facts(person_with(insured=value)).person.insured

    one = {"scheme": "resident", "until": "2017-09-01"}
    two = {"scheme": "employee", "from": "2017-09-01"}
    assert insured(None) is None
    assert insured(False) == ()
    assert len(insured(one)) == 1
    assert [period.scheme for period in insured([two, one])] == ["resident", "employee"]


def test_an_accident_counts_only_with_a_third_party() -> None:
    def accident(value: Any) -> bool:
        return read_facts(bill_with(accident=value)).bills[0].accident

    assert [accident(value) for value in (True, {"third_party": True}, {})] == [True, True, True]
    assert [accident(value) for value in (None, False, {"third_party": False})] == [False, False, False]


CONTRACT = """{"policy": "guizhou/liuzhi/triple-guarantee-2017", "person": {"id": "p1", "born": "1957-03-01",
"sex": "F", "household": "h1", "region": "520203",
"insured": {"scheme": "resident", "from": "2017-01-01", "until": null}, "contract": false,
"categories": [{"code": "subsistence_allowance", "from": "2016-01-01", "until": null}]},
"opening": {"accumulators": {"person": {"catastrophic_scope": {"2017": "6000.00"}}, "household": {}}},
"bills": [{"id": "b1", "care": "inpatient",
"facility": {"level": "county", "grade": 2, "designated": true, "region": "520203"},
"admitted": "2017-08-20", "discharged": "2017-09-01", "settled": "2017-09-01", "referred": true,
"emergency": false, "accident": null, "filings": [], "diagnoses": ["M17.9"], "procedures": [],
"total": "30000.00", "in_scope": "26000.00", "first_pay": "2000.00", "over_limit": "0.00", "own_pay": "2000.00",
"recorded": {"basic": "18000.00"}}]}"""


@pytest.fixture(scope="module")
def contract() -> tuple[Facts, Json]:
    facts = read_facts(parse_json(CONTRACT))
    return facts, answer(Settler(policy("guizhou/liuzhi/triple-guarantee-2017")), facts)


def test_the_public_contract_settles_with_exactly_the_keys_promised(contract: tuple[Facts, Json]) -> None:
    facts, told = contract
    assert facts.policy == told["policy"]["id"] == "guizhou/liuzhi/triple-guarantee-2017"
    assert set(told) == {"policy", "bills", "accumulators", "targets"}
    assert set(told["policy"]) == {"id", "hash"}
    keys = {"id", "total", "shares", "hospital", "patient", "patient_in_scope", "explanation"}
    assert set(told["bills"][0]) == keys
    assert set(told["accumulators"]) == {"person", "household", "admissions", "stays"}
    assert json.loads(json.dumps(told)) == told


def test_the_public_contract_comes_out_to_the_fen(contract: tuple[Facts, Json]) -> None:
    """By hand: 26,000 − 18,000 = 8,000 above the 6,000 already reached × 60 % = 4,800; 3,200 × 70 % = 2,240."""
    (bill,) = contract[1]["bills"]
    assert bill["shares"] == {"basic": "18000.00", "catastrophic": "4800.00", "assistance": "2240.00"}
    assert (bill["total"], bill["hospital"], bill["patient"]) == ("30000.00", "0.00", "4960.00")
    assert bill["patient_in_scope"] == "960.00"


def test_the_accumulators_after_one_file_open_the_next(contract: tuple[Facts, Json]) -> None:
    told = contract[1]["accumulators"]
    assert told["person"]["catastrophic_scope"] == {"2017": "14000.00"}
    next_file = json.loads(CONTRACT) | {
        "opening": {"accumulators": {k: told[k] for k in ("person", "household")}}
    }
    next_file["opening"] |= {"admissions": told["admissions"], "stays": told["stays"]}
    next_file["bills"][0]["id"] = "b2"
    second = answer(Settler(policy("guizhou/liuzhi/triple-guarantee-2017")), read_facts(next_file))
    together = json.loads(CONTRACT)
    together["bills"].append(next_file["bills"][0])
    both = answer(Settler(policy("guizhou/liuzhi/triple-guarantee-2017")), read_facts(together))
    assert second["bills"] == both["bills"][1:]
    assert second["accumulators"] == both["accumulators"]


def test_the_public_contract_makes_a_record_that_replays() -> None:
    settler = Settler(policy("guizhou/liuzhi/triple-guarantee-2017"))
    verify_record(settler, make_record(settler, json.loads(CONTRACT)))
