"""Settle files: good ones settle as promised, bad ones are refused with a code, a place and how to mend it."""

import re
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from doudi.engine.read import parse_json, read_facts
from doudi.engine.refusals import REFUSALS, Refused
from doudi.money import MAX_BILL, format_yuan
from doudi.policy.library import Policy
from support.files import Json, a_bill, a_file, settled
from support.policies import one_benefit, written
from support.refusals import OF_TABLES

ONLY_ON_THE_COMMAND_LINE = {"policy_not_named", "policy_ambiguous", "policy_none"}


def bill_with(**changes: Any) -> Json:
    """A file with one good bill but for these changes."""
    return a_file(a_bill(in_scope="100.00", **changes))


def person_with(**changes: Any) -> Json:
    return a_file(a_bill(in_scope="100.00"), person=changes)


def lines(*found: Json, catalogue: list[Json] | None = None) -> Json:
    prices = [{"code": "A", "class": "甲"}] if catalogue is None else catalogue
    return a_file(a_bill(lines=list(found)), catalogue=prices)


def opening(**changes: Any) -> Json:
    return a_file(a_bill(in_scope="100.00"), opening=changes)


# What is wrong → (file, code, place).
UNREADABLE: dict[str, tuple[Any, str, str]] = {
    "a list": ([], "file_shape", ""),
    "nothing": (None, "file_shape", ""),
    "no bills": ({"person": {"id": "p1"}}, "file_shape", ""),
    "bills are no list": ({"person": {"id": "p1"}, "bills": {}}, "field_type", "bills"),
    "a bill is a text": (a_file("b1"), "field_type", "bills[0]"),
    "no person": ({"bills": []}, "person_missing", "person"),
    "a person without id": ({"person": {"born": "1957-03-01"}, "bills": []}, "person_missing", "person.id"),
    "a person who is a text": ({"person": "p1", "bills": []}, "field_type", "person"),
    "an unknown key of the file": (a_file(a_bill(in_scope=1), bils=[]), "key_unknown", "bils"),
    "an unknown key of a bill": (bill_with(inscope="1"), "key_unknown", "bills[0].inscope"),
    "an unknown key of a facility": (
        bill_with(facility={"levle": "county"}),
        "key_unknown",
        "bills[0].facility.levle",
    ),
    "an unknown key of a person": (person_with(birthday="1957-03-01"), "key_unknown", "person.birthday"),
    "a bill without id": (
        a_file({"discharged": "2017-09-01", "in_scope": 1}),
        "field_missing",
        "bills[0].id",
    ),
    "a bill without date": (a_file({"id": "b1", "in_scope": 1}), "field_missing", "bills[0].discharged"),
    "a category without code": (
        person_with(categories=[{"from": "2017-01-01"}]),
        "field_missing",
        "person.categories[0].code",
    ),
    "insurance without scheme": (
        person_with(insured={"from": "2017-01-01"}),
        "field_missing",
        "person.insured[0].scheme",
    ),
    "a filing without kind": (bill_with(filings=[{}]), "field_missing", "bills[0].filings[0].kind"),
    "an event without date": (
        a_file(events=[{"event": "death"}]),
        "field_missing",
        "events[0].date",
    ),
    "an object as id": (bill_with(id={"x": 1}), "field_type", "bills[0].id"),
    "true as id": (person_with(id=True), "field_type", "person.id"),
    "yes as truth": (bill_with(referred="yes"), "field_type", "bills[0].referred"),
    "1 as truth": (bill_with(emergency=1), "field_type", "bills[0].emergency"),
    "diagnoses as text": (bill_with(diagnoses="M17.9"), "field_type", "bills[0].diagnoses"),
    "a number among diagnoses": (bill_with(diagnoses=[1.5]), "field_type", "bills[0].diagnoses[0].x"),
    "a list as a category": (person_with(categories=[{"code": ["x"]}]), "field_type", "person.categories[0].code"),
    "an empty id": (bill_with(id=""), "field_missing", "bills[0].id"),
    "admission in superscript": (bill_with(admission="²"), "field_type", "bills[0].admission"),
    "admission 0": (bill_with(admission=0), "field_type", "bills[0].admission"),
    "admission as a fraction": (bill_with(admission=1.0), "field_type", "bills[0].admission"),
    "a balance by nothing": (opening(accumulators={"person": {"x": 5}}), "field_type",
                             "opening.accumulators.person.x"),
    "an unknown scope": (opening(accumulators={"village": {}}), "key_unknown", "opening.accumulators.village"),
    "a float": (bill_with(first_pay=0.1), "amount_not_text", "bills[0].first_pay"),
    "a whole float": (bill_with(first_pay=1.0), "amount_not_text", "bills[0].first_pay"),
    "NaN": (bill_with(first_pay=float("nan")), "amount_not_text", "bills[0].first_pay"),
    "infinity": (bill_with(total=float("inf")), "amount_not_text", "bills[0].total"),
    "true as an amount": (bill_with(own_pay=True), "amount_not_text", "bills[0].own_pay"),
    "a list as an amount": (bill_with(own_pay=["1"]), "amount_not_text", "bills[0].own_pay"),
    "a float balance": (
        opening(accumulators={"person": {"x": {"2017": 6000.5}}}),
        "amount_not_text",
        "opening.accumulators.person.x.2017",
    ),
    "a thousands separator": (bill_with(own_pay="6,000"), "amount_malformed", "bills[0].own_pay"),
    "three decimals": (bill_with(own_pay="1.005"), "amount_malformed", "bills[0].own_pay"),
    "scientific": (bill_with(own_pay="1e3"), "amount_malformed", "bills[0].own_pay"),
    "full width": (bill_with(own_pay="１００"), "amount_malformed", "bills[0].own_pay"),
    "a unit": (bill_with(own_pay="100元"), "amount_malformed", "bills[0].own_pay"),
    "an empty amount": (bill_with(own_pay=""), "amount_malformed", "bills[0].own_pay"),
    "a recorded amount with a sign": (
        bill_with(recorded={"basic": "+1"}),
        "amount_malformed",
        "bills[0].recorded.basic",
    ),
    "a negative text": (bill_with(own_pay="-1.00"), "amount_negative", "bills[0].own_pay"),
    "a negative number": (bill_with(own_pay=-1), "amount_negative", "bills[0].own_pay"),
    "a negative recorded amount": (
        bill_with(recorded={"basic": "-1"}),
        "amount_negative",
        "bills[0].recorded.basic",
    ),
    "more than a bill can be": (
        bill_with(own_pay=format_yuan(MAX_BILL + 1)),
        "amount_too_large",
        "bills[0].own_pay",
    ),
    "a huge whole number": (bill_with(own_pay=10**60), "amount_malformed", "bills[0].own_pay"),
    "a line above the bound": (
        lines({"code": "A", "price": format_yuan(MAX_BILL), "quantity": "2"}),
        "amount_too_large",
        "bills[0].lines[0].amount",
    ),
    "an impossible day": (bill_with(settled="2017-02-30"), "date_malformed", "bills[0].settled"),
    "slashes in a date": (bill_with(settled="2017/09/30"), "date_malformed", "bills[0].settled"),
    "digits without marks": (bill_with(settled="20170930"), "date_malformed", "bills[0].settled"),
    "a number as a date": (person_with(born=19570301), "date_malformed", "person.born"),
    "a year of two digits": (
        a_file(a_bill(in_scope=1), year_end=["17"]),
        "date_malformed",
        "year_end",
    ),
    "a year in superscript": (a_file(a_bill(in_scope=1), year_end=["²²²²"]), "date_malformed", "year_end"),
    "a year in other digits": (a_file(a_bill(in_scope=1), year_end=["٢٠١٧"]), "date_malformed", "year_end"),
    "the year 0": (a_file(a_bill(in_scope=1), enrolment=["0000"]), "date_malformed", "enrolment"),
    "a week as a date": (bill_with(settled="2017-W40-5"), "date_malformed", "bills[0].settled"),
    "discharged before admitted": (
        bill_with(admitted="2017-09-20"),
        "dates_reversed",
        "bills[0].discharged",
    ),
    "settled before admitted": (bill_with(settled="2017-08-01"), "dates_reversed", "bills[0].settled"),
    "a category that ends before it begins": (
        person_with(categories=[{"code": "x", "from": "2017-01-02", "until": "2017-01-01"}]),
        "dates_reversed",
        "person.categories[0].until",
    ),
    "an unknown level": (
        bill_with(facility={"level": "conty"}),
        "not_one_of",
        "bills[0].facility.level",
    ),
    "an unknown grade": (bill_with(facility={"grade": 4}), "not_one_of", "bills[0].facility.grade"),
    "an unknown care": (bill_with(care="hospital"), "not_one_of", "bills[0].care"),
    "an unknown sex": (person_with(sex="x"), "not_one_of", "person.sex"),
    "a total that is not the sum": (bill_with(total="100.01"), "parts_differ_from_total", "bills[0].total"),
    "a bill of nothing": (a_file(a_bill(in_scope="0.00")), "bill_empty", "bills[0]"),
    "a portion above the total": (
        bill_with(portions={"tcm": "100.01"}),
        "portion_too_large",
        "bills[0].portions.tcm",
    ),
    "one bill id twice": (a_file(a_bill(in_scope=1), a_bill(in_scope=2)), "bill_twice", "bills[1]"),
    "insured twice at once": (
        person_with(insured=[{"scheme": "resident"}, {"scheme": "employee", "from": "2017-01-01"}]),
        "insured_twice",
        "person.insured",
    ),
    "a decision without approver": (
        bill_with(decided={"aid": {"amount": "1.00"}}),
        "decision_without_approver",
        "bills[0].decided.aid",
    ),
    "lines without catalogue": (
        a_file(a_bill(lines=[{"code": "A", "amount": "1"}])),
        "catalogue_missing",
        "bills[0].lines",
    ),
    "a part that is not the sum of the lines": (
        a_file(a_bill(in_scope="1.01", lines=[{"code": "A", "amount": "1"}]), catalogue=[{"code": "A", "class": "甲"}]),
        "parts_differ_from_lines",
        "bills[0].in_scope",
    ),
    "two entries of one code and day": (
        lines({"code": "A", "amount": "1"}, catalogue=[{"code": "A", "class": "甲"}, {"code": "A", "class": "丙"}]),
        "catalogue_twice",
        "bills[0].lines[0].code",
    ),
    "a line not in the catalogue": (
        lines({"code": "B", "amount": "1"}),
        "line_unknown",
        "bills[0].lines[0].code",
    ),
    "a line after the entry's end": (
        lines({"code": "A", "amount": "1"}, catalogue=[{"code": "A", "class": "甲", "until": "2017-09-01"}]),
        "line_unknown",
        "bills[0].lines[0].code",
    ),
    "an entry without class": (
        lines({"code": "A", "amount": "1"}, catalogue=[{"code": "A"}]),
        "field_missing",
        "catalogue[0].class",
    ),
    "an unknown class": (
        lines({"code": "A", "amount": "1"}, catalogue=[{"code": "A", "class": "丁"}]),
        "not_one_of",
        "catalogue[0].class",
    ),
    "a first-pay rate without percent": (
        lines({"code": "A", "amount": "1"}, catalogue=[{"code": "A", "class": "乙", "first_pay": "0.1"}]),
        "field_type",
        "catalogue[0].first_pay",
    ),
    "a first-pay rate above the whole": (
        lines({"code": "A", "amount": "1"}, catalogue=[{"code": "A", "class": "乙", "first_pay": "100.01%"}]),
        "field_type",
        "catalogue[0].first_pay",
    ),
    "a quantity in words": (
        lines({"code": "A", "price": "1", "quantity": "一"}),
        "field_type",
        "bills[0].lines[0].quantity",
    ),
    "a negative quantity": (
        lines({"code": "A", "price": "1", "quantity": "-1"}),
        "field_type",
        "bills[0].lines[0].quantity",
    ),
    "a line without price": (lines({"code": "A"}), "field_missing", "bills[0].lines[0].price"),
}  # fmt: skip


