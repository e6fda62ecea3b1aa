"""Numbers that change with a date, a figure or a group; goals, sources and balances at their edges."""

from pathlib import Path

import pytest

from doudi.engine.read import read_facts
from doudi.engine.refusals import Refused
from support.files import a_bill, a_file, settled, shares
from support.policies import one_benefit, written


def test_a_deductible_of_each_bill_stops_at_its_yearly_limit(tmp_path: Path) -> None:
    limited = "deductible: {amount: 100, per: bill, at_most: {per: year, amount: 150}}, rate: 100%"
    trial = written(tmp_path, one_benefit(limited))
    bills = [a_bill(id=name, in_scope="200") for name in ("b1", "b2", "b3")]
    assert [paid["aid"] for paid in shares(trial, *bills)] == ["100.00", "150.00", "200.00"]


def test_the_default_of_a_table_follows_a_dated_figure(tmp_path: Path) -> None:
    income = (
        "figures: {income: {zh: 收入, assumed: 测试用, value: "
        "[{from: 2017-01-01, value: 1000}, {from: 2017-09-01, value: 2000}]}}\n"
    )
    cap = "cap: {per: bill, by: level, rows: {province: 10% of income}, default: 10% of income}"
    trial = written(tmp_path, income + one_benefit(f"rate: 50%, {cap}"))
    bill = a_bill(in_scope="10000", facility={"level": "county"})
    assert shares(trial, bill)[0]["aid"] == "200.00"


def test_a_share_of_a_figure_ends_with_the_reading_it_stands_in(tmp_path: Path) -> None:
    income = (
        "figures: {income: {zh: 收入, assumed: 测试用, value: "
        "[{from: 2017-01-01, value: 1000}, {from: 2018-01-01, value: 2000}]}}\n"
    )
    dated = "[{from: 2017-01-01, value: 10% of income}, {from: 2017-07-01, value: 20% of income}]"
    trial = written(tmp_path, income + one_benefit(f"rate: 50%, cap: {{per: bill, amount: {dated}}}"))
    assert shares(trial, a_bill(in_scope="10000"))[0]["aid"] == "200.00"
    earlier = a_bill(in_scope="10000", admitted="2017-05-01", discharged="2017-05-10")
    assert shares(trial, earlier)[0]["aid"] == "100.00"


def test_a_goal_that_is_just_reached_is_met(tmp_path: Path) -> None:
    target = (
        "targets: [{target: paid, name: 报销比, numerator: paid, denominator: total, "
        "goal: {at_least: 50%}, assumed: 测试用}]\n"
    )
    trial = written(tmp_path, target + one_benefit("rate: 50%"))
    assert settled(trial, a_bill(in_scope="100.00"))["targets"][0]["met"] is True
    assert settled(trial, a_bill(in_scope="100.00", own_pay="0.01"))["targets"][0]["met"] is False


def test_the_cap_of_one_benefit_names_its_source(tmp_path: Path) -> None:
    trial = written(tmp_path, one_benefit("rate: 50%, cap: {per: bill, amount: 10, assumed: 县里口头答复}"))
    benefit = settled(trial, a_bill(in_scope="100"))["bills"][0]["explanation"][1]["benefits"][0]
    assert benefit["limits"][1]["number"]["assumed"] == "县里口头答复"


def test_a_procedure_that_is_not_there_is_told_by_its_name(tmp_path: Path) -> None:
    head = "procedures: {transplant: {zh: 肾移植, icd9cm3: ['55.6'], assumed: 测试用}}\n"
    trial = written(tmp_path, head + one_benefit("rate: 50%, when: {procedure: transplant}"))
    benefit = settled(trial, a_bill(in_scope="100"))["bills"][0]["explanation"][1]["benefits"][0]
    assert "肾移植" in benefit["why_not"][0]["zh"]
    paid = shares(trial, a_bill(in_scope="100", procedures=["55.69"]))
    assert paid[0]["aid"] == "50.00"


