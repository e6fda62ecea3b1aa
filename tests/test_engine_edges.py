"""The edges of what the engine tells and gives: first and last days, empty files, explanations left out."""

from pathlib import Path

import pytest

from doudi.engine.answer import answer
from doudi.engine.beyond import premium
from doudi.engine.compile import compile_policy
from doudi.engine.read import read_facts
from doudi.engine.refusals import Refused
from support.files import Json, a_bill, a_file, settled, shares
from support.policies import one_benefit, settler, written

YEAR_END = "year-end-person"
NATIONAL = "national/medical-assistance-2021"


def year_end_file() -> Json:
    bill = a_bill(
        facility={"level": "county"}, admitted="2020-03-05", discharged="2020-03-10", own_pay="7000"
    )
    person = {"categories": [{"code": "registered_poor"}]}
    return a_file(bill, person=person, year_end=[2020])


def test_an_explanation_is_told_only_to_those_who_ask() -> None:
    facts = read_facts(year_end_file())
    with_it = answer(settler(YEAR_END), facts)
    without = answer(settler(YEAR_END), facts, with_explanation=False)
    assert with_it["year_end"]["2020"][0].pop("explanation")
    assert with_it["bills"][0].pop("explanation")
    assert with_it == without


def test_no_target_is_measured_where_there_is_no_bill() -> None:
    assert "targets" in settled(
        settler(NATIONAL), a_bill(admitted="2022-09-01", discharged="2022-09-10", in_scope="1")
    )
    assert "targets" not in settled(settler(NATIONAL))


def test_no_targets_are_told_where_the_policy_has_none() -> None:
    assert "targets" not in answer(settler(YEAR_END), read_facts(year_end_file()))


def granted(folder: Path, span: str, day: str) -> Json:
    """What a grant in force for a span gives on a day."""
    grant = (
        f"grants:\n  - {{grant: aid, name: 慰问金, event: illness, amount: 100, {span}, assumed: 测试用}}\n"
    )
    trial = written(folder, one_benefit("rate: 50%") + grant)
    return settled(trial, events=[{"event": "illness", "date": day}])["grants"][0]["amounts"]


def test_a_grant_is_given_from_its_first_day_until_the_day_before_its_end(tmp_path: Path) -> None:
    span = "from: 2017-03-01, until: 2017-06-01"
    days = ("2017-02-28", "2017-03-01", "2017-05-31", "2017-06-01")
    assert [bool(granted(tmp_path, span, day)) for day in days] == [False, True, True, False]


def test_a_subsidy_counts_in_the_years_that_begin_while_it_is_in_force(tmp_path: Path) -> None:
    body = """enrolment:
  premium: 180
  assumed: 测试用
  subsidies:
    - {subsidy: county, share: 50%, from: 2018-01-01, until: 2020-01-01, assumed: 测试用}
"""
    trial = written(tmp_path, one_benefit("rate: 50%") + body)
    person = read_facts(a_file()).person
    own = [premium(trial.document, person, year).own for year in (2017, 2018, 2019, 2020)]
    assert own == [180_00, 90_00, 90_00, 180_00]


def test_a_policy_without_enrolment_asks_for_no_premium(tmp_path: Path) -> None:
    bought = premium(written(tmp_path, one_benefit("rate: 50%")).document, read_facts(a_file()).person, 2018)
    assert (bought.year, bought.premium, bought.own, bought.subsidies, bought.refund_later) == (
        2018,
        0,
        0,
        {},
        0,
    )


# --- conditions and numbers of a benefit -----------------------------------------------------------------------


def aid(folder: Path, benefit: str, *bills: Json, person: Json | None = None) -> list[str]:
    """What one benefit pays on each bill."""
    return [one["aid"] for one in shares(written(folder, one_benefit(benefit)), *bills, person=person)]


def test_points_of_a_penalty_are_taken_off(tmp_path: Path) -> None:
    lower = "rate: 80%, adjust: [{number: rate, when: {referred: false}, points: 15%, penalty: true}]"
    assert aid(tmp_path, lower, a_bill(in_scope="100")) == ["65.00"]
    assert aid(tmp_path, lower, a_bill(in_scope="100", referred=True)) == ["80.00"]


def test_the_number_of_a_stay_in_the_year_is_counted_at_both_ends(tmp_path: Path) -> None:
    second_and_third = "rate: 50%, when: {admission: {at_least: 2, at_most: 3}}"
    stays = [a_bill(f"b{number}", in_scope="100") for number in range(1, 5)]
    assert aid(tmp_path, second_and_third, *stays) == ["0.00", "50.00", "50.00", "0.00"]