def the_refusal(data: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        read_facts(data)
    return caught.value


def in_both_languages(refused: Refused) -> None:
    """Both say something of their own, and nothing is left to fill in."""
    for text in (refused.what.zh, refused.what.en, refused.mend.zh, refused.mend.en):
        assert text.strip()
        assert "{" not in text
    assert re.search(r"[\u4e00-\u9fff]", refused.what.zh)
    assert refused.what.zh != refused.what.en


@pytest.mark.parametrize("wrong", UNREADABLE)
def test_a_bad_file_is_refused_with_a_code_and_a_place(wrong: str) -> None:
    data, code, path = UNREADABLE[wrong]
    refused = the_refusal(deepcopy(data))
    assert (refused.code, refused.path) == (code, path)
    in_both_languages(refused)


# --- refused by the policy -----------------------------------------------------------------------------------

STRICT = """schemes: resident
people: {poor: {zh: 低保对象, any: [subsistence_allowance], assumed: 测试用}}
year: {across: split, assumed: 测试用}
payers:
  - {payer: basic, decided: elsewhere, assumed: 测试用}
  - payer: aid
    assumed: 测试用
    benefits:
      - benefit: aged
        when: {age: {at_least: 60}, care: outpatient}
        rate: 60%
      - benefit: share
        when: {designated: true}
        rate: {by: level, rows: {township: 80%, county: 70%}}
  - {payer: case, decided: case_by_case, approver: 县医保局, covers: total, cap: {per: year, amount: 50}, assumed: 测试用}
"""
STRICT_HEAD = "in_force: {from: 2017-01-01, until: 2018-01-01, assumed: 测试用}\n"
GOOD = {"level": "county", "designated": True}
BY_POLICY: dict[str, tuple[Json, Json, str, str]] = {
    "not insured that day": ({}, {"insured": {"scheme": "resident", "until": "2017-09-01"}}, "not_insured", ""),
    "insured elsewhere": ({}, {"insured": {"scheme": "employee"}}, "scheme_not_served", ""),
    "before the policy": ({"admitted": "2016-12-01", "discharged": "2016-12-31"}, {}, "date_outside_policy", ""),
    "on the day the policy ends": ({"discharged": "2018-01-01", "stay": "s"}, {}, "date_outside_policy", ""),
    "a stay across the year": ({"admitted": "2016-12-31", "discharged": "2017-01-01"}, {}, "year_crossed", ""),
    "care unknown": ({"care": None}, {}, "fact_missing", ".care"),
    "designation unknown": ({"facility": {"level": "county"}}, {}, "fact_missing", ".facility.designated"),
    "birth unknown": ({"care": "outpatient"}, {"born": None}, "fact_missing", "person.born"),
    "level unknown": ({"facility": {"designated": True}}, {}, "no_value", ""),
    "a level without a row": ({"facility": {**GOOD, "level": "city"}}, {}, "no_value", ""),
    "more recorded than there is": ({"recorded": {"basic": "100.01"}}, {}, "recorded_exceeds", ""),
    "recorded for an unknown payer": ({"recorded": {"basis": "1", "basic": "1"}}, {}, "recorded_unknown",
                                      ".recorded.basis"),
    "nothing recorded": ({"recorded": {}}, {}, "recorded_missing", ""),
    "a decision above its cap": (
        {"decided": {"case": {"amount": "50.01", "approver": "局长"}}, "own_pay": "100"}, {}, "decision_exceeds", "",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Policy:
    return written(tmp_path_factory.mktemp("strict"), STRICT, head=STRICT_HEAD)


def strict_bill(**changes: Any) -> Json:
    return a_bill(**{"facility": GOOD, "in_scope": "100.00", "recorded": {"basic": "0.00"}, **changes})


@pytest.mark.parametrize("wrong", BY_POLICY)
def test_a_bill_the_policy_cannot_settle_is_refused(wrong: str, strict: Policy) -> None:
    changes, person, code, path = BY_POLICY[wrong]
    with pytest.raises(Refused) as caught:
        settled(strict, strict_bill(**changes), person={"born": "1957-03-01", **person})
    assert caught.value.code == code
    assert caught.value.path == (path if path.startswith("person") else f"bills[0]{path}")
    in_both_languages(caught.value)


def test_the_same_policy_settles_a_good_bill(strict: Policy) -> None:
    person = {"born": "1957-03-01", "insured": {"scheme": "resident", "from": "2017-01-01"}}
    (bill,) = settled(strict, strict_bill(), person=person)["bills"]
    assert bill["shares"] == {"basic": "0.00", "aid": "70.00", "case": "0.00"}


@pytest.mark.parametrize("table", ["unreadable", "by_policy"])
def test_hints_name_the_nearest_known_word(table: str, strict: Policy) -> None:
    if table == "unreadable":
        refused = the_refusal(bill_with(inscope="1"))
        assert (refused.mend.zh, refused.mend.en) == ("是不是想写 in_scope？", "Did you mean in_scope?")
        assert the_refusal(bill_with(facility={"level": "conty"})).mend.en == "Did you mean county?"
    else:
        with pytest.raises(Refused, match=r"Did you mean basic\?"):
            settled(strict, strict_bill(recorded={"basis": "1"}), person={"born": "1957-03-01"})


def test_the_text_must_be_json() -> None:
    for text in ("", "{", "{'a': 1}", '{"a": 1,}', "\ufeff{}", "[" * 100_000, "1" * 10_000):
        with pytest.raises(Refused) as caught:
            parse_json(text)
        assert caught.value.code == "json_malformed"
        in_both_languages(caught.value)


def test_a_key_written_twice_is_refused_and_not_the_last_one_taken() -> None:
    with pytest.raises(Refused) as caught:
        parse_json('{"bills": [{"id": "b1", "in_scope": "1.00", "in_scope": "2.00"}]}')
    assert caught.value.code == "json_malformed"


def test_text_that_no_file_can_hold_is_refused() -> None:
    with pytest.raises(Refused) as caught:
        read_facts(parse_json('{"person": {"id": "\\ud800"}, "bills": []}'))
    assert caught.value.code in ("json_malformed", "field_type")


def test_json_that_is_nested_deeply_is_refused_and_not_a_crash() -> None:
    deep: Any = "x"
    for _ in range(500):
        deep = {"y": deep}
    assert the_refusal(bill_with(facility=deep)).code == "key_unknown"
    assert the_refusal(bill_with(diagnoses=[deep])).code == "field_type"


def test_a_sum_beyond_every_bound_is_refused(tmp_path: Path) -> None:
    full = {"accumulators": {"person": {"aid_scope": {"2017": "99999999999.99"}}}}
    trial = written(tmp_path, one_benefit("rate: 50%, cumulative: year"))
    after = settled(trial, a_bill(in_scope="0.01"), opening=full)["accumulators"]
    assert after["person"]["aid_scope"] == {"2017": "100000000000.00"}
    with pytest.raises(Refused) as caught:
        settled(trial, a_bill(in_scope="0.02"), opening=full)
    assert (caught.value.code, caught.value.path) == ("accumulator_full", "bills[0]")
    in_both_languages(caught.value)


def test_a_template_settles_no_bill(tmp_path: Path) -> None:
    body = "abstract: true\npayers:\n  - {payer: basic, decided: elsewhere, assumed: 测试用}\n"
    with pytest.raises(Refused) as caught:
        settled(written(tmp_path, body), a_bill(in_scope="1", recorded={"basic": "0"}))
    assert caught.value.code == "policy_abstract"
    in_both_languages(caught.value)


def test_every_refusal_code_is_reached_by_a_test() -> None:
    """The two tables, and the codes that the tests above and those of the records reach by name."""
    tables = {code for _, code, _ in UNREADABLE.values()} | {row[2] for row in BY_POLICY.values()}
    here = {"json_malformed", "policy_abstract", "accumulator_full"}
    elsewhere = {"record_differs"}  # test_record.py
    assert tables | here | elsewhere | set(OF_TABLES) == REFUSALS.keys() - ONLY_ON_THE_COMMAND_LINE


def test_a_refusal_of_the_command_line_speaks_both_languages() -> None:
    for code in ONLY_ON_THE_COMMAND_LINE:
        in_both_languages(Refused(code, region="520203", day="2017-09-01", ids="a, b"))