def test_an_opening_balance_that_cannot_be_read_is_named_by_its_place() -> None:
    with pytest.raises(Refused) as refused:
        read_facts(a_file(a_bill(in_scope="1"), opening={"balances": {}}))
    assert (refused.value.code, refused.value.path) == ("key_unknown", "opening.balances")


def test_of_several_rows_the_first_that_matches_is_not_lost(tmp_path: Path) -> None:
    people = (
        "people: {poor: {zh: 低保, any: [subsistence_allowance], assumed: 测试用}, "
        "old: {zh: 特困, any: [destitute], assumed: 测试用}}\n"
    )
    trial = written(
        tmp_path, people + one_benefit("rate: {by: people, rows: {poor: 70%, old: 60%, other: 10%}}")
    )

    def paid(*codes: str) -> str:
        person = {"categories": [{"code": code} for code in codes]}
        told = settled(trial, a_bill(in_scope="100"), person=person)
        return str(told["bills"][0]["shares"]["aid"])

    assert [paid("subsistence_allowance"), paid("destitute"), paid("destitute", "subsistence_allowance"), paid()] == [
        "70.00", "60.00", "70.00", "10.00",
    ]  # fmt: skip


def test_an_amount_recorded_for_a_payer_that_decides_here_stands_and_is_flagged(tmp_path: Path) -> None:
    trial = written(tmp_path, one_benefit("rate: 50%"))
    told = settled(trial, a_bill(in_scope="100", recorded={"aid": "40.00"}))["bills"][0]
    assert told["shares"]["aid"] == "40.00"
    payer = told["explanation"][1]
    assert (payer["recorded"], payer["rule_amount"], payer["recorded_differs"]) == ("40.00", "50.00", True)
    same = settled(trial, a_bill(in_scope="100", recorded={"aid": "50.00"}))["bills"][0]["explanation"][1]
    assert same["recorded_differs"] is False


def test_bands_above_the_deductible_tell_only_the_new_stretch(tmp_path: Path) -> None:
    bands = "bands: [{up_to: 500, rate: 40%}, {above: 500, rate: 50%}], edges: above_deductible"
    trial = written(tmp_path, one_benefit(f"cumulative: year, deductible: {{amount: 100}}, {bands}"))
    told = settled(trial, a_bill(id="b1", in_scope="300"), a_bill(id="b2", in_scope="400"))["bills"][1]
    schedule = told["explanation"][1]["benefits"][0]["schedule"]
    assert [band["part"] for band in schedule["bands"]] == ["300.00", "100.00"]
    assert schedule["amount"] == told["shares"]["aid"] == "170.00"


def test_a_monthly_grant_is_given_once_a_month(tmp_path: Path) -> None:
    head = (
        "grants: [{grant: drugs, name: 居家药品, event: home_drugs, amount: 100, per: month, assumed: 测试用}, "
        "{grant: visit, name: 上门, event: home_drugs, amount: 5, assumed: 测试用}]\n"
    )
    trial = written(tmp_path, head + one_benefit("rate: 50%"))
    events = [{"event": "home_drugs", "date": day} for day in ("2017-03-01", "2017-03-31", "2017-04-01")]
    told = settled(trial, a_bill(in_scope="1"), events=events)["grants"]
    assert [sorted(entry["amounts"]) for entry in told] == [["drugs", "visit"], ["visit"], ["drugs", "visit"]]


def test_a_payer_that_does_not_apply_asks_nothing_for_its_accumulator(tmp_path: Path) -> None:
    counted = "cumulative: {per: year, when: {in_pooling_area: true}}"
    trial = written(tmp_path, one_benefit(f"rate: 50%, {counted}", more="when: {care: outpatient}"))
    assert shares(trial, a_bill(in_scope="100", facility={"level": "county"}))[0]["aid"] == "0.00"
    with pytest.raises(Refused) as refused:
        settled(trial, a_bill(in_scope="100", care="outpatient", facility={"level": "county"}))
    assert (refused.value.code, refused.value.path) == ("fact_missing", "bills[0].facility.region")