def test_a_facility_whose_place_nobody_knows_is_neither_here_nor_elsewhere(tmp_path: Path) -> None:
    elsewhere = "rate: 50%, when: {place: elsewhere}"
    assert aid(tmp_path, elsewhere, a_bill(in_scope="100")) == ["0.00"]
    with pytest.raises(Refused) as refused:
        aid(tmp_path, elsewhere, a_bill(in_scope="100", facility={"level": "county"}))
    assert (refused.value.code, refused.value.path) == ("fact_missing", "bills[0].facility.region")


def test_a_stay_of_three_bills_keeps_its_first_deductible_to_the_fen(tmp_path: Path) -> None:
    old = """deductible: {value: [{from: 2017-01-01, value: 500}, {from: 2018-01-01, value: 600}], per: stay,
        across_year: old}, rate: 100%"""
    days = ("2017-12-10", "2018-01-10", "2018-01-20")
    amounts = ("499.98", "0.01", "100")
    bills = [
        a_bill(f"b{index}", stay="s", admitted="2017-12-01", discharged=day, in_scope=amount)
        for index, (day, amount) in enumerate(zip(days, amounts, strict=True))
    ]
    trial = written(tmp_path, one_benefit(old), head="law: {as_of: discharged}\n")
    assert [one["aid"] for one in shares(trial, *bills)] == ["0.00", "0.00", "99.99"]


def test_a_target_with_a_condition_counts_only_the_bills_that_meet_it(tmp_path: Path) -> None:
    target = """targets:
  - {target: own, name: 自付比例, numerator: patient, denominator: total, when: {care: inpatient},
     goal: {at_most: 50%}, assumed: 测试用}
"""
    trial = written(tmp_path, one_benefit("rate: 50%") + target)
    bills = [a_bill("b1", in_scope="100"), a_bill("b2", in_scope="40", care="outpatient")]
    (own,) = settled(trial, *bills)["targets"]
    assert (own["numerator"], own["denominator"], own["rate"], own["met"]) == ("50.00", "100.00", "50%", True)


def test_a_share_of_a_dated_figure_changes_with_the_figure(tmp_path: Path) -> None:
    income = """figures:
  income: {zh: 收入, value: [{from: 2017-01-01, value: 1000}, {from: 2018-01-01, value: 2000}], assumed: 测试用}
"""
    trial = written(tmp_path, income + one_benefit("rate: 50%, cap: {per: bill, amount: 10% of income}"))
    later = a_bill("b2", in_scope="10000", admitted="2018-01-01", discharged="2018-01-02")
    assert [one["aid"] for one in shares(trial, a_bill(in_scope="10000"), later)] == ["100.00", "200.00"]


def test_a_number_may_be_told_by_level_at_first_and_by_grade_later(tmp_path: Path) -> None:
    rate = """rate: {value: [{from: 2017-01-01, by: level, rows: {county: 40%}},
        {from: 2018-01-01, by: grade, rows: {"2": 70%}}, {from: 2019-01-01, value: 90%}]}"""
    bills = [
        a_bill(f"b{year}", in_scope="100", admitted=f"{year}-05-01", discharged=f"{year}-05-02",
               facility={"level": "county", "grade": 2, "region": "520203"})
        for year in (2017, 2018, 2019)
    ]  # fmt: skip
    assert aid(tmp_path, rate, *bills) == ["40.00", "70.00", "90.00"]


def test_the_bands_of_a_rate_are_numbered_from_one(tmp_path: Path) -> None:
    trial = written(tmp_path, one_benefit("bands: [{rate: 50%}, {above: 100, rate: 60%}]"))
    listing = compile_policy(trial.document).program.listing()
    assert [n for n in range(5) if f"aid.share.bands.{n}" in listing] == [1, 2]


def test_care_in_a_province_nobody_knows_asks_for_the_region(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        aid(
            tmp_path,
            "rate: 50%, when: {in_province: true}",
            a_bill(in_scope="100", facility={"level": "county"}),
        )
    assert (refused.value.code, refused.value.path) == ("fact_missing", "bills[0].facility.region")


def without_covers(folder: Path, how: str, **given: object) -> Json:
    body = f"payers:\n  - {{payer: fund, decided: {how}, approver: 县医保局, assumed: 测试用}}\n"
    return shares(written(folder, body), a_bill(in_scope="100", own_pay="50", **given))[0]


def test_a_recorded_payer_that_names_no_parts_pays_in_scope_and_a_single_decision_anything(
    tmp_path: Path,
) -> None:
    with pytest.raises(Refused, match="recorded_exceeds"):
        without_covers(tmp_path, "elsewhere", recorded={"fund": "120"})
    decision = {"fund": {"amount": "120", "approver": "县医保局"}}
    assert without_covers(tmp_path, "case_by_case", decided=decision)["fund"] == "120.00"


# --- persons ----------------------------------------------------------------------------------------------------


def holding(*codes: str) -> Json:
    return {"categories": [{"code": code} for code in codes]}


def test_a_group_of_several_categories_asks_for_every_one_of_them(tmp_path: Path) -> None:
    both = (
        "people: {both: {zh: 低保重残, all: [subsistence_allowance, severe_disability], assumed: 测试用}}\n"
    )
    trial = written(tmp_path, both + one_benefit("rate: 50%, when: {people: both}"))
    bill = a_bill(in_scope="100")
    one = shares(trial, bill, person=holding("subsistence_allowance"))[0]["aid"]
    two = shares(trial, bill, person=holding("subsistence_allowance", "severe_disability"))[0]["aid"]
    assert (one, two) == ("0.00", "50.00")


@pytest.mark.parametrize(
    ("region", "rate"), [("520203", "80.00"), ("520100", "60.00"), ("510100", "40.00")], ids=str
)
def test_a_rate_by_place_knows_all_three_places(region: str, rate: str, tmp_path: Path) -> None:
    by_place = "rate: {by: place, rows: {pooling_area: 80%, province: 60%, elsewhere: 40%}}"
    bill = a_bill(in_scope="100", facility={"level": "county", "region": region})
    assert aid(tmp_path, by_place, bill) == [rate]


def test_the_tier_of_an_insurance_and_having_none_are_told_apart(tmp_path: Path) -> None:
    high = "rate: 50%, when: {tier: [high]}"
    insured = {"insured": {"scheme": "resident", "tier": "high", "from": "2017-01-01"}}
    other = {"insured": {"scheme": "resident", "tier": "low", "from": "2017-01-01"}}
    without_tier = {"insured": {"scheme": "resident", "from": "2017-01-01"}}
    bill = a_bill(in_scope="100")
    assert [aid(tmp_path, high, bill, person=who) for who in (insured, other)] == [["50.00"], ["0.00"]]
    uninsured = "rate: 50%, when: {uninsured: true}"
    people = (without_tier, {"insured": False})
    assert [aid(tmp_path, uninsured, bill, person=who) for who in people] == [["0.00"], ["50.00"]]


# --- what is read and told --------------------------------------------------------------------------------------


def test_an_accident_counts_where_a_third_party_is_liable(tmp_path: Path) -> None:
    nobody_else = "rate: 50%, when: {accident: false}"
    accidents = [{"third_party": True}, {"third_party": False}, {}, True, False]
    bills = [a_bill(f"b{index}", in_scope="100", accident=said) for index, said in enumerate(accidents)]
    assert aid(tmp_path, nobody_else, *bills) == ["0.00", "50.00", "0.00", "0.00", "50.00"]


def test_admissions_said_to_be_null_are_none(tmp_path: Path) -> None:
    first = "rate: 50%, when: {admission: {at_most: 1}}"
    trial = written(tmp_path, one_benefit(first))
    opening = {"admissions": {"2017": None}}
    assert shares(trial, a_bill(in_scope="100"), opening=opening)[0]["aid"] == "50.00"


def test_an_explanation_says_all_that_a_benefit_did_and_nothing_else(tmp_path: Path) -> None:
    trial = written(tmp_path, one_benefit("rate: 50%, when: {referred: false}, cap: {per: bill, amount: 30}"))
    _, told, patient = settled(trial, a_bill(in_scope="100"))["bills"][0]["explanation"]
    assert patient["parts"] == {
        "in_scope": "70.00",
        "first_pay": "0.00",
        "over_limit": "0.00",
        "own_pay": "0.00",
    }
    (benefit,) = told.pop("benefits")
    name = {"zh": "aid", "en": "aid"}
    assert told == {
        "step": "payer", "payer": "aid", "name": name, "fund": None, "decided": "here", "choose": "first",
        "applied": True, "test": None, "amount": "30.00", "drawn": {"in_scope": "30.00"}, "positions": [],
    }  # fmt: skip
    number = {"value": "50%", "label": "aid.share.rate", "assumed": "测试用"}
    limits = [
        {"kind": "left", "name": "left", "per": "bill", "limit": "100.00", "available": "100.00",
         "before": "50.00", "after": "50.00", "binding": False},
        {"kind": "cap", "name": "aid_paid", "per": "bill", "limit": "30.00", "available": "30.00",
         "before": "50.00", "after": "30.00", "binding": True,
         "number": {"value": "30.00", "label": "aid.share.cap", "assumed": "测试用"}},
    ]  # fmt: skip
    band = {"from": "0.00", "to": None, "rate": "50%", "number": number, "part": "100.00", "amount": "50.00",
            "reached": True}  # fmt: skip
    assert benefit == {
        "benefit": "share", "name": {"zh": "share", "en": "share"}, "fund": None, "applied": True, "chosen": True,
        "test": {"kind": "referred", "holds": True, "argument": "false",
                 "words": {"zh": "未办转诊", "en": "not referred"}},
        "base": {"mode": "left", "parts": {"in_scope": "100.00"}, "amount": "100.00"},
        "schedule": {"kind": "marginal", "edges": "absolute", "start": "0.00", "end": "100.00", "threshold": "0.00",
                     "bands": [band], "at_start": "0.00", "at_end": "50.00", "amount": "50.00",
                     "rounding": {"to": "fen", "mode": "half_up"}},
        "limits": limits, "draw": "in_order", "drawn": {"in_scope": "30.00"}, "amount": "30.00",
    }  # fmt: skip


BANDS = "bands: [{rate: 50%}, {above: 200, rate: 60%}, {above: 1000, rate: 70%}]"


def schedule(folder: Path, benefit: str, in_scope: str) -> Json:
    """How a schedule is told, with (from, to, reached) of each band beside it."""
    trial = written(folder, one_benefit(benefit))
    told = settled(trial, a_bill(in_scope=in_scope))["bills"][0]["explanation"][1]["benefits"][0]["schedule"]
    return {**told, "edges_reached": [(band["from"], band["to"], band["reached"]) for band in told["bands"]]}


def test_bands_above_a_deductible_are_told_on_their_own_scale(tmp_path: Path) -> None:
    told = schedule(
        tmp_path, f"deductible: {{amount: 100, per: bill}}, edges: above_deductible, {BANDS}", "500"
    )
    assert (told["start"], told["end"], told["threshold"], told["amount"]) == (
        "0.00",
        "400.00",
        "0.00",
        "220.00",
    )
    assert told["edges_reached"] == [
        ("0.00", "200.00", True),
        ("200.00", "1000.00", True),
        ("1000.00", None, False),
    ]
    assert [(band["part"], band["amount"]) for band in told["bands"]] == [
        ("200.00", "100.00"), ("200.00", "120.00"), ("0.00", "0.00"),
    ]  # fmt: skip


def test_a_band_that_begins_where_the_position_ends_is_not_reached(tmp_path: Path) -> None:
    assert [reached for _, _, reached in schedule(tmp_path, BANDS, "1000")["edges_reached"]] == [
        True,
        True,
        False,
    ]
    assert [reached for _, _, reached in schedule(tmp_path, BANDS, "1000.01")["edges_reached"]] == [True] * 3
    assert schedule(tmp_path, BANDS, "0.01")["threshold"] == "0.00"


def test_of_a_slab_only_the_band_that_pays_is_reached(tmp_path: Path) -> None:
    told = schedule(tmp_path, f"schedule: slab, {BANDS}", "1000")
    assert told["amount"] == "600.00"
    assert [reached for _, _, reached in told["edges_reached"]] == [False, True, False]


def test_a_benefit_out_of_its_time_says_so(tmp_path: Path) -> None:
    trial = written(tmp_path, one_benefit("rate: 50%, from: 2018-01-01"))
    told = settled(trial, a_bill(in_scope="100"))["bills"][0]["explanation"][1]["benefits"][0]
    assert told["why_not"] == [{"zh": "2017-09-10 不在施行期内", "en": "not in force on 2017-09-10"}]


def test_fee_lines_may_not_add_up_beyond_what_an_accumulator_holds(tmp_path: Path) -> None:
    catalogue = [{"code": "x", "name": "药", "class": "甲"}]
    lines = [{"code": "x", "amount": "1000000000.00"} for _ in range(101)]
    bill = {key: value for key, value in a_bill().items() if key != "total"}
    with pytest.raises(Refused) as refused:
        read_facts(a_file({**bill, "lines": lines}, catalogue=catalogue))
    assert (refused.value.code, refused.value.path) == ("amount_too_large", "bills[0].total")
